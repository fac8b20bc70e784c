"""Games in which a score means nothing alone: how much more real is this than that?

A constant added to every logit changes none of these losses.
"""

from torch import Tensor
from torch.nn import functional as F


def relativistic_d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Relativistic paired game (RpGAN), D's side: score each real above its own fake.

    .. math:: L_D = E[\mathrm{softplus}(-(D(x_i) - D(G(z_i))))]

    Args:
        real_logits: logits of the reals, (B,) or (B, ...); needs its graph in D's step.
        fake_logits: logits of the fakes, the same shape: entry i is paired with real i.

    Returns:
        Scalar > 0: log 2 = 0.693 when pairs tie (a silent D), near 0 once every real is far
        above its fake, near the gap when it is far below.

    Raises:
        ValueError: if the shapes differ, where broadcasting would pair everything.

    Example:
        >>> import torch
        >>> loss = relativistic_d_loss(torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0]))
        >>> round(loss.item(), 6)
        0.313262

    Lesson 02. Jolicoeur-Martineau 2018, The relativistic discriminator, arXiv:1807.00734;
    Huang et al. 2024, R3GAN, arXiv:2501.05441.
    """
    _require_pairs(real_logits, fake_logits)
    return F.softplus(fake_logits - real_logits).mean()


def relativistic_g_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Relativistic paired game (RpGAN), G's side: score each fake above its own real.

    .. math:: L_G = E[\mathrm{softplus}(-(D(G(z_i)) - D(x_i)))]

    Args:
        real_logits: logits of the reals, (B,) or (B, ...); a graph is not needed here.
        fake_logits: logits of the fakes, the same shape, with the graph to G attached.

    Returns:
        Scalar > 0: log 2 = 0.693 when pairs tie, near 0 once every fake is far above its real.

    Raises:
        ValueError: if the shapes differ, where broadcasting would pair everything.

    Example:
        >>> import torch
        >>> loss = relativistic_g_loss(torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0]))
        >>> round(loss.item(), 6)
        1.313262

    Lesson 02. Jolicoeur-Martineau 2018, The relativistic discriminator, arXiv:1807.00734;
    Huang et al. 2024, R3GAN, arXiv:2501.05441.
    """
    _require_pairs(real_logits, fake_logits)
    return F.softplus(real_logits - fake_logits).mean()


def relativistic_average_d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Relativistic average game (RaGAN), D's side: each score against the other side's mean.

    .. math:: L_D = E_x[\mathrm{softplus}(-(D(x) - E_z D(G(z))))]
                  + E_z[\mathrm{softplus}(D(G(z)) - E_x D(x))]

    Args:
        real_logits: logits of the reals, (B,) or (B, ...); needs its graph in D's step.
        fake_logits: logits of the fakes; its B may differ from the real one.

    Returns:
        Scalar > 0: 2 log 2 = 1.386 for a silent D, near 0 once the two sides are far apart
        in the right order.

    Example:
        >>> import torch
        >>> real, fake = torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])
        >>> round(relativistic_average_d_loss(real, fake).item(), 6)
        0.820075

    Lesson 02. Jolicoeur-Martineau 2018, The relativistic discriminator, arXiv:1807.00734;
    both halves are summed as in the paper, some programs halve the sum.
    """
    reals_above = real_logits - fake_logits.mean()
    fakes_above = fake_logits - real_logits.mean()
    return F.softplus(-reals_above).mean() + F.softplus(fakes_above).mean()


def relativistic_average_g_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Relativistic average game (RaGAN), G's side: the same game with the sides exchanged.

    .. math:: L_G = E_x[\mathrm{softplus}(D(x) - E_z D(G(z)))]
                  + E_z[\mathrm{softplus}(-(D(G(z)) - E_x D(x)))]

    Both halves pull on G: the fakes enter the first one through their mean.

    Args:
        real_logits: logits of the reals, (B,) or (B, ...); a graph is not needed here.
        fake_logits: logits of the fakes, with the graph to G attached; its B may differ.

    Returns:
        Scalar > 0: 2 log 2 = 1.386 for a silent D, near 0 once the fakes are far above.

    Example:
        >>> import torch
        >>> real, fake = torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])
        >>> round(relativistic_average_g_loss(real, fake).item(), 6)
        2.820075

    Lesson 02. Jolicoeur-Martineau 2018, The relativistic discriminator, arXiv:1807.00734.
    """
    return relativistic_average_d_loss(fake_logits, real_logits)


def all_pairs_d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""D's paired loss averaged over every pairing of a real with a fake.

    .. math:: L_D = \frac1{NM} \sum_{i \le N} \sum_{j \le M}
                    \mathrm{softplus}(-(D(x_i) - D(G(z_j))))

    What `relativistic_d_loss` estimates with one random pairing; the order inside a batch
    no longer matters.

    Args:
        real_logits: logits of the reals, (N,) or any shape with N entries.
        fake_logits: logits of the fakes, (M,) or any shape with M entries.

    Returns:
        Scalar > 0: log 2 = 0.693 for a silent D; equal to `relativistic_d_loss` for one pair.

    Example:
        >>> import torch
        >>> loss = all_pairs_d_loss(torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0]))
        >>> round(loss.item(), 6)
        0.497093

    Lesson 02.
    """
    gaps = real_logits.reshape(-1, 1) - fake_logits.reshape(1, -1)  # (N, M)
    return F.softplus(-gaps).mean()


def _require_pairs(real_logits: Tensor, fake_logits: Tensor) -> None:
    if real_logits.shape != fake_logits.shape:
        raise ValueError(
            "real_logits and fake_logits must have one shape, to be paired entry by entry; "
            f"got {tuple(real_logits.shape)} and {tuple(fake_logits.shape)}"
        )
