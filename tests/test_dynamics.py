"""The Dirac-GAN's fields against their goals, and its steps against exact radii and roots."""

import math
from functools import partial

import pytest
import torch

from oracles_dynamics import (
    minimax_g_goal,
    non_saturating_g_goal,
    roots_of_quadratic,
    velocities,
)
from vgan_lessons.dynamics import (
    dirac_field,
    linearised_eigenvalues,
    non_saturating_dirac_field,
    r1_dirac_eigenvalues,
    r1_dirac_field,
    runge_kutta_step,
    simultaneous_step,
    trajectory,
    wasserstein_dirac_field,
)

PLACES = [(1.0, 1.0), (-0.3, 2.0), (1.5, -0.7), (-2.0, -1.0), (0.0, 1.2), (0.8, 0.0)]
CIRCLING = [dirac_field, wasserstein_dirac_field]
ALL_FIELDS = [*CIRCLING, non_saturating_dirac_field, partial(r1_dirac_field, gamma=0.7)]


def point(theta: float, psi: float) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor(theta, dtype=torch.float64), torch.tensor(psi, dtype=torch.float64)


def numbers(pair) -> list[float]:
    return [part.item() for part in pair]


def radii(step, start: tuple[float, float], n_steps: int) -> torch.Tensor:
    return trajectory(step, start, n_steps).norm(dim=-1)


@pytest.mark.parametrize("theta, psi", PLACES)
def test_each_player_follows_the_slope_of_its_own_goal(theta, psi):
    games = [
        (dirac_field, minimax_g_goal, 0.0),
        (non_saturating_dirac_field, non_saturating_g_goal, 0.0),
        (partial(r1_dirac_field, gamma=0.7), minimax_g_goal, 0.7),
    ]
    for field, g_goal, gamma in games:
        expect = velocities(g_goal, theta, psi, gamma)
        assert numbers(field(*point(theta, psi))) == pytest.approx(expect, abs=1e-8)


@pytest.mark.parametrize("field", CIRCLING)
def test_velocity_stands_at_a_right_angle_to_the_place(field):
    places = torch.tensor(PLACES, dtype=torch.float64)
    velocity = torch.stack(field(*places.unbind(-1)), dim=-1)
    assert (places * velocity).sum(-1).abs().max() < 1e-15
    assert velocity.norm(dim=-1).min() > 0.1  # and it does not stand still


@pytest.mark.parametrize("field", CIRCLING)
def test_the_flow_keeps_its_radius(field):
    flown = radii(partial(runge_kutta_step, field, step_size=0.05), (1.0, 1.0), 2000)
    assert flown.sub(math.sqrt(2)).abs().max() < 1e-6


def test_the_rule_for_the_flow_is_of_fourth_order():
    """On the Wasserstein game the flow for a time t turns by t: an exact answer to err from."""
    errors = []
    for n in (10, 20):
        step = partial(runge_kutta_step, wasserstein_dirac_field, step_size=1 / n)
        errors.append(
            math.dist(trajectory(step, (1.0, 0.0), n)[-1], (math.cos(1), math.sin(1)))
        )
    assert errors[0] / errors[1] == pytest.approx(16, rel=0.1)


@pytest.mark.parametrize("theta, psi", PLACES)
def test_non_saturating_radius_shrinks_by_its_closed_form(theta, psi):
    place = point(theta, psi)
    velocity = non_saturating_dirac_field(*place)
    rate = 2 * sum(x * v for x, v in zip(numbers(place), numbers(velocity), strict=True))
    u = theta * psi
    assert rate == pytest.approx(-2 * u * math.tanh(u / 2), abs=1e-12)


def test_non_saturating_game_creeps_towards_rest():
    """The flow is at 0.1984 at time 200; steps of 0.1 lag far behind, at 0.4508."""
    flow = partial(runge_kutta_step, non_saturating_dirac_field, step_size=0.2)
    flown = radii(flow, (1.0, 1.0), 2000)
    assert flown[1000].item() == pytest.approx(0.1984, abs=5e-5)
    assert (flown[1000] / flown[2000]).item() == pytest.approx(math.sqrt(2), abs=0.02)  # t^-1/2
    stepped = partial(simultaneous_step, non_saturating_dirac_field, step_size=0.1)
    assert radii(stepped, (1.0, 1.0), 2000)[-1].item() == pytest.approx(0.4508, abs=5e-5)


def test_fields_keep_shape_dtype_and_entries_apart():
    theta, psi = torch.randn(2, 3), torch.randn(2, 3)
    for field in ALL_FIELDS:
        for velocity in field(theta, psi):
            assert velocity.shape == (2, 3) and velocity.dtype == torch.float32
        alone = torch.stack(field(theta[1, 2], psi[1, 2]))
        together = torch.stack(field(theta, psi))[:, 1, 2]
        assert alone.tolist() == pytest.approx(together.tolist(), abs=1e-7)


def test_fields_stay_finite_where_a_player_is_sure():
    far = torch.tensor([100.0, -100.0])
    for field in ALL_FIELDS:
        assert all(v.isfinite().all() for v in field(far, torch.tensor([100.0, 100.0])))


def test_the_penalty_pulls_on_d_alone():
    theta, psi = point(0.4, 2.0)
    free, paid = dirac_field(theta, psi), r1_dirac_field(theta, psi, 0.5)
    assert paid[0] == free[0]
    assert (paid[1] - free[1]).item() == pytest.approx(-1.0)


def test_logistic_and_non_saturating_games_turn_at_half_speed_near_rest():
    for field in (dirac_field, non_saturating_dirac_field):
        assert linearised_eigenvalues(field).tolist() == pytest.approx([0.5j, -0.5j])
    assert linearised_eigenvalues(wasserstein_dirac_field).tolist() == pytest.approx([1j, -1j])


@pytest.mark.parametrize(
    "gamma, expect",
    [
        (0.0, [0.5j, -0.5j]),
        (0.5, [-0.25 + 0.4330127j, -0.25 - 0.4330127j]),
        (1.0, [-0.5, -0.5]),
        (2.0, [-0.1339746, -1.8660254]),
        (-0.5, [0.25 + 0.4330127j, 0.25 - 0.4330127j]),
    ],
)
def test_r1_eigenvalues_have_their_landmarks_and_are_those_of_the_field(gamma, expect):
    found = r1_dirac_eigenvalues(torch.tensor(gamma, dtype=torch.float64))
    assert found.dtype == torch.complex128
    slopes = roots_of_quadratic(trace=-gamma, determinant=0.25)
    by_autograd = linearised_eigenvalues(partial(r1_dirac_field, gamma=gamma))
    for one, two, three, four in zip(found.tolist(), expect, slopes, by_autograd, strict=True):
        assert abs(one - two) < 1e-7 and abs(one - three) < 1e-12
        assert abs(one - four.item()) < 1e-7  # a double root is known to half the digits


def test_r1_eigenvalues_take_many_gammas_at_once():
    gammas = torch.tensor([[0.5, 1.0, 2.0], [0.0, 0.1, 5.0]])
    found = r1_dirac_eigenvalues(gammas)
    assert found.shape == (2, 3, 2) and found.dtype == torch.complex64
    for i in range(2):
        for j in range(3):
            assert torch.allclose(found[i, j], r1_dirac_eigenvalues(gammas[i, j]))
    assert torch.allclose(found.sum(-1).real, -gammas)
    assert torch.allclose(found.prod(-1).real, torch.full((2, 3), 0.25), atol=1e-6)
