"""Exercises of lesson 10: overfitting discriminators, augmentation, and what it leaks."""

from vgan_lessons.exercises.ex10_little_data.ada_update import ADA_UPDATE
from vgan_lessons.exercises.ex10_little_data.augmented_round import AUGMENTED_ROUND
from vgan_lessons.exercises.ex10_little_data.data_sweep import DATA_SWEEP
from vgan_lessons.exercises.ex10_little_data.diff_augment import DIFF_AUGMENT
from vgan_lessons.exercises.ex10_little_data.is_invertible import IS_INVERTIBLE
from vgan_lessons.exercises.ex10_little_data.overfit_gap import OVERFIT_GAP
from vgan_lessons.exercises.ex10_little_data.quiz import QUIZ

ALL = (
    OVERFIT_GAP,
    DIFF_AUGMENT,
    AUGMENTED_ROUND,
    IS_INVERTIBLE,
    ADA_UPDATE,
    DATA_SWEEP,
)

__all__ = ["ALL", "QUIZ"]
