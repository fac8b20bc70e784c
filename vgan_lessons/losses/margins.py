"""Games that drop the logarithm: squares around targets, a margin, a plain difference."""

from torch import Tensor
from torch.nn import functional as F


def least_squares_d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Least-squares game, D's side: reals to 1, fakes to 0, and no further.

    .. math:: L_D = \tfrac12 E[(D(x) - 1)^2] + \tfrac12 E[D(G(z))^2]

    Args:
        real_logits: scores of the reals, (B,) or (B, ...), straight from the last layer.
        fake_logits: scores of the fakes, G detached; its B may differ from the real one.

    Returns:
        Scalar >= 0: 1/2 for a silent D (all scores 0), 0 when every score sits on its target;
        a score beyond its target costs as much as one short of it.

    Example:
        >>> import torch
        >>> least_squares_d_loss(torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])).item()
        1.0

    Lesson 02. Mao et al. 2017, Least Squares GAN, arXiv:1611.04076, with targets
    b = 1 for reals and a = 0 for fakes.
    """
    return (real_logits - 1).square().mean() / 2 + fake_logits.square().mean() / 2


def least_squares_g_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Least-squares game, G's side: bring the fakes to the target of the reals.

    .. math:: L_G = \tfrac12 E[(D(G(z)) - 1)^2]

    Args:
        real_logits: ignored; here because relativistic games need it.
        fake_logits: scores of the fakes, (B,) or (B, ...), with the graph to G attached.

    Returns:
        Scalar >= 0: 1/2 for a silent D, 0 when every fake scores exactly 1.

    Example:
        >>> import torch
        >>> least_squares_g_loss(torch.zeros(2), torch.tensor([1.0, -1.0])).item()
        1.0

    Lesson 02. Mao et al. 2017, Least Squares GAN, arXiv:1611.04076, with target c = 1.
    """
    return (fake_logits - 1).square().mean() / 2


def hinge_d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Hinge game, D's side: stop pushing a score once it clears a margin of 1.

    .. math:: L_D = E[\max(0, 1 - D(x))] + E[\max(0, 1 + D(G(z)))]

    Args:
        real_logits: scores of the reals, (B,) or (B, ...); any real values.
        fake_logits: scores of the fakes, G detached; its B may differ from the real one.

    Returns:
        Scalar >= 0: 2 for a silent D (all scores 0), 0 once every score clears its margin.

    Example:
        >>> import torch
        >>> hinge_d_loss(torch.tensor([2.0, 0.5]), torch.tensor([-3.0, 0.0])).item()
        0.75

    Lesson 02. Lim and Ye 2017, Geometric GAN, arXiv:1705.02894.
    """
    return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()


def hinge_g_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Hinge game, G's side: raise the score of the fakes, without any margin.

    .. math:: L_G = -E[D(G(z))]

    Args:
        real_logits: ignored; here because relativistic games need it.
        fake_logits: scores of the fakes, (B,) or (B, ...), with the graph to G attached.

    Returns:
        Scalar of either sign: 0 for a silent D, -3 once every fake scores 3; unbounded below,
        so read it together with D's loss.

    Example:
        >>> import torch
        >>> hinge_g_loss(torch.zeros(2), torch.tensor([5.0, -3.0])).item()
        -1.0

    Lesson 02. Lim and Ye 2017, Geometric GAN, arXiv:1705.02894.
    """
    return -fake_logits.mean()


def wasserstein_d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Wasserstein game, D's side (there called the critic): widen the gap between the means.

    .. math:: L_D = E[D(G(z))] - E[D(x)]

    It means a distance only while D's slope is bounded (lesson 03); nothing here bounds it.

    Args:
        real_logits: scores of the reals, (B,) or (B, ...).
        fake_logits: scores of the fakes, G detached; its B may differ from the real one.

    Returns:
        Scalar of either sign: 0 for a silent D, minus the estimated distance for a good one.

    Example:
        >>> import torch
        >>> wasserstein_d_loss(torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])).item()
        -1.0

    Lesson 02. Arjovsky et al. 2017, Wasserstein GAN, arXiv:1701.07875; the paper maximises,
    we minimise the negative.
    """
    return fake_logits.mean() - real_logits.mean()


def wasserstein_g_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Wasserstein game, G's side: raise the mean score of the fakes.

    .. math:: L_G = -E[D(G(z))]

    The same formula as `hinge_g_loss`; the two games differ on D's side.

    Args:
        real_logits: ignored; here because relativistic games need it.
        fake_logits: scores of the fakes, (B,) or (B, ...), with the graph to G attached.

    Returns:
        Scalar of either sign: 0 for a silent D, -3 once every fake scores 3; its level has no
        meaning by itself, since a constant added to D shifts it.

    Example:
        >>> import torch
        >>> wasserstein_g_loss(torch.zeros(2), torch.tensor([4.0, 2.0])).item()
        -3.0

    Lesson 02. Arjovsky et al. 2017, Wasserstein GAN, arXiv:1701.07875.
    """
    return -fake_logits.mean()
