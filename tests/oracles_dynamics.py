"""Slow, plain-Python Dirac games: slopes by finite differences of the goals, cmath for roots.

Written from the goals of the two players, not from the velocities: D's real logit at x is
-psi * x, data sit at 0, fakes at theta.
"""

import cmath
import math

Point = tuple[float, float]


def log_sigmoid(logit: float) -> float:
    return -math.log(1 + math.exp(-logit))


def d_goal(theta: float, psi: float, gamma: float = 0.0) -> float:
    """What D maximises: log D at the data, log(1 - D) at the fakes, minus the R1 penalty."""
    real_logit, fake_logit = -psi * 0.0, -psi * theta
    return log_sigmoid(real_logit) + log_sigmoid(-fake_logit) - gamma / 2 * psi**2


def minimax_g_goal(theta: float, psi: float) -> float:
    """What the minimax G minimises: log(1 - D) at the fakes."""
    return log_sigmoid(psi * theta)


def non_saturating_g_goal(theta: float, psi: float) -> float:
    """What the non-saturating G minimises: -log D at the fakes."""
    return -log_sigmoid(-psi * theta)


def velocities(g_goal, theta: float, psi: float, gamma: float = 0.0) -> Point:
    """G goes down its own goal, D up its own; central differences."""
    e = 1e-5
    down = -(g_goal(theta + e, psi) - g_goal(theta - e, psi)) / (2 * e)
    up = (d_goal(theta, psi + e, gamma) - d_goal(theta, psi - e, gamma)) / (2 * e)
    return down, up


def roots_of_quadratic(trace: float, determinant: float) -> tuple[complex, complex]:
    root = cmath.sqrt(trace * trace / 4 - determinant)
    return trace / 2 + root, trace / 2 - root


def linear_round(
    h: float, slope: float, gamma: float, n_d: int, beta1: float, *, alternating: bool
) -> list[list[float]]:
    """One round near (0, 0) as a 4x4 matrix on (theta, psi, m_theta, m_psi), column by column.

    There the field is linear: theta' = -slope * psi, psi' = slope * theta - gamma * psi.
    """
    columns = []
    for column in range(4):
        theta, psi, m_theta, m_psi = (1.0 if i == column else 0.0 for i in range(4))
        psis = [psi]
        for _ in range(n_d):
            m_psi = beta1 * m_psi + (1 - beta1) * (slope * theta - gamma * psis[-1])
            psis.append(psis[-1] + h * m_psi)
        looked_at = psis[-1] if alternating else psis[-2]
        m_theta = beta1 * m_theta + (1 - beta1) * (-slope * looked_at)
        columns.append([theta + h * m_theta, psis[-1], m_theta, m_psi])
    return [list(row) for row in zip(*columns, strict=True)]
