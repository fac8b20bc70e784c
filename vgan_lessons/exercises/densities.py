"""What exercises about densities on a line share: probe inputs, bells, and the usual grid."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.checking import Draw

GRID_SIZES = {"N": (41, 60, 33)}


def bell(x: Tensor, centre: float) -> Tensor:
    """The density of N(centre, 1) on the grid."""
    return torch.exp(-((x - centre) ** 2) / 2) / math.sqrt(2 * math.pi)


def wide_grid() -> Tensor:
    """An even grid that covers bells from 0 to 8."""
    return torch.linspace(-8, 16, 401, dtype=torch.float64)


def given(*columns: list[float]) -> Callable[[Callable], object]:
    """A case's run: call the answer with these columns as tensors, the grid last."""
    return lambda answer: answer(*(torch.tensor(values) for values in columns))


def bells_two_apart(answer: Callable[[Tensor, Tensor, Tensor], object]) -> object:
    """A case's run: N(0, 1) against N(2, 1) on the wide grid."""
    x = wide_grid()
    return answer(bell(x, 0), bell(x, 2), x)


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
