"""Feedback: the line that a check prints, the card below it, code that shows a finding again.

Everything here is the same text from run to run.
"""

import html
import inspect
import re
import sys
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor

from vgan_lessons.checking.exercise import Case, Exercise, Mistake
from vgan_lessons.checking.probes import PROBES, dress
from vgan_lessons.checking.results import THE_CALL, Finding, Relation, Verdict
from vgan_lessons.checking.surroundings.limits import TimeUp, time_limit
from vgan_lessons.checking.surroundings.session import quietly, session_untouched

_OURS = "Going on with the library's version."
_YOURS = "Going on with yours."
_HINTS = ("the idea", "the place", "the shape of the code")
_LOOKS = {  # sign, word and colour; white reads on each at 4.7 : 1 or more, bars show on black
    "passed": ("✓", "passed", "#15803d"),
    "failed": ("✗", "not yet", "#b45309"),
    "not_attempted": ("○", "not attempted", "#64748b"),
    "borrowed": ("=", "borrowed", "#64748b"),
}
# JupyterLab breaks printed text anywhere, between two letters as well
_WRAP_AT_WORDS = (
    "<style>.jp-OutputArea-output.jp-RenderedText pre"
    "{word-break:normal;overflow-wrap:anywhere}</style>"
)
_LITERAL = 24  # numbers that still fit into a pasted line
_COMMENT = 60  # characters of a finding that fit behind it
_SECONDS = 0.3


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
    return f"{exercise.title}: not yet. {reason(verdict)} {_OURS}"


def reason(verdict: Verdict) -> str:
    """Why an answer did not pass: what broke, then what went wrong or where to look.

    Returns:
        The case, what was expected, what came; then the mistake or the relation that was
        recognised, else advice; "" without a finding.
    """
    found = verdict.finding
    if found is None:
        return ""
    where = "" if found.trial == THE_CALL else f"{found.trial}{found.shapes}: "
    broken, named, advice = f"{where}{found.what}.", verdict.diagnosis, found.advice
    if isinstance(named, Mistake):
        broken, advice = f'{broken} Looks like "{named.name}".', named.diagnosis
    elif isinstance(named, Relation):
        by_hand = found.trial not in {probe.name for probe in PROBES}
        broken, advice = f"{broken} {named.diagnosis}", advice if by_hand else ""
    return f"{broken} {advice}".rstrip()


def card(exercise: Exercise, verdict: Verdict, code: str = "") -> str:
    """What belongs under the line: the verdict at a glance; folded, what helps to go on.

    Args:
        exercise: its hints; its contract stands above on the page.
        verdict: decides sign, word and colour; only a pass needs no help.
        code: a snippet, or "" for none.

    Returns:
        HTML without any script; the same text every time.
    """
    sign, word, colour = _LOOKS["borrowed" if verdict.borrowed else verdict.state]
    badge = f"background:{colour};color:#ffffff;font-weight:bold;padding:0.1em 0.6em"
    head = f'<span style="{badge};border-radius:4px">{sign} {word}</span> {exercise.title}'
    side = f"border-left:6px solid {colour};padding:0.3em 0.8em;margin:0.4em 0"
    folds = "" if verdict.state == "passed" else _folds(exercise, code)
    return f'{_WRAP_AT_WORDS}<div style="{side}"><div>{head}</div>{folds}</div>'


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


def _folds(exercise: Exercise, code: str) -> str:
    folds = []
    if code:
        folds.append(("Code that shows it", f"<pre>{html.escape(code)}</pre>"))
    for number, (what, hint) in enumerate(zip(_HINTS, exercise.hints, strict=True), 1):
        folds.append((f"Hint {number}: {what}", f"<p>{marked_up(hint)}</p>"))
    return "".join(f"<details><summary>{t}</summary>{inner}</details>" for t, inner in folds)


def marked_up(text: str) -> str:
    """Escape a text, and set `code` between backticks as code.

    Args:
        text: of a hint or a question.

    Returns:
        HTML.
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def snippet(exercise: Exercise, finding: Finding, seed: int = 0) -> str:
    """A few lines of Python that repeat the failing call.

    Returns:
        Code with small tensors written out, larger ones fetched by `failing_inputs`; "" where
        there is no single call to show.
    """
    call = failing_call(exercise, finding, seed)
    if call is None or exercise.call is not None:
        return ""
    written = {name: _literal(value) for name, value in call.items()}
    said = f"  # {finding.what}" if len(finding.what) <= _COMMENT else ""
    last = f"my_{exercise.name}({', '.join(call)}){said}"
    if any(text is None for text in written.values()):
        names = ", ".join(call) + ("," if len(call) == 1 else "")
        fetch = f'{names} = failing_inputs("{exercise.name}")'
        return f"from vgan_lessons.exercises import failing_inputs\n\n{fetch}\n{last}"
    made = "\n".join(f"{name} = {text}" for name, text in written.items())
    return f"import torch\n\n{made}\n{last}"


def failing_call(exercise: Exercise, finding: Finding, seed: int = 0) -> dict[str, Any] | None:
    """The inputs of the call that broke a promise, by argument name.

    Args:
        exercise: the one that was checked.
        finding: what was found.
        seed: of that check.

    Returns:
        Fresh inputs, or None where the case does more than call a function.
    """
    for probe in PROBES:
        if probe.name == finding.trial:
            with session_untouched():  # inputs may be modules, which draw their weights
                return dress(exercise.drawn(probe, seed), probe, exercise.free_gradients)[0]
    for case in exercise.cases:
        if case.name == finding.trial and not isinstance(exercise.reference, type):
            return _first_call(exercise, case)
    return None


class _Stop(Exception):
    """Ends a case once its first call is known."""


def _first_call(exercise: Exercise, case: Case) -> dict[str, Any] | None:
    """Let the case call a stand-in that only remembers what it was given."""
    seen: dict[str, Any] = {}

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        bound = inspect.signature(exercise.reference).bind(*args, **kwargs)
        seen.update(bound.arguments)
        raise _Stop

    with suppress(Exception, TimeUp), session_untouched(), quietly(), time_limit(_SECONDS):
        case.run(stand_in)
    return seen or None


def _literal(value: Any) -> str | None:
    """Python that makes this value again, or None if it would be too long."""
    if isinstance(value, Tensor):
        if value.numel() > _LITERAL:
            return None
        values = torch.round(value.detach().double(), decimals=4).tolist()
        extra = "" if value.dtype in (torch.float32, torch.int64) else f", dtype={value.dtype}"
        extra += ", requires_grad=True" if value.requires_grad else ""
        return f"torch.tensor({values}{extra})"
    return repr(value) if isinstance(value, bool | int | float | str | None) else None
