"""No notebook imports its own answers; and the rule that says so can say no."""

import pytest

from house import order, pages
from house.tree import Source, library, none_of

LIBRARY = [
    Source("vgan_lessons.losses.hinge", 'def hinge(x):\n    """Say. Lesson 02. A paper."""'),
    Source("vgan_lessons.training", 'class Loop:\n    """Play.\n\n    Lesson 04."""'),
    Source("vgan_lessons.display", 'def show(x):\n    """Show.\n\n    Lesson 06."""'),
    Source("vgan_lessons.layout", 'def fold(x):\n    """No lesson."""'),
]
LESSONS = order.taught_in(LIBRARY)


def notebook(code: str) -> dict:
    return {"cells": [{"cell_type": "code", "source": code}]}


def test_no_lesson_uses_what_it_or_a_later_one_has_yet_to_teach():
    lessons = order.taught_in(library())
    complaints = [
        why
        for name, page in pages.notebooks().items()
        for why in order.answers_imported(int(name[:2]), page, lessons)
    ]
    none_of(complaints)


def test_the_library_says_of_its_names_where_they_are_taught():
    lessons = order.taught_in(library())
    assert lessons[("losses", "hinge_d_loss")] == 2
    assert lessons[("divergences", "optimal_logit")] == 1


def test_docstrings_give_each_name_its_lesson():
    taught = {("losses", "hinge"): 2, ("training", "Loop"): 4, ("display", "show"): 6}
    assert taught == LESSONS


@pytest.mark.parametrize(
    "code",
    [
        "from vgan_lessons.losses import hinge",
        "from vgan_lessons.losses.hinge import hinge as h",
        "from vgan_lessons import losses\nlosses.hinge(1)",
        "import vgan_lessons.losses as L\nL.hinge(1)",
        "import vgan_lessons.losses\nvgan_lessons.losses.hinge(1)",
        "%pip install x\nif 1:\n    !ls\nfrom vgan_lessons.losses import hinge",
        "from vgan_lessons.training import Loop",
    ],
)
def test_an_answer_is_seen_in_every_spelling_and_fine_once_it_is_taught(code):
    assert len(order.answers_imported(2, notebook(code), LESSONS)) == 1
    assert not order.answers_imported(5, notebook(code), LESSONS)


def test_furniture_may_be_used_from_the_first_lesson_on():
    code = "from vgan_lessons.display import show\nfrom vgan_lessons.layout import fold"
    assert not order.answers_imported(1, notebook(code), LESSONS)


def test_the_preview_may_show_the_finished_product():
    code = "from vgan_lessons.training import Loop"
    assert not order.answers_imported(0, notebook(code), LESSONS)


def test_a_star_import_hides_answers_and_is_seen():
    code = "from vgan_lessons.losses import *"
    assert order.answers_imported(5, notebook(code), LESSONS)
