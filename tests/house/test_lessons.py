"""Every lesson is laid out as the course promises; and the rules can say no."""

import copy

import pytest

from house import lessons, pages
from house.tree import none_of

RULES = [
    lessons.badly_opened,
    lessons.hard_to_read,
    lessons.out_of_rhythm,
    lessons.incomplete,
    lessons.dead_links,
]


def cell(name: str, source: str, kind: str = "code") -> dict:
    return {"cell_type": kind, "id": name, "metadata": {}, "source": source}


TITLE = "# 99 Is this a lesson?\n\n| can | write | need | time |\n|---|---|---|---|"
LESSON = {
    "cells": [
        cell("title", TITLE, "markdown"),
        cell("hosted", 'if "google.colab" in sys.modules:\n    %pip install x'),
        cell("imports", "import math\n\nfrom vgan_lessons.exercises import check"),
        cell("predict-half", 'predict("half", None)'),
        cell("exercise-half", "def my_half(x):\n    ..."),
        cell("contract-half", "**half asks:**", "markdown"),
        cell("check-half", 'half = check("half", my_half)'),
        cell("measure", 'predict("half", measured=half(3))\nquiz(99, None)'),
        cell("end", "**Break it.** With a GPU the same. Next: nothing.", "markdown"),
    ]
}


def spoilt(name: str, source: str) -> dict:
    page = copy.deepcopy(LESSON)
    next(cell for cell in page["cells"] if cell["id"] == name)["source"] = source
    return page


def without(name: str) -> dict:
    return {"cells": [cell for cell in LESSON["cells"] if cell["id"] != name]}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_lesson_keeps(rule):
    none_of(
        [f"{name}: {why}" for name, page in pages.notebooks().items() for why in rule(page)]
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_lesson_passes(rule):
    assert rule(LESSON) == []


def test_a_folded_cell_may_be_long():
    page = spoilt("imports", "import math\n" * 31)
    assert lessons.hard_to_read(page)
    folded = next(cell for cell in page["cells"] if cell["id"] == "imports")
    folded["metadata"] = {"jupyter": {"source_hidden": True}}
    assert not lessons.hard_to_read(page)


@pytest.mark.parametrize(
    "rule, page",
    [
        (lessons.badly_opened, spoilt("title", TITLE.replace("# 99", "##"))),
        (lessons.badly_opened, spoilt("title", "# 99 No table")),
        (lessons.badly_opened, spoilt("hosted", "print('hello')")),
        (lessons.badly_opened, spoilt("imports", "import math\nx = 1")),
        (lessons.badly_opened, spoilt("measure", "import torch")),
        (lessons.hard_to_read, spoilt("measure", "x" * 89)),
        (lessons.hard_to_read, spoilt("measure", "x\n" * 31)),
        (lessons.out_of_rhythm, without("check-half")),
        (lessons.out_of_rhythm, without("contract-half")),
        (lessons.out_of_rhythm, without("predict-half")),
        (lessons.out_of_rhythm, without("measure")),
        (lessons.incomplete, spoilt("end", "**Break it.** Next: nothing.")),
        (lessons.incomplete, spoilt("end", "With a GPU the same. Next: nothing.")),
        (lessons.incomplete, spoilt("measure", 'predict("half", measured=1)')),
        (lessons.incomplete, spoilt("title", TITLE.replace("99", "00"))),
        (lessons.dead_links, spoilt("end", "[98](98_nowhere.ipynb)")),
    ],
)
def test_a_lesson_that_breaks_one_rule_is_seen(rule, page):
    assert len(rule(page)) == 1
