"""Adversarial objectives, as pure functions of logits.

A logit is the discriminator's raw score: any real number, larger means "more real". D as a
probability is sigmoid(logit), and no loss here takes probabilities. All losses share one
signature, (real_logits, fake_logits) -> scalar, so that a lesson can swap the game without
touching the loop. D minimises `*_d_loss`, G minimises `*_g_loss`. In D's step the fakes come
from a detached G; in G's step the real logits may be computed without a graph.
"""

from vgan_lessons.losses.logistic import (
    article_d_loss,
    minimax_g_loss,
    non_saturating_d_loss,
    non_saturating_g_loss,
)
from vgan_lessons.losses.margins import (
    hinge_d_loss,
    hinge_g_loss,
    least_squares_d_loss,
    least_squares_g_loss,
    wasserstein_d_loss,
    wasserstein_g_loss,
)
from vgan_lessons.losses.relativistic import (
    all_pairs_d_loss,
    relativistic_average_d_loss,
    relativistic_average_g_loss,
    relativistic_d_loss,
    relativistic_g_loss,
)

__all__ = [
    "all_pairs_d_loss",
    "article_d_loss",
    "hinge_d_loss",
    "hinge_g_loss",
    "least_squares_d_loss",
    "least_squares_g_loss",
    "minimax_g_loss",
    "non_saturating_d_loss",
    "non_saturating_g_loss",
    "relativistic_average_d_loss",
    "relativistic_average_g_loss",
    "relativistic_d_loss",
    "relativistic_g_loss",
    "wasserstein_d_loss",
    "wasserstein_g_loss",
]
