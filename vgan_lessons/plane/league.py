"""Several games from several seeds, played in one loop as if they were one game."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from vgan_lessons.datasets import ring_of_gaussians
from vgan_lessons.models.points import new_point_players
from vgan_lessons.plane.duel import GAMES
from vgan_lessons.plane.side_by_side import side_by_side
from vgan_lessons.runtime import new_rng


class PointLeague:
    """Small players on the ring of eight: one pair for each objective and each seed.

    The pairs of one seed start from the same weights and see the same reals and the same
    latents, so that objectives are compared and not luck. `generator` and `discriminator`
    are all players at once; a batch has one axis more, (B, n_pairs, ...).

    Args:
        names: keys of GAMES.
        seeds: of weights, data and latents.
        on: where it is played.
    """

    def __init__(
        self, names: Sequence[str], *, seeds: Sequence[int], on: torch.device | str = "cpu"
    ) -> None:
        self.names, self.n_seeds = list(names), len(seeds)
        pairs = [new_point_players(seed) for _ in names for seed in seeds]
        self._latent_dim = pairs[0][0].latent_dim
        self.generator, self.discriminator = (
            side_by_side(side).to(on) for side in zip(*pairs, strict=True)
        )
        self._rngs = [new_rng(seed, on) for seed in seeds]

    @property
    def players(self) -> tuple[nn.Module, nn.Module]:
        """G and D, as a loop wants them."""
        return self.generator, self.discriminator

    def d_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """The sum over all pairs of what each D minimises.

        Args:
            real_logits: (B, n_pairs).
            fake_logits: (B, n_pairs).
        """
        return self._sum(0, real_logits, fake_logits)

    def g_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """The sum over all pairs of what each G minimises.

        Args:
            real_logits: (B, n_pairs).
            fake_logits: (B, n_pairs).
        """
        return self._sum(1, real_logits, fake_logits)

    def draw_real(self, n: int = 128) -> Tensor:
        """Fresh reals, (n, n_pairs, 2)."""
        drawn = [ring_of_gaussians(n, rng=rng) for rng in self._rngs]
        return torch.stack(drawn, dim=1).repeat(1, len(self.names), 1)

    def draw_z(self, n: int = 128) -> Tensor:
        """Fresh latents, (n, n_pairs, latent_dim)."""
        size = (n, self._latent_dim)
        drawn = [torch.randn(size, generator=rng, device=rng.device) for rng in self._rngs]
        return torch.stack(drawn, dim=1).repeat(1, len(self.names), 1)

    @torch.no_grad()
    def fakes(self, n: int = 2000) -> dict[str, Tensor]:
        """What every G makes now: objective -> points (n_seeds, n, 2)."""
        made = self.generator(self.draw_z(n)).transpose(0, 1).split(self.n_seeds)
        return dict(zip(self.names, made, strict=True))

    @torch.no_grad()
    def logits(self, n: int = 2000) -> dict[str, tuple[Tensor, Tensor]]:
        """How every D scores fresh points: objective -> real and fake, (n_seeds, n) each."""
        real = self.discriminator(self.draw_real(n))
        fake = self.discriminator(self.generator(self.draw_z(n)))
        real, fake = (logits.T.split(self.n_seeds) for logits in (real, fake))
        return dict(zip(self.names, zip(real, fake, strict=True), strict=True))

    def _sum(self, side: int, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        games = [GAMES[name][side] for name in self.names for _ in range(self.n_seeds)]
        columns = zip(games, real_logits.unbind(1), fake_logits.unbind(1), strict=True)
        return torch.stack([loss(real, fake) for loss, real, fake in columns]).sum()
