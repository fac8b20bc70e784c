"""What a learner types: check, hint, explain, solution; predict, quiz, progress."""

import html
import inspect
from collections.abc import Callable
from functools import wraps
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
from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.marking import mark
from vgan_lessons.checking.plain import plain, say
from vgan_lessons.checking.registry import (
    Question,
    UnknownName,
    all_exercises,
    find,
    find_quiz,
)
from vgan_lessons.checking.results import Finding, Verdict
from vgan_lessons.checking.surroundings.guard import replaced_in_session

_last: dict[str, Verdict] = {}  # of this session, for explain() and failing_inputs()
_NOTHING = object()


class _Interrupted(KeyboardInterrupt):
    """Somebody stopped a check. The session is as it was, and nothing was noted."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: one line."""
        return [str(self)]


def check(name: Any, *answers: Any) -> Any:
    """Mark an answer, say so in one line, and hand back what later cells should use.

    Args:
        name: of the exercise, or its number; a number that several share marks them all.
        answers: the learner's function, class or value; of several, in their order.

    Returns:
        The answer if it passed; the library's own object otherwise. Of several, a tuple.

    Raises:
        UnknownName: if no exercise is called that.
        TypeError: if it takes another number of answers.
        KeyboardInterrupt: if somebody interrupted it; a notebook shows one line.
    """
    parts = [e for e in all_exercises() if str(name).strip() == e.task != e.number]
    parts = _meant_by(answers, parts) or [find(name)]
    if len(answers) != len(parts):
        wanted = ", ".join(f"my_{part.name}" for part in parts)
        raise TypeError(f"check({name!r}, {wanted}) is expected, got {len(answers)} answers")
    used = tuple(_check_one(*both) for both in zip(parts, answers, strict=True))
    return used if len(used) > 1 else used[0]


def _meant_by(answers: tuple[Any, ...], parts: list[Exercise]) -> list[Exercise]:
    """The exercises of a task; if the answers carry the names of others, those.

    A learner's copy of a page may be older than the library, and its numbers with it.
    """
    known = {f"my_{exercise.name}": exercise for exercise in all_exercises()}
    named = [known.get(getattr(answer, "__name__", "")) for answer in answers]
    others = len(named) > 1 and None not in named and set(named) != set(parts)
    return named if others else parts


def _check_one(exercise: Exercise, answer: Any) -> Any:
    name = exercise.name
    try:
        verdict = mark(exercise, answer)
    except KeyboardInterrupt:
        said = f"{exercise.title}: the check was interrupted. Run the cell again for a verdict."
        raise _Interrupted(said) from None
    except Exception as error:  # the page never blocks, not even on a fault of ours
        what = f"the check itself broke ({type(error).__name__}: {error})"
        verdict = Verdict("failed", Finding(what, "Please report this."))
    _last.pop(name, None)
    _last[name] = verdict  # the newest last
    note_check(name, verdict.state)
    seen = bool(read_progress()["exercises"].get(name, {}).get("solution_seen"))
    print(feedback.line(exercise, verdict, solution_seen=seen))
    if replaced := replaced_in_session():
        print(f"This session has replaced {', '.join(replaced)}; the check used the original.")
    if feedback.in_notebook():
        code = feedback.snippet(exercise, verdict.finding) if verdict.finding else ""
        more = f'hint("{name}") gives a hint, explain("{name}") says what is asked.'
        done = verdict.state == "passed"
        feedback.show("" if done else more, feedback.card(exercise, verdict, code))
    return answer if verdict.state == "passed" else exercise.reference


def _in_one_line(verb: Callable[..., None]) -> Callable[..., None]:
    """Let a verb answer an unknown name with the sentence alone."""

    @wraps(verb)
    def answering(*args: Any, **kwargs: Any) -> None:
        try:
            verb(*args, **kwargs)
        except UnknownName as error:
            print(error)

    return answering


def _meant(name: Any) -> Exercise:
    """The exercise of that name; without one, that of the newest check of this session."""
    if name is None and not _last:
        example = all_exercises()[0].name
        raise UnknownName(f'which exercise? For example: hint("{example}")')
    return find(list(_last)[-1] if name is None else name)


@_in_one_line
def hint(name: Any = None, level: int | None = None) -> None:
    """Print one hint: 1 the idea, 2 the place, 3 the shape of the code.

    Args:
        name: of the exercise, its number or your function; without it, the one checked last.
        level: which one; without it, the next you have not seen.
    """
    exercise = _meant(name)
    name = exercise.name
    seen = int(read_progress()["exercises"].get(name, {}).get("hints", 0))
    last = len(exercise.hints)
    level = min(max(1, level if level is not None else seen + 1), last)
    note_help(name, hints=max(seen, level))
    more = f'Then: hint("{name}").' if level < last else f'Then: solution("{name}").'
    print(f"{exercise.title}, hint {level} of {last}: {exercise.hints[level - 1]} {more}")


