"""Penalties and norms: what keeps a discriminator from growing steep.

Four of them punish D's slope at points of one's choice: each takes D itself, differentiates
its logits by the points with the graph kept, and hands back a scalar that D adds to its loss.
`lazy_penalty` pays for one only now and then. `spectral_norm` measures a layer instead, so
that dividing by it makes every slope at most 1.
"""

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


def lazy_penalty(penalty: Callable[[], Tensor], step: int, every: int) -> Tensor:
    """Compute a penalty on every k-th step only, and make it k times as heavy there.

    A penalty differentiates twice and may cost more than the rest of D's step. D changes
    little in a few steps, so that paying k-fold once is nearly paying each time: the average
    over k steps is the same.

    Args:
        penalty: called without arguments, and only when the penalty is due.
        step: number of this step; it is due whenever `every` divides it.
        every: k, at least 1; 1 pays at each step. 4 to 16 are usual.

    Returns:
        Scalar: `every` times the penalty when due, otherwise a zero without a graph that
        may be added to a loss on any device.

    Example:
        >>> payments = [lazy_penalty(lambda: torch.tensor(0.5), step, 4) for step in range(8)]
        >>> [payment.item() for payment in payments]
        [2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0]

    Lesson 03. Karras et al. 2020, StyleGAN2 (lazy regularisation), arXiv:1912.04958.
    """
    if step % every == 0:
        return every * penalty()
    return torch.zeros(())


def spectral_norm(weight: Tensor, u: Tensor, n_iterations: int) -> tuple[Tensor, Tensor]:
    r"""Estimate how much a layer can stretch its input; divided by it, the layer cannot.

    .. math:: u \leftarrow W W^T u / |W W^T u|, \quad v = W^T u / |W^T u|, \quad
        \sigma = u^T W v

    The iteration runs without a graph; sigma is differentiated with u and v standing still,
    which is exact once they have settled. Hand u on from step to step: weights move slowly,
    so one iteration a step is enough.

    Args:
        weight: (out, ...); a convolution kernel (out, in, height, width) is read as the
            matrix (out, in * height * width). Transposed convolutions store (in, out, ...):
            transpose them first.
        u: (out,), length 1, a guess of the direction in which the layer stretches most;
            drawn at random at first. It is not changed.
        n_iterations: 0 measures with u as it stands.

    Returns:
        sigma: scalar >= 0, from below; 4 for diag(3, 4) after enough iterations, 0 for a
            matrix of zeros. The gradient reaches the weight.
        u: (out,), length 1, without a graph; the old one where the matrix is all zeros.

    Example:
        >>> weight, u = torch.diag(torch.tensor([3.0, 4.0])), torch.tensor([0.6, 0.8])
        >>> [f"{spectral_norm(weight, u, n)[0].item():.3f}" for n in (0, 1, 20)]
        ['3.672', '3.866', '4.000']

    Lesson 03. Miyato et al. 2018, arXiv:1802.05957. Their algorithm pairs the new u with the
    v of the step before; ours takes v from the u that it returns, as torch's own does.
    """
    matrix, u = weight.flatten(1), u.detach()  # (out, rest)
    with torch.no_grad():
        for _ in range(n_iterations):
            stretched = _unit(matrix @ _unit(matrix.T @ u))
            u = torch.where(stretched.any(), stretched, u)
        v = _unit(matrix.T @ u)
    return u @ matrix @ v, u


def _unit(vector: Tensor) -> Tensor:
    """The same direction with length 1; zeros stay zeros."""
    return vector / vector.norm().clamp_min(torch.finfo(vector.dtype).tiny)
