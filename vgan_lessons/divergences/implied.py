"""What each objective makes the generator minimise, once the discriminator is at its best."""

import torch
from torch import Tensor
from torch.nn import functional as F


def g_grad_wrt_logit(fake_logits: Tensor) -> tuple[Tensor, Tensor]:
    r"""How hard the two logistic generator losses pull on the logit of each fake.

    .. math:: \frac{d}{dl} \log(1 - D) = -\mathrm{sigmoid}(l), \quad
              \frac{d}{dl} (-\log D) = -\mathrm{sigmoid}(-l)

    Args:
        fake_logits: logits of the fakes, any shape.

    Returns:
        saturating: slope of the minimax loss at each logit, that shape, in (-1, 0).
        non_saturating: slope of the non-saturating loss, in (-1, 0); their ratio is e^-l.
        Both -1/2 at logit 0; -0.0067 and -0.9933 at -5, where D is sure of a fake.

    Example:
        >>> saturating, non_saturating = g_grad_wrt_logit(torch.tensor(-5.0))
        >>> round(saturating.item(), 6), round(non_saturating.item(), 6)
        (-0.006693, -0.993307)

    Lesson 02. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    return -torch.sigmoid(fake_logits), -torch.sigmoid(-fake_logits)


def implied_gradient(theta: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    r"""The two logistic generator gradients, for a G that shifts N(0, 1) by theta.

    Reals are N(0, 1), fakes z + theta. D is the best one for this theta and then held still:
    the slope of its logit is -theta everywhere, and only the fakes move.

    .. math:: g_{minimax} = \theta E_q[D^*] = 2 \frac{d}{d\theta} JS, \quad
              g_{ns} = \theta E_q[1 - D^*]
                     = \frac{d}{d\theta} KL(q \| p) - 2 \frac{d}{d\theta} JS

    Args:
        theta: the shift, a scalar tensor of either sign.
        x: grid for the integral over q, (n,), increasing; it covers q.

    Returns:
        minimax: scalar, d/d theta of E[log(1 - D(G(z)))]: 0.398 at theta = 1, 0.137 at 4.
        non_saturating: scalar, d/d theta of -E[log D(G(z))]: 0.602 at 1, 3.863 at 4. The two
            add to theta.

    Example:
        >>> pulls = implied_gradient(torch.tensor(4.0), torch.linspace(-8, 14, 801))
        >>> [round(pull.item(), 4) for pull in pulls]
        [0.1372, 3.8628]

    Lesson 02. Arjovsky and Bottou 2017, Towards principled methods, arXiv:1701.04862.
    """
    q = torch.exp(-((x - theta) ** 2) / 2) / (2 * torch.pi) ** 0.5
    logits = theta * (theta / 2 - x)  # log p - log q
    mean_d = torch.trapezoid(q * torch.sigmoid(logits), x)
    mean_not_d = torch.trapezoid(q * torch.sigmoid(-logits), x)
    return theta * mean_d, theta * mean_not_d


def lsgan_value(p: Tensor, q: Tensor, x: Tensor) -> Tensor:
    r"""What the least-squares G minimises when D is at its best, with targets (-1, 1, 0).

    .. math:: D^* = \frac{p - q}{p + q}, \quad
              2\,C = E_p[D^{*2}] + E_q[D^{*2}] = \int \frac{(p - q)^2}{p + q} \, dx

    which is Pearson's chi-squared of p + q against 2q. Fakes are pulled to a = -1, reals to
    b = 1, and G aims at c = 0; C has the factor 1/2 of the loss, this function returns 2C.

    Args:
        p: density of the real data on the grid, (n,), >= 0.
        q: density of the generator's on the grid, (n,), >= 0.
        x: the grid, (n,), increasing; its spacing may vary.

    Returns:
        Scalar in [0, 2]: 0 for p = q, 2 for disjoint supports; points where p + q = 0 count 0.

    Example:
        >>> x = torch.tensor([0.0, 1.0])
        >>> lsgan_value(torch.tensor([1.0, 1.0]), torch.tensor([1.0, 0.0]), x).item()
        0.5

    Lesson 02. Mao et al. 2017, Least Squares GAN, arXiv:1611.04076.
    """
    both = p + q
    integrand = (p - q).square() / (both + (both == 0))  # empty points: 0 / 1
    return torch.trapezoid(integrand, x)


def hinge_value(p: Tensor, q: Tensor, x: Tensor) -> Tensor:
    r"""D's hinge loss at the best D, which is the sign of p - q.

    .. math:: \int p \max(0, 1 - D) + q \max(0, 1 + D) \, dx
              = 2 \int \min(p, q) \, dx = 2 (1 - TV(p, q))

    Args:
        p: density of the real data on the grid, (n,), >= 0, integrating to 1.
        q: density of the generator's on the grid, (n,), >= 0, integrating to 1.
        x: the grid, (n,), increasing; its spacing may vary.

    Returns:
        Scalar in [0, 2]: 2 for p = q (a silent D does as well), 0 for disjoint supports.

    Example:
        >>> x = torch.tensor([0.0, 1.0])
        >>> hinge_value(torch.tensor([1.0, 1.0]), torch.tensor([2.0, 0.0]), x).item()
        1.0

    Lesson 02. Lim and Ye 2017, Geometric GAN, arXiv:1705.02894.
    """
    best_d = torch.sign(p - q)
    return torch.trapezoid(p * F.relu(1 - best_d) + q * F.relu(1 + best_d), x)
