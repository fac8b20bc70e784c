"""Centrepieces: their numbers, the figure that follows a slider, the page without a kernel."""

import base64
import math
import re

import pytest
import torch

from vgan_lessons import widgets
from vgan_lessons.widgets import explorer as explorer_module
from vgan_lessons.widgets import game, objectives


def pixels(explorer: widgets.Explorer) -> bytes:
    """The picture that an explorer shows now."""
    data = re.findall(r"base64,([A-Za-z0-9+/=]+)", explorer.picture.value)
    return b"".join(map(base64.b64decode, data))


def alt_text(explorer: widgets.Explorer) -> str:
    words, *_ = re.findall(r'alt="([^"]*)"', explorer.picture.value)
    return words


@pytest.mark.parametrize("shift, js", [(0, 0.0), (1, 0.111421), (2, 0.336831), (8, 0.693054)])
def test_the_game_of_two_bells_has_the_known_divergence(shift, js):
    numbers = widgets.game_numbers(float(shift), 1.0)
    assert numbers.js == pytest.approx(js, abs=1e-6)
    assert numbers.w1 == pytest.approx(shift, abs=1e-5)


def test_the_area_of_the_integrand_is_twice_js():
    for mean, scale in ((2.0, 1.0), (0.0, 4.0), (-3.0, 0.25)):
        numbers = widgets.game_numbers(mean, scale)
        area = torch.trapezoid(numbers.integrand, numbers.x).item()
        assert area == pytest.approx(2 * numbers.js, abs=1e-6)
        assert numbers.integrand.min() >= -1e-12


def test_the_best_d_is_one_half_where_the_bells_cross_and_knows_the_landmark():
    numbers = widgets.game_numbers(2.0, 1.0)
    at = {place: (numbers.x - place).abs().argmin() for place in (0.3, 1.0)}
    assert numbers.best_d[at[1.0]].item() == pytest.approx(0.5, abs=1e-9)
    assert numbers.best_d[at[0.3]].item() == pytest.approx(0.802184, abs=1e-6)


def test_bells_of_one_centre_are_as_far_apart_as_their_scales():
    assert widgets.game_numbers(0.0, 4.0).w1 == pytest.approx(
        3 * math.sqrt(2 / math.pi), abs=1e-4
    )


def test_the_non_saturating_arrow_lives_where_the_minimax_one_dies():
    def middle(name, width=1.0, which_d="shared"):
        return (
            widgets.generator_arrows(name, gap=3.0, width=width, which_d=which_d)
            .pulls[2]
            .item()
        )

    sure = 1 / (1 + math.exp(4.5))  # sigmoid of the logit at x = 3, which is -4.5
    assert middle("minimax") == pytest.approx(-3 * sure, rel=1e-6)
    assert middle("non-saturating") == pytest.approx(-3 * (1 - sure), rel=1e-6)
    assert middle("least squares") == pytest.approx(-3 * 5.5, rel=1e-6)
    assert middle("hinge") == middle("Wasserstein") == pytest.approx(-3, rel=1e-6)
    assert abs(middle("minimax", width=0.5)) < 1e-4


def test_with_its_own_best_d_only_wasserstein_pulls_the_same_at_every_width():
    for width in (2.0, 1.0, 0.5):
        arrows = widgets.generator_arrows("Wasserstein", gap=3.0, width=width, which_d="own")
        assert torch.allclose(arrows.pulls, torch.tensor(-1.0, dtype=torch.float64))
        hinge = widgets.generator_arrows("hinge", gap=3.0, width=width, which_d="own")
        assert hinge.pulls.abs().max() == 0
    dead = widgets.generator_arrows("least squares", gap=3.0, width=0.5, which_d="own")
    assert dead.pulls.mean().abs() < 1e-3


def test_what_is_not_known_is_not_drawn_as_zero():
    arrows = widgets.generator_arrows("relativistic average", gap=3.0, width=1.0, which_d="own")
    assert arrows.pulls.isnan().all()


def test_relativistic_arrows_agree_with_all_pairs_written_out():
    gap, width = 2.0, 1.0
    arrows = widgets.generator_arrows(
        "relativistic pairs", gap=gap, width=width, which_d="shared"
    )
    reals = arrows.positions - gap
    slope = -gap / width**2

    def line(x):
        return slope * (x - gap / 2)

    for fake, pull in zip(arrows.positions.tolist(), arrows.pulls.tolist(), strict=True):
        shares = [1 / (1 + math.exp(line(fake) - line(real))) for real in reals.tolist()]
        assert pull == pytest.approx(slope * sum(shares) / len(shares), rel=1e-6)


