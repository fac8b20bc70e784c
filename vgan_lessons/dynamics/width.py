"""The Dirac-GAN whose points are clouds: what the width of the data does to the game."""

import torch
from torch import Tensor


def wide_dirac_field(theta: Tensor, psi: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    r"""Velocities of the logistic game between two clouds of the same form.

    Reals are the points of `noise`, fakes the same points moved by theta, and D's score of x
    is psi * x, as in `dirac_field`. Now D errs on some points of each cloud whatever its
    slope, so being steep costs it, without any penalty.

    .. math:: \theta' = -\psi\,\mathrm{E}[f'(\psi (\theta + n))], \quad
              \psi' = \mathrm{E}[(\theta + n) f'(\psi (\theta + n))] - \mathrm{E}[n f'(-\psi n)]

    with f'(t) = sigmoid(-t) and means over the points n.

    Args:
        theta: by how much G moves its cloud, (...), in units of x.
        psi: slope of D's score, that shape.
        noise: the points of the reals, (N,), mean 0, for example N(0, s^2).

    Returns:
        theta_velocity, psi_velocity: each (...). With all noise 0 those of `dirac_field`.
        Near (0, 0) they are (-psi / 2, theta / 2 - s^2 / 2 * psi), s^2 the mean square of
        the noise: the friction of R1 with gamma = s^2 / 2.

    Example:
        >>> points = torch.tensor([-1.0, 1.0])
        >>> wide_dirac_field(torch.tensor(1.0), torch.tensor(0.0), points)
        (tensor(-0.), tensor(0.5000))

    Lesson 03. Nagarajan & Kolter 2017, Gradient descent GAN optimization is locally stable,
    arXiv:1706.04156.
    """
    slope = psi.unsqueeze(-1)  # (..., 1)
    fakes = theta.unsqueeze(-1) + noise  # (..., N)
    of_fakes = torch.sigmoid(-slope * fakes)
    of_reals = torch.sigmoid(slope * noise)
    theta_velocity = -(slope * of_fakes).mean(dim=-1)
    psi_velocity = (fakes * of_fakes).mean(dim=-1) - (noise * of_reals).mean(dim=-1)
    return theta_velocity, psi_velocity
