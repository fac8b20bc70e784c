"""The exercises and quizzes that exist; `vgan_lessons.exercises` registers them.

A `Quiz` is small enough to be defined here, beside the list that it goes into.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from vgan_lessons.calling import typed
from vgan_lessons.checking.exercise import Exercise

_Mark = Literal["not answered", "not yet", "right"]


@dataclass(frozen=True)
class Question:
    """One question with one right answer.

    Args:
        text: the question, in full.
        options: what to choose from, lettered a, b, c ...; empty where a number is asked.
        answer: the right letter, or the number.
        why: shown once the answer is right.
        nudge: shown while it is not.
        tolerance: how far a number may be off.
    """

    text: str
    options: tuple[str, ...]
    answer: str | float
    why: str
    nudge: str
    tolerance: float = 1e-3

    def lettered(self) -> list[str]:
        """The options as they are shown: "a) minimax"."""
        return [f"{chr(97 + i)}) {option}" for i, option in enumerate(self.options)]

    def mark(self, given: str | float | None) -> _Mark:
        """Judge an answer; a letter in either case, a number within the tolerance."""
        if given is None or given is ...:
            return "not answered"
        if isinstance(self.answer, str):
            return "right" if str(given).strip(" ().").lower() == self.answer else "not yet"
        try:
            near = abs(float(given) - self.answer) <= self.tolerance
        except (TypeError, ValueError):
            near = False
        return "right" if near else "not yet"


@dataclass(frozen=True)
class Quiz:
    """The exit quiz of one lesson."""

    lesson: int
    questions: tuple[Question, ...]

    def text(self) -> str:
        """The questions as plain text, numbered."""
        lines = []
        for number, question in enumerate(self.questions, 1):
            lines.append(f"{number}. {question.text}")
            lines += [f"   {option}" for option in question.lettered()]
        return "\n".join(lines)

    def reply(self, marks: list[_Mark]) -> str:
        """One line per question: the mark, with the explanation or the nudge."""
        said = []
        for number, (question, mark) in enumerate(zip(self.questions, marks, strict=True), 1):
            more = {"right": f" {question.why}", "not yet": f" {question.nudge}"}.get(mark, "")
            said.append(f"{number}. {mark}.{more}")
        return "\n".join(said)


_exercises: dict[str, Exercise] = {}
_quizzes: dict[int, Quiz] = {}


class UnknownName(KeyError):
    """No exercise or quiz goes by that name; the message suggests one that does."""

    def __str__(self) -> str:
        return str(self.args[0])

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: one line."""
        return [str(self)]


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


def find(name: Any) -> Exercise:
    """Look an exercise up.

    Args:
        name: "hinge_d_loss", its number "2.4a", "my_hinge_d_loss", or the function itself.

    Raises:
        UnknownName: with the nearest known name.
    """
    name = name if isinstance(name, str) else getattr(name, "__name__", str(name))
    spelled = name.strip().removeprefix("my_")
    if parts := [e.title for e in all_exercises() if spelled == e.task != e.number]:
        raise UnknownName(f"{spelled} is {' and '.join(parts)}: name one")
    for exercise in _exercises.values():
        if spelled in (exercise.name, exercise.number):
            return exercise
    near = difflib.get_close_matches(spelled, _exercises, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"see `{typed('check', '--list')}`"
    raise UnknownName(f"there is no exercise {name!r}; {hint}")


def find_quiz(lesson: int | str) -> Quiz:
    """The exit quiz of a lesson.

    Args:
        lesson: its number: 0, "0" or "00".

    Raises:
        UnknownName: if that lesson has none.
    """
    for number, quiz in _quizzes.items():
        if str(lesson).strip() in (f"{number}", f"{number:02d}"):
            return quiz
    have = ", ".join(map(str, sorted(_quizzes)))
    raise UnknownName(f"lesson {lesson} has no quiz; these have one: {have}")


def all_exercises() -> tuple[Exercise, ...]:
    """Every registered exercise, by lesson and place."""
    return tuple(sorted(_exercises.values(), key=lambda exercise: exercise.place))


def all_quizzes() -> tuple[Quiz, ...]:
    """Every registered quiz, by lesson."""
    return tuple(_quizzes[lesson] for lesson in sorted(_quizzes))
