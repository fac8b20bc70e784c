"""Exercises of lesson 09: measures of generated clips, and where each of them fails."""

from vgan_lessons.exercises.ex09_evaluation.frechet_bias import FRECHET_BIAS
from vgan_lessons.exercises.ex09_evaluation.frechet_distance import FRECHET_DISTANCE
from vgan_lessons.exercises.ex09_evaluation.memorisation import MEMORISATION
from vgan_lessons.exercises.ex09_evaluation.motion_distance import MOTION_DISTANCE
from vgan_lessons.exercises.ex09_evaluation.neighbour_votes import NEIGHBOUR_VOTES
from vgan_lessons.exercises.ex09_evaluation.quiz import QUIZ
from vgan_lessons.exercises.ex09_evaluation.squared_mmd import SQUARED_MMD

ALL = (
    FRECHET_DISTANCE,
    FRECHET_BIAS,
    SQUARED_MMD,
    NEIGHBOUR_VOTES,
    MEMORISATION,
    MOTION_DISTANCE,
)

__all__ = ["ALL", "QUIZ"]
