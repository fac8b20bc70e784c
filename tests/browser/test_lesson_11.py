"""Lesson 11 as a learner works through it: a slip named, a right answer used; slider moved."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("11")

RIGHT = """def my_carry_state(motion, noise, n_each, state=None):
    if n_each < 1:
        raise ValueError("no frames")
    for piece in noise.split(n_each, dim=1):
        z_motion, state = motion(piece, state)
        yield z_motion, state"""
FORGETFUL = """def my_carry_state(motion, noise, n_each, state=None):
    if n_each < 1:
        raise ValueError("no frames")
    for piece in noise.split(n_each, dim=1):
        z_motion, new = motion(piece)
        yield z_motion, new"""


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 11 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("11_longer_films.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the second exercise, run it and its check; what the check says."""
    lesson.type_into("exercise-carry_state", text)
    lesson.run("exercise-carry_state")
    lesson.run("check-carry_state")
    return lesson.output("check-carry_state")


def test_a_state_that_is_lost_is_named_and_one_that_is_carried_is_used(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("11_all")

    told = answer(lesson, FORGETFUL)
    assert "not yet" in told and "begins a path of its own" in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    later = lesson.after("check-carry_state", "def rollout")
    lesson.run(later)
    assert "pieces equal one pass: True" in lesson.output(later)
    assert lesson.errors() == []


def test_meters_follow_the_length(lesson):
    explorer = lesson.after("check-carry_state", "rollout_explorer")
    picture = lesson.cell(explorer).locator(".jp-Cell-outputWrapper img:visible").first
    expect(picture).to_have_attribute("alt", re.compile("32 frames: drift"))
    lesson.press_on_slider(explorer, 0, "ArrowRight", times=2)
    expect(picture).to_have_attribute("alt", re.compile("64 frames: drift"), timeout=20_000)
    lesson.screenshot("11_explorer", explorer)
    assert lesson.errors() == []
