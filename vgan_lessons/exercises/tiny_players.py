"""Two players and an optimiser small enough to work a whole step out by hand."""

from collections.abc import Callable
from contextlib import suppress

import torch
from torch import Tensor, nn

from vgan_lessons.checking import Draw

RATE = 0.5  # step size of every optimiser here


class Descent:
    """Plain gradient descent with the verbs of torch's optimisers, and without their weight.

    Not one of torch's: the first of those that a session makes loads a compiler for seconds.
    """

    def __init__(self, player: nn.Module, lr: float = RATE) -> None:
        self.defaults = {"lr": lr}
        self.param_groups = [{"params": [*player.parameters()], "lr": lr}]
        self.state: dict = {}  # descent without momentum remembers nothing

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or fill them with zeros."""
        for weight in self.param_groups[0]["params"]:
            if not set_to_none and weight.grad is not None:
                weight.grad = torch.zeros_like(weight.grad)
            elif set_to_none:
                weight.grad = None

    @torch.no_grad()
    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        """Walk every weight down its gradient; a closure is called first, and says the loss.

        Args:
            closure: clears, differentiates and returns the loss, shape ().
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for weight in self.param_groups[0]["params"]:
            if weight.grad is not None:
                weight.sub_(self.param_groups[0]["lr"] * weight.grad)
        return loss


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


def partly_frozen(player: Bent) -> Bent:
    """Freeze the inner weights, (m, n), as somebody does who trains the last layer alone."""
    player.inner.requires_grad_(False)
    return player


class _Shifted(Line):
    """A line with an offset that is frozen: whoever thaws the player thaws it, too."""

    def __init__(self, slope: float) -> None:
        super().__init__(slope)
        self.shift = nn.Parameter(torch.zeros(()), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B,) -> (B,)."""
        return super().forward(x) + self.shift


def stays_thawed(step: Callable[[nn.Module], object]) -> bool:
    """Whether a step leaves a weight trainable that came to it frozen.

    Args:
        step: moves the player it is given. One that cannot move a partly frozen player is no
            matter here: no statement asks for it.
    """
    player = _Shifted(1.0)
    with suppress(RuntimeError):
        step(player)
    return player.shift.requires_grad


def with_stale_gradient(player: nn.Module) -> nn.Module:
    """Leave a gradient of an earlier step on every weight."""
    for weight in player.parameters():
        weight.grad = torch.full_like(weight, 0.7)
    return player
