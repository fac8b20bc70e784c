"""A GAN on points of the plane that waits for orders: one step of D, or one step of G."""

from typing import NamedTuple

import torch
from torch import Tensor

from vgan_lessons import losses
from vgan_lessons.datasets import ring_centres, ring_of_gaussians
from vgan_lessons.datasets.points import SIGMA
from vgan_lessons.metrics import ModeCoverage, mode_coverage
from vgan_lessons.models.points import new_point_players
from vgan_lessons.penalties import r1_penalty
from vgan_lessons.runtime import new_rng
from vgan_lessons.training.steps import Loss, d_step, g_step

GAMES: dict[str, tuple[Loss, Loss]] = {  # what D and G minimise, by its name on the page
    "non-saturating": (losses.non_saturating_d_loss, losses.non_saturating_g_loss),
    "minimax": (losses.non_saturating_d_loss, losses.minimax_g_loss),
    "least squares": (losses.least_squares_d_loss, losses.least_squares_g_loss),
    "hinge": (losses.hinge_d_loss, losses.hinge_g_loss),
    "Wasserstein": (losses.wasserstein_d_loss, losses.wasserstein_g_loss),
    "relativistic pairs": (losses.relativistic_d_loss, losses.relativistic_g_loss),
    "relativistic average": (
        losses.relativistic_average_d_loss,
        losses.relativistic_average_g_loss,
    ),
}
_BATCH = 128
_ADAM = {"lr": 3e-3, "betas": (0.5, 0.9), "fused": True}
_SHOWN = 250  # reals and fakes in the picture; the fakes keep their latents


class Standing(NamedTuple):
    """Where a duel stands, measured on the points that are shown."""

    d_steps: int
    g_steps: int
    d_loss: float
    g_loss: float
    in_order: float  # share of pairs with the real scored above the fake; 0.5 for a silent D
    coverage: ModeCoverage


class PointDuel:
    """Two players on the ring of eight, and the counters of their moves.

    Objective and penalty may be changed while the game goes on.

    Args:
        seed: of the weights, the data and the latents.
        objective: a key of GAMES.
        r1_gamma: weight of R1 on D; 0 plays without it.
    """

    def __init__(
        self, *, seed: int = 0, objective: str = "non-saturating", r1_gamma: float = 0.0
    ) -> None:
        self.seed, self.objective, self.r1_gamma = seed, objective, r1_gamma
        self.reset()

    def reset(self) -> None:
        """Start again from the same seed; objective and penalty stay as they are."""
        self.generator, self.discriminator = new_point_players(self.seed)
        self._d_optim = torch.optim.Adam(self.discriminator.parameters(), **_ADAM)
        self._g_optim = torch.optim.Adam(self.generator.parameters(), **_ADAM)
        self._rng = new_rng(self.seed)
        self.shown_real = ring_of_gaussians(_SHOWN, rng=self._rng)
        self._shown_z = self.generator.draw_latents(_SHOWN, self._rng)
        self.d_steps = self.g_steps = 0

    def move_d(self) -> None:
        """One step of D on fresh reals and fakes; G stands still."""
        real, z = self._draw()
        d_loss_fn, _ = GAMES[self.objective]
        penalty = self._penalty if self.r1_gamma else None
        players = (self.generator, self.discriminator)
        d_step(*players, self._d_optim, d_loss_fn, real, z, penalty)
        self.d_steps += 1

    def move_g(self) -> None:
        """One step of G on fresh latents; D stands still."""
        real, z = self._draw()
        _, g_loss_fn = GAMES[self.objective]
        players = (self.generator, self.discriminator)
        g_step(*players, self._g_optim, g_loss_fn, real, z)
        self.g_steps += 1

    @torch.no_grad()
    def shown_fake(self) -> Tensor:
        """What G makes now of the latents that the picture follows, (250, 2)."""
        return self.generator(self._shown_z)

    def arrows(self, n: int) -> tuple[Tensor, Tensor]:
        """Where G's loss pulls the first fakes of the picture.

        Args:
            n: how many of them.

        Returns:
            Their places (n, 2), and the pull on each (n, 2): minus the gradient of n times
            G's loss with respect to the place.
        """
        places = self.shown_fake()[:n].requires_grad_()
        with torch.no_grad():
            real_logits = self.discriminator(self.shown_real[:n])
        g_loss = GAMES[self.objective][1](real_logits, self.discriminator(places))
        (gradient,) = torch.autograd.grad(n * g_loss, places)
        return places.detach(), -gradient

    @torch.no_grad()
    def standing(self) -> Standing:
        """Measure the game on the shown points; nothing moves."""
        fake = self.shown_fake()
        real_logits, fake_logits = map(self.discriminator, (self.shown_real, fake))
        losses_now = [loss(real_logits, fake_logits).item() for loss in GAMES[self.objective]]
        above = torch.sign(real_logits[:, None] - fake_logits)  # a tie counts half
        in_order = (above.mean().item() + 1) / 2
        found = mode_coverage(fake, ring_centres(), SIGMA)
        return Standing(self.d_steps, self.g_steps, *losses_now, in_order, found)

    def _draw(self) -> tuple[Tensor, Tensor]:
        real = ring_of_gaussians(_BATCH, rng=self._rng)
        return real, self.generator.draw_latents(_BATCH, self._rng)

    def _penalty(self, discriminator: torch.nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        return r1_penalty(discriminator, real, self.r1_gamma)
