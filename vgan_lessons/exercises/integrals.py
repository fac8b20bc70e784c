"""What exercises that integrate over a grid share: the usual slips."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.checking import Mistake


# fmt: off
def integral_slips(heights: Callable[[Tensor, Tensor], Tensor]) -> tuple[Mistake, ...]:
    """Slips that every integral over the grid invites.

    Args:
        heights: (p, q) -> the values under the integral, (n,).
    """
    return (
        Mistake("summed, not integrated",
                lambda p, q, x: heights(p, q).sum(),
                "A sum of heights is no area: it grows with the number of grid points."),
        Mistake("averaged over the grid",
                lambda p, q, x: heights(p, q).mean(),
                "A mean over grid points is no integral: multiply by widths, not by 1 / n."),
        Mistake("grid step left out",
                lambda p, q, x: torch.trapezoid(heights(p, q)),
                "Without x the trapezoid rule takes every step to be 1 wide."),
        Mistake("one step for the whole grid",
                lambda p, q, x: torch.trapezoid(heights(p, q)) * (x[1] - x[0]),
                "The spacing may vary: the first step is not every step.", "axes"),
        Mistake("left ends only",
                lambda p, q, x: (heights(p, q)[:-1] * x.diff()).sum(),
                "Each strip has two edges: take the mean of both heights, not the left one.",
                "axes"),
        Mistake("cast to float32",
                lambda p, q, x: torch.trapezoid(heights(p.float(), q.float()), x.float()),
                "The result must keep the dtype of the inputs, float64 included.",
                "dtype/device/seed"),
    )
