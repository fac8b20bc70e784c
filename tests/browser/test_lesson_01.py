"""Lesson 01 on the screen: every figure drawn, the game moves under the arrow keys."""

import re

from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("01")

MOVED = re.compile(r"fakes with mean 4 and scale 1: .* W1 4 units of x")


def test_a_reader_runs_everything_and_moves_the_fakes_by_keyboard(open_lesson):
    lesson = open_lesson("01_the_game.ipynb")
    lesson.run_all()
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("01_all")

    game = lesson.after("check-js_vs_w1", "game_explorer()")
    assert "fakes with mean 2 and scale 1" in lesson.picture_words(game)[0]
    lesson.press_on_slider(game, 0, "ArrowRight", times=8)  # a quarter of a unit each
    picture = lesson.cell(game).locator(".jp-Cell-outputWrapper img")
    expect(picture).to_have_attribute("alt", MOVED, timeout=20_000)
    lesson.screenshot("01_moved", game)
