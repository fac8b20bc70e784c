"""What a learner types: check, hint, explain, solution; predict, quiz, progress."""

import html
import inspect
from typing import Any

from vgan_lessons.checking import feedback
from vgan_lessons.checking.bookkeeping import (
    note,
    note_check,
    note_help,
    read_progress,
    table_as_html,
    table_as_text,
)
from vgan_lessons.checking.marking import mark
from vgan_lessons.checking.plain import plain, say
from vgan_lessons.checking.registry import Question, find, find_quiz
from vgan_lessons.checking.results import Finding, Verdict

_last: dict[str, Verdict] = {}  # of this session, for explain() and failing_inputs()
_NOTHING = object()


def check(name: str, answer: Any) -> Any:
    """Mark an answer, say so in one line, and hand back what later cells should use.

    Args:
        name: of the exercise.
        answer: the learner's function, class or value.

    Returns:
        The answer if it passed; the library's own object otherwise.

    Raises:
        UnknownName: if no exercise is called that.
    """
    exercise = find(name)
    try:
        verdict = mark(exercise, answer)
    except Exception as error:  # the page never blocks, not even on a fault of ours
        what = f"the check itself broke ({type(error).__name__}: {error})"
        verdict = Verdict("failed", Finding(what, "Please report this."))
    _last[name] = verdict
    note_check(name, verdict.state)
    seen = bool(read_progress()["exercises"].get(name, {}).get("solution_seen"))
    print(feedback.line(exercise, verdict, solution_seen=seen))
    if verdict.state != "passed" and feedback.in_notebook():
        code = feedback.snippet(exercise, verdict.finding) if verdict.finding else ""
        more = f'hint("{name}") gives a hint, explain("{name}") says what is asked.'
        feedback.show(more, feedback.card(exercise, verdict, code))
    return answer if verdict.state == "passed" else exercise.reference


def hint(name: str, level: int | None = None) -> None:
    """Print one hint: 1 the idea, 2 the place, 3 the shape of the code.

    Args:
        name: of the exercise.
        level: which one; without it, the next you have not seen.
    """
    exercise = find(name)
    seen = int(read_progress()["exercises"].get(name, {}).get("hints", 0))
    last = len(exercise.hints)
    level = min(max(1, level if level is not None else seen + 1), last)
    note_help(name, hints=max(seen, level))
    more = f'Then: hint("{name}").' if level < last else f'Then: solution("{name}").'
    print(f"{exercise.title}, hint {level} of {last}: {exercise.hints[level - 1]} {more}")


def explain(name: str) -> None:
    """Print what is asked, what the last check found, and code that shows it."""
    exercise = find(name)
    print(f"{exercise.title} asks:")
    print("\n".join(f"- {sentence}" for sentence in exercise.asked))
    verdict = _last.get(name)
    if verdict and verdict.finding:
        found = f"{feedback.finding_text(verdict)} {feedback.advice_text(verdict)}"
        print(f"\nThe last check: {found.strip()}")
        code = feedback.snippet(exercise, verdict.finding)
        if code:
            print(f"\nThis shows it again:\n\n{code}")


def failing_inputs(name: str) -> tuple[Any, ...]:
    """The inputs on which the last check of this session failed, in the order of the call.

    Raises:
        LookupError: if nothing failed yet, or no single call shows it.
    """
    verdict = _last.get(name)
    found = verdict.finding if verdict else None
    call = feedback.failing_call(find(name), found) if found else None
    if call is None:
        raise LookupError(f"no failing call of {name} is known in this session")
    return tuple(call.values())


def solution(name: str) -> None:
    """Show the library's own code; the exercise is then marked "solution seen"."""
    exercise = find(name)
    note_help(name, solution_seen=True)
    own = callable(exercise.reference)
    code = inspect.getsource(exercise.reference) if own else f"{exercise.reference!r}\n"
    feedback.show(code, f"<pre>{html.escape(code)}</pre>")


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
        feedback.show(asked.text(), f"<ol>{items}</ol>")
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
    feedback.show(table_as_text(known, lesson), table_as_html(known, lesson))


def _as_html(question: Question) -> str:
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
