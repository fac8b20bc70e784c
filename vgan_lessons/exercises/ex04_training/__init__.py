"""Exercises of lesson 04: a training loop you can trust, and how to see when you cannot."""

from vgan_lessons.exercises.ex04_training.d_step import D_STEP
from vgan_lessons.exercises.ex04_training.diagnose import DIAGNOSE
from vgan_lessons.exercises.ex04_training.ema_update import EMA_UPDATE
from vgan_lessons.exercises.ex04_training.g_step import G_STEP
from vgan_lessons.exercises.ex04_training.minibatch_std import MINIBATCH_STD
from vgan_lessons.exercises.ex04_training.mode_coverage import MODE_COVERAGE
from vgan_lessons.exercises.ex04_training.play import PLAY
from vgan_lessons.exercises.ex04_training.quiz import QUIZ
from vgan_lessons.exercises.ex04_training.repair_the_article import REPAIR_THE_ARTICLE
from vgan_lessons.exercises.ex04_training.repair_the_players import REPAIR_THE_PLAYERS
from vgan_lessons.exercises.ex04_training.shared_preprocessing import SHARED_PREPROCESSING

ALL = (
    D_STEP,
    G_STEP,
    EMA_UPDATE,
    PLAY,
    MODE_COVERAGE,
    DIAGNOSE,
    MINIBATCH_STD,
    SHARED_PREPROCESSING,
    REPAIR_THE_ARTICLE,
    REPAIR_THE_PLAYERS,
)

__all__ = ["ALL", "QUIZ"]
