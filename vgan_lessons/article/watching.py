"""Watch a training function: who moves when, what each turn draws and hands out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from vgan_lessons.article.program import Train


class Line(nn.Module):
    """A player small enough to work out by hand: points -> weight @ point + bias.

    Args:
        weight: (n_out, n_in); one output is squeezed away when `scores`.
        bias: (n_out,).
        scores: give (B,) instead of (B, 1), as a discriminator does.
    """

    def __init__(self, weight: Tensor, bias: Tensor, *, scores: bool = False) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight.clone()), nn.Parameter(bias.clone())
        self.scores = scores

    def forward(self, points: Tensor) -> Tensor:
        """Map points (B, n_in) to (B, n_out), or to (B,)."""
        made = points @ self.weight.T + self.bias
        return made.squeeze(1) if self.scores else made


@dataclass
class Watched:
    """What was seen while a training function ran.

    Args:
        losses: the pairs it handed out, as they came.
        asked: the batch sizes it asked latents for.
        movers: "D" or "G" for every optimiser step, in order.
        gradients: for each step, the gradients of the player who moved, flat; None if every
            one of them was None.
        leaked: whether G held a gradient when D moved for the first time.
        latents: everything G was fed.
    """

    losses: list[Any] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    movers: list[str] = field(default_factory=list)
    gradients: list[Tensor | None] = field(default_factory=list)
    leaked: bool = False
    latents: list[Tensor] = field(default_factory=list)


class _Descent:
    """Plain gradient descent that tells of its steps; a loop uses no more of an optimiser.

    Not one of torch's: the first of those that a session makes loads a compiler for seconds.
    """

    def __init__(self, player: nn.Module, lr: float, on_step: Callable[[], None]) -> None:
        self.player, self.lr, self.on_step = player, lr, on_step
        self.param_groups = [{"params": [*player.parameters()], "lr": lr}]
        self.state: dict = {}  # plain descent remembers nothing

    def zero_grad(self, set_to_none: bool = True) -> None:
        self.player.zero_grad(set_to_none)

    @torch.no_grad()
    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        with torch.enable_grad():
            loss = None if closure is None else closure()
        self.on_step()
        for parameter in self.player.parameters():
            if parameter.grad is not None:  # None is passed over, as torch's own do
                parameter -= self.lr * parameter.grad
        return loss


def watch_training(
    train: Train,
    generator: nn.Module,
    discriminator: nn.Module,
    reals: list[Tensor],
    sample_latents: Callable[[int], Tensor],
    *,
    g_lr: float = 0.0,
    d_lr: float = 0.0,
) -> Watched:
    """Run a training function with plain gradient descent, and write down what it does.

    Args:
        train: as `program.Train`.
        generator: moved in place, by g_lr times its gradient.
        discriminator: moved in place, by d_lr times its gradient.
        reals: one tensor (B, ...) for each round; handed over as an iterator, so that they
            can be gone through once.
        sample_latents: batch size -> latents.
        g_lr: step size; 0 lets the player stand still and shows its gradients.
        d_lr: step size.

    Returns:
        Watched.
    """
    seen = Watched()

    def note(mover: str, player: nn.Module) -> None:
        if mover == "D" and "D" not in seen.movers:
            seen.leaked = _gradient(generator) is not None
        seen.movers.append(mover)
        seen.gradients.append(_gradient(player))

    def sample(n: int) -> Tensor:
        seen.asked.append(n)
        return sample_latents(n)

    g_optim = _Descent(generator, g_lr, lambda: note("G", generator))
    d_optim = _Descent(discriminator, d_lr, lambda: note("D", discriminator))
    hook = generator.register_forward_pre_hook(lambda _, fed: seen.latents.append(fed[0]))
    try:
        for pair in train(generator, discriminator, g_optim, d_optim, iter(reals), sample):
            seen.losses.append(pair)
    finally:
        hook.remove()
    return seen


def _gradient(player: nn.Module) -> Tensor | None:
    """All gradients of a player in one row; None where no parameter has any."""
    found = [p.grad for p in player.parameters() if p.grad is not None]
    return torch.cat([g.flatten() for g in found]).clone() if found else None
