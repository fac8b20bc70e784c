"""Two players and an optimiser small enough to work a whole step out by hand."""

import torch
from torch import Tensor, nn

from vgan_lessons.checking import Draw

RATE = 0.5  # step size of every optimiser here


class Descent:
    """Plain gradient descent with the verbs of torch's optimisers, and without their weight."""

    def __init__(self, player: nn.Module, lr: float = RATE) -> None:
        self.param_groups = [{"params": [*player.parameters()], "lr": lr}]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or fill them with zeros."""
        for weight in self.param_groups[0]["params"]:
            if not set_to_none and weight.grad is not None:
                weight.grad = torch.zeros_like(weight.grad)
            elif set_to_none:
                weight.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Walk every weight down its gradient."""
        for weight in self.param_groups[0]["params"]:
            if weight.grad is not None:
                weight.sub_(self.param_groups[0]["lr"] * weight.grad)


class Line(nn.Module):
    """Times one number: as a generator it stretches latents, as a discriminator points.

    Args:
        slope: the number.
        stale: what its `.grad` holds to begin with; None for nothing.
    """

    def __init__(self, slope: float, stale: float | None = None) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(slope))
        if stale is not None:
            self.slope.grad = torch.tensor(stale)

    def forward(self, x: Tensor) -> Tensor:
        """(B,) -> (B,)."""
        return self.slope * x


class Bent(nn.Module):
    """Two layers with a bend between: outer tanh(inner x)."""

    def __init__(self, inner: Tensor, outer: Tensor) -> None:
        super().__init__()
        self.inner, self.outer = nn.Parameter(inner), nn.Parameter(outer)

    def forward(self, x: Tensor) -> Tensor:
        """(B, n) -> (B, m), or (B,) if outer has one axis."""
        return torch.tanh(x @ self.inner.T) @ self.outer.T


def drawn_players(draw: Draw) -> tuple[Bent, Bent]:
    """Probe inputs: a generator from 3 numbers to 2, and a discriminator of those 2."""
    generator = Bent(draw.uniform("4 3", -1, 1), draw.uniform("2 4", -1, 1))
    discriminator = Bent(draw.uniform("5 2", -1, 1), draw.uniform("5", -1, 1))
    return generator, discriminator


def with_stale_gradient(player: nn.Module) -> nn.Module:
    """Leave a gradient of an earlier step on every weight."""
    for weight in player.parameters():
        weight.grad = torch.full_like(weight, 0.7)
    return player
