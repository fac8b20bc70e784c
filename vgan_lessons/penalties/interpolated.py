"""The penalty that wants D's slope to be 1 between the data and the fakes (WGAN-GP)."""

from collections.abc import Callable

from torch import Tensor

from vgan_lessons.penalties.zero_centred import squared_gradient_norm


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
