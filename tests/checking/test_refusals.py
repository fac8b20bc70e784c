"""What is said of answers that refuse too little, or too much."""

import pytest

from vgan_lessons.checking.relations.refusals import (
    relation_of_own_raise,
    relation_of_refusals,
)
from vgan_lessons.checking.results import Trouble

_DUE = ("ValueError", "ValueError", "no error")


@pytest.mark.parametrize(
    ("wanted", "got", "name"),
    [
        (_DUE, ("ValueError", "no error", "no error"), "refused in part"),
        (_DUE, ("no error", "no error", "no error"), "not refused"),
        (_DUE, ("ValueError", "ValueError", "ValueError"), "refused without need"),
        ({"short": "ValueError"}, {"short": "no error"}, "not refused"),
        ("ValueError", "no error", "not refused"),
        (_DUE, _DUE, None),
        (_DUE, ("ValueError", "TypeError", "no error"), None),
        ((1.0, 2.0), ("no error", "no error"), None),
        (_DUE, ("no error",), None),
    ],
)
def test_refusals_are_held_against_those_that_are_due(wanted, got, name):
    relation = relation_of_refusals(wanted, got)
    assert (relation and relation.name) == name


@pytest.mark.parametrize(
    ("kind", "line", "name"),
    [
        ("ValueError", 'raise ValueError("short")', "refused without need"),
        ("IndexError", 'raise IndexError("one frame")', "another exception"),
        ("ValueError", "h, c = step(x, state)", None),
    ],
)
def test_an_exception_of_ones_own_is_told_from_one_that_happens(kind, line, name):
    relation = relation_of_own_raise(Trouble(kind, "", line))
    assert (relation and relation.name) == name
    assert relation_of_own_raise(None) is None
