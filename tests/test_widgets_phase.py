"""The phase portrait: its numbers, its verdicts, the figure that follows each control."""

import base64
import math
import re

import pytest
import torch

from vgan_lessons import widgets
from vgan_lessons.dynamics import GameSettings
from vgan_lessons.widgets import phase


def pixels(explorer: widgets.Explorer) -> bytes:
    data = re.findall(r"base64,([A-Za-z0-9+/=]+)", explorer.picture.value)
    return b"".join(map(base64.b64decode, data))


def alt_text(explorer: widgets.Explorer) -> str:
    words, *_ = re.findall(r'alt="([^"]*)"', explorer.picture.value)
    return words


def logistic_steps(h: float, n_rounds: int, *, turns: bool, gamma: float = 0.0) -> float:
    """Distance from rest after some rounds from (1, 1), in plain Python."""
    theta = psi = 1.0
    for _ in range(n_rounds):
        new_psi = psi + h * (theta / (1 + math.exp(psi * theta)) - gamma * psi)
        faced = new_psi if turns else psi
        theta, psi = theta - h * faced / (1 + math.exp(faced * theta)), new_psi
    return math.hypot(theta, psi)


@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("gamma", [0.0, 0.5])
def test_the_path_is_the_game_played_step_by_step(turns, gamma):
    numbers = widgets.phase_numbers(GameSettings(alternating=turns, gamma=gamma))
    expect = logistic_steps(0.2, phase.N_ROUNDS, turns=turns, gamma=gamma)
    assert numbers.path.shape == (phase.N_ROUNDS + 1, 2)
    assert numbers.path[0].tolist() == [1.0, 1.0]
    assert numbers.radius[-1].item() == pytest.approx(expect, rel=1e-6)


@pytest.mark.parametrize(
    "settings, growth, verdict",
    [
        (GameSettings(alternating=False), math.sqrt(1.01), "spirals out"),
        (GameSettings(), 1.0, "circles"),
        (GameSettings(step_size=4.0), 1.0, "on the edge"),
        (GameSettings(step_size=5.0), 4.0, "runs away"),
        (GameSettings(alternating=False, gamma=1.0), 0.9, "converges"),
        (GameSettings(alternating=False, gamma=0.1), math.sqrt(0.99), "spirals in"),
        (GameSettings(game="Wasserstein", alternating=False), math.sqrt(1.04), "spirals out"),
        (GameSettings(game="non-saturating"), 1.0, "circles"),
        (GameSettings(beta1=0.9, gamma=0.1), 1.0253, "spirals out"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_verdict_is_read_off_the_largest_eigenvalue(settings, growth, verdict):
    numbers = widgets.phase_numbers(settings)
    assert numbers.growth == pytest.approx(growth, abs=2e-5)
    assert numbers.eigenvalues.abs().max().item() == pytest.approx(numbers.growth)
    assert numbers.verdict == verdict


def test_momentum_doubles_the_eigenvalues():
    assert len(widgets.phase_numbers(GameSettings()).eigenvalues) == 2
    assert len(widgets.phase_numbers(GameSettings(beta1=0.5)).eigenvalues) == 4


@pytest.mark.slow
def test_every_control_moves_the_picture_and_its_words():
    explorer = widgets.phase_explorer()
    moves = {
        "game": "Wasserstein",
        "order": "simultaneous",
        "step_size": 0.5,
        "gamma": 0.4,
        "n_d": 3,
        "beta1": 0.5,
    }
    assert set(explorer.controls) == set(moves)
    for name, value in moves.items():
        picture, words = pixels(explorer), alt_text(explorer)
        explorer.controls[name].value = value
        assert pixels(explorer) != picture, name
        assert alt_text(explorer) != words, name


def test_every_choice_of_the_lists_can_be_played():
    explorer = widgets.phase_explorer()
    for name in ("game", "order"):
        for words, value in explorer.controls[name].options:
            explorer.controls[name].value = value
            assert words in alt_text(explorer)


@pytest.mark.slow
def test_a_game_that_runs_to_infinity_is_still_drawn():
    explorer = widgets.phase_explorer()
    explorer.controls["game"].value = "Wasserstein"
    explorer.controls["step_size"].value = 5.0
    explorer.controls["n_d"].value = 10
    assert "runs away" in alt_text(explorer)
    numbers = widgets.phase_numbers(GameSettings(game="Wasserstein", step_size=5.0, n_d=10))
    assert not numbers.radius[-1].isfinite()
    assert numbers.growth == pytest.approx(10 * 25 - 2, rel=0.01)  # minus the trace, nearly


def test_the_words_carry_the_numbers_of_the_first_picture():
    words = alt_text(widgets.phase_explorer())
    for told in ("0.995+0.100j", "largest modulus 1.0000", "circles", "rounds, 1.46"):
        assert told in words


def test_every_control_has_a_label_and_arrow_keys_reach_every_stop():
    for control in widgets.phase_explorer().controls.values():
        assert control.description
        if hasattr(control, "step"):
            stops = (control.max - control.min) / control.step
            assert stops == pytest.approx(round(stops)) and 5 <= stops <= 50


def test_the_standing_figure_shows_plane_and_circle_of_each_setting(monkeypatch):
    seen = []
    monkeypatch.setattr(phase, "put_on_page", lambda *figures, alt: seen.append((figures, alt)))
    settings = {"both": GameSettings(alternating=False), "R1": GameSettings(gamma=1.0)}
    assert widgets.show_phase(settings) is None
    ((figures, alts),) = seen
    assert [axes.get_title() for figure in figures for axes in figure.axes] == [
        "both",
        "spirals out\nlargest modulus 1.0050",
        "R1",
        "converges\nlargest modulus 0.9270",
    ]
    assert "spirals out" in alts[0] and "converges" in alts[1]
    plane, circle = figures[0].axes
    drawn = torch.tensor([line.get_xydata()[-1].tolist() for line in plane.lines[:1]])
    end = widgets.phase_numbers(settings["both"]).path[-1]
    assert torch.allclose(drawn[0].double(), end, atol=1e-6)  # the path, all the way
    marks = [line.get_marker() for line in circle.lines]
    assert marks == ["X", "X"]  # both eigenvalues outside
