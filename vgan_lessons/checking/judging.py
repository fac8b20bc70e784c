"""Compare the record of an answer with the reference's and find the first broken promise.

A judge sees plain data only, never the answer. One finding at a time: the first broken
promise, cases before probes, values before gradients before side effects.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from vgan_lessons.checking.comparing import difference, say
from vgan_lessons.checking.conduct import (
    same_again,
    same_for_one_seed,
    same_global_state,
    same_side_effects,
)
from vgan_lessons.checking.exercise import Case, Exercise
from vgan_lessons.checking.observing import THE_CALL, Record
from vgan_lessons.checking.probes import PROBES, Probe
from vgan_lessons.checking.promises import Finding, same_gradients, same_kinds, same_values
from vgan_lessons.checking.running import Observation

Promise = Callable[[Exercise, Probe, Observation, Observation], Iterator[Finding]]
PROMISES: tuple[Promise, ...] = (same_values, same_gradients, same_side_effects, same_again)
PRECISE = 1e-9  # relative; float64 results that differ by more lost digits on the way


def judge(
    exercise: Exercise, record: Record, right: Record
) -> tuple[Finding | None, tuple[str, ...]]:
    """Judge one record by another.

    Args:
        exercise: its cases carry the hand-worked values.
        record: of the answer.
        right: of the reference, with the same seed.

    Returns:
        finding: the first that breaks what the statement demands, or None.
        notes: what is worth saying although nothing demands it; short and stable.
    """
    finding, notes = None, []
    for found in _findings(exercise, record, right):
        if found.rule not in exercise.waived:
            finding = found
            break
        notes.append(f"{found.what}, which this exercise does not forbid")
    if record.printed:
        notes.append("it prints, and prints are not shown during a check")
    notes += [f"it warns: {warning[:120]}" for warning in record.warned[:1]]
    if finding is None and _loses_digits(record, right):
        notes.append("with float64 inputs digits are lost on the way")
    return finding, tuple(dict.fromkeys(notes))


def _findings(exercise: Exercise, record: Record, right: Record) -> Iterator[Finding]:
    if THE_CALL in record.seen:
        yield Finding(str(record.seen[THE_CALL].trouble).rstrip("."), trial=THE_CALL)
        return
    for case in exercise.cases:
        if case.name in record.seen:
            yield from _case(exercise, case, record.seen[case.name])
    for promise in PROMISES:
        yield from _on_every_probe(promise, exercise, record, right)
    yield from same_global_state(record, right)
    yield from _on_every_probe(same_kinds, exercise, record, right)
    if exercise.random:
        yield from same_for_one_seed(record)


def _on_every_probe(
    promise: Promise, exercise: Exercise, record: Record, right: Record
) -> Iterator[Finding]:
    for probe in PROBES:
        got, wanted = record.seen.get(probe.name), right.seen.get(probe.name)
        if got and wanted and not wanted.trouble:
            for found in promise(exercise, probe, got, wanted):
                yield replace(found, trial=probe.name, shapes=_shapes_of(wanted))


def _case(exercise: Exercise, case: Case, got: Observation) -> Iterator[Finding]:
    if got.trouble:
        yield Finding(str(got.trouble).rstrip("."), trial=case.name)
    elif case.holds is not None:
        if not _holds(case, got.value):
            what = f"this does not hold for {say(got.value)}"
            yield Finding(what, case.nudge, case.kind, trial=case.name)
    else:
        said = difference(case.expect, got.value, case.tolerance or exercise.tolerance)
        if said:
            kind = "axes" if "shape" in said else case.kind
            yield Finding(said, case.nudge, kind, trial=case.name)


def _holds(case: Case, value: Any) -> bool:
    try:
        return bool(case.holds(value))
    except Exception:  # the wrong kind of thing came back; that is no answer either
        return False


def _shapes_of(seen: Observation) -> str:
    """The sizes of the tensors among the inputs, for a message."""
    states = [state for state in seen.after.values() if isinstance(state, dict)]
    shapes = [str(tuple(s["values"].shape)) for s in states if "requires_grad" in s]
    return f" (shapes {', '.join(shapes)})" if shapes else ""


def _loses_digits(record: Record, right: Record) -> bool:
    got, wanted = (r.seen.get("float64 inputs") for r in (record, right))
    if not got or not wanted or got.trouble or wanted.trouble:
        return False
    if "float64" not in wanted.dtypes:  # the reference has no more digits than the answer
        return False
    return difference(wanted.value, got.value, PRECISE) is not None
