"""What a GAN program is made of: its players, its loop, and what its text says they want."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from torch import Tensor, nn

Loss = Callable[[Tensor, Tensor], Tensor]  # (real_logits, fake_logits) -> scalar to minimise
Players = tuple[nn.Module, nn.Module]  # generator, discriminator
BuildPlayers = Callable[..., Players]  # (*, n_frames, frame_size, latent_dim, width)
Train = Callable[..., Iterator[tuple[float, float]]]  # as `mended.train`
Batches = Iterable[Tensor]


@dataclass(frozen=True, kw_only=True)
class Program:
    """A whole program, as an author publishes it: code and text, which may disagree.

    Args:
        build_players: by keyword n_frames, frame_size, latent_dim, width -> (G, D).
        train: (generator, discriminator, g_optim, d_optim, real_batches, sample_latents) ->
            iterator of (d_loss, g_loss), one pair for each real batch.
        d_objective: what the text says D minimises, of (real_logits, fake_logits).
        g_objective: what the text says G minimises, of the same.
    """

    build_players: BuildPlayers
    train: Train
    d_objective: Loss
    g_objective: Loss
