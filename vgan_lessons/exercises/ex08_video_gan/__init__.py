"""Exercises of lesson 08: the LSTM video GAN."""

from vgan_lessons.exercises.ex08_video_gan.diagnose_video import DIAGNOSE_VIDEO
from vgan_lessons.exercises.ex08_video_gan.quiz import QUIZ
from vgan_lessons.exercises.ex08_video_gan.sample_latents import SAMPLE_LATENTS
from vgan_lessons.exercises.ex08_video_gan.swap_test import SWAP_TEST
from vgan_lessons.exercises.ex08_video_gan.train_video import TRAIN_VIDEO
from vgan_lessons.exercises.ex08_video_gan.video_gan_round import VIDEO_GAN_ROUND
from vgan_lessons.exercises.ex08_video_gan.video_generator import VIDEO_GENERATOR
from vgan_lessons.exercises.ex08_video_gan.windows import WINDOWS

ALL = (
    SAMPLE_LATENTS,
    VIDEO_GENERATOR,
    WINDOWS,
    VIDEO_GAN_ROUND,
    SWAP_TEST,
    TRAIN_VIDEO,
    DIAGNOSE_VIDEO,
)

__all__ = ["ALL", "QUIZ"]
