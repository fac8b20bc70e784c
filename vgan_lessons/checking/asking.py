"""What a learner types between exercises: predict, quiz, progress."""

import html
from typing import Any

from vgan_lessons.checking import overview
from vgan_lessons.checking.bookkeeping import note, read_progress
from vgan_lessons.checking.comparing import say
from vgan_lessons.checking.feedback import show
from vgan_lessons.checking.plain import plain
from vgan_lessons.checking.registry import find_quiz

_NOTHING = object()


def predict(name: str, guess: Any = None, *, measured: Any = _NOTHING, digits: int = 3) -> None:
    """Commit to a guess before the measurement, then see both side by side.

    Args:
        name: of the prediction; the same in both calls.
        guess: a number, a shape, a word; None leaves it open and never stops the page.
        measured: what came out; prints "you said -0.1; measured 0".
        digits: significant digits of what was measured.
    """
    if measured is _NOTHING:
        note("predictions", name, _storable(guess))
        noted = "none yet; put yours in place of None" if guess is None else say(plain(guess))
        print(f"your prediction: {noted}")
        return
    guessed = read_progress()["predictions"].get(name)
    print(f"you said {say(_as_tuple(guessed))}; measured {say(plain(measured), digits)}")


def quiz(lesson: int | str, *answers: Any) -> None:
    """Show the exit quiz of a lesson, or mark the answers to it.

    Args:
        lesson: its number.
        answers: one per question: a letter, or a number; None for a question left open.

    Raises:
        ValueError: if there are more or fewer answers than questions.
    """
    asked = find_quiz(int(lesson))
    if not answers:
        items = "".join(f"<li>{_as_html(question)}</li>" for question in asked.questions)
        show(asked.text(), f"<ol>{items}</ol>")
        return
    if len(answers) != len(asked.questions):
        raise ValueError(f"{len(asked.questions)} answers are expected, got {len(answers)}")
    pairs = zip(asked.questions, answers, strict=True)
    marks = [question.mark(answer) for question, answer in pairs]
    note("quizzes", str(asked.lesson), marks)
    print(asked.reply(marks))


def progress(lesson: int | None = None) -> None:
    """Show what is done: a table in a notebook, plain text elsewhere.

    Args:
        lesson: the number of one lesson; without it, the whole course.
    """
    known = read_progress()
    show(overview.as_text(known, lesson), overview.as_html(known, lesson))


def _as_html(question: Any) -> str:
    options = "".join(f"<br>{html.escape(option)}" for option in question.lettered())
    return html.escape(question.text) + options


def _storable(guess: Any) -> Any:
    """What JSON can keep of a guess."""
    guess = plain(guess)
    if isinstance(guess, tuple):
        return [_storable(item) for item in guess]
    return guess if isinstance(guess, bool | int | float | str | None) else say(guess)


def _as_tuple(stored: Any) -> Any:
    return tuple(_as_tuple(item) for item in stored) if isinstance(stored, list) else stored