@_in_one_line
def explain(name: Any = None) -> None:
    """Print what is asked, what the last check found, and code that shows it.

    Args:
        name: of the exercise, its number or your function; without it, the one checked last.
    """
    exercise = _meant(name)
    print(f"{exercise.title} asks:")
    print("\n".join(f"- {sentence}" for sentence in exercise.contract))
    print("Besides, the house rules at the top of its page hold.")
    verdict = _last.get(exercise.name)
    if verdict and verdict.finding:
        print(f"\nThe last check: {feedback.reason(verdict)}")
        code = feedback.snippet(exercise, verdict.finding)
        if code:
            print(f"\nThis shows it again:\n\n{code}")


def failing_inputs(name: Any) -> tuple[Any, ...]:
    """The inputs on which the last check of this session failed, in the order of the call.

    Raises:
        LookupError: if nothing failed yet, or no single call shows it.
    """
    exercise = find(name)
    verdict = _last.get(exercise.name)
    found = verdict.finding if verdict else None
    call = feedback.failing_call(exercise, found) if found else None
    if call is None:
        raise LookupError(f"no failing call of {exercise.name} is known in this session")
    return tuple(call.values())


@_in_one_line
def solution(name: Any) -> None:
    """Show the library's own code; the exercise is then marked "solution seen".

    Args:
        name: of the exercise, its number or your function.
    """
    exercise = find(name)
    note_help(exercise.name, solution_seen=True)
    own = callable(exercise.reference)
    code = inspect.getsource(exercise.reference) if own else f"{exercise.reference!r}\n"
    feedback.show(code, f"<pre>{html.escape(code)}</pre>")


def predict(name: str, guess: Any = None, *, measured: Any = _NOTHING, digits: int = 3) -> None:
    """Commit to a guess before the measurement, then see both side by side.

    Args:
        name: of the prediction; the same in both calls.
        guess: a number, a shape, a word; None leaves it open and never stops the page.
        measured: what came out; prints "you said -0.1", then "measured 0".
        digits: significant digits of what was measured.
    """
    if measured is _NOTHING:
        note("predictions", name, _storable(guess))
        noted = "none yet; put yours in place of None" if guess is None else say(plain(guess))
        print(f"your prediction: {noted}")
        return
    guessed = read_progress()["predictions"].get(name)
    print(f"you said {say(_as_tuple(guessed))}")  # all that a folded output shows
    print(f"measured {say(plain(measured), digits)}")


@_in_one_line
def quiz(lesson: int | str, *answers: Any) -> None:
    """Show the exit quiz of a lesson, or mark the answers to it.

    Args:
        lesson: its number.
        answers: one per question: a letter, or a number; None for a question left open, and
            the last ones may be left out.
    """
    asked = find_quiz(lesson)
    if not answers:
        items = "".join(f"<li>{_as_html(question)}</li>" for question in asked.questions)
        feedback.show(asked.text(), f"<ol>{items}</ol>")
        return
    missing = len(asked.questions) - len(answers)
    if missing < 0:
        print(f"{len(asked.questions)} answers are expected, got {len(answers)}")
        return
    pairs = zip(asked.questions, answers + (None,) * missing, strict=True)
    marks = [question.mark(answer) for question, answer in pairs]
    note("quizzes", str(asked.lesson), marks)
    print(asked.reply(marks))


def progress(lesson: int | str | None = None) -> None:
    """Show what is done: a table in a notebook, plain text elsewhere.

    Args:
        lesson: the number of one lesson; without it, the whole course.
    """
    known = read_progress()
    feedback.show(table_as_text(known, lesson), table_as_html(known, lesson))


def _as_html(question: Question) -> str:
    lines = [question.text, *question.lettered()]
    return "<br>".join(map(feedback.marked_up, lines))


def _storable(guess: Any) -> Any:
    """What JSON can keep of a guess."""
    guess = plain(guess)
    if isinstance(guess, tuple):
        return [_storable(item) for item in guess]
    return guess if isinstance(guess, bool | int | float | str | None) else say(guess)


def _as_tuple(stored: Any) -> Any:
    return tuple(_as_tuple(item) for item in stored) if isinstance(stored, list) else stored
