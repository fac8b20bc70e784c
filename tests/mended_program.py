"""The published program with every part mended, as one program."""

from vgan_lessons.article import Program
from vgan_lessons.article.mended import build_players, train
from vgan_lessons.losses import non_saturating_d_loss, non_saturating_g_loss

MENDED = Program(
    build_players=build_players,
    train=train,
    d_objective=non_saturating_d_loss,
    g_objective=non_saturating_g_loss,
)
