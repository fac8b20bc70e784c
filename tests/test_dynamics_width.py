"""Clouds instead of points: the width of the data is friction."""

import cmath

import pytest
import torch

from vgan_lessons.dynamics import (
    dirac_field,
    linearised_eigenvalues,
    simultaneous_step,
    trajectory,
    wide_dirac_field,
)


@pytest.mark.parametrize("width", [0.0, 0.5, 1.0, 2.0])
def test_eigenvalues_at_rest_are_those_of_r1_with_half_the_variance(width):
    """-s^2/4 +- sqrt(s^4/16 - 1/4): at s = 1 it is -0.25 +- 0.433i."""
    points = torch.tensor([-width, width], dtype=torch.float64)
    found = linearised_eigenvalues(lambda theta, psi: wide_dirac_field(theta, psi, points))
    root = cmath.sqrt(width**4 / 16 - 0.25)
    expect = sorted([-(width**2) / 4 + root, -(width**2) / 4 - root], key=lambda z: z.imag)
    found = sorted(found.tolist(), key=lambda z: (z.imag, z.real))
    assert found == pytest.approx(sorted(expect, key=lambda z: (z.imag, z.real)), abs=1e-9)


def test_simultaneous_steps_converge_on_wide_clouds_and_not_on_points():
    points = torch.linspace(-1, 1, 101, dtype=torch.float64)
    points = points / points.square().mean().sqrt()

    def end(width):
        def step(theta, psi):
            field = lambda t, p: wide_dirac_field(t, p, width * points)  # noqa: E731
            return simultaneous_step(field, theta, psi, 0.2)

        return trajectory(step, (1.0, 1.0), 200)[-1].norm().item()

    assert end(0.0) > 2
    assert end(1.0) < 1e-4


def test_places_are_games_of_their_own_and_a_point_is_the_dirac_game():
    theta, psi = torch.tensor([[1.0, -2.0]]), torch.tensor([[0.5, 3.0]])
    of_points = wide_dirac_field(theta, psi, torch.zeros(7))
    assert torch.allclose(torch.stack(of_points), torch.stack(dirac_field(theta, psi)))
    cloud = torch.tensor([-1.0, 1.0])
    together = torch.stack(wide_dirac_field(theta, psi, cloud))[:, 0]
    for column, place in enumerate(zip(theta[0], psi[0], strict=True)):
        assert torch.allclose(together[:, column], torch.stack(wide_dirac_field(*place, cloud)))
