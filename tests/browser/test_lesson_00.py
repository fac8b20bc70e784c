"""Lesson 00 as a newcomer meets it: open, run everything, type the first answer."""

from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("00")

WRONG = """def my_from_uint8(stored):
    return stored / 128 - 1"""
RIGHT = """def my_from_uint8(stored):
    return stored / 127.5 - 1"""


def wraps_at_words(lesson, cell_id):
    """Whether the printed line of a cell is broken between words only."""
    printed = lesson.cell(cell_id).locator(".jp-RenderedText pre").first
    return printed.evaluate("line => getComputedStyle(line).wordBreak") == "normal"


def test_a_newcomer_runs_everything_and_gets_the_first_answer_checked(open_lesson):
    lesson = open_lesson("00_start_here.ipynb")
    folds = lesson.page.locator(".jp-Notebook .jp-OutputPlaceholder")
    expect(folds).to_have_count(6)  # four answers below their questions, and two figures ...
    lesson.run_all()
    expect(folds).to_have_count(0)  # ... until they are run
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    assert "not attempted" in lesson.output("check-from_uint8")
    lesson.screenshot("00_all")

    lesson.type_into("exercise-from_uint8", WRONG)
    lesson.run("exercise-from_uint8")
    lesson.run("check-from_uint8")
    lesson.screenshot("00_wrong", "check-from_uint8")
    assert "not yet" in lesson.output("check-from_uint8")
    assert "half of 255 is 127.5" in lesson.output("check-from_uint8")
    assert "✗ not yet" in lesson.output("check-from_uint8")
    assert wraps_at_words(lesson, "check-from_uint8")

    lesson.type_into("exercise-from_uint8", RIGHT)
    lesson.run("exercise-from_uint8")
    lesson.run("check-from_uint8")
    lesson.screenshot("00_right", "check-from_uint8")
    assert "passed. Going on with yours." in lesson.output("check-from_uint8")
    assert "✓ passed" in lesson.output("check-from_uint8")

    table = lesson.after("check-from_uint8", "progress(0)")
    lesson.run(table)
    lesson.screenshot("00_progress", table)
    assert "passed" in lesson.output(table)
