"""Who lies among whom: fidelity and variety apart, by nearest neighbours in feature space.

A cloud is taken to fill the balls around its members, each as wide as the way to its k-th
neighbour in the same cloud. Precision and density ask whether fakes lie in the real cloud,
recall and coverage whether the reals are reached. Precision cannot see lost modes; recall
believes one far outlier; coverage is the sturdy one.
"""

from typing import NamedTuple

import torch
from torch import Tensor


class NeighbourVotes(NamedTuple):
    """What each sample says; the mean over a field is the metric. Lesson 09."""

    precision: Tensor  # (M,) one per fake: 1 if inside some real ball
    recall: Tensor  # (N,) one per real: 1 if inside some fake ball
    density: Tensor  # (M,) one per fake: real balls around it / k, 0 or more
    coverage: Tensor  # (N,) one per real: 1 if its own ball holds a fake


def neighbour_votes(real_features: Tensor, fake_features: Tensor, k: int = 5) -> NeighbourVotes:
    """Let every sample vote, so that means and their intervals come from one computation.

    Args:
        real_features: (N, d) with N > k.
        fake_features: (M, d) with M > k; N = M keeps the balls comparable.
        k: which neighbour sets the radius of a ball.

    Returns:
        NeighbourVotes in float64. Higher is better for each mean: 1 when the clouds agree
        (density then about 1), 0 when they are far apart.

    Raises:
        ValueError: if a cloud has no k-th neighbour.

    Lesson 09. Kynkaanniemi et al. 2019, arXiv:1904.06991 (precision, recall); Naeem et al.
    2020, arXiv:2002.09797 (density, coverage).
    """
    if len(real_features) <= k or len(fake_features) <= k:
        raise ValueError(
            f"k={k} needs more than {k} samples on each side, "
            f"got {len(real_features)} real and {len(fake_features)} fake"
        )
    real, fake = real_features.double(), fake_features.double()
    between = _distances(real, fake)  # (N, M)
    in_real_ball = between <= _ball_radii(real, k)[:, None]  # (N, M)
    in_fake_ball = between <= _ball_radii(fake, k)[None, :]
    return NeighbourVotes(
        precision=in_real_ball.any(0).double(),
        recall=in_fake_ball.any(1).double(),
        density=in_real_ball.sum(0).double() / k,
        coverage=in_real_ball.any(1).double(),
    )


def _distances(first: Tensor, second: Tensor) -> Tensor:
    # Directly, not through |a|^2 + |b|^2 - 2ab, which leaves 1e-8 where a copy has 0.
    return torch.cdist(first, second, compute_mode="donot_use_mm_for_euclid_dist")


def _ball_radii(features: Tensor, k: int) -> Tensor:
    return _distances(features, features).kthvalue(k + 1, dim=1).values  # the 1st is itself
