"""Derivatives by differences: an oracle for gradients that knows nothing of graphs."""

from collections.abc import Callable

import torch
from torch import Tensor

STEP = 1e-5  # for float64: the error of a central difference is of the order STEP ** 2


def by_differences(value_at: Callable[[Tensor], Tensor], place: Tensor) -> Tensor:
    """The slope of a scalar function at a place of any shape, one entry after the other."""
    slopes = torch.zeros_like(place)
    for index in range(place.numel()):
        shift = torch.zeros_like(place)
        shift.view(-1)[index] = STEP
        ends = [value_at((place + sign * shift).detach()) for sign in (1, -1)]
        slopes.view(-1)[index] = (ends[0] - ends[1]).detach() / (2 * STEP)
    return slopes
