"""Exercises of lesson 11: conditions, long films, and what comes after a frame."""

from vgan_lessons.exercises.ex11_longer_films.beats_copy import BEATS_COPY
from vgan_lessons.exercises.ex11_longer_films.carry_state import CARRY_STATE
from vgan_lessons.exercises.ex11_longer_films.prediction_step import PREDICTION_STEP
from vgan_lessons.exercises.ex11_longer_films.projection_logit import PROJECTION_LOGIT
from vgan_lessons.exercises.ex11_longer_films.quiz import QUIZ
from vgan_lessons.exercises.ex11_longer_films.repetition import REPETITION
from vgan_lessons.exercises.ex11_longer_films.rollout_drift import ROLLOUT_DRIFT

ALL = (
    PROJECTION_LOGIT,
    CARRY_STATE,
    ROLLOUT_DRIFT,
    REPETITION,
    PREDICTION_STEP,
    BEATS_COPY,
)

__all__ = ["ALL", "QUIZ"]
