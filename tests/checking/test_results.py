"""Troubles in words; and the docstring that tells an answer's way names what there is."""

import importlib
import re

import pytest

from vgan_lessons import checking
from vgan_lessons.checking.results import Trouble


@pytest.mark.parametrize(
    "trouble, words",
    [
        (Trouble("ValueError", "no"), "calling it raised ValueError: no"),
        (Trouble("ValueError", "", "x = y"), "your line `x = y` raised ValueError"),
        (
            Trouble("RuntimeError", "cut", "x = y", during="backward"),
            "taking its gradient raised RuntimeError: cut",
        ),
        (Trouble("no function", "this is None"), "this is None"),
        (
            Trouble("too long", ""),
            "it ran too long and was stopped, as an endless loop would be",
        ),
    ],
)
def test_a_trouble_is_told_without_a_full_stop(trouble, words):
    assert str(trouble) == words


def test_the_way_of_an_answer_names_the_five_results_and_what_makes_them():
    told = checking.__doc__
    places = [told.index(f"`{n}`") for n in ("Observation", "Trouble", "Record", "Finding")]
    assert places == sorted(places) and places[-1] < told.index("`Verdict`")
    steps = re.findall(r"`(\w+)\.(\w+)`", told)
    assert len(steps) >= 6
    for module, name in steps:
        assert hasattr(importlib.import_module(f"vgan_lessons.checking.{module}"), name), name
