"""Adversarial objectives, as pure functions of logits.

A logit is the discriminator's raw score: any real number, larger means "more real". D as a
probability is sigmoid(logit), and no loss here takes probabilities. All losses share one
signature, (real_logits, fake_logits) -> scalar, so that a lesson can swap the game without
touching the loop. D minimises `*_d_loss`, G minimises `*_g_loss`. In D's step the fakes come
from a detached G; in G's step the real logits may be computed without a graph.
"""

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


def __getattr__(name: str) -> object:
    """All three files are imported when one is asked for here; a training names its own."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name!r}")
    from vgan_lessons.losses import logistic, margins, relativistic

    found = vars(logistic) | vars(margins) | vars(relativistic)
    return found[name]
