"""Lesson 02 as a learner works through it: wrong, diagnosed, right, used; a slider moved."""

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("02")

LABELS_SWAPPED = """def my_hinge_d_loss(real_logits, fake_logits):
    return F.relu(1 + real_logits).mean() + F.relu(1 - fake_logits).mean()"""
RIGHT = """def my_hinge_d_loss(real_logits, fake_logits):
    print("the learner's own function at work")
    return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()"""


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 02 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("02_objectives.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the hinge exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-hinge_d_loss", text)
    lesson.run("exercise-hinge_d_loss")
    lesson.run("check-hinge_d_loss")
    return lesson.output("check-hinge_d_loss")


def test_a_learner_goes_from_a_named_mistake_to_a_function_the_page_uses(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("02_all")

    told = answer(lesson, LABELS_SWAPPED)
    lesson.screenshot("02_wrong", "check-hinge_d_loss")
    assert "not yet" in told and "Going on with the library's version." in told
    assert 'Looks like "labels swapped".' in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    lesson.screenshot("02_right", "check-hinge_d_loss")

    later = lesson.after("check-hinge_d_loss", "hinge_d_loss(more, silent)")
    lesson.run(later)
    assert "the learner's own function at work" in lesson.output(later)
    assert lesson.errors() == []


def test_a_slider_moved_by_keyboard_redraws_its_figure(lesson):
    explorer = lesson.after("check-hinge_d_loss", "objective_explorer()")
    before = lesson.picture_words(explorer)
    lesson.screenshot("02_slider_before", explorer)
    lesson.press_on_slider(explorer, 0, "ArrowLeft", times=5)
    picture = lesson.cell(explorer).locator(".jp-Cell-outputWrapper img").first
    expect(picture).not_to_have_attribute("alt", before[0])
    lesson.screenshot("02_slider_after", explorer)
    assert len(before) == len(lesson.picture_words(explorer)) == 1
    assert lesson.errors() == []
