"""The loop of any GAN: turns of D, a turn of G, and the average that is shown."""

import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vgan_lessons.training.ema import ema_update
from vgan_lessons.training.steps import Loss, Penalty, d_step, g_step


class Round(NamedTuple):
    """What one round of `play` hands out."""

    d_loss: float  # of D's last turn, before its step and without the penalty
    g_loss: float  # before G's step
    average: nn.Module  # the generator to show: the same module every time, moved on


def play(
    generator: nn.Module,
    discriminator: nn.Module,
    g_optim: torch.optim.Optimizer,
    d_optim: torch.optim.Optimizer,
    d_loss_fn: Loss,
    g_loss_fn: Loss,
    draw_real: Callable[[], Tensor],
    draw_z: Callable[[], Tensor],
    n_rounds: int,
    n_critic: int = 1,
    penalty: Penalty | None = None,
    decay: float = 0.99,
) -> Iterator[Round]:
    """Play rounds of a game: turns of D, a turn of G, then the average follows.

    The loop knows neither what a sample is nor which game is played. The caller iterates, so
    logs, plots and stops are ordinary code around it.

    Args:
        generator: latents -> fakes; changed in place.
        discriminator: samples -> logits; changed in place.
        g_optim: over the generator's parameters.
        d_optim: over the discriminator's parameters.
        d_loss_fn: (real_logits, fake_logits) -> scalar that D minimises.
        g_loss_fn: (real_logits, fake_logits) -> scalar that G minimises.
        draw_real: -> (B, ...), called once for each turn of D.
        draw_z: -> (B, ...), called once for every turn.
        n_rounds: turns of G.
        n_critic: turns of D in a round, 1 or more; G's turn compares with the last reals.
        penalty: as in `d_step`.
        decay: share of the old average that stays after a round.

    Yields:
        (d_loss, g_loss, average) after every round; 2 ln 2 = 1.386 and ln 2 = 0.693 in the
        non-saturating game for a silent D.

    Lesson 04. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    average = copy.deepcopy(generator)
    for _ in range(n_rounds):
        for _ in range(n_critic):
            real, players = draw_real(), (generator, discriminator)
            d_loss = d_step(*players, d_optim, d_loss_fn, real, draw_z(), penalty)
        g_loss = g_step(*players, g_optim, g_loss_fn, real, draw_z())
        ema_update(average, generator, decay)
        yield Round(d_loss.item(), g_loss.item(), average)
