"""Finite steps of two players: exact radii, exact returns, and who looks at what."""

from functools import partial

import pytest
import torch

from vgan_lessons.dynamics import (
    alternating_step,
    dirac_field,
    linearised_eigenvalues,
    non_saturating_dirac_field,
    r1_dirac_field,
    simultaneous_step,
    trajectory,
    wasserstein_dirac_field,
)

ALL_FIELDS = [
    dirac_field,
    wasserstein_dirac_field,
    non_saturating_dirac_field,
    partial(r1_dirac_field, gamma=0.7),
]


def point(theta: float, psi: float) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor(theta, dtype=torch.float64), torch.tensor(psi, dtype=torch.float64)


def radii(step, start: tuple[float, float], n_steps: int) -> torch.Tensor:
    return trajectory(step, start, n_steps).norm(dim=-1)


def test_wasserstein_radius_grows_by_the_same_factor_in_every_simultaneous_step():
    step = partial(simultaneous_step, wasserstein_dirac_field, step_size=0.2)
    found = radii(step, (0.3, -1.1), 50)
    assert (found[1:] / found[:-1]).tolist() == pytest.approx([1.019804] * 50, abs=5e-7)


def test_logistic_game_drifts_outwards_in_simultaneous_steps():
    step = partial(simultaneous_step, dirac_field, step_size=0.2)
    found = radii(step, (1.0, 1.0), 200)
    assert found[0].item() == pytest.approx(1.4142, abs=5e-5)
    assert found[-1].item() == pytest.approx(2.6446, abs=5e-5)
    assert (found.diff() > 0).all()


@pytest.mark.parametrize(
    "h, moduli", [(0.2, (1, 1)), (1.0, (1, 1)), (4.0, (1, 1)), (5.0, (4, 0.25))]
)
def test_alternating_steps_turn_without_growth_up_to_a_step_of_four(h, moduli):
    step = partial(alternating_step, dirac_field, step_size=h)
    found = sorted((z.abs().item() for z in linearised_eigenvalues(step)), reverse=True)
    assert found == pytest.approx(moduli, abs=1e-7)


def test_the_xy_game_is_back_after_six_rounds_and_not_before():
    step = partial(alternating_step, wasserstein_dirac_field, step_size=1.0)
    path = trajectory(step, (1.0, 1.0), 12)
    assert path[6].tolist() == path[12].tolist() == [1.0, 1.0]
    assert (path[1:6] - path[0]).norm(dim=-1).min() >= 1
    assert path[1].tolist() == [-1.0, 2.0]  # D first: psi = 1 + 1, then theta = 1 - 2


@pytest.mark.parametrize("field", ALL_FIELDS)
def test_simultaneous_players_look_at_the_same_place_and_alternating_ones_do_not(field):
    theta, psi, h = *point(0.7, -1.3), 0.4
    together = simultaneous_step(field, theta, psi, h)
    in_turn = alternating_step(field, theta, psi, h)
    assert together[1] == in_turn[1]  # D moves first: it sees the same in both
    assert in_turn[0].item() == pytest.approx((theta + h * field(theta, in_turn[1])[0]).item())
    assert abs((together[0] - in_turn[0]).item()) > 1e-3


@pytest.mark.parametrize("step", [simultaneous_step, alternating_step])
def test_a_step_of_no_size_moves_nothing(step):
    assert step(dirac_field, *point(0.7, -1.3), 0.0) == point(0.7, -1.3)


@pytest.mark.parametrize("gamma, radius", [(1.0, 0.0), (0.1, 0.4724), (5.0, 0.1326)])
def test_the_middle_gamma_reaches_rest_first(gamma, radius):
    """From (1, 1), simultaneous steps of 0.2, 200 of them."""
    field = partial(r1_dirac_field, gamma=gamma)
    found = radii(partial(simultaneous_step, field, step_size=0.2), (1.0, 1.0), 200)[-1].item()
    assert found == pytest.approx(radius, abs=5e-5)
    assert (found < 1e-4) == (gamma == 1.0)


def test_a_trajectory_keeps_its_start_its_dtype_and_many_starts_apart():
    starts = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]])
    step = partial(alternating_step, dirac_field, step_size=0.3)
    paths = trajectory(step, starts, 4)
    assert paths.shape == (5, 3, 2) and paths.dtype == torch.float32
    assert torch.equal(paths[0], starts)
    assert torch.allclose(paths[:, 1], trajectory(step, starts[1], 4))
    assert trajectory(step, (1.0, 0.0), 0).dtype == torch.float64
