"""Code that shows a finding again, to paste into a cell and take apart."""

import inspect
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor

from vgan_lessons.checking.exercise import Case, Exercise
from vgan_lessons.checking.guards import TimeUp, quietly, time_limit
from vgan_lessons.checking.probes import PROBES, draw_inputs, dress
from vgan_lessons.checking.promises import Finding
from vgan_lessons.checking.randomness import session_untouched

_LITERAL = 24  # numbers that still fit into a pasted line
_COMMENT = 60  # characters of a finding that fit behind it
_SECONDS = 0.3


class _Stop(Exception):
    """Ends a case once its first call is known."""


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
            drawn = draw_inputs(exercise, probe, seed)
            return {name: dress(value, probe, {}, name) for name, value in drawn.items()}
    for case in exercise.cases:
        if case.name == finding.trial and not isinstance(exercise.reference, type):
            return _first_call(exercise, case)
    return None


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
