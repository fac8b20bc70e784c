"""Penalties that want D flat: at the data (R1) and where the generator is (R2)."""

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
