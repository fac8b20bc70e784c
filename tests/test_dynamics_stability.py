"""Which step sizes bring a game to rest: closed forms on both sides of the limit."""

import math

import pytest
import torch

from vgan_lessons.dynamics import (
    alternating_step,
    r1_dirac_field,
    simultaneous_step,
    stability_map,
    wide_dirac_field,
)


def _limit_at_once(gamma: float) -> float:
    """-2 Re / |.|^2 of the eigenvalue that leaves the unit circle first."""
    root = (gamma**2 / 4 - 0.25 + 0j) ** 0.5
    pair = (-gamma / 2 + root, -gamma / 2 - root)
    return min(-2 * value.real / abs(value) ** 2 for value in pair)


def _limit_in_turns(gamma: float) -> float:
    """Trace above -1 - determinant: h^2 / 4 + 2 h gamma < 4."""
    return 4 * (math.sqrt(gamma**2 + 1) - gamma)


@pytest.mark.parametrize("gamma", [0.1, 1.0, 5.0])
@pytest.mark.parametrize(
    ("step", "limit"),
    [(simultaneous_step, _limit_at_once), (alternating_step, _limit_in_turns)],
)
def test_a_damped_game_converges_up_to_the_limit_of_theory(step, limit, gamma):
    def field(theta, psi):
        return r1_dirac_field(theta, psi, gamma)

    edges = [0.97 * limit(gamma), 1.03 * limit(gamma)]
    for growths in stability_map(field, step, edges, 400):
        assert growths[0] < 1 < growths[1]


def test_width_is_damped_as_r1_with_half_the_variance():
    points = torch.tensor([-2.0, 2.0], dtype=torch.float64)
    wide, r1 = (
        stability_map(field, simultaneous_step, [0.25, 0.5], 1)[0]
        for field in (
            lambda theta, psi: wide_dirac_field(theta, psi, points),
            lambda theta, psi: r1_dirac_field(theta, psi, 2.0),
        )
    )
    torch.testing.assert_close(wide, r1)
