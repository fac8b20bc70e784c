"""The exercises and quizzes that exist; `vgan_lessons.exercises` fills it."""

import difflib
from collections.abc import Iterable

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.questions import Quiz

_exercises: dict[str, Exercise] = {}
_quizzes: dict[int, Quiz] = {}


class UnknownName(KeyError):
    """No exercise or quiz goes by that name; the message suggests one that does."""

    def __str__(self) -> str:
        return str(self.args[0])


def register(exercises: Iterable[Exercise], quizzes: Iterable[Quiz] = ()) -> None:
    """Make exercises and quizzes known by name; registering the same again changes nothing.

    Raises:
        ValueError: if a name or number is already taken by another exercise.
    """
    for exercise in exercises:
        for known in _exercises.values():
            taken = known.name == exercise.name or known.number == exercise.number
            if taken and known is not exercise:
                raise ValueError(f"{exercise.title} collides with {known.title}")
        _exercises[exercise.name] = exercise
    _quizzes.update({quiz.lesson: quiz for quiz in quizzes})


def find(name: str) -> Exercise:
    """Look an exercise up by its name.

    Raises:
        UnknownName: with the nearest known name.
    """
    if name not in _exercises:
        near = difflib.get_close_matches(str(name), _exercises, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "see `vgan-lessons check --list`"
        raise UnknownName(f"there is no exercise {name!r}; {hint}")
    return _exercises[name]


def find_quiz(lesson: int) -> Quiz:
    """The exit quiz of a lesson.

    Raises:
        UnknownName: if that lesson has none.
    """
    if lesson not in _quizzes:
        raise UnknownName(f"lesson {lesson} has no quiz; these have: {sorted(_quizzes)}")
    return _quizzes[lesson]


def all_exercises() -> tuple[Exercise, ...]:
    """Every registered exercise, by lesson and place."""
    return tuple(sorted(_exercises.values(), key=lambda exercise: exercise.place))


def all_quizzes() -> tuple[Quiz, ...]:
    """Every registered quiz, by lesson."""
    return tuple(_quizzes[lesson] for lesson in sorted(_quizzes))
