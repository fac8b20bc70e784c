"""Lesson 09 as a learner works through it: a slip named, a right metric used; slider moved."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("09")

RIGHT = """def my_squared_mmd(real_features, fake_features, kernel):
    n, m = len(real_features), len(fake_features)
    if n < 2 or m < 2:
        raise ValueError("no pair")
    reals = kernel(real_features, real_features)
    fakes = kernel(fake_features, fake_features)
    within = (reals.sum() - reals.trace()) / (n * (n - 1))
    within = within + (fakes.sum() - fakes.trace()) / (m * (m - 1))
    return within - 2 * kernel(real_features, fake_features).mean()"""
BIASED = """def my_squared_mmd(real_features, fake_features, kernel):
    if min(len(real_features), len(fake_features)) < 2:
        raise ValueError("no pair")
    within = kernel(real_features, real_features).mean()
    within = within + kernel(fake_features, fake_features).mean()
    return within - 2 * kernel(real_features, fake_features).mean()"""


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 09 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("09_evaluation.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the third exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-squared_mmd", text)
    lesson.run("exercise-squared_mmd")
    lesson.run("check-squared_mmd")
    return lesson.output("check-squared_mmd")


def test_a_biased_estimate_is_named_and_an_unbiased_one_is_used(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("09_all")

    told = answer(lesson, BIASED)
    assert "not yet" in told and "compared with itself" in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    later = lesson.after("check-squared_mmd", "def mmd")
    lesson.run(later)
    assert "impostor" in lesson.output(later)
    assert lesson.errors() == []


def test_bands_and_draws_follow_the_sample_size(lesson):
    explorer = lesson.after("check-squared_mmd", "sample_size_explorer")
    picture = lesson.cell(explorer).locator(".jp-Cell-outputWrapper img:visible").first
    expect(picture).to_have_attribute("alt", re.compile("with 64 samples"))
    lesson.press_on_slider(explorer, 0, "ArrowRight", times=2)
    expect(picture).to_have_attribute("alt", re.compile("with 256 samples"), timeout=20_000)
    lesson.screenshot("09_explorer", explorer)
    assert lesson.errors() == []
