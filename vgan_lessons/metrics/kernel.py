"""A distance without a Gaussian assumption and without a bias: the kernel one (KID)."""

from collections.abc import Callable

import torch
from torch import Tensor


def cubic_kernel(first: Tensor, second: Tensor) -> Tensor:
    r"""Similarity of every pair of features, up to their third moments.

    .. math:: k(x, y) = (x \cdot y / d + 1)^3

    Args:
        first: (N, d).
        second: (M, d).

    Returns:
        (N, M): 1 for orthogonal features, 8 for a pair with x . y = d.

    Lesson 09. Binkowski et al. 2018, arXiv:1801.01401.
    """
    return (first @ second.T / first.shape[1] + 1) ** 3


def squared_mmd(
    real_features: Tensor,
    fake_features: Tensor,
    kernel: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    r"""Squared maximum mean discrepancy (MMD) of two clouds, estimated without bias.

    .. math:: \frac{\sum_{i \ne j} k(x_i, x_j)}{n (n - 1)} +
              \frac{\sum_{i \ne j} k(y_i, y_j)}{m (m - 1)}
              - \frac{2}{n m} \sum_{i, j} k(x_i, y_j)

    How much more alike are the members of one cloud than members of two? A sample is not
    compared with itself: that would add what depends on the sample size alone.

    Args:
        real_features: (N, d), N >= 2.
        fake_features: (M, d), M >= 2.
        kernel: (N, d), (M, d) -> (N, M), the similarity of every pair; symmetric.

    Returns:
        Scalar, lower is better: 0 on average for equal laws, where about half of the draws
        are negative; -1/3 for {0, 1, 2} against {1, 3} under the kernel x y.

    Raises:
        ValueError: if either side has fewer than two samples.

    Example:
        >>> three, two = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([[1.0], [3.0]])
        >>> round(squared_mmd(three, two, lambda x, y: x @ y.T).item(), 4)
        -0.3333

    Lesson 09. Gretton et al. 2012, A kernel two-sample test, JMLR 13.
    """
    n, m = len(real_features), len(fake_features)
    if n < 2 or m < 2:
        raise ValueError(f"a pair needs two samples on each side, got {n} and {m}")
    within_real = kernel(real_features, real_features)
    within_fake = kernel(fake_features, fake_features)
    across = kernel(real_features, fake_features)
    alike_real = (within_real.sum() - within_real.trace()) / (n * (n - 1))
    alike_fake = (within_fake.sum() - within_fake.trace()) / (m * (m - 1))
    return alike_real + alike_fake - 2 * across.mean()


def kid(real_features: Tensor, fake_features: Tensor) -> Tensor:
    r"""Squared maximum mean discrepancy under the cubic kernel, estimated without bias.

    .. math:: \frac{\sum_{i \ne j} k(x_i, x_j)}{n (n - 1)} +
              \frac{\sum_{i \ne j} k(y_i, y_j)}{m (m - 1)}
              - \frac{2}{n m} \sum_{i, j} k(x_i, y_j)

    Unlike the Fréchet distance its mean does not depend on the sample size; only its spread
    does. The price: single values may be negative.

    Args:
        real_features: (N, d), N >= 2.
        fake_features: (M, d), M >= 2.

    Returns:
        Scalar float64, lower is better: 0 on average for equal laws, where about half of the
        draws are negative; 26 for {1, 2} against {0, 0} in one dimension.

    Raises:
        ValueError: if either side has fewer than two samples or the dimensions differ.

    Example:
        >>> kid(torch.tensor([[1.0], [2.0]]), torch.zeros(2, 1)).item()  # 27 + 1 - 2 * 1
        26.0

    Lesson 09. Binkowski et al. 2018, arXiv:1801.01401.
    """
    _need_pairs(real_features, fake_features)
    return squared_mmd(real_features.double(), fake_features.double(), cubic_kernel)


def kid_of_rows(
    real_features: Tensor, fake_features: Tensor
) -> Callable[[Tensor, Tensor], Tensor]:
    """KID of any choice among the same samples; the kernel is taken once, for bootstraps.

    A pair of a sample with itself is bias, and stays out however often the sample was chosen.

    Args:
        real_features: (N, d), N >= 2.
        fake_features: (M, d), M >= 2.

    Returns:
        (rows of the reals, rows of the fakes), each int64 with repetitions -> scalar float64.

    Raises:
        ValueError: if either side has fewer than two samples or the dimensions differ.

    Lesson 09.
    """
    _need_pairs(real_features, fake_features)
    n, m = len(real_features), len(fake_features)
    real, fake = real_features.double(), fake_features.double()
    within_real = cubic_kernel(real, real).fill_diagonal_(0)
    within_fake = cubic_kernel(fake, fake).fill_diagonal_(0)
    across = cubic_kernel(real, fake)

    def mean_of_pairs(kernel: Tensor, times: Tensor) -> Tensor:
        return times @ kernel @ times / (times.sum() ** 2 - times.square().sum())

    def statistic(real_rows: Tensor, fake_rows: Tensor) -> Tensor:
        r = torch.bincount(real_rows, minlength=n).to(real)  # (N,) how often each was chosen
        f = torch.bincount(fake_rows, minlength=m).to(real)
        cross = r @ across @ f / (r.sum() * f.sum())
        return mean_of_pairs(within_real, r) + mean_of_pairs(within_fake, f) - 2 * cross

    return statistic


def _need_pairs(real_features: Tensor, fake_features: Tensor) -> None:
    least = min(len(real_features), len(fake_features))
    if least < 2 or real_features.shape[1:] != fake_features.shape[1:]:
        shapes = tuple(real_features.shape), tuple(fake_features.shape)
        raise ValueError(f"features must be (N, d) and (M, d) with N, M >= 2, got {shapes}")
