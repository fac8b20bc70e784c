"""Penalties on D's slope: flat at the data (R1) and at the fakes (R2), 1 between (WGAN-GP)."""

from collections.abc import Callable

import torch
from torch import Tensor


def squared_gradient_norm(logits: Tensor, inputs: Tensor) -> Tensor:
    """How steep D is at each of its inputs: the squared length of its gradient there.

    The square is taken in float32 or finer: half precision loses slopes below 1e-4.

    Args:
        logits: D(inputs), (B,) or (B, ...); logit b may depend on input b alone. Several
            logits of one sample are added, and the slope is that of their sum.
        inputs: (B, ...) of any rank, with `requires_grad` set before D saw them.

    Returns:
        (B,), each >= 0, summed over every axis but the batch; differentiable again. 25
        everywhere for a linear D with w = (3, 4), 0 for a constant one.

    Raises:
        ValueError: if the inputs do not require a gradient.

    Lesson 03. Mescheder et al. 2018, arXiv:1801.04406.
    """
    if not inputs.requires_grad:
        raise ValueError("inputs must require a gradient before the discriminator sees them")
    (slope,) = torch.autograd.grad(logits.float().sum(), inputs, create_graph=True)
    slope = slope.to(torch.promote_types(slope.dtype, torch.float32))
    return slope.square().reshape(len(inputs), -1).sum(dim=1)


def r1_penalty(discriminator: Callable[[Tensor], Tensor], real: Tensor, gamma: float) -> Tensor:
    r"""Flatten D where the data are: zero slope there is what convergence needs.

    .. math:: R_1 = \frac{\gamma}{2} E_x |\nabla D(x)|^2

    Args:
        discriminator: inputs -> logits, (B,) or (B, ...).
        real: (B, ...) of any rank; a detached copy is differentiated, not the tensor itself.
        gamma: weight; 0 switches the penalty off.

    Returns:
        Scalar >= 0: 0 for a constant D, 125 for a linear one with w = (3, 4) at gamma 10.

    Example:
        >>> weights = torch.tensor([3.0, 4.0])
        >>> r1_penalty(lambda x: x @ weights, torch.zeros(5, 2), gamma=10.0).item()
        125.0

    Lesson 03. Mescheder et al. 2018, arXiv:1801.04406.
    """
    inputs = real.detach().requires_grad_(True)
    return gamma / 2 * squared_gradient_norm(discriminator(inputs), inputs).mean()


def r2_penalty(discriminator: Callable[[Tensor], Tensor], fake: Tensor, gamma: float) -> Tensor:
    r"""Flatten D where the generator is: R1 with fakes in the place of the reals.

    .. math:: R_2 = \frac{\gamma}{2} E_z |\nabla D(G(z))|^2

    Args:
        discriminator: inputs -> logits, (B,) or (B, ...).
        fake: (B, ...) of any rank; G gets no gradient from it.
        gamma: weight; 0 switches the penalty off.

    Returns:
        Scalar >= 0: 0 for a constant D, 125 for a linear one with w = (3, 4) at gamma 10.

    Lesson 03. Mescheder et al. 2018, arXiv:1801.04406.
    """
    return r1_penalty(discriminator, fake, gamma)


def gradient_penalty(
    discriminator: Callable[[Tensor], Tensor],
    real: Tensor,
    fake: Tensor,
    mix: Tensor,
    gp_weight: float,
) -> Tensor:
    r"""Hold D's slope near 1 on the way from fakes to reals, as the Wasserstein game needs.

    .. math:: \lambda E_{\hat x} (|\nabla D(\hat x)| - 1)^2, \quad
        \hat x = m x + (1 - m) G(z)

    The length of a gradient has a corner where the gradient is 0, and a plain root has slope
    infinity there. The 1e-12 under the root rounds the corner off: a flat D pays the full
    penalty, and its weights get gradient 0 from it instead of NaN.

    Args:
        discriminator: inputs -> logits, (B,) or (B, ...). No batch norm in it: each logit
            must depend on its own sample alone.
        real: (B, ...) of any rank: points, images, clips; it gets no gradient.
        fake: the same shape; G gets no gradient from it.
        mix: (B,) in [0, 1], one weight a sample: 1 looks at the real, 0 at the fake. The
            paper draws it uniformly, afresh at every step.
        gp_weight: weight; the paper takes 10.

    Returns:
        Scalar >= 0: 16 for a linear D with w = (3, 4) and 1 for a constant D, both at weight 1.

    Raises:
        ValueError: if real and fake differ in shape, or mix is not (B,).

    Example:
        >>> import torch
        >>> weights, points = torch.tensor([3.0, 4.0]), torch.zeros(5, 2)
        >>> mix = torch.linspace(0, 1, 5)
        >>> gradient_penalty(lambda x: x @ weights, points, points + 1, mix, 1.0).item()
        16.0

    Lesson 03. Gulrajani et al. 2017, Improved training of Wasserstein GANs, arXiv:1704.00028.
    """
    _require_one_mix_a_sample(real, fake, mix)
    mix = mix.reshape(-1, *[1] * (real.ndim - 1))  # (B, 1, ...): all of a sample moves alike
    between = (mix * real + (1 - mix) * fake).detach().requires_grad_(True)
    steepness = (squared_gradient_norm(discriminator(between), between) + 1e-12).sqrt()
    return gp_weight * (steepness - 1).square().mean()


def _require_one_mix_a_sample(real: Tensor, fake: Tensor, mix: Tensor) -> None:
    """Other shapes would broadcast to points that lie between no pair, without a word."""
    if real.shape != fake.shape or mix.shape != real.shape[:1]:
        shapes = f"{tuple(real.shape)}, {tuple(fake.shape)} and {tuple(mix.shape)}"
        raise ValueError(f"real and fake must be (B, ...) and mix (B,), got {shapes}")
