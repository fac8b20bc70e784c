"""The penalties of 3.7 and 3.8 taken apart, so that one part can be exchanged."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.checking import Draw
from vgan_lessons.exercises.critics import SmoothCritic

SIZES = {"B": (3, 1, 4), "T": (3, 2, 3), "H": (4, 3, 5), "W": (3, 4, 2)}
SCALES = (1.0, 0.3, 3.0)
TOLERANCE = 5e-4  # float32 differentiated three times: orders of summation differ by 1e-4


def probe_inputs(draw: Draw, points: str) -> dict:
    """A smooth D, clips under the name the exercise gives them, and a weight."""
    clips = draw.normal("B T C H W")
    return {"discriminator": SmoothCritic(draw), points: clips, "gamma": draw.number(2, 12)}


def squares(slope: Tensor) -> Tensor:
    """The squared length of each sample's slope, (B, ...) -> (B,)."""
    return slope.flatten(1).square().sum(1)


def variant(
    score: Callable = lambda slope: squares(slope).mean() / 2,
    logit: Callable = torch.sum,
    graph: bool = True,
) -> Callable:
    """The right answer with one part exchanged for another."""

    def answer(critic, points, gamma):
        at = points.detach().requires_grad_()
        (slope,) = torch.autograd.grad(logit(critic(at)), at, create_graph=graph)
        return gamma * score(slope)

    return answer


def at_points(points: Callable) -> Callable:
    """The right answer at points that were prepared in a wrong way."""

    def answer(critic, given, gamma):
        at = points(given)
        (slope,) = torch.autograd.grad(critic(at).sum(), at, create_graph=True)
        return gamma / 2 * squares(slope).mean()

    return answer
