"""For which step sizes a game comes to rest: by its eigenvalues, and by playing it."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from vgan_lessons.dynamics.dirac import Field


def stability_map(
    field: Field, step: Callable, step_sizes: Sequence[float], n_rounds: int
) -> tuple[Tensor, Tensor]:
    r"""Growth of the distance in one round, for each step size: predicted, and measured.

    .. math:: |\mu_{max}| \quad \text{and} \quad (r_n / r_0)^{1/n}

    where mu are the eigenvalues of the Jacobian of one round at (0, 0).

    Args:
        field: (theta, psi) -> (theta_velocity, psi_velocity), at rest at (0, 0).
        step: such as `simultaneous_step`: (field, theta, psi, step_size) -> the new pair.
        step_sizes: h, as many as are to be tried.
        n_rounds: how many rounds are played, at least 1.

    Returns:
        predicted: (N,) float64, the modulus of the largest eigenvalue; below 1 the game
            converges. 1.0198 for the Wasserstein game, both at once, h 0.2.
        measured: (N,) float64, the growth a round on the way from (1e-30, 1e-30). It is near
            the predicted one after many rounds; after a few the start shows.

    Example:
        >>> from vgan_lessons.dynamics import simultaneous_step
        >>> circling = lambda theta, psi: (-psi, theta)
        >>> predicted, measured = stability_map(circling, simultaneous_step, [0.75], 3)
        >>> round(predicted.item(), 4), round(measured.item(), 4)
        (1.25, 1.25)

    Lesson 03. Mescheder et al. 2018, arXiv:1801.04406.
    """
    predicted, measured = [], []
    for h in step_sizes:

        def one_round(place: Tensor, h: float = h) -> Tensor:
            return torch.stack(step(field, place[0], place[1], h))

        rest = torch.zeros(2, dtype=torch.float64)
        jacobian = torch.autograd.functional.jacobian(one_round, rest)
        predicted.append(torch.linalg.eigvals(jacobian).abs().max())
        start = place = torch.full((2,), 1e-30, dtype=torch.float64)
        for _ in range(n_rounds):
            place = one_round(place)
        measured.append((place.norm() / start.norm()) ** (1 / n_rounds))
    return torch.stack(predicted), torch.stack(measured)
