"""Exercises and quizzes are found by name, and none takes another's place."""

import pytest

from checking.toys import QUIZ, hinge, right, toy
from vgan_lessons import checking
from vgan_lessons.checking import UnknownName, registry

pytestmark = pytest.mark.usefixtures("own_registry")


def test_an_unknown_name_suggests_a_known_one():
    with pytest.raises(UnknownName, match="did you mean 'hinge'"):
        checking.check("hing", right)


def test_two_exercises_cannot_share_a_number():
    with pytest.raises(ValueError, match="collides"):
        registry.register([toy(hinge, name="other")])


@pytest.mark.parametrize(
    "given, mark",
    [
        (None, "not answered"),
        (..., "not answered"),
        ("b", "right"),
        (" B)", "right"),
        ("(b)", "right"),
        ("b.", "right"),
        ("a", "not yet"),
        (2, "not yet"),
    ],
)
def test_a_letter_is_marked_however_it_is_typed(given, mark):
    assert QUIZ.questions[0].mark(given) == mark


@pytest.mark.parametrize(
    "given, mark",
    [(0.2509, "right"), ("0.25", "right"), (0.252, "not yet"), ("much", "not yet")],
)
def test_a_number_is_marked_within_its_tolerance(given, mark):
    assert QUIZ.questions[1].mark(given) == mark


def test_exercises_are_listed_by_lesson_and_place():
    registry.register([toy(hinge, name=f"at_{n}", number=n) for n in ("99.10", "7.2", "99.2")])
    listed = [exercise.number for exercise in registry.all_exercises()]
    assert listed == ["7.2", "99.1", "99.2", "99.10"]
