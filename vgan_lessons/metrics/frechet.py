"""The Fréchet distance between two clouds of features, and what small samples add to it.

Every statistic is taken in float64 and every matrix square root by eigenvalues, so that the
result is real and finite even with fewer samples than dimensions. Lower is better; compare
values only between equal sample sizes, because the bias below never cancels.
"""

import torch
from torch import Tensor


def frechet_distance(mean_1: Tensor, cov_1: Tensor, mean_2: Tensor, cov_2: Tensor) -> Tensor:
    r"""Distance between two Gaussians, squared: how far apart, and how differently spread.

    .. math:: |\mu_1 - \mu_2|^2 + \mathrm{tr}(S_1 + S_2 - 2 (S_1^{1/2} S_2 S_1^{1/2})^{1/2})

    Args:
        mean_1: (d,).
        cov_1: (d, d), symmetric, no eigenvalue below zero; it may be singular.
        mean_2: (d,).
        cov_2: (d, d), as cov_1.

    Returns:
        Scalar float64 >= 0, lower is better: 0 for equal laws, 10 for N(0, 1) against N(3, 4).

    Raises:
        ValueError: if the shapes are not (d,) and (d, d) with one d.

    Example:
        >>> one = torch.ones(1)
        >>> frechet_distance(0 * one, one.view(1, 1), 3 * one, 4 * one.view(1, 1)).item()
        10.0

    Lesson 09. Dowson and Landau 1982; as a GAN metric Heusel et al. 2017, arXiv:1706.08500.
    """
    d = len(mean_1)
    shapes = [list(part.shape) for part in (mean_1, cov_1, mean_2, cov_2)]
    if shapes != [[d], [d, d], [d], [d, d]]:
        raise ValueError(f"expected shapes ({d},), ({d}, {d}) twice, got {shapes}")
    mean_1, cov_1, mean_2, cov_2 = (part.double() for part in (mean_1, cov_1, mean_2, cov_2))
    values, vectors = torch.linalg.eigh(cov_1)
    root_1 = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    inner = torch.linalg.eigvalsh(root_1 @ cov_2 @ root_1)  # symmetric: real eigenvalues only
    spread = cov_1.trace() + cov_2.trace() - 2 * inner.clamp(min=0).sqrt().sum()
    return ((mean_1 - mean_2).square().sum() + spread).clamp(min=0)


def feature_statistics(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and covariance of a cloud of features, in float64.

    Args:
        features: (N, d) with N >= 2; N may be smaller than d.

    Returns:
        mean: (d,).
        cov: (d, d), unbiased (divided by N - 1).

    Raises:
        ValueError: if features is not (N, d) or holds fewer than two samples.

    Lesson 09.
    """
    if features.ndim != 2 or len(features) < 2:
        raise ValueError(f"features must be (N, d) with N >= 2, got {tuple(features.shape)}")
    features = features.double()
    mean = features.mean(0)
    centred = features - mean
    return mean, centred.T @ centred / (len(features) - 1)


def feature_frechet(real_features: Tensor, fake_features: Tensor) -> Tensor:
    """Fréchet distance between two clouds of features, per dimension.

    Dividing by d keeps networks of different width on one scale. It is blind to everything
    the features are blind to and to all moments beyond the second.

    Args:
        real_features: (N, d).
        fake_features: (M, d); take M = N whenever two values will be compared.

    Returns:
        Scalar float64 >= 0, lower is better: 0 against itself, 1 when every feature is moved
        by one unit.

    Example:
        >>> cloud = torch.tensor([[0.0, 0.0], [1.0, 2.0], [2.0, 1.0]])
        >>> round(feature_frechet(cloud, cloud + 1).item(), 6)
        1.0

    Lesson 09.
    """
    distance = frechet_distance(
        *feature_statistics(real_features), *feature_statistics(fake_features)
    )
    return distance / real_features.shape[1]


def frechet_bias(variances: Tensor, sizes: Tensor, distances: Tensor) -> tuple[Tensor, Tensor]:
    r"""What small samples add to a Fréchet distance, and what is left without it.

    Two samples of n of one normal law are, in first order of 1/n, this far apart on average:

    .. math:: \frac{1}{n} \Big( 2 \sum_i v_i + \sum_{i,j} \frac{v_i v_j}{v_i + v_j}
              + \sum_i \frac{v_i}{2} \Big)

    With d variances of 1 that is 2 d / n + (d^2 + d) / (2 n). The measured distances of two
    laws lie near a line in 1/n too; where it meets 1/n = 0 nothing of the bias is left.

    Args:
        variances: (d,) along the law's own axes, the eigenvalues of its covariance, above 0.
        sizes: (K,) whole numbers, the n of both samples, not all the same and well above d.
        distances: (K,) a distance measured at each size, not divided by d.

    Returns:
        predicted: (K,) the expected distance of two samples of this one law at each size:
            2.31 for 32 variances of 1 and n = 256, 0.145 for n = 4096.
        limit: scalar, height of the least-squares line through the distances at 1/n = 0.

    Example:
        >>> sizes, distances = torch.tensor([256, 4096]), torch.tensor([3.5, 2.0])
        >>> predicted, limit = frechet_bias(torch.ones(32), sizes, distances)
        >>> predicted.tolist(), round(limit.item(), 6)
        ([2.3125, 0.14453125], 1.9)

    Lesson 09. The extrapolation: Chong and Forsyth 2020, arXiv:1911.07023.
    """
    inverse = 1 / sizes.to(variances)
    pairs = variances[:, None] * variances / (variances[:, None] + variances)  # (d, d)
    total = 2 * variances.sum() + pairs.sum() + pairs.trace()
    centred = inverse - inverse.mean()
    slope = (centred * distances).sum() / centred.square().sum()
    limit = distances.mean() - slope * inverse.mean()
    return total * inverse, limit
