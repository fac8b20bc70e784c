"""The gradient penalty of exercise 3.6 taken apart, so that one part can be exchanged."""

from collections.abc import Callable

import torch
from torch import Tensor

TINY = 1e-12


def weights_of(real: Tensor, mix: Tensor) -> Tensor:
    """One weight a sample, (B,) -> (B, 1, ...), with as many axes as real."""
    return mix.reshape(-1, *[1] * (real.ndim - 1))


def points_between(real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """What is looked at, (B, ...): mix 1 is the real, mix 0 the fake."""
    m = weights_of(real, mix)
    return m * real + (1 - m) * fake


def length_of(slope: Tensor) -> Tensor:
    """Length of each sample's slope, (B, ...) -> (B,), with a rounded corner at 0."""
    return (slope.flatten(1).square().sum(1) + TINY).sqrt()


def slope_of(critic: Callable, points: Tensor) -> Tensor:
    """Gradient of the logits by the points, in their shape (B, ...), with its graph."""
    return torch.autograd.grad(critic(points).sum(), points, create_graph=True)[0]


def checked(answer: Callable) -> Callable:
    """An answer, guarded as a learner would guard it."""

    def guarded(critic, real, fake, mix, gp_weight):
        if real.shape != fake.shape or tuple(mix.shape) != (len(real),):
            raise ValueError("real and fake must be of one shape, mix (B,)")
        return answer(critic, real, fake, mix, gp_weight)

    return guarded


def variant(
    points: Callable = points_between,
    slope: Callable = slope_of,
    score: Callable = lambda slope: (length_of(slope) - 1).square().mean(),
) -> Callable:
    """The right answer with one part exchanged for another."""

    def answer(critic, real, fake, mix, gp_weight):
        at = points(real, fake, mix).detach().requires_grad_()
        return gp_weight * score(slope(critic, at))

    return checked(answer)


def _with_grad_outputs(critic, at):
    logits = critic(at)
    ones = torch.ones_like(logits)
    return torch.autograd.grad(logits, at, grad_outputs=ones, create_graph=True)[0]


def _one_by_one(critic, real, fake, mix, gp_weight):
    costs = []
    for x, y, m in zip(real.detach(), fake.detach(), mix.detach(), strict=True):
        at = torch.lerp(y, x, m)[None].requires_grad_()
        costs.append((length_of(slope_of(critic, at)) - 1) ** 2)
    return gp_weight * torch.cat(costs).mean()


def _guarded_root(slope):
    squares = slope.pow(2).flatten(1).sum(1)
    steep = squares > 0
    return torch.where(steep, torch.where(steep, squares, 1).sqrt(), 0)


GRADIENT_PENALTY_WAYS = {
    "grad_outputs of ones": variant(slope=_with_grad_outputs),
    "one sample after the other": checked(_one_by_one),
    "torch's norm, which is 0 / 0 = 0 at 0": variant(
        score=lambda s: ((s.flatten(1).norm(dim=1) - 1) ** 2).mean()
    ),
    "the root guarded by where": variant(score=lambda s: (_guarded_root(s) - 1).pow(2).mean()),
}
