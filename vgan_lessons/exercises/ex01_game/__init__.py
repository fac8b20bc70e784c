"""Exercises of lesson 01: the game, its best discriminator, and what its value measures."""

from vgan_lessons.exercises.ex01_game.article_d_loss import ARTICLE_D_LOSS
from vgan_lessons.exercises.ex01_game.fit_line_d import FIT_LINE_D
from vgan_lessons.exercises.ex01_game.game_value import GAME_VALUE
from vgan_lessons.exercises.ex01_game.js_vs_w1 import JS_VS_W1
from vgan_lessons.exercises.ex01_game.mc_game_value import MC_GAME_VALUE
from vgan_lessons.exercises.ex01_game.optimal_d_prior import OPTIMAL_D_PRIOR
from vgan_lessons.exercises.ex01_game.optimal_logit import OPTIMAL_LOGIT
from vgan_lessons.exercises.ex01_game.quiz import QUIZ
from vgan_lessons.exercises.ex01_game.share_in_order import SHARE_IN_ORDER
from vgan_lessons.exercises.ex01_game.value_by_batch_size import VALUE_BY_BATCH_SIZE
from vgan_lessons.exercises.ex01_game.value_of_any_d import VALUE_OF_ANY_D

ALL = (
    OPTIMAL_LOGIT,
    GAME_VALUE,
    MC_GAME_VALUE,
    VALUE_BY_BATCH_SIZE,
    VALUE_OF_ANY_D,
    FIT_LINE_D,
    SHARE_IN_ORDER,
    JS_VS_W1,
    OPTIMAL_D_PRIOR,
    ARTICLE_D_LOSS,
)

__all__ = ["ALL", "QUIZ"]
