"""Exercises of lesson 06: what an axis of time changes."""

from vgan_lessons.exercises.ex06_video_tensors.bounce import BOUNCE
from vgan_lessons.exercises.ex06_video_tensors.clip_discriminator import CLIP_DISCRIMINATOR
from vgan_lessons.exercises.ex06_video_tensors.frame_and_clip_distance import (
    FRAME_AND_CLIP_DISTANCE,
)
from vgan_lessons.exercises.ex06_video_tensors.motion_energy import MOTION_ENERGY
from vgan_lessons.exercises.ex06_video_tensors.quiz import QUIZ
from vgan_lessons.exercises.ex06_video_tensors.two_judges import TWO_JUDGES
from vgan_lessons.exercises.ex06_video_tensors.video_layouts import VIDEO_LAYOUTS

ALL = (
    BOUNCE,
    VIDEO_LAYOUTS,
    MOTION_ENERGY,
    FRAME_AND_CLIP_DISTANCE,
    CLIP_DISCRIMINATOR,
    TWO_JUDGES,
)

__all__ = ["ALL", "QUIZ"]
