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
    if min(len(real_features), len(fake_features)) <= k:
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


def precision_recall(
    real_features: Tensor, fake_features: Tensor, k: int = 5
) -> tuple[Tensor, Tensor]:
    """How much of the fake cloud is realistic, and how much of the real cloud is reached.

    Args:
        real_features: (N, d).
        fake_features: (M, d).
        k: which neighbour sets the radius of a ball.

    Returns:
        precision: share of fakes inside the real cloud; stays near 1 when modes are dropped.
        recall: share of reals inside the fake cloud; about the kept share when they are.

    Example:
        >>> real = torch.arange(8.0).view(8, 1)
        >>> [part.item() for part in precision_recall(real, real[:4], k=1)]
        [1.0, 0.625]

    Lesson 09. Kynkaanniemi et al. 2019, arXiv:1904.06991.
    """
    votes = neighbour_votes(real_features, fake_features, k)
    return votes.precision.mean(), votes.recall.mean()


def density_coverage(
    real_features: Tensor, fake_features: Tensor, k: int = 5
) -> tuple[Tensor, Tensor]:
    """Precision and recall again, with balls around real samples only: outliers weigh less.

    Args:
        real_features: (N, d).
        fake_features: (M, d).
        k: which neighbour sets the radius of a ball.

    Returns:
        density: mean number of real balls around a fake, over k; about 1 for equal clouds,
            above 1 when fakes crowd where reals are dense.
        coverage: share of reals whose ball holds a fake; 1 for a copy, near 1 - 2**-k for
            an honest second sample.

    Lesson 09. Naeem et al. 2020, arXiv:2002.09797.
    """
    votes = neighbour_votes(real_features, fake_features, k)
    return votes.density.mean(), votes.coverage.mean()


def memorisation_ratio(train: Tensor, held_out: Tensor, fake: Tensor) -> Tensor:
    """Do fakes lie closer to what was trained on than to what was not?

    A copy of the training set has a Fréchet distance near 0; this number gives it away.

    Args:
        train: (N, d) features of the training set.
        held_out: (N, d) features of equally many samples of the same law never trained on.
        fake: (M, d).

    Returns:
        Median over fakes of (distance to the nearest training sample) / (distance to the
        nearest held-out one): about 1 for a generator that has learned, 0 for copies.

    Raises:
        ValueError: if the two real sets differ in size, which alone would tilt the ratio.

    Lesson 09.
    """
    if len(train) != len(held_out):
        raise ValueError(f"need equally many of both, got {len(train)} and {len(held_out)}")
    to_train = _distances(fake.double(), train.double()).amin(1)  # (M,)
    to_held_out = _distances(fake.double(), held_out.double()).amin(1)
    return (to_train / to_held_out.clamp(min=torch.finfo(torch.float64).tiny)).median()


def _distances(first: Tensor, second: Tensor) -> Tensor:
    # Directly, not through |a|^2 + |b|^2 - 2ab, which leaves 1e-8 where a copy has 0.
    return torch.cdist(first, second, compute_mode="donot_use_mm_for_euclid_dist")


def _ball_radii(features: Tensor, k: int) -> Tensor:
    return _distances(features, features).kthvalue(k + 1, dim=1).values  # the 1st is itself
