"""Two distances between densities on a line: one goes deaf when they part, one does not."""

import torch
from torch import Tensor


def js_vs_w1(p: Tensor, q: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    r"""Jensen-Shannon divergence and Wasserstein-1 distance of two densities on a line.

    .. math:: JS = \tfrac12 \int p \log\frac{2p}{p + q} + q \log\frac{2q}{p + q} \, dx,
              \quad W_1 = \int |P - Q| \, dx

    with P and Q the distribution functions.

    Args:
        p: density of the real data on the grid, (n,), >= 0.
        q: density of the generator's on the grid, (n,), >= 0.
        x: the grid, (n,), increasing; its spacing may vary.

    Returns:
        js: scalar in [0, log 2], in nats: 0 for p = q, log 2 = 0.693 for disjoint supports,
            however far apart.
        w1: scalar >= 0, in units of x: 0 for p = q, the shift if q is p moved sideways.

    Example:
        >>> x = torch.arange(10.0)
        >>> p, q = torch.zeros(10), torch.zeros(10)
        >>> p[1], q[6] = 1.0, 1.0  # two little tents, 5 apart
        >>> js, w1 = js_vs_w1(p, q, x)
        >>> round(js.item(), 6), w1.item()
        (0.693147, 5.0)

    Lesson 01. Arjovsky et al. 2017, Wasserstein GAN, arXiv:1701.07875.
    """
    middle = (p + q) / 2
    js = torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(middle, middle)
    mass_to_carry = torch.cumulative_trapezoid(p - q, x)  # P - Q from the second point on
    mass_to_carry = torch.cat([torch.zeros_like(x[:1]), mass_to_carry])
    return torch.trapezoid(js, x) / 2, torch.trapezoid(mass_to_carry.abs(), x)
