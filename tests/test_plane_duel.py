"""The live GAN: what its buttons move, what its picture and its words then say."""

import base64
import io
import math
import re

import pytest
import torch
from PIL import Image
from torch import nn

from vgan_lessons import widgets
from vgan_lessons.display.drawing import new_figure, png_bytes
from vgan_lessons.plane.duel import PointDuel
from vgan_lessons.widgets import arena, duel

BUTTONS = ["D's step", "G's step", "a round: both", "start again"]


def weights(network: nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


def both(game: PointDuel) -> tuple[torch.Tensor, torch.Tensor]:
    return weights(game.discriminator), weights(game.generator)


def press(panel: widgets.DuelPanel, words: str) -> None:
    row = panel.box.children[0].children
    next(button for button in row if button.description == words).click()


def words_of(panel: widgets.DuelPanel) -> str:
    words, *_ = re.findall(r'alt="([^"]*)"', panel.picture.value)
    return words


def pixels(panel: widgets.DuelPanel) -> bytes:
    data = re.findall(r"base64,([A-Za-z0-9+/=]+)", panel.picture.value)
    return b"".join(map(base64.b64decode, data))


@pytest.mark.parametrize(
    "button, d_moves, g_moves",
    [("D's step", 1, 0), ("G's step", 0, 1), ("a round: both", 1, 1)],
)
def test_a_button_moves_its_own_player_and_no_other(button, d_moves, g_moves):
    panel = widgets.live_duel()
    (d_before, g_before), picture = both(panel.duel), pixels(panel)
    press(panel, button)
    d_after, g_after = both(panel.duel)
    assert (panel.duel.d_steps, panel.duel.g_steps) == (d_moves, g_moves)
    assert torch.equal(d_before, d_after) is (d_moves == 0)
    assert torch.equal(g_before, g_after) is (g_moves == 0)
    assert f"after {d_moves} steps of D and {g_moves} of G" in words_of(panel)
    assert pixels(panel) != picture


def test_start_again_returns_to_the_first_picture():
    panel = widgets.live_duel()
    picture, words, before = pixels(panel), words_of(panel), both(panel.duel)
    press(panel, "a round: both")
    press(panel, "start again")
    assert (pixels(panel), words_of(panel)) == (picture, words)
    assert all(map(torch.equal, both(panel.duel), before))
    press(panel, "D's step")
    first = weights(panel.duel.discriminator)
    press(panel, "start again")
    press(panel, "D's step")
    assert torch.equal(weights(panel.duel.discriminator), first)


def test_a_tick_plays_as_many_rounds_as_the_slider_says_and_stopping_plays_none():
    panel = widgets.live_duel()
    panel.run.value = 1
    assert panel.duel.g_steps == 5
    panel.controls["speed"].value = 2
    panel.run.value = 2
    assert panel.duel.g_steps == panel.duel.d_steps == 7
    panel.run.value = 0  # what its stop button does
    assert panel.duel.g_steps == 7


def test_the_choice_of_objective_and_of_r1_changes_the_game_that_is_on():
    panel, plain = widgets.live_duel(), widgets.live_duel()
    panel.controls["objective"].value = "hinge"
    assert "hinge, after 0 steps" in words_of(panel)
    panel.controls["r1"].value = "1.0"
    assert "hinge, R1 1, after 0 steps" in words_of(panel)
    press(panel, "D's step")
    plain.controls["objective"].value = "hinge"
    press(plain, "D's step")
    undamped = weights(plain.duel.discriminator)
    assert not torch.equal(weights(panel.duel.discriminator), undamped)


def test_every_control_and_button_says_what_it_is_for():
    panel = widgets.live_duel()
    row = panel.box.children[0].children
    assert [button.description for button in row] == BUTTONS
    assert all(control.description for control in panel.controls.values())


def test_looking_moves_nothing():
    game = PointDuel(objective="relativistic average", r1_gamma=0.1)
    before = both(game)
    game.standing(), game.arrows(5), game.shown_fake()
    assert all(map(torch.equal, both(game), before))
    assert all(p.grad is None for p in game.discriminator.parameters())


def test_a_silent_judge_reads_the_landmarks_and_pulls_nowhere():
    game = PointDuel()
    for parameter in game.discriminator.layers[-1].parameters():
        nn.init.zeros_(parameter)
    now = game.standing()
    assert now.d_loss == pytest.approx(2 * math.log(2))
    assert now.g_loss == pytest.approx(math.log(2))
    assert now.in_order == 0.5
    _, pulls = game.arrows(4)
    assert pulls.abs().max() == 0


def test_an_arrow_points_where_the_judge_scores_higher():
    game = PointDuel()
    game.discriminator.layers = nn.Sequential(nn.Linear(2, 1))
    with torch.no_grad():
        game.discriminator.layers[0].weight.copy_(torch.tensor([[3.0, -4.0]]))
        game.discriminator.layers[0].bias.zero_()
    places, pulls = game.arrows(6)
    slopes = torch.sigmoid(-(3 * places[:, 0] - 4 * places[:, 1]))  # of -log D, turned round
    assert torch.allclose(pulls[:, 0], 3 * slopes, atol=1e-6)
    assert torch.allclose(pulls[:, 1], -4 * slopes, atol=1e-6)


@pytest.fixture
def shown(monkeypatch) -> list[str]:
    seen: list[str] = []
    for module in (arena, duel):
        monkeypatch.setattr(module, "put_on_page", lambda *_, alt, **__: seen.append(alt))
    return seen


def test_the_film_strip_tells_the_same_story(shown):
    assert widgets.show_duel((0, 2), r1_gamma=0.1) is None
    panel = widgets.live_duel()
    panel.controls["r1"].value = "0.1"
    start = words_of(panel)
    panel.play_rounds(2)
    end = duel.standing_in_words(panel.duel, panel.duel.standing())
    assert shown == [[start, end]]


def test_clouds_are_told_in_modes_and_quality(shown):
    one_mode = torch.tensor([[2.0, 0.0]]).repeat(4, 1)
    lost = torch.full((4, 2), torch.nan)
    assert widgets.show_points({"one": one_mode, "lost": lost}) is None
    assert "one: 1 of 8 modes, quality 1" in shown[0]
    assert "lost: the points are no numbers" in shown[0]


def test_shades_are_light_where_the_judge_says_real():
    class Right(nn.Module):
        def forward(self, points):
            return 10 * points[:, 0]

    figure, (axes,) = new_figure(1)
    arena.draw_arena(axes, torch.zeros(0, 2), torch.zeros(0, 2), Right())
    picture = Image.open(io.BytesIO(png_bytes(figure))).convert("L")
    shades = []
    for place in (-2.0, 2.0):
        x, y = axes.transData.transform((place, 0.0))
        right, down = x / figure.bbox.width, 1 - y / figure.bbox.height
        at = (int(right * picture.width), int(down * picture.height))
        shades.append(picture.getpixel(at))
    assert shades[0] < 160 and shades[1] > 240
