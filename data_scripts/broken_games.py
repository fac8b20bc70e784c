"""Games on the ring of eight, right and broken: what can be slipped into each, and the loop.

Every slip is code that runs; `make_recorded_runs.py` stores its text beside the run.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vgan_lessons import losses, metrics
from vgan_lessons.datasets.points import SIGMA, ring_batches, ring_centres
from vgan_lessons.models.points import PointDiscriminator, PointGenerator
from vgan_lessons.training.steps import d_step, g_step

N_SHOWN = 200  # fakes kept at each moment
N_COUNTED = 1000  # fakes whose modes are counted at each log


class SquashedDiscriminator(PointDiscriminator):
    """Returns probabilities where the loss wants logits."""

    def forward(self, points):
        return torch.sigmoid(self.layers(points).squeeze(1))


def d_step_that_forgets(generator, discriminator, d_optim, d_loss_fn, real, z):
    """D's step without zero_grad."""
    fake = generator(z).detach()
    d_loss = d_loss_fn(discriminator(real), discriminator(fake))
    d_loss.backward()
    d_optim.step()
    return d_loss.detach()


def g_step_that_forgets(generator, discriminator, g_optim, g_loss_fn, real, z):
    """G's step without zero_grad."""
    g_loss = g_loss_fn(discriminator(real).detach(), discriminator(generator(z)))
    g_loss.backward(inputs=[*generator.parameters()])
    g_optim.step()
    return g_loss.detach()


def log_of_sigmoid_d_loss(real_logits, fake_logits):
    """D's loss by way of probabilities."""
    real_probs, fake_probs = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
    return -torch.log(real_probs).mean() - torch.log(1 - fake_probs).mean()


def g_step_cut_off(generator, discriminator, g_optim, g_loss_fn, real, z):
    """G's step with D's detach in it."""
    fake = generator(z).detach()
    g_loss = g_loss_fn(discriminator(real).detach(), discriminator(fake))
    g_optim.zero_grad()
    g_optim.step()
    return g_loss.detach()


@dataclass(frozen=True, kw_only=True)
class Game:
    """One game: who plays, at which speeds, for how long; the defaults play it well."""

    label: str = "healthy"
    seed: int = 0
    d_lr: float = 5e-3
    g_lr: float = 5e-3
    n_steps: int = 800
    log_every: int = 20
    batch_size: int = 64
    width: int = 64
    n_critic: int = 1
    discriminator: type[nn.Module] = PointDiscriminator
    d_loss_fn: Callable = losses.non_saturating_d_loss
    g_loss_fn: Callable = losses.non_saturating_g_loss
    d_step: Callable = d_step
    g_step: Callable = g_step
    slip: str = ""
    mended: str = ""


@dataclass
class Played:
    """What is kept of a game: rows of numbers, and fakes at some of the logged steps."""

    rows: list[dict[str, float]]
    points: dict[int, Tensor]  # step -> (N_SHOWN, 2)


def play(game: Game, moments: tuple[int, ...] = ()) -> Played:
    """Play a game to its end and log it.

    Args:
        game: the numbers and the code.
        moments: steps at which fakes are kept.

    Returns:
        One row every log_every steps.
    """
    torch.manual_seed(game.seed)  # weights; a script of its own, nobody else's numbers
    players = PointGenerator(width=game.width), game.discriminator(width=game.width)
    g_optim, d_optim = (
        torch.optim.Adam(player.parameters(), lr=lr, betas=(0.5, 0.999))
        for player, lr in zip(players, (game.g_lr, game.d_lr), strict=True)
    )
    rng = torch.Generator().manual_seed(game.seed)
    z_shown = players[0].draw_latents(N_COUNTED, rng)
    batches = ring_batches(game.batch_size, rng=rng)
    played = Played([], {})
    for step in range(1, game.n_steps + 1):
        for _ in range(game.n_critic):
            real = next(batches)
            z = players[0].draw_latents(len(real), rng)
            d_loss = game.d_step(*players, d_optim, game.d_loss_fn, real, z)
        z = players[0].draw_latents(len(real), rng)
        g_loss = game.g_step(*players, g_optim, game.g_loss_fn, real, z)
        if step % game.log_every == 0:
            losses_now = {"d_loss": d_loss.item(), "g_loss": g_loss.item()}
            played.rows.append({"step": step, **losses_now, **_look(players, real, z_shown)})
        if step in moments:
            with torch.no_grad():
                played.points[step] = players[0](z_shown[:N_SHOWN])
    return played


@torch.no_grad()
def _look(players: tuple[nn.Module, nn.Module], real: Tensor, z: Tensor) -> dict[str, float]:
    generator, discriminator = players
    fakes = generator(z)
    covered = metrics.mode_coverage(fakes, ring_centres(), SIGMA)
    return {
        "real_logit": discriminator(real).mean().item(),
        "fake_logit": discriminator(fakes).mean().item(),
        "d_grad_norm": _gradient_norm(discriminator),
        "g_grad_norm": _gradient_norm(generator),
        "modes": covered.n_modes,
        "quality": covered.quality,
    }


def _gradient_norm(player: nn.Module) -> float:
    gradients = [p.grad for p in player.parameters() if p.grad is not None]
    return math.sqrt(sum(g.double().square().sum().item() for g in gradients))
