"""Words and a small card for a verdict. Everything here is stable from run to run."""

import html
import re
import sys
from typing import Any

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.marking import Verdict
from vgan_lessons.checking.observing import THE_CALL

_OURS = "Going on with the library's version."
_YOURS = "Going on with yours."
_HINTS = ("the idea", "the place", "the shape of the code")
_COLOURS = {"passed": "#15803d", "failed": "#b45309", "not_attempted": "#64748b"}


def line(exercise: Exercise, verdict: Verdict, *, solution_seen: bool = False) -> str:
    """The one line that a check prints.

    Returns:
        "2.4 hinge_d_loss: not yet. unequal batch sizes: expected 1.25, got 1.1. ..."
    """
    if verdict.borrowed:
        return f"{exercise.title}: borrowed, this is the library's own. {_OURS}"
    if verdict.state == "not_attempted":
        return f"{exercise.title}: not attempted. {_OURS}"
    notes = "".join(f" Note: {note}." for note in verdict.notes)
    if verdict.state == "passed":
        seen = ", after a look at the solution" if solution_seen else ""
        return f"{exercise.title}: passed{seen}. {_YOURS}{notes}"
    return f"{exercise.title}: not yet. {finding_text(verdict)} {advice_text(verdict)}{_OURS}"


def finding_text(verdict: Verdict) -> str:
    """What broke: the case, what was expected, what came."""
    found = verdict.finding
    if found is None:
        return ""
    where = "" if found.trial == THE_CALL else f"{found.trial}{found.shapes}: "
    return f"{where}{found.what}."


def advice_text(verdict: Verdict) -> str:
    """The mistake by its name if it was recognised, else where to look; with a space after."""
    if verdict.diagnosis:
        return f'Looks like "{verdict.diagnosis.name}". {verdict.diagnosis.diagnosis} '
    return f"{verdict.finding.advice} " if verdict.finding and verdict.finding.advice else ""


def card(exercise: Exercise, verdict: Verdict, code: str = "") -> str:
    """What belongs under the line, folded: the contract, code that shows the finding, hints.

    Args:
        exercise: its contract and hints.
        verdict: decides the colour at the side.
        code: a snippet, or "" for none.

    Returns:
        HTML without any script; the same text every time.
    """
    folds = [("What is asked", f"<ul>{''.join(map(_item, exercise.asked))}</ul>")]
    if code:
        folds.append(("Code that shows it", f"<pre>{html.escape(code)}</pre>"))
    for number, (what, hint) in enumerate(zip(_HINTS, exercise.hints, strict=True), 1):
        folds.append((f"Hint {number}: {what}", f"<p>{_marked_up(hint)}</p>"))
    body = "".join(f"<details><summary>{t}</summary>{inner}</details>" for t, inner in folds)
    side = f"border-left:4px solid {_COLOURS[verdict.state]};padding:0.2em 0.8em;margin:0.4em 0"
    return f'<div style="{side}">{body}</div>'


def show(text: str, markup: str) -> None:
    """Display markup where HTML shows (a notebook), and print the text elsewhere."""
    if not in_notebook():
        if text:
            print(text)
        return
    from IPython.display import display

    display({"text/html": markup, "text/plain": text}, raw=True)


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this code."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def _item(sentence: str) -> str:
    return f"<li>{_marked_up(sentence)}</li>"


def _marked_up(text: str) -> str:
    """Escaped, with `code` between backticks set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
