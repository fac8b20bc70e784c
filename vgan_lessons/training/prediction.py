"""A step of a generator that goes on from what it is shown, under two losses at once."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def prediction_step(
    generator: nn.Module,
    discriminator: Callable[[Tensor, Tensor], Tensor],
    g_optim: torch.optim.Optimizer,
    first: Tensor,
    future: Tensor,
    noise: Tensor,
    weight: float,
) -> tuple[Tensor, Tensor]:
    r"""Move G once, towards the future that came and towards futures that D believes.

    .. math:: w \, E |G(x, z) - y|^2 + (1 - w) \, E[\ln(1 + e^{-D(x, G(x, z))})]

    The squared error has one best answer for every x, the mean of its futures; the adversarial
    loss is content with any future that could have come.

    Args:
        generator: (first, noise) -> a future of the shape of `future`.
        discriminator: (first, future) -> logits (B,); stands still.
        g_optim: over the generator's parameters.
        first: x, (B, ...), what is shown.
        future: y, (B, ...), what came.
        noise: z, (B, ...).
        weight: w from 0, adversarial alone, to 1, squared error alone.

    Returns:
        Both losses before the step, unweighted and detached: the squared error, a mean over
        all numbers, and the adversarial one, ln 2 = 0.693 for a silent D.

    Lesson 11. Mathieu et al. 2016, Deep multi-scale video prediction beyond mean square
    error, arXiv:1511.05440; there D's loss is the minimax one and images have several sizes.
    """
    made = generator(first, noise)
    l2 = (made - future).square().mean()
    adversarial = F.softplus(-discriminator(first, made)).mean()
    loss = weight * l2 + (1 - weight) * adversarial
    g_optim.zero_grad()
    moving = [part for part in generator.parameters() if part.requires_grad]
    loss.backward(inputs=moving)  # G's turn: D collects no gradient
    g_optim.step()
    return l2.detach(), adversarial.detach()
