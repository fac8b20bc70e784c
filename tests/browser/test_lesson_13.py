"""Lesson 13 as a learner works through it: a slip named; the wall fills."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("13")

RIGHT = """def my_q_sample(clean, abar, noise):
    a = abar.view(-1, *[1] * (clean.ndim - 1))
    return a.sqrt() * clean + (1 - a).sqrt() * noise"""
NO_ROOTS = """def my_q_sample(clean, abar, noise):
    a = abar.view(-1, *[1] * (clean.ndim - 1))
    return a * clean + (1 - a) * noise"""


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 13 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("13_rivals.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the first exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-q_sample", text)
    lesson.run("exercise-q_sample")
    lesson.run("check-q_sample")
    return lesson.output("check-q_sample")


def test_weights_without_roots_are_named_and_a_right_answer_is_used(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("13_all")

    told = answer(lesson, NO_ROOTS)
    assert "not yet" in told and "take their roots" in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    later = lesson.after("check-q_sample", "motion_energy")
    lesson.run(later)
    assert "measured" in lesson.output(later)
    assert lesson.errors() == []


def test_the_wall_fills_while_one_waits(lesson):
    explorer = lesson.after("check-pareto", "rivals_explorer")
    picture = lesson.cell(explorer).locator(".jp-Cell-outputWrapper img:visible").first
    expect(picture).to_have_attribute("alt", re.compile("finished 0.1 s after"))
    lesson.press_on_slider(explorer, 0, "ArrowRight", times=2)
    expect(picture).to_have_attribute("alt", re.compile("finished 1 s after"), timeout=20_000)
    lesson.screenshot("13_explorer", explorer)
    assert lesson.errors() == []
