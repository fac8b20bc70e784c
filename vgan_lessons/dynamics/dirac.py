"""The smallest GAN there is, as velocity fields: one number for G, one for D.

All data sit at 0, G puts all its fakes at theta, and D's score of a place x is psi * x. Each
player follows the slope of its own goal; both velocities together are the field. The score
says "fake", as in the paper: D raises it at the fakes. The logit of the other lessons, which
says "real", is minus it. With f(t) = -log(1 + e^-t), D climbs f(psi * theta).
"""

from collections.abc import Callable

import torch
from torch import Tensor

Field = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""(theta, psi) -> (theta_velocity, psi_velocity), all of one shape (...); G owns theta."""


def dirac_field(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    r"""Velocities of the logistic game whose two players want opposite things.

    .. math:: \theta' = -\psi f'(\psi\theta), \quad \psi' = \theta f'(\psi\theta), \quad
              f'(t) = \mathrm{sigmoid}(-t)

    Args:
        theta: where G puts its fakes, (...), in units of x; the data are at 0.
        psi: slope of D's score, that shape, per unit of x.

    Returns:
        theta_velocity: (...), how fast G moves its fakes, downhill on f(psi theta).
        psi_velocity: (...), how fast D changes its slope, uphill on it. Together they stand
            at a right angle to (theta, psi), so the flow circles: (0, 0.5) at (1, 0) and
            (-0.2689, 0.2689) at (1, 1).

    Example:
        >>> dirac_field(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]))
        (tensor([-0.0000, -0.5000]), tensor([0.5000, 0.0000]))

    Lesson 03. Mescheder et al. 2018, Which training methods for GANs do actually converge,
    arXiv:1801.04406.
    """
    slope = torch.sigmoid(-psi * theta)  # f'
    return -psi * slope, theta * slope


def wasserstein_dirac_field(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """Velocities of the Wasserstein game, f(t) = t, which is also the game of x times y.

    Args:
        theta: where G puts its fakes, (...).
        psi: slope of D's score, that shape.

    Returns:
        (-psi, theta), each (...): a turn at one radian per unit of time, everywhere. At
        (1, 0) it is (0, 1).

    Example:
        >>> wasserstein_dirac_field(torch.tensor(3.0), torch.tensor(2.0))
        (tensor(-2.), tensor(3.))

    Mescheder et al. 2018, arXiv:1801.04406.
    """
    return -psi, theta


def non_saturating_dirac_field(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    r"""Velocities when G follows the non-saturating loss instead of the minimax one.

    .. math:: \theta' = -\psi f'(-\psi\theta), \quad \psi' = \theta f'(\psi\theta), \quad
              \frac{d r^2}{dt} = -2 u \tanh(u / 2) \text{ with } u = \psi\theta

    Args:
        theta: where G puts its fakes, (...).
        psi: slope of D's score, that shape.

    Returns:
        theta_velocity: (...), -psi sigmoid(psi theta): strong where D is sure of the fakes.
        psi_velocity: (...), as in `dirac_field`. At (1, 1) they are (-0.7311, 0.2689); on the
        axes the radius stands still, everywhere else it shrinks.

    Example:
        >>> pulls = non_saturating_dirac_field(torch.tensor(1.0), torch.tensor(1.0))
        >>> [round(pull.item(), 4) for pull in pulls]
        [-0.7311, 0.2689]

    Lesson 03. Mescheder et al. 2018, arXiv:1801.04406.
    """
    score = psi * theta
    return -psi * torch.sigmoid(score), theta * torch.sigmoid(-score)


def r1_dirac_field(theta: Tensor, psi: Tensor, gamma: float) -> tuple[Tensor, Tensor]:
    r"""Velocities of the logistic game when D pays for its slope at the data.

    The slope of the score psi * x is psi everywhere, so R1 costs D gamma / 2 * psi^2.

    .. math:: \theta' = -\psi f'(\psi\theta), \quad
              \psi' = \theta f'(\psi\theta) - \gamma\psi

    Args:
        theta: where G puts its fakes, (...).
        psi: slope of D's score, that shape.
        gamma: weight of the penalty; 0 gives `dirac_field`.

    Returns:
        theta_velocity: (...), G does not feel the penalty.
        psi_velocity: (...), -gamma * psi more than in `dirac_field`: at (0, 2) and gamma 0.5
        it is -1, at (1, 0) still 0.5.

    Example:
        >>> r1_dirac_field(torch.tensor(0.0), torch.tensor(2.0), gamma=0.5)
        (tensor(-1.), tensor(-1.))

    Lesson 03. Mescheder et al. 2018, arXiv:1801.04406.
    """
    theta_velocity, psi_velocity = dirac_field(theta, psi)
    return theta_velocity, psi_velocity - gamma * psi


def r1_dirac_eigenvalues(gamma: Tensor) -> Tensor:
    r"""The two rates of the penalised game near its equilibrium, for each gamma.

    .. math:: \lambda = -\frac{\gamma}{2} \pm \sqrt{\frac{\gamma^2}{4} - \frac{1}{4}}

    The real part is the rate of decay, the imaginary part the speed of turning. The 1/4 is
    f'(0)^2.

    Args:
        gamma: weights of the penalty, (...), any real numbers.

    Returns:
        Complex, (..., 2), the plus sign first: 0.5i and -0.5i at gamma 0 (it turns for ever),
        -0.5 twice at gamma 1 (fastest decay), -0.134 and -1.866 at gamma 2 (slow again).

    Example:
        >>> r1_dirac_eigenvalues(torch.tensor([1.0, 0.6]))
        tensor([[-0.5000+0.0000j, -0.5000+0.0000j],
                [-0.3000+0.4000j, -0.3000-0.4000j]])

    Lesson 03. Mescheder et al. 2018, arXiv:1801.04406.
    """
    half = gamma / 2
    root = torch.sqrt((half.square() - 0.25).to(gamma.dtype.to_complex()))
    return torch.stack([-half + root, -half - root], dim=-1)
