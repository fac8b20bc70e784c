"""What exercises about D's slope share: probes, discriminators to punish, and their pull."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons.checking import Draw

Critic = Callable[[Tensor], Tensor]
CUT_OFF = "no gradient: the penalty is cut off from the weights of D"
SLOPE_PROBES = {  # fields of every exercise whose answer is a penalty on D's slope
    "sizes": {"B": (3, 1, 4), "T": (3, 2, 3), "H": (4, 3, 5), "W": (3, 4, 2)},
    "scales": (1.0, 0.3, 3.0),
    "second_order": True,
    "tolerance": 5e-4,  # float32 differentiated three times: orders of summation differ by 1e-4
}


class SmoothCritic(nn.Module):
    """A D whose slope differs from point to point, in every direction, without corners.

    Clips of shape (B, T, C, H, W) in, two logits a clip out, (B, 2).

    Args:
        draw: chooses the weights; none of the global random sources is used.
    """

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        inner = draw.uniform("T C H W 3", -1, 1).flatten(0, 3)  # (n_values, 3)
        self.inner = nn.Parameter(inner * 3 / len(inner) ** 0.5)
        self.bias = nn.Parameter(draw.uniform("3", -1, 1))
        self.outer = nn.Parameter(draw.uniform("3 2", -1, 2))

    def forward(self, clips: Tensor) -> Tensor:
        """Clips of shape (B, T, C, H, W) -> logits (B, 2)."""
        return F.softplus(clips.flatten(1) @ self.inner + self.bias) @ self.outer


def linear(*weights: float) -> Critic:
    """D(x) = w x on points of shape (B, n): its slope is w everywhere."""
    return lambda points: points @ torch.tensor(weights)


def bowl(steepness: float) -> Critic:
    """D(x) = a |x|^2 / 2 on points of shape (B, n): its slope at x is a x."""
    return lambda points: steepness / 2 * points.square().sum(dim=1)


def total(clips: Tensor) -> Tensor:
    """D adds up all values of a sample, shape (B, ...): its slope is 1 in each of them."""
    return clips.flatten(1).sum(dim=1)


def pull_on_weights(
    weights: list[float], penalty_of: Callable[[Critic], object]
) -> tuple[Tensor, Tensor] | str:
    """A linear D's penalty and the gradient that its weights get from it.

    Args:
        weights: of D, shape (n,).
        penalty_of: D -> its penalty, by the answer that is checked.
    """
    w = torch.tensor(weights, requires_grad=True)
    penalty = penalty_of(lambda points: points @ w)
    if not isinstance(penalty, Tensor) or not penalty.requires_grad:
        return CUT_OFF
    (pull,) = torch.autograd.grad(penalty.sum(), w, allow_unused=True, materialize_grads=True)
    return penalty, pull
