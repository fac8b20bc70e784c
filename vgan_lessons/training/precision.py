"""A step in half precision: which numbers may be coarse, and what keeps small ones alive."""

import torch
from torch import Tensor, nn

from vgan_lessons.training.steps import Loss, Penalty


def amp_step(
    discriminator: nn.Module,
    d_optim: torch.optim.Optimizer,
    d_loss_fn: Loss,
    penalty: Penalty,
    real: Tensor,
    fake: Tensor,
    scale: float,
    max_norm: float,
) -> tuple[Tensor, float]:
    """D's step in mixed precision, with a scaled loss and a clipped gradient.

    float16 has nothing below 6e-8 and nothing above 65504. So the loss is multiplied by a
    scale before the way back and the gradient divided by it afterwards; where the scaled
    gradient overflows, the step is left out and the scale halved. bfloat16 has float32's
    range and needs no scale: the course's own loop takes it where the hardware does.

    Args:
        discriminator: samples -> logits; weights in float32, changed in place.
        d_optim: over the discriminator's parameters.
        d_loss_fn: (real_logits, fake_logits) -> scalar; gets float32.
        penalty: (discriminator, real, fake) -> scalar, computed in float32 throughout.
        real: (B, ...), a batch of data.
        fake: the same of generated samples, without a graph.
        scale: of the loss, at least 1; 65536 is usual to begin with.
        max_norm: the longest gradient, over all weights together, that is not shortened.

    Returns:
        The loss before the step, detached, without the penalty; and the scale of the next
        step: the same, or half of it where this step was left out.

    Lesson 12. Micikevicius et al. 2017, Mixed Precision Training, arXiv:1710.03740.
    """
    with torch.autocast(real.device.type, dtype=torch.float16):
        real_logits, fake_logits = discriminator(real), discriminator(fake)
    d_loss = d_loss_fn(real_logits.float(), fake_logits.float())
    objective = d_loss + penalty(discriminator, real, fake)  # outside: float32
    d_optim.zero_grad()
    (scale * objective).backward()
    gradients = [weight.grad for weight in discriminator.parameters()]
    torch._foreach_div_(gradients, scale)
    norm = torch.stack([gradient.norm() for gradient in gradients]).norm()
    if not norm.isfinite():
        return d_loss.detach(), scale / 2
    if norm > max_norm:
        torch._foreach_mul_(gradients, max_norm / norm.item())
    d_optim.step()
    return d_loss.detach(), scale
