"""Clouds of points in the plane: data small enough to watch a whole game being played."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

RADIUS = 2.0  # of the ring; neighbours of eight modes are then 1.53 apart
SIGMA = 0.1  # standard deviation of each mode, on both axes


def ring_centres(n_modes: int = 8, radius: float = RADIUS) -> Tensor:
    """The middles of the modes: evenly spaced on a circle around the origin.

    Args:
        n_modes: how many; at least 1.
        radius: of the circle.

    Returns:
        (n_modes, 2); the first lies on the positive x axis, the others follow against the
        clock.

    Raises:
        ValueError: if there are no modes.

    Example:
        >>> ring_centres(4, radius=1.0).round().abs().tolist()
        [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    """
    if n_modes < 1:
        raise ValueError(f"n_modes must be at least 1, got {n_modes}")
    angles = torch.arange(n_modes, dtype=torch.float64) * (2 * math.pi / n_modes)
    return (radius * torch.stack([angles.cos(), angles.sin()], dim=1)).float()  # (K, 2)


def ring_of_gaussians(
    n: int,
    *,
    rng: torch.Generator,
    n_modes: int = 8,
    radius: float = RADIUS,
    sigma: float = SIGMA,
) -> Tensor:
    """Draw points from a mixture of round Gaussians on a ring, each mode equally likely.

    Args:
        n: how many points.
        rng: the random source; the points are on its device.
        n_modes: how many Gaussians.
        radius: of the ring they sit on.
        sigma: standard deviation of each, on both axes.

    Returns:
        (n, 2) float32. 0.989 of them lie within 3 sigma of their centre.

    Example:
        >>> ring_of_gaussians(5, rng=torch.Generator().manual_seed(0)).shape
        torch.Size([5, 2])
    """
    centres = ring_centres(n_modes, radius).to(rng.device)
    modes = torch.randint(n_modes, (n,), generator=rng, device=rng.device)
    return centres[modes] + sigma * torch.randn(n, 2, generator=rng, device=rng.device)


def ring_batches(
    batch_size: int,
    *,
    rng: torch.Generator,
    n_modes: int = 8,
    radius: float = RADIUS,
    sigma: float = SIGMA,
) -> Iterator[Tensor]:
    """Batches of fresh points without end, for a training loop.

    Args:
        batch_size: points in a batch.
        rng: the random source; every batch moves it on.
        n_modes: how many Gaussians.
        radius: of the ring they sit on.
        sigma: standard deviation of each, on both axes.

    Yields:
        (batch_size, 2) float32, for ever.
    """
    while True:
        yield ring_of_gaussians(
            batch_size, rng=rng, n_modes=n_modes, radius=radius, sigma=sigma
        )
