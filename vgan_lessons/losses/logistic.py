"""The game of the first GAN paper, D = sigmoid(logit), and the two ways G can play it.

log sigmoid(l) is written -softplus(-l): finite at any logit, where the logarithm of a
probability is not.
"""

from torch import Tensor
from torch.nn import functional as F


def non_saturating_d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Logistic game, D's side: say "real" to the reals and "fake" to the fakes.

    .. math:: L_D = -E[\log D(x)] - E[\log(1 - D(G(z)))], \quad D = \mathrm{sigmoid}(logit)

    The same for both of G's losses below: they differ on G's side only.

    Args:
        real_logits: logits of the reals, (B,) or (B, ...); any real values.
        fake_logits: logits of the fakes, G detached; its B may differ from the real one.

    Returns:
        Scalar > 0: 2 log 2 = 1.386 for a silent D (all logits 0), near 0 once D has won.

    Example:
        >>> import torch
        >>> loss = non_saturating_d_loss(torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0]))
        >>> round(loss.item(), 6)
        1.223299

    Lesson 02. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def non_saturating_g_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Logistic game, G's side as it is played: raise the log-probability of "real".

    .. math:: L_G = -E[\log D(G(z))]

    Args:
        real_logits: ignored; here because relativistic games need it.
        fake_logits: logits of the fakes, (B,) or (B, ...), with the graph to G attached.

    Returns:
        Scalar > 0: log 2 = 0.693 for a silent D, near 0 once D is fooled.

    Example:
        >>> import torch
        >>> round(non_saturating_g_loss(torch.zeros(2), torch.tensor([1.0, -1.0])).item(), 6)
        0.813262

    Lesson 02. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    return F.softplus(-fake_logits).mean()


def minimax_g_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Logistic game, G's side as it was derived: lower the log-probability of "fake".

    .. math:: L_G = E[\log(1 - D(G(z)))]

    Where D is sure of a fake (logit << 0) its slope is -sigmoid(logit), almost nothing: this
    loss saturates. D's side is `non_saturating_d_loss`.

    Args:
        real_logits: ignored; here because relativistic games need it.
        fake_logits: logits of the fakes, (B,) or (B, ...), with the graph to G attached.

    Returns:
        Scalar < 0: -log 2 = -0.693 for a silent D, near 0 while D catches every fake.

    Example:
        >>> import torch
        >>> round(minimax_g_loss(torch.zeros(2), torch.tensor([1.0, -1.0])).item(), 6)
        -0.813262

    Lesson 02. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    return -F.softplus(fake_logits).mean()


def article_d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""What a popular slip tells D to minimise: the right direction, but no bottom.

    .. math:: L_D = E[\log(1 - D(x))] + E[\log D(G(z))]

    The labels of `non_saturating_d_loss` are flipped and so is its sign. Each slope still
    points the right way (up for reals, down for fakes), but it grows with D's success
    instead of dying, and no D is the best one. For looking at, never for training.

    Args:
        real_logits: logits of the reals, (B,) or (B, ...).
        fake_logits: logits of the fakes, G detached; its B may differ from the real one.

    Returns:
        Scalar < 0: -2 log 2 = -1.386 for a silent D, near -2a once every real scores a and
        every fake -a, for large a: unbounded below.

    Example:
        >>> import torch
        >>> article_d_loss(torch.tensor([100.0]), torch.tensor([-100.0])).item()
        -200.0

    Lesson 01.
    """
    return -F.softplus(real_logits).mean() - F.softplus(-fake_logits).mean()
