"""Which tests run, and side by side which of them in a row."""

from types import SimpleNamespace

import pytest

from conftest import leave_out_thorough_ones
from turns import group_of, long_ones_first


def item(name, *marks):
    by_name = {mark.name: mark for mark in marks}
    return SimpleNamespace(name=name, get_closest_marker=by_name.get)


@pytest.mark.parametrize(
    "asked, kept",
    [
        ("", ["quick", "slow"]),
        ("not slow", ["quick", "slow"]),  # pytest itself leaves out the slow ones
        ("thorough", ["quick", "slow", "25 seeds"]),
        ("slow or thorough", ["quick", "slow", "25 seeds"]),
    ],
)
def test_thorough_tests_run_only_where_their_marker_is_named(asked, kept):
    left_out = []
    hook = SimpleNamespace(pytest_deselected=lambda items: left_out.extend(items))
    config = SimpleNamespace(option=SimpleNamespace(markexpr=asked), hook=hook)
    slow, thorough = pytest.mark.slow, pytest.mark.thorough
    items = [item("quick"), item("slow", slow), item("25 seeds", thorough)]
    leave_out_thorough_ones(config, items)
    assert [item.name for item in items] == kept
    assert len(left_out) == 3 - len(kept)


def test_tests_that_share_something_expensive_run_in_a_row():
    exercise = "tests/test_exercises.py::test_{}[{}]".format
    assert (
        group_of(exercise("a", "pushed-hinge")) == group_of(exercise("b", "hinge")) == "hinge"
    )
    assert group_of("tests/test_losses.py::test_a[hinge]") == "tests/test_losses.py"
    assert group_of("tests/browser/test_lesson_04.py::test_a") == "browser"
    assert group_of("tests/house/test_sizes.py::test_a") == "house"
    assert group_of("vgan_lessons/layout.py::vgan_lessons.layout") == "vgan_lessons/layout.py"


def test_each_lesson_may_take_another_worker():
    strict = "tests/test_notebooks.py::test_strict[{}]".format
    assert group_of(strict("03_dynamics")) != group_of(strict("04_training"))


def test_long_tests_start_first_and_otherwise_nothing_changes_places():
    page, slips = pytest.mark.lesson("04", "strict"), pytest.mark.lesson("04", "exercises")
    slow = pytest.mark.slow
    made = {"a": [], "b": [slow], "c": [slips], "d": [slow, slips], "e": [slow, page]}
    items = [item(name, *marks) for name, marks in made.items()]
    long_ones_first(items)
    assert [item.name for item in items] == ["e", "b", "d", "a", "c"]