@pytest.mark.parametrize(
    "make, moves",
    [
        (widgets.game_explorer, {"mean": 5.0, "scale": 0.5}),
        (widgets.objective_explorer, {"width": 0.5, "gap": 1.0, "which_d": "own"}),
    ],
)
def test_every_control_moves_the_picture_and_its_words(make, moves):
    explorer = make()
    assert set(explorer.controls) == set(moves)
    for name, value in moves.items():
        picture, words = pixels(explorer), alt_text(explorer)
        explorer.controls[name].value = value
        assert pixels(explorer) != picture, name
        assert alt_text(explorer) != words, name


def test_the_words_of_an_explorer_carry_its_numbers():
    explorer = widgets.game_explorer()
    explorer.controls["mean"].value = 8.0
    assert "JS 0.693 nats" in alt_text(explorer) and "W1 8 units" in alt_text(explorer)


def test_every_control_has_a_label_and_arrow_keys_reach_every_stop():
    for make in (widgets.game_explorer, widgets.objective_explorer):
        for control in make().controls.values():
            assert control.description
            if hasattr(control, "step"):
                stops = (control.max - control.min) / control.step
                assert stops == pytest.approx(round(stops)) and 5 <= stops <= 50


@pytest.fixture
def outputs(monkeypatch):
    """What a cell puts on the page when an explorer is its last value."""
    seen = []
    monkeypatch.setattr(explorer_module, "display", lambda page, raw: seen.append(page))

    def shown(explorer):
        seen.clear()
        explorer._ipython_display_()
        return list(seen)

    return shown


def test_an_explorer_is_two_outputs_the_controls_and_the_same_figure_standing_still(outputs):
    explorer = widgets.game_explorer()
    alive, still = outputs(explorer)
    view = alive["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == explorer.box.model_id
    assert alive["text/plain"].startswith("game explorer: controls mean of q, scale of q")
    assert "Run this cell for its controls." in alive["text/html"]
    assert "<img" not in alive["text/html"]  # stored once
    stored = re.findall(r"base64,([^\"]+)", still["text/html"])
    assert b"".join(map(base64.b64decode, stored)) == pixels(explorer)
    assert "No controls here?" in still["text/html"]
    assert "No controls" not in explorer.picture.value


def test_the_still_figure_hides_behind_controls_of_its_own_kind_only(outputs):
    makers = (widgets.game_explorer, widgets.objective_explorer, widgets.live_duel)
    names = []
    for make in makers:
        explorer = make()
        page = outputs(explorer)[1]["text/html"]
        hiding = re.match(
            r"<style>div:has\(\.([\w-]+)\) ~ div \.\1-still \{display: none\}", page
        )
        assert hiding[1] in explorer.box._dom_classes
        assert f'<div class="{hiding[1]}-still">' in page
        names.append(hiding[1])
    assert len(set(names)) == len(makers)


def test_a_page_outputs_the_same_text_every_time(outputs):
    first, second = (outputs(widgets.game_explorer()) for _ in range(2))
    for page, other in zip(first, second, strict=True):
        assert page["text/html"] == other["text/html"]
        assert page["text/plain"] == other["text/plain"]


@pytest.mark.parametrize(
    "make", [widgets.game_explorer, widgets.objective_explorer, widgets.phase_explorer]
)
def test_labels_of_one_explorer_end_at_one_edge_and_fit(make):
    controls = make().controls.values()
    (width,) = {control.style.description_width for control in controls}
    letters = max(len(control.description) for control in controls)
    assert 0.5 * letters <= float(width.removesuffix("em")) <= 0.7 * letters


@pytest.mark.parametrize(
    "module, show, settings, panels, told",
    [
        (game, widgets.show_game, [(0.5, 1.0), (8.0, 1.0)], 6, ["JS 0.0303", "JS 0.693"]),
        (
            objectives,
            widgets.show_objectives,
            [(2.0, "shared"), (0.5, "own")],
            2,
            ["hinge -0.75", "hinge 0 (dead)"],
        ),
    ],
)
def test_the_standing_figure_tells_the_same_story(
    monkeypatch, module, show, settings, panels, told
):
    seen = []
    monkeypatch.setattr(
        module, "put_on_page", lambda *figures, alt: seen.append((figures, alt))
    )
    assert show(settings) is None
    ((figures, alts),) = seen
    assert sum(len(figure.axes) for figure in figures) == panels
    for words, alt in zip(told, alts, strict=True):
        assert words in alt
