"""Following a point: step after step, or along the flow itself, as nearly as floats allow."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.dynamics.dirac import Field

Step = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""(theta, psi) -> the next (theta, psi), all of one shape (...)."""


def trajectory(step: Step, start: tuple[float, float] | Tensor, n_steps: int) -> Tensor:
    """Take one step after another and keep every place.

    Args:
        step: (theta, psi) -> the next (theta, psi), such as a step function with its field
            and step size filled in.
        start: (theta, psi), or several starts as a tensor (..., 2).
        n_steps: how many steps.

    Returns:
        (n_steps + 1, ..., 2), the start first; float64 unless start is a tensor of another
        dtype. A game that runs away ends in inf or NaN.

    Example:
        >>> trajectory(lambda theta, psi: (theta / 2, psi + 1), (1.0, 0.0), 2).tolist()
        [[1.0, 0.0], [0.5, 1.0], [0.25, 2.0]]
    """
    place = torch.as_tensor(start, dtype=None if isinstance(start, Tensor) else torch.float64)
    places = [place]
    for _ in range(n_steps):
        place = torch.stack(step(*place.unbind(-1)), dim=-1)
        places.append(place)
    return torch.stack(places)


def runge_kutta_step(
    field: Field, theta: Tensor, psi: Tensor, step_size: float
) -> tuple[Tensor, Tensor]:
    """Follow the flow itself for a while: the classical fourth-order rule.

    It stands for "infinitely small steps" where a closed form is missing: its error in one
    step falls with step_size to the fifth power.

    Args:
        field: (theta, psi) -> (theta_velocity, psi_velocity).
        theta: (...).
        psi: that shape.
        step_size: time to pass; 0.1 keeps the radius of the Dirac-GAN to eight digits.

    Returns:
        theta and psi after that time, each (...).
    """
    a = field(theta, psi)
    b = field(theta + step_size / 2 * a[0], psi + step_size / 2 * a[1])
    c = field(theta + step_size / 2 * b[0], psi + step_size / 2 * b[1])
    d = field(theta + step_size * c[0], psi + step_size * c[1])
    mean = [(a[i] + 2 * b[i] + 2 * c[i] + d[i]) / 6 for i in range(2)]
    return theta + step_size * mean[0], psi + step_size * mean[1]
