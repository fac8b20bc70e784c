"""What a GAN program is: its players, its loop, what its text says; and what a fault is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from torch import nn

from vgan_lessons.training.steps import Loss

BuildPlayers = Callable[..., tuple[nn.Module, nn.Module]]  # by keyword, as `Program` says
Train = Callable[..., Iterator[tuple[float, float]]]  # as `mended.train`


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


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a program.

    A detector runs the program and never reads its source, and it finds its fault whatever
    else is wrong, so a program can be mended one fault at a time.

    Args:
        name: a few words.
        is_in: the detector, of a program.
        sentence: what is done, and what comes of it.
    """

    name: str
    is_in: Callable[[Program], bool]
    sentence: str
