"""What training does with a velocity field: finite steps, together or one after the other."""

from torch import Tensor

from vgan_lessons.dynamics.dirac import Field


def simultaneous_step(
    field: Field, theta: Tensor, psi: Tensor, step_size: float
) -> tuple[Tensor, Tensor]:
    r"""Move both players at once, each by its velocity at the old point.

    .. math:: (\theta, \psi) \leftarrow (\theta, \psi) + h \, v(\theta, \psi)

    On a circling field such a step leaves along the tangent, so the radius grows: by exactly
    sqrt(1 + h^2) a step on the Wasserstein Dirac-GAN.

    Args:
        field: (theta, psi) -> (theta_velocity, psi_velocity).
        theta: G's parameter, (...).
        psi: D's parameter, that shape.
        step_size: h, the learning rate of both.

    Returns:
        The new theta and psi, each (...): (1, 0.2) from (1, 0) with h = 0.2 on the
        Wasserstein field, at radius 1.019804. With h = 0 nothing moves.

    Example:
        >>> import torch
        >>> from vgan_lessons.dynamics import wasserstein_dirac_field
        >>> simultaneous_step(
        ...     wasserstein_dirac_field, torch.tensor(1.0), torch.tensor(0.0), 0.5
        ... )
        (tensor(1.), tensor(0.5000))

    Lesson 03. Mescheder et al. 2018, arXiv:1801.04406.
    """
    theta_velocity, psi_velocity = field(theta, psi)
    return theta + step_size * theta_velocity, psi + step_size * psi_velocity


def alternating_step(
    field: Field, theta: Tensor, psi: Tensor, step_size: float
) -> tuple[Tensor, Tensor]:
    r"""Move D first, then G, who already sees where D went: one round of a training loop.

    .. math:: \psi \leftarrow \psi + h \, v_\psi(\theta, \psi), \quad
              \theta \leftarrow \theta + h \, v_\theta(\theta, \psi_{new})

    Args:
        field: (theta, psi) -> (theta_velocity, psi_velocity).
        theta: G's parameter, (...).
        psi: D's parameter, that shape.
        step_size: h, the learning rate of both.

    Returns:
        The new theta and psi, each (...): (0, 1) from (1, 0) with h = 1 on the Wasserstein
        field, which is back where it started after 6 rounds. With h = 0 nothing moves.

    Example:
        >>> import torch
        >>> from vgan_lessons.dynamics import wasserstein_dirac_field
        >>> alternating_step(
        ...     wasserstein_dirac_field, torch.tensor(1.0), torch.tensor(0.0), 0.5
        ... )
        (tensor(0.7500), tensor(0.5000))

    Lesson 03. Mescheder et al. 2018, arXiv:1801.04406.
    """
    _, psi_velocity = field(theta, psi)  # D's turn: G stands still
    psi = psi + step_size * psi_velocity
    theta_velocity, _ = field(theta, psi)  # G's turn, against the new D
    return theta + step_size * theta_velocity, psi
