"""What exercises about densities on a line share: probe inputs, bells, and the usual grid."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.checking import Draw, Mistake

GRID_SIZES = {"N": (41, 60, 33)}


def bell(x: Tensor, centre: float) -> Tensor:
    """The density of N(centre, 1) on the grid."""
    return torch.exp(-((x - centre) ** 2) / 2) / math.sqrt(2 * math.pi)


def wide_grid() -> Tensor:
    """An even grid that covers bells from 0 to 8."""
    return torch.linspace(-8, 16, 401, dtype=torch.float64)


def uneven_grid(draw: Draw) -> Tensor:
    """A probe's grid on about [-6, 8], whose steps differ by up to a factor of three."""
    even = torch.linspace(-6, 8, draw.size("N"), dtype=torch.float64)
    return even + 0.5 * torch.sin(even + draw.number(0, 3))


def density_pair(draw: Draw) -> dict[str, Tensor]:
    """Probe inputs: two rough densities on an uneven grid, each with an empty stretch."""
    x = uneven_grid(draw)
    rough = [bell(x, centre) * draw.uniform("N", 0.2, 1.8) for centre in (0.0, 2.0)]
    rough[0] = torch.where(x > 4, 0.0, rough[0])
    rough[1] = torch.where((x < -2) | (x > 6), 0.0, rough[1])  # beyond 6 nothing lives
    p, q = (values / torch.trapezoid(values, x) for values in rough)
    return {"p": p, "q": q, "x": x}


def integral_slips(heights: Callable[[Tensor, Tensor], Tensor]) -> tuple[Mistake, ...]:
    """Slips that every integral over the grid invites.

    Args:
        heights: (p, q) -> the values under the integral, (n,).
    """

    def right(p: Tensor, q: Tensor, x: Tensor) -> Tensor:
        return torch.trapezoid(heights(p, q), x)

    return (
        Mistake(
            "summed, not integrated",
            lambda p, q, x: heights(p, q).sum(),
            "A sum of heights is no area: it grows with the number of grid points.",
        ),
        Mistake(
            "averaged over the grid",
            lambda p, q, x: heights(p, q).mean(),
            "A mean over grid points is no integral: multiply by widths, not by 1 / n.",
        ),
        Mistake(
            "grid step left out",
            lambda p, q, x: torch.trapezoid(heights(p, q)),
            "Without x the trapezoid rule takes every step to be 1 wide.",
        ),
        Mistake(
            "one step for the whole grid",
            lambda p, q, x: torch.trapezoid(heights(p, q)) * (x[1] - x[0]),
            "The spacing may vary: the first step is not every step.",
            "axes",
        ),
        Mistake(
            "left ends only",
            lambda p, q, x: (heights(p, q)[:-1] * x.diff()).sum(),
            "Each strip has two edges: take the mean of both heights, not the left one.",
            "axes",
        ),
        Mistake(
            "cast to float32",
            lambda p, q, x: right(p.float(), q.float(), x.float()),
            "The result must keep the dtype of the inputs, float64 included.",
            "dtype/device/seed",
        ),
    )


def by_hand(heights: Tensor, x: Tensor) -> Tensor:
    """The trapezoid rule spelled out for heights (n,) on a grid (n,): strip by strip."""
    return ((heights[1:] + heights[:-1]) / 2 * x.diff()).sum()
