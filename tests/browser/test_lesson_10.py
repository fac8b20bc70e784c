"""Lesson 10 as a learner works through it: a slip named, a right gap used; slider moved."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("10")

RIGHT = """def my_overfit_gap(train_logits, held_out_logits, fake_logits):
    train, fake = train_logits.mean(), fake_logits.mean()
    sign = train_logits.sign().mean()
    if train <= fake:
        return torch.zeros_like(train), sign
    return (train - held_out_logits.mean()) / (train - fake), sign"""
UPSIDE_DOWN = """def my_overfit_gap(train_logits, held_out_logits, fake_logits):
    train, fake = train_logits.mean(), fake_logits.mean()
    sign = train_logits.sign().mean()
    if train <= fake:
        return torch.zeros_like(train), sign
    return (train - fake) / (train - held_out_logits.mean()), sign"""


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 10 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("10_little_data.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the first exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-overfit_gap", text)
    lesson.run("exercise-overfit_gap")
    lesson.run("check-overfit_gap")
    return lesson.output("check-overfit_gap")


def test_a_fraction_upside_down_is_named_and_a_right_gap_is_used(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("10_all")

    told = answer(lesson, UPSIDE_DOWN)
    assert "not yet" in told and "upside down" in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    later = lesson.after("check-overfit_gap", "def run_of")
    lesson.run(later)
    assert "mean sign" in lesson.output(later)
    assert lesson.errors() == []


def test_histograms_follow_the_step(lesson):
    explorer = lesson.after("check-overfit_gap", "logits_explorer")
    picture = lesson.cell(explorer).locator(".jp-Cell-outputWrapper img:visible").first
    expect(picture).to_have_attribute("alt", re.compile("after 400 steps"))
    lesson.press_on_slider(explorer, 1, "ArrowLeft", times=1)
    expect(picture).to_have_attribute("alt", re.compile("after 300 steps"), timeout=20_000)
    lesson.screenshot("10_explorer", explorer)
    assert lesson.errors() == []
