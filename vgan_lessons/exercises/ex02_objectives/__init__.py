"""Exercises of lesson 02: the objectives, their pulls, and what they really minimise."""

from vgan_lessons.exercises.ex02_objectives.all_pairs import ALL_PAIRS_D_LOSS
from vgan_lessons.exercises.ex02_objectives.hinge import HINGE_D_LOSS, HINGE_G_LOSS
from vgan_lessons.exercises.ex02_objectives.hinge_value import HINGE_VALUE
from vgan_lessons.exercises.ex02_objectives.implied_gradient import IMPLIED_GRADIENT
from vgan_lessons.exercises.ex02_objectives.least_squares import (
    LEAST_SQUARES_D_LOSS,
    LEAST_SQUARES_G_LOSS,
)
from vgan_lessons.exercises.ex02_objectives.logistic import (
    MINIMAX_G_LOSS,
    NON_SATURATING_D_LOSS,
    NON_SATURATING_G_LOSS,
)
from vgan_lessons.exercises.ex02_objectives.logistic_slopes import G_GRAD_WRT_LOGIT
from vgan_lessons.exercises.ex02_objectives.lsgan_value import LSGAN_VALUE
from vgan_lessons.exercises.ex02_objectives.objective_table import OBJECTIVE_TABLE
from vgan_lessons.exercises.ex02_objectives.quiz import QUIZ
from vgan_lessons.exercises.ex02_objectives.relativistic import (
    RELATIVISTIC_D_LOSS,
    RELATIVISTIC_G_LOSS,
)
from vgan_lessons.exercises.ex02_objectives.relativistic_average import (
    RELATIVISTIC_AVERAGE_D_LOSS,
    RELATIVISTIC_AVERAGE_G_LOSS,
)
from vgan_lessons.exercises.ex02_objectives.wasserstein import (
    WASSERSTEIN_D_LOSS,
    WASSERSTEIN_G_LOSS,
)

ALL = (
    NON_SATURATING_D_LOSS,
    NON_SATURATING_G_LOSS,
    MINIMAX_G_LOSS,
    G_GRAD_WRT_LOGIT,
    IMPLIED_GRADIENT,
    LEAST_SQUARES_D_LOSS,
    LEAST_SQUARES_G_LOSS,
    LSGAN_VALUE,
    HINGE_D_LOSS,
    HINGE_G_LOSS,
    HINGE_VALUE,
    WASSERSTEIN_D_LOSS,
    WASSERSTEIN_G_LOSS,
    RELATIVISTIC_D_LOSS,
    RELATIVISTIC_G_LOSS,
    OBJECTIVE_TABLE,
    RELATIVISTIC_AVERAGE_D_LOSS,
    RELATIVISTIC_AVERAGE_G_LOSS,
    ALL_PAIRS_D_LOSS,
)

__all__ = ["ALL", "QUIZ"]
