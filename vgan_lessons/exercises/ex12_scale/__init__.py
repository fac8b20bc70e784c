"""Exercises of lesson 12: faster, larger, and still the same training."""

from vgan_lessons.exercises.ex12_scale.accumulate import ACCUMULATE
from vgan_lessons.exercises.ex12_scale.activation_bytes import ACTIVATION_BYTES
from vgan_lessons.exercises.ex12_scale.amp_step import AMP_STEP
from vgan_lessons.exercises.ex12_scale.average_gradients import AVERAGE_GRADIENTS
from vgan_lessons.exercises.ex12_scale.quiz import QUIZ
from vgan_lessons.exercises.ex12_scale.stopwatch import STOPWATCH
from vgan_lessons.exercises.ex12_scale.take_checkpoint import TAKE_CHECKPOINT

ALL = (
    STOPWATCH,
    AMP_STEP,
    ACCUMULATE,
    ACTIVATION_BYTES,
    AVERAGE_GRADIENTS,
    TAKE_CHECKPOINT,
)

__all__ = ["ALL", "QUIZ"]
