"""What the players of a GAN really measure: values of the game, in nats, on a line.

p is the density of the real data, q the density of the generator's, both given as their
values on an increasing grid x, (n,), whose spacing may vary. Integrals are trapezoid sums,
so the grid has to cover both densities. Where a density is 0 its p log p counts as 0.
"""

from vgan_lessons.divergences.compared import objective_table
from vgan_lessons.divergences.distances import js_vs_w1
from vgan_lessons.divergences.game import (
    fit_line_d,
    game_value,
    mc_game_value,
    optimal_d_prior,
    optimal_logit,
    value_by_batch_size,
    value_of_any_d,
)
from vgan_lessons.divergences.implied import (
    g_grad_wrt_logit,
    hinge_value,
    implied_gradient,
    lsgan_value,
)
from vgan_lessons.divergences.linear import share_in_order

__all__ = [
    "fit_line_d",
    "g_grad_wrt_logit",
    "game_value",
    "hinge_value",
    "implied_gradient",
    "js_vs_w1",
    "lsgan_value",
    "mc_game_value",
    "objective_table",
    "optimal_d_prior",
    "optimal_logit",
    "share_in_order",
    "value_by_batch_size",
    "value_of_any_d",
]
