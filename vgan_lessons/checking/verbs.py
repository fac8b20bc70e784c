"""What a learner types around an exercise: check, hint, explain, solution."""

import html
import inspect
from typing import Any

from vgan_lessons.checking import feedback
from vgan_lessons.checking.bookkeeping import note_check, note_help, read_progress
from vgan_lessons.checking.marking import Verdict, mark
from vgan_lessons.checking.promises import Finding
from vgan_lessons.checking.registry import find
from vgan_lessons.checking.replaying import failing_call, snippet

_last: dict[str, Verdict] = {}  # of this session, for explain() and failing_inputs()


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
        code = snippet(exercise, verdict.finding) if verdict.finding else ""
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
        code = snippet(exercise, verdict.finding)
        if code:
            print(f"\nThis shows it again:\n\n{code}")


def failing_inputs(name: str) -> tuple[Any, ...]:
    """The inputs on which the last check of this session failed, in the order of the call.

    Raises:
        LookupError: if nothing failed yet, or no single call shows it.
    """
    verdict = _last.get(name)
    call = failing_call(find(name), verdict.finding) if verdict and verdict.finding else None
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
