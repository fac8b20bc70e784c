"""A distance that looks at motion alone: how fast tracked objects go, how hard they turn."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F


def motion_distance(
    real_positions: Tensor,
    fake_positions: Tensor,
    distance: Callable[[Tensor, Tensor], Tensor],
    edges: Tensor,
) -> Tensor:
    """How far apart two sets of films are in their motion, whatever they show.

    Each film becomes two histograms, of the sizes of its velocities and of its accelerations
    (first and second differences of the places), and `distance` compares the two clouds of
    histograms. It is in the spirit of the Fréchet video motion distance, which tracks many
    points of real films and keeps directions too. Ours is blind to colour, form, directions,
    and to films that are played backwards.

    Args:
        real_positions: (N, T, 2) in pixels, NaN where lost, T >= 3, such as those of `track`.
        fake_positions: (M, T, 2), likewise; take M = N.
        distance: clouds (N, 2 E + 2) and (M, 2 E + 2) -> a number, such as `feature_frechet`.
        edges: (E,) rising, in pixels per frame and per frame squared: bin 0 holds what lies
            below the first, bin E what lies above the last.

    Returns:
        What `distance` makes of the clouds. A film's row is the shares of its velocities in
        the bins, then those of its accelerations; steps that touch a lost place are left
        out, and a film without any step has shares of 0.

    Lesson 09. In the spirit of Liu et al. 2024, FVMD, arXiv:2407.16124.
    """

    def shares(positions: Tensor, order: int) -> Tensor:
        sizes = positions.diff(n=order, dim=1).norm(dim=-1)  # (B, T - order)
        seen = sizes.isfinite()
        votes = F.one_hot(torch.bucketize(sizes, edges), len(edges) + 1).to(sizes)
        votes = votes * seen[..., None]
        return votes.sum(1) / seen.sum(1, keepdim=True).clamp(min=1)  # (B, E + 1)

    clouds = [
        torch.cat([shares(positions, 1), shares(positions, 2)], dim=1)
        for positions in (real_positions, fake_positions)
    ]
    return distance(*clouds)
