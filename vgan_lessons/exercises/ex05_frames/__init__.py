"""Exercises of lesson 05: how noise becomes one picture."""

from vgan_lessons.exercises.ex05_frames.article_frames import ARTICLE_FRAMES
from vgan_lessons.exercises.ex05_frames.frame_discriminator import FRAME_DISCRIMINATOR
from vgan_lessons.exercises.ex05_frames.frame_generator import FRAME_GENERATOR
from vgan_lessons.exercises.ex05_frames.overlap_map import OVERLAP_MAP
from vgan_lessons.exercises.ex05_frames.quiz import QUIZ
from vgan_lessons.exercises.ex05_frames.raising_convolution import RAISING_CONVOLUTION
from vgan_lessons.exercises.ex05_frames.train_frames import TRAIN_FRAMES
from vgan_lessons.exercises.ex05_frames.walk_in_latent_space import WALK_IN_LATENT_SPACE

ALL = (
    FRAME_GENERATOR,
    FRAME_DISCRIMINATOR,
    OVERLAP_MAP,
    RAISING_CONVOLUTION,
    TRAIN_FRAMES,
    ARTICLE_FRAMES,
    WALK_IN_LATENT_SPACE,
)

__all__ = ["ALL", "QUIZ"]
