"""What a game does near its equilibrium: predicted from the slopes, and read off a path."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from vgan_lessons.dynamics.dirac import Field
from vgan_lessons.dynamics.paths import Step

_NEAR = 1e-3  # radius up to which a path obeys its linear part to about seven digits
_ENOUGH = 6  # places: four numbers are fitted, and two places make one pair
_NOTHING = 1e-7  # a growth below this is 0
_HEARD = 1e-9  # a mode fainter than this, relative to the loudest, is noise


class Motion(NamedTuple):
    """What one round does to a small distance from the equilibrium, after a while."""

    growth: float  # factor on the distance each round; below 1 the game converges
    rotation: float  # radians each round, 0 (no turn) to pi (it changes sides)


def linearised_eigenvalues(
    field_or_step: Field | Step, at: tuple[float, float] = (0.0, 0.0)
) -> Tensor:
    """Eigenvalues of the slopes of a field, or of a step, at one point.

    For a field, a real part below 0 means decay and the imaginary part is the speed of
    turning. For a step, the modulus is the growth and the angle the rotation in one step.

    Args:
        field_or_step: takes (theta, psi) and returns two tensors; both are scalars here.
        at: (theta, psi); for a field or a step to mean anything, a point that stays put.

    Returns:
        Complex128, (2,), the larger real part first, of a pair the positive imaginary part
        first: 0.5i and -0.5i for `dirac_field` at (0, 0).

    Example:
        >>> import torch
        >>> linearised_eigenvalues(lambda theta, psi: (-psi, theta)).abs().tolist()
        [1.0, 1.0]
    """
    place = torch.tensor(at, dtype=torch.float64)
    found = torch.linalg.eigvals(
        slopes_at(lambda p: torch.stack(field_or_step(p[0], p[1])), place)
    )
    return in_order(found, found.real)


def slopes_at(of: Callable[[Tensor], Tensor], at: Tensor) -> Tensor:
    """The matrix of first derivatives of a map from (n,) to (n,), at one point.

    Args:
        of: (n,) -> (n,), differentiable.
        at: the point, (n,).

    Returns:
        (n, n), row i the slopes of result i.
    """
    return torch.autograd.functional.jacobian(of, at.detach())


def motion_of(eigenvalues: Tensor) -> Motion:
    """What a map with these eigenvalues does after a while: its largest one decides.

    Args:
        eigenvalues: of the one-round map, complex, (n,).

    Returns:
        Growth and rotation: (1, 0.2003) for the Wasserstein game in alternating steps of 0.2,
        (0, 0) where every eigenvalue is 0 to seven digits. Of two equally large ones on both
        sides of 0 the negative one is taken.
    """
    first = in_order(eigenvalues, eigenvalues.abs())[0]
    if first.abs() < _NOTHING:
        return Motion(0.0, 0.0)
    return Motion(first.abs().item(), abs(first.angle().item()))


def measured_motion(path: Tensor) -> Motion:
    """Read growth and rotation off a played path, without looking at the game's equations.

    Near an equilibrium every place is the same linear function of the two places before it,
    with or without momentum. That function is fitted to the path, each place weighing the
    same however far out it is; its largest eigenvalue is the growth and the turn of a round.

    Args:
        path: (n + 1, 2) places (theta, psi) around an equilibrium at (0, 0), which has to
            start very near it, say at (1e-30, 0): the places from the first one outside
            radius 0.001 on are left out. Thirty are plenty.

    Returns:
        The measured growth and rotation; (0, 0) if the path lands on (0, 0) at once.

    Raises:
        ValueError: if fewer than 6 places are left.

    Example:
        >>> import torch
        >>> shrinking = 1e-4 * torch.tensor([[-0.5, 0.25]]) ** torch.arange(9).view(9, 1)
        >>> motion = measured_motion(shrinking)
        >>> round(motion.growth, 6), round(motion.rotation, 4)
        (0.5, 3.1416)
    """
    places = _nearby(path.detach().double())
    if len(places) == 0:
        return Motion(0.0, 0.0)
    pairs = torch.cat([places[:-1], places[1:]], dim=1)  # (n, 4): two places show momentum
    size = pairs[:-1].norm(dim=1, keepdim=True)
    before, after = pairs[:-1] / size, pairs[1:] / size
    u, loudness, modes = torch.linalg.svd(before, full_matrices=False)
    heard = loudness > _HEARD * loudness[0]
    u, loudness, modes = u[:, heard], loudness[heard], modes[heard]
    fitted = u.T @ after @ modes.T / loudness.unsqueeze(1)  # least squares on what was heard
    return motion_of(torch.linalg.eigvals(fitted))


def _nearby(path: Tensor) -> Tensor:
    """The places before the path leaves the neighbourhood; none if it lands on (0, 0)."""
    radius = path.norm(dim=1)
    usable = (radius > 0) & (radius <= _NEAR)  # NaN and inf are not
    n_usable = len(path) if usable.all() else int(usable.int().argmin())
    if n_usable >= _ENOUGH:
        return path[:n_usable]
    if n_usable < len(path) and radius[n_usable] == 0:
        return path[:0]
    raise ValueError(
        f"path must start with {_ENOUGH} places within {_NEAR} of (0, 0), got {n_usable}"
    )


def in_order(eigenvalues: Tensor, key: Tensor) -> Tensor:
    """Sort eigenvalues: largest key first, then largest imaginary part, then smallest real.

    Args:
        eigenvalues: complex, (n,).
        key: real, (n,); equal to nine digits counts as equal.

    Returns:
        The same numbers, (n,).
    """

    def rank(i: int) -> tuple[float, float, float]:
        value = eigenvalues[i].item()
        return -round(key[i].item(), 9), -round(value.imag, 9), value.real

    return eigenvalues[sorted(range(len(eigenvalues)), key=rank)]
