"""Lesson 07 as a learner works through it: a slip named, a right cell used; sliders moved."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("07")

RIGHT = """def my_lstm_cell(x, state, weight_ih, weight_hh, bias):
    h, c = state
    i, f, g, o = (x @ weight_ih.T + h @ weight_hh.T + bias).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c"""
SWAPPED = RIGHT.replace("i, f, g, o", "i, f, o, g")


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 07 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("07_lstm.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the first exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-lstm_cell", text)
    lesson.run("exercise-lstm_cell")
    lesson.run("check-lstm_cell")
    return lesson.output("check-lstm_cell")


def test_gates_in_another_order_are_named_and_a_right_cell_is_used(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("07_all")

    told = answer(lesson, SWAPPED)
    assert "not yet" in told and "i, f, g, o" in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    later = lesson.after("check-lstm_cell", "def step_of")
    lesson.run(later)
    assert "yours and torch's agree: True" in lesson.output(later)
    assert lesson.errors() == []


def test_gates_and_ruler_follow_the_forget_bias(lesson):
    explorer = lesson.after("check-gradient_through_time", "memory_explorer")
    picture = lesson.cell(explorer).locator(".jp-Cell-outputWrapper img:visible").first
    expect(picture).to_have_attribute("alt", re.compile("forget bias 1, 32 steps"))
    lesson.press_on_slider(explorer, 0, "ArrowRight", times=5)
    expect(picture).to_have_attribute("alt", re.compile("forget bias 1.5"), timeout=20_000)
    lesson.screenshot("07_explorer", explorer)
    assert lesson.errors() == []
