"""The game with a training loop's settings: played, predicted, and both held together."""

import dataclasses
import itertools
import math

import pytest
import torch

from oracles_dynamics import linear_round
from vgan_lessons.dynamics import (
    FIELDS,
    GameSettings,
    alternating_step,
    measured_motion,
    motion_of,
    play_game,
    r1_dirac_field,
    round_eigenvalues,
    simultaneous_step,
    trajectory,
)

VERY_NEAR = (1e-30, 2e-30)
SLOPE = {"logistic": 0.5, "non-saturating": 0.5, "Wasserstein": 1.0}


@pytest.mark.parametrize(
    "step, alternating", [(simultaneous_step, False), (alternating_step, True)]
)
@pytest.mark.parametrize("game", FIELDS)
def test_the_plain_game_takes_the_steps_of_the_lesson(game, step, alternating):
    settings = GameSettings(game=game, step_size=0.3, alternating=alternating)
    by_hand = trajectory(lambda t, p: step(FIELDS[game], t, p, 0.3), (0.7, -1.2), 20)
    assert torch.allclose(play_game((0.7, -1.2), settings, 20), by_hand, rtol=1e-12)


def test_the_penalised_game_takes_the_steps_of_the_lesson():
    settings = GameSettings(step_size=0.3, gamma=0.7)
    by_hand = trajectory(
        lambda t, p: alternating_step(lambda *at: r1_dirac_field(*at, 0.7), t, p, 0.3),
        (0.7, -1.2),
        20,
    )
    assert torch.allclose(play_game((0.7, -1.2), settings, 20), by_hand, rtol=1e-12)


def test_many_starts_are_played_apart():
    starts = torch.tensor([[1.0, 0.0], [0.0, 2.0], [-1.0, 1.0]])
    settings = GameSettings(n_d=2, beta1=0.5)
    paths = play_game(starts, settings, 7)
    assert paths.shape == (8, 3, 2) and paths.dtype == torch.float64
    assert torch.equal(paths[:, 1], play_game((0.0, 2.0), settings, 7))


def test_a_round_is_n_d_steps_of_d_and_one_of_g():
    """Wasserstein, h = 1, from (1, 0): psi climbs by 1 each time, then theta falls by psi."""
    game = GameSettings(game="Wasserstein", step_size=1.0, n_d=3)
    assert play_game((1.0, 0.0), game, 1)[1].tolist() == [1.0 - 3.0, 3.0]
    together = dataclasses.replace(game, alternating=False)  # G looks before D's third step
    assert play_game((1.0, 0.0), together, 1)[1].tolist() == [1.0 - 2.0, 3.0]


def test_momentum_averages_velocities_from_zero():
    """Wasserstein, h = 1, beta1 = 0.5, from (1, 0): D first, then G."""
    game = GameSettings(game="Wasserstein", step_size=1.0, beta1=0.5)
    path = play_game((1.0, 0.0), game, 2)
    assert path[1].tolist() == [1 - 0.25, 0.5]
    d_mean = 0.5 * 0.5 + 0.5 * 0.75
    psi = 0.5 + d_mean
    assert path[2].tolist() == [0.75 + 0.5 * -0.25 - 0.5 * psi, psi]


@pytest.mark.parametrize("game", FIELDS)
@pytest.mark.parametrize("beta1", [0.0, 0.5, 0.9])
@pytest.mark.parametrize(
    "h, gamma, n_d, alternating", [(0.2, 0.0, 1, False), (0.7, 0.9, 3, True)]
)
def test_predicted_eigenvalues_are_those_of_the_matrix_worked_out_by_hand(
    game, beta1, h, gamma, n_d, alternating
):
    settings = GameSettings(
        game=game, step_size=h, gamma=gamma, n_d=n_d, beta1=beta1, alternating=alternating
    )
    found = round_eigenvalues(settings)
    assert found.shape == (4,) if beta1 else (2,)
    matrix = linear_round(h, SLOPE[game], gamma, n_d, beta1, alternating=alternating)
    matrix = torch.tensor(matrix, dtype=torch.float64)[: len(found), : len(found)]
    for value in found:
        shifted = matrix.to(value.dtype) - value * torch.eye(len(found), dtype=torch.float64)
        assert torch.linalg.det(shifted).abs() < 1e-12
    assert found.sum().real.item() == pytest.approx(matrix.trace().item())


