"""A round of the game in which D sees nothing but altered clips, in both turns."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss

Alter = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]  # (real, fake) -> both, altered


def augmented_round(
    generator: nn.Module,
    discriminator: nn.Module,
    g_optim: torch.optim.Optimizer,
    d_optim: torch.optim.Optimizer,
    real: Tensor,
    z: Tensor,
    alter: Alter,
) -> tuple[Tensor, Tensor]:
    """Move D once and G once, in the relativistic game, on altered clips in both turns.

    What `video_gan_round` does with two discriminators: fakes are made once and altered once,
    and D never sees a clip as it was.

    Args:
        generator: latents -> fakes (B, ...).
        discriminator: clips -> (B,) logits.
        g_optim: over the generator's weights.
        d_optim: over the discriminator's weights.
        real: (B, ...), clips of the films.
        z: latents of B fakes.
        alter: called once; gives both sides back altered, the gradient of the fakes attached.

    Returns:
        d_loss and g_loss, scalars before their steps, detached: ln 2 = 0.693 each for a D
        that is silent.

    Lesson 10. Zhao et al. 2020 (DiffAugment), arXiv:2006.10738.
    """
    seen_real, seen_fake = alter(real, generator(z))
    still = seen_fake.detach()  # D's turn: G stands still
    d_loss = relativistic_d_loss(discriminator(seen_real), discriminator(still))
    d_optim.zero_grad()
    d_loss.backward()
    d_optim.step()
    with torch.no_grad():  # G cannot move the reals' scores
        real_logits = discriminator(seen_real)
    g_loss = relativistic_g_loss(real_logits, discriminator(seen_fake))
    g_optim.zero_grad()
    weights = [w for group in g_optim.param_groups for w in group["params"]]
    g_loss.backward(inputs=weights)  # G's turn: D collects no gradient
    g_optim.step()
    return d_loss.detach(), g_loss.detach()
