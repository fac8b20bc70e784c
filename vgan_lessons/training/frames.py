"""The loop of a GAN for single frames: a modern baseline of parts that are all known."""

import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.penalties import r1_penalty, r2_penalty
from vgan_lessons.training.ema import ema_decay_at, ema_update
from vgan_lessons.training.steps import d_step, g_step


class FrameRound(NamedTuple):
    """What one round of `train_frames` hands out."""

    d_loss: float  # before D's step and without the penalty; ln 2 = 0.693 for a silent D
    g_loss: float  # before G's step; ln 2 as well
    average: nn.Module  # the generator to show: the same module every time, moved on


def train_frames(
    generator: nn.Module,
    discriminator: nn.Module,
    g_optim: torch.optim.Optimizer,
    d_optim: torch.optim.Optimizer,
    draw_real: Callable[[], Tensor],
    draw_z: Callable[[], Tensor],
    n_steps: int,
    gamma: float,
    decay: float,
) -> Iterator[FrameRound]:
    """Play the relativistic game with R1 and R2, and keep an average of the generator.

    Each round draws reals once and latents twice: D's turn, then G's turn on the same reals,
    then the average follows. The caller iterates, so plots and stops are ordinary loop code.

    Args:
        generator: latents -> frames; changed in place.
        discriminator: frames -> logits (B,); changed in place.
        g_optim: over the generator's parameters.
        d_optim: over the discriminator's parameters.
        draw_real: -> (B, C, H, W), called once a round.
        draw_z: -> (B, latent_dim), called once for each turn.
        n_steps: rounds to play.
        gamma: weight of R1 and of R2 alike.
        decay: the moving average's, per round; young averages forget faster.

    Yields:
        (d_loss, g_loss, average) after every round.

    Lesson 05. Huang et al. 2024, The GAN is dead; long live the GAN!, arXiv:2501.05441.
    """

    def penalty(discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        return r1_penalty(discriminator, real, gamma) + r2_penalty(discriminator, fake, gamma)

    average = copy.deepcopy(generator)
    for step in range(1, n_steps + 1):
        real, players = draw_real(), (generator, discriminator)
        d_loss = d_step(*players, d_optim, relativistic_d_loss, real, draw_z(), penalty)
        g_loss = g_step(*players, g_optim, relativistic_g_loss, real, draw_z())
        ema_update(average, generator, ema_decay_at(step, decay))
        yield FrameRound(d_loss.item(), g_loss.item(), average)
