"""Penalties and norms: what keeps a discriminator from growing steep.

Four of them punish D's slope at points of one's choice: each takes D itself, differentiates
its logits by the points with the graph kept, and hands back a scalar that D adds to its loss.
`lazy_penalty` pays for one only now and then. `spectral_norm` measures a layer instead, so
that dividing by it makes every slope at most 1.
"""

from vgan_lessons.penalties.lazy import lazy_penalty
from vgan_lessons.penalties.slopes import (
    gradient_penalty,
    r1_penalty,
    r2_penalty,
    squared_gradient_norm,
)
from vgan_lessons.penalties.spectral import spectral_norm

__all__ = [
    "gradient_penalty",
    "lazy_penalty",
    "r1_penalty",
    "r2_penalty",
    "spectral_norm",
    "squared_gradient_norm",
]
