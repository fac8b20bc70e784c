"""The two moves of the game: D's step and G's step, each moving its own player and no other."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

Loss = Callable[[Tensor, Tensor], Tensor]  # (real_logits, fake_logits) -> scalar
Penalty = Callable[[nn.Module, Tensor, Tensor], Tensor]  # (D, real, fake) -> scalar


def d_step(
    generator: nn.Module,
    discriminator: nn.Module,
    d_optim: torch.optim.Optimizer,
    d_loss_fn: Loss,
    real: Tensor,
    z: Tensor,
    penalty: Penalty | None = None,
) -> Tensor:
    """Move D once, so that it tells this batch better, while G stands still.

    G's weights and gradients stay as they are. What D carried in `.grad` before does not
    count; afterwards `.grad` holds the gradient of this step. Both networks stay in the mode
    (train or eval) in which they come.

    Args:
        generator: latents -> fakes; called once, without a graph.
        discriminator: samples -> logits; called on the reals and on the fakes separately.
        d_optim: over the discriminator's parameters.
        d_loss_fn: (real_logits, fake_logits) -> scalar that D minimises.
        real: (B, ...), a batch of data.
        z: (B, ...), latents for this step alone.
        penalty: (discriminator, real, fake) -> scalar that D minimises as well; None: none.

    Returns:
        The loss before the step, detached, without the penalty: 2 ln 2 = 1.386 in the
        logistic game for a silent D.

    Lesson 04. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    with torch.no_grad():  # D's turn: G stands still
        fake = generator(z)
    d_loss = d_loss_fn(discriminator(real), discriminator(fake))
    objective = d_loss
    if penalty is not None:
        objective = d_loss + penalty(discriminator, real, fake)
    d_optim.zero_grad()  # or the last gradient would be added to this one
    objective.backward()
    d_optim.step()
    return d_loss.detach()


def g_step(
    generator: nn.Module,
    discriminator: nn.Module,
    g_optim: torch.optim.Optimizer,
    g_loss_fn: Loss,
    real: Tensor,
    z: Tensor,
) -> Tensor:
    """Move G once: fakes that D scores better, while D stands still.

    The gradient runs through D on its way to G, but nothing of it is left on D: its weights
    and its `.grad` stay as they are. Afterwards G's `.grad` holds the gradient of this step.

    Args:
        generator: latents -> fakes; called once, with a graph.
        discriminator: samples -> logits; called on the reals without a graph.
        g_optim: over the generator's parameters.
        g_loss_fn: (real_logits, fake_logits) -> scalar that G minimises.
        real: (B, ...), a batch of data; relativistic games compare with its scores.
        z: (B, ...), latents for this step alone.

    Returns:
        The loss before the step, detached: ln 2 = 0.693 in the non-saturating game for a
        silent D.

    Lesson 04. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    with torch.no_grad():  # G cannot move the reals' scores
        real_logits = discriminator(real)
    g_loss = g_loss_fn(real_logits, discriminator(generator(z)))
    g_optim.zero_grad()
    moving = [weight for weight in generator.parameters() if weight.requires_grad]
    g_loss.backward(inputs=moving)  # G's turn: D collects no gradient
    g_optim.step()
    return g_loss.detach()