def test_landmarks_of_the_prediction():
    wasserstein = GameSettings(game="Wasserstein", step_size=0.2, alternating=False)
    assert motion_of(round_eigenvalues(wasserstein)) == pytest.approx(
        (math.sqrt(1.04), math.atan(0.2))
    )
    sixth = GameSettings(game="Wasserstein", step_size=1.0)
    assert motion_of(round_eigenvalues(sixth)) == pytest.approx((1.0, math.pi / 3))
    for h in (0.2, 1.0, 3.9):
        assert motion_of(round_eigenvalues(GameSettings(step_size=h))).growth == pytest.approx(
            1
        )
    assert motion_of(round_eigenvalues(GameSettings(step_size=5.0))) == pytest.approx(
        (4.0, math.pi)
    )


@pytest.mark.parametrize("game", FIELDS)
@pytest.mark.parametrize("h", [0.2, 3.0])
def test_a_played_game_shows_the_predicted_growth_and_rotation(game, h):
    """To four digits after the point, as a page prints them, and in fact to six."""
    grid = itertools.product((0.0, 0.1, 2.0), (1, 3), (0.0, 0.5, 0.9), (True, False))
    for gamma, n_d, beta1, alternating in grid:
        settings = GameSettings(
            game=game, step_size=h, gamma=gamma, n_d=n_d, beta1=beta1, alternating=alternating
        )
        predicted = motion_of(round_eigenvalues(settings))
        measured = measured_motion(play_game(VERY_NEAR, settings, 40))
        assert measured == pytest.approx(predicted, rel=1e-6, abs=1e-6), settings


@pytest.mark.parametrize(
    "settings, side",
    [
        (GameSettings(alternating=False), "outwards"),
        (GameSettings(gamma=1.0), "inwards"),
        (GameSettings(beta1=0.5), "outwards"),
        (GameSettings(beta1=0.9, gamma=1.0), "inwards"),
        (GameSettings(n_d=5, gamma=0.1), "inwards"),
    ],
)
def test_growth_says_on_which_side_a_small_circle_ends(settings, side):
    """The whole path, not its fit: the radius after 400 rounds from 0.01."""
    final = play_game((0.01, 0.0), settings, 400)[-1].norm().item()
    growth = motion_of(round_eigenvalues(settings)).growth
    assert (final > 0.01, growth > 1) == (side == "outwards",) * 2


def test_motion_is_read_off_paths_that_no_game_made():
    turned = torch.polar(torch.tensor(0.9).pow(torch.arange(30.0)), 0.3 * torch.arange(30.0))
    stretched = torch.stack([3 * turned.real, turned.imag + turned.real], dim=1).double() * 1e-4
    assert measured_motion(stretched) == pytest.approx((0.9, 0.3), abs=1e-4)
    swapped = stretched.flip(1)  # the turn counts, not its sense
    assert measured_motion(swapped) == pytest.approx((0.9, 0.3), abs=1e-4)


def test_places_far_out_are_left_out_and_too_few_are_refused():
    runaway = play_game(VERY_NEAR, GameSettings(step_size=5.0), 800)
    assert not runaway.isfinite().all() or runaway.abs().max() > 1
    assert measured_motion(runaway) == pytest.approx((4.0, math.pi), abs=1e-6)
    with pytest.raises(ValueError, match=r"6 places within 0.001 of \(0, 0\), got 0"):
        measured_motion(play_game((1.0, 1.0), GameSettings(), 60))


def test_a_game_that_lands_on_rest_has_no_growth_left():
    settings = GameSettings(game="Wasserstein", step_size=1.0, gamma=1.0)
    assert play_game((0.3, 0.4), settings, 3)[-1].norm() < 1e-15
    assert measured_motion(play_game(VERY_NEAR, settings, 60)) == (0.0, 0.0)
    assert motion_of(round_eigenvalues(settings)) == (0.0, 0.0)


@pytest.mark.parametrize(
    "change, said",
    [
        (
            {"game": "hinge"},
            "game must be one of logistic, non-saturating, Wasserstein, got 'hinge'",
        ),
        ({"n_d": 0}, "n_d must be at least 1, got 0"),
        ({"beta1": 1.0}, r"beta1 must be in \[0, 1\), got 1.0"),
    ],
)
def test_settings_that_no_game_can_have_are_refused(change, said):
    with pytest.raises(ValueError, match=said):
        play_game((1.0, 1.0), GameSettings(**change), 1)
    with pytest.raises(ValueError, match=said):
        round_eigenvalues(GameSettings(**change))


def test_every_setting_is_read():
    changed = {
        "game": "Wasserstein",
        "step_size": 0.3,
        "gamma": 0.5,
        "n_d": 2,
        "beta1": 0.5,
        "alternating": False,
    }
    assert changed.keys() == {field.name for field in dataclasses.fields(GameSettings)}
    usual = play_game((1.0, 0.5), GameSettings(), 3)
    for name, value in changed.items():
        other = play_game((1.0, 0.5), GameSettings(**{name: value}), 3)
        assert not torch.allclose(usual, other), name
