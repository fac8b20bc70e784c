"""Lesson 12 as a learner works through it: a slip named, a right answer used; bars chosen."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("12")

RIGHT = """def my_average_gradients(gradients, all_reduce, n_processes):
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    all_reduce(flat)
    sizes = [gradient.numel() for gradient in gradients]
    for gradient, part in zip(gradients, flat.split(sizes)):
        gradient.copy_(part.view_as(gradient) / n_processes)"""
SUMMED = RIGHT.replace(" / n_processes", "")


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 12 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("12_scale.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the fifth exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-average_gradients", text)
    lesson.run("exercise-average_gradients")
    lesson.run("check-average_gradients")
    return lesson.output("check-average_gradients")


def test_a_sum_for_a_mean_is_named_and_a_mean_is_used(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("12_all")

    told = answer(lesson, SUMMED)
    assert "not yet" in told and "divide by how many there are" in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    assert lesson.errors() == []


def test_bars_follow_the_chosen_setting(lesson):
    explorer = lesson.after("check-stopwatch", "step_explorer")
    picture = lesson.cell(explorer).locator(".jp-Cell-outputWrapper img:visible").first
    expect(picture).to_have_attribute("alt", re.compile("4 of 16 frames"))
    lesson.cell(explorer).locator("select").first.select_option(index=1)
    expect(picture).to_have_attribute("alt", re.compile("all 16 frames"), timeout=20_000)
    lesson.screenshot("12_explorer", explorer)
    assert lesson.errors() == []
