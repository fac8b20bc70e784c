"""Lesson 03 as a learner works through it: wrong, diagnosed, right, used; a slider moved."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("03")

SIGNS = """def my_dirac_field(theta, psi):
    slope = torch.sigmoid(-psi * theta)
    return psi * slope, -theta * slope"""
RIGHT = """def my_dirac_field(theta, psi):
    if theta.ndim == 1:
        print("the learner's own field at work")
    slope = torch.sigmoid(-psi * theta)
    return -psi * slope, theta * slope"""
DAMPED = re.compile(r"gamma 1, .* near the equilibrium the game converges;")


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 03 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("03_dynamics.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the first exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-dirac_field", text)
    lesson.run("exercise-dirac_field")
    lesson.run("check-dirac_field")
    return lesson.output("check-dirac_field")


def test_a_learner_goes_from_a_named_mistake_to_a_field_the_page_uses(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("03_all")

    told = answer(lesson, SIGNS)
    lesson.screenshot("03_wrong", "check-dirac_field")
    assert "not yet" in told and "Going on with the library's version." in told
    assert 'Looks like "' in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    later = lesson.after("check-dirac_field", "no velocity points out or in")
    lesson.run(later)
    assert "the learner's own field at work" in lesson.output(later)
    assert lesson.errors() == []


def test_friction_turned_on_by_keyboard_makes_the_game_converge(lesson):
    explorer = lesson.after("check-dirac_field", "phase_explorer()")
    assert "near the equilibrium the game circles" in lesson.picture_words(explorer)[0]
    lesson.screenshot("03_slider_before", explorer)
    lesson.press_on_slider(explorer, 1, "ArrowRight", times=10)  # gamma, a tenth each
    picture = lesson.cell(explorer).locator(".jp-Cell-outputWrapper img").first
    expect(picture).to_have_attribute("alt", DAMPED, timeout=20_000)
    lesson.screenshot("03_slider_after", explorer)
    assert len(lesson.picture_words(explorer)) == 1
    assert lesson.errors() == []
