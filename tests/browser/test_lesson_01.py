"""Lesson 01 on the screen: every figure drawn, the game moves under the arrow keys."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser
from browser.lab import close_sessions

pytestmark = in_browser("01")

MOVED = re.compile(r"fakes with mean 4 and scale 1: .* W1 4 units of x")


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 01 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("01_the_game.ipynb")
    opened.run_all()
    return opened


def test_a_reader_runs_everything_and_moves_the_fakes_by_keyboard(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("01_all")

    game = lesson.after("check-js_vs_w1", "game_explorer()")
    assert "fakes with mean 2 and scale 1" in lesson.picture_words(game)[0]
    lesson.press_on_slider(game, 0, "ArrowRight", times=8)  # a quarter of a unit each
    picture = lesson.cell(game).locator(".vgan-game-explorer img").first
    expect(picture).to_have_attribute("alt", MOVED, timeout=20_000)
    lesson.screenshot("01_moved", game)


def test_a_saved_page_keeps_its_controls_or_shows_the_picture_and_says_what_to_do(lesson, lab):
    """The test above left a moved slider behind; nothing is run again here."""
    game = lesson.after("check-js_vs_w1", "game_explorer()")
    still = lesson.cell(game).locator(".vgan-game-explorer-still")
    expect(still).to_be_hidden()  # as long as the controls are there
    lesson.save()
    close_sessions(lab)

    lesson.open()
    expect(lesson.cell(game).locator(".noUi-handle")).to_have_count(2)
    kept = lesson.cell(game).locator(".vgan-game-explorer img").first
    expect(kept).to_have_attribute("alt", MOVED)
    expect(still).to_be_hidden()
    lesson.screenshot("01_reopened", game)

    lesson.forget_widgets()
    lesson.open()
    expect(still.locator("img").first).to_be_visible()
    expect(still).to_contain_text("No controls here?")
    outputs = lesson.cell(game).locator(".jp-Cell-outputWrapper").first
    expect(outputs).not_to_contain_text("model not found", use_inner_text=True)
    expect(outputs).not_to_contain_text("Loading widget", use_inner_text=True)
    expect(lesson.cell(game).locator(".noUi-handle")).to_have_count(0)
    lesson.screenshot("01_elsewhere", game)
