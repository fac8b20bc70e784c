"""Judging: compare the record of an answer with the reference's, find the first broken promise.

A judge sees plain data only, never the answer. One finding at a time: the first broken
promise, cases before probes, values before gradients before side effects.

Each promise below compares an answer's observations with the reference's on the same probe and
yields findings. What the reference does is right: a probe on which it cannot run is not asked
of anybody.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from vgan_lessons.checking.exercise import Case, Exercise, Kind, Rule
from vgan_lessons.checking.plain import difference, say
from vgan_lessons.checking.probes import PROBES, Probe
from vgan_lessons.checking.results import THE_CALL, Finding, Observation, Record
from vgan_lessons.checking.surroundings.session import WrongDevice

_Promise = Callable[[Exercise, Probe, Observation, Observation], Iterator[Finding]]
_SILENT = ("device", "default dtype")  # waived where nobody will ever meet them
_PRECISE = 1e-9  # relative; float64 results that differ by more lost digits on the way
_FOREIGN: Kind = "dtype/device/seed"
_CUT = "A .detach(), .item(), .numpy(), torch.no_grad() or a new torch.tensor(...) cuts it."
_UNCUT = "Detach it, or compute it under torch.no_grad()."
_DEVICE = "Make new tensors on the inputs' device, for example with torch.zeros_like(x)."
_DTYPE = "Make new tensors in the inputs' dtype, for example with torch.zeros_like(x)."
_ALONE = "Work on a copy: `x = x + 1`, not `x += 1` or `x.add_(1)`."
_AGAIN = "Keep nothing between two calls: the same inputs must give the same result."
_FRESH = "Draw from rng at every call, and do not reseed it."
_SOURCE = "Leave global state alone: draw from the rng you are given, or from nothing."
_SWITCH = "Leave torch's switches alone, or turn them back before you return."
_FINITE = "Both branches of a torch.where are differentiated, and 0 times inf is NaN."
_VALUE = "A function returns a value; backward belongs to the training step."
_TENSOR = "Leave it a tensor: later cells call .item() or .to() on it."


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
    waived = {*exercise.waived, *(("default dtype",) if "dtype" in exercise.waived else ())}
    for found in _findings(exercise, record, right):
        if found.rule not in waived:
            finding = found
            break
        if found.rule in _SILENT:
            continue
        notes.append(f"{found.what}, which this exercise does not forbid")
    if record.printed:
        notes.append("it prints, and prints are not shown during a check")
    notes += [f"it warns: {warning[:120]}" for warning in record.warned[:1]]
    if any("the warning filters" in got.switched for got in record.seen.values()):
        notes.append("it changes the warning filters, which are put back after a check")
    if finding is None and _loses_digits(record, right):
        notes.append("with float64 inputs digits are lost on the way")
    return finding, tuple(dict.fromkeys(notes))


def _findings(exercise: Exercise, record: Record, right: Record) -> Iterator[Finding]:
    if THE_CALL in record.seen:
        yield Finding(str(record.seen[THE_CALL].trouble), trial=THE_CALL)
        return
    yield from _on_every_probe(_same_inputs, exercise, record, right)
    for case in exercise.cases:
        if case.name in record.seen:
            got = record.seen[case.name]
            if case.name in right.seen:
                yield from _same_inputs_of_a_case(case, got, right.seen[case.name])
            yield from _case(exercise, case, got)
    for promise in (_same_values, _same_gradients, _same_side_effects, _same_again):
        yield from _on_every_probe(promise, exercise, record, right)
    yield from _same_global_state(record, right)
    for promise in (_same_kinds, _same_finiteness):
        yield from _on_every_probe(promise, exercise, record, right)
    if exercise.random:
        yield from _same_for_one_seed(record)


def _on_every_probe(
    promise: _Promise, exercise: Exercise, record: Record, right: Record
) -> Iterator[Finding]:
    for probe in PROBES:
        got, wanted = record.seen.get(probe.name), right.seen.get(probe.name)
        if got and wanted and not wanted.trouble:
            for found in promise(exercise, probe, got, wanted):
                yield replace(found, trial=probe.name, shapes=_shapes_of_inputs(wanted))


def _case(exercise: Exercise, case: Case, got: Observation) -> Iterator[Finding]:
    if got.trouble:
        yield Finding(str(got.trouble), trial=case.name)
    elif case.holds is not None:
        if not _holds(case, got.value):
            asked = case.expect or "what the contract says"
            what = f"expected {asked}, got {say(got.value)}"
            yield Finding(what, case.nudge, case.kind, trial=case.name)
    else:
        said = difference(case.expect, got.value, case.tolerance or exercise.tolerance)
        if said:
            kind = "axes" if "shape" in said else case.kind
            yield Finding(said, case.nudge, kind, trial=case.name)


def _same_inputs_of_a_case(
    case: Case, got: Observation, right: Observation
) -> Iterator[Finding]:
    """No argument is changed that the reference leaves alone."""
    for name in got.changed:
        if not got.trouble and not right.trouble and name not in right.changed:
            what = f"it changes its input {name}"
            yield Finding(what, _ALONE, "side effects", "inputs untouched", case.name)


def _holds(case: Case, value: Any) -> bool:
    try:
        return bool(case.holds(value))
    except Exception:  # the wrong kind of thing came back; that is no answer either
        return False


def _shapes_of_inputs(seen: Observation) -> str:
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
    return difference(wanted.value, got.value, _PRECISE) is not None


def _same_values(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """The result has the reference's type, shape and numbers, on every kind of input."""
    rule = rule_of(probe)
    if got.trouble:
        if rule == "device" and got.trouble.kind != WrongDevice.__name__:
            return  # a trouble of the pretended device, not of the answer
        advice = _DEVICE if rule == "device" else _DTYPE if rule else ""
        kind: Kind = "gradients" if got.trouble.during == "backward" else "values"
        yield Finding(str(got.trouble), advice, _FOREIGN if rule else kind, rule)
        return
    if probe.again or probe.extreme or right.value is None:
        return  # where nothing is asked to come back, anything may
    wanted, found = right.value, got.value
    if exercise.random:
        wanted, found = _without_numbers(wanted), _without_numbers(found)
    said = difference(wanted, found, exercise.tolerance)
    if said:
        kind = "axes" if "shape" in said else "values"
        yield Finding(said, exercise.contract[0], _FOREIGN if rule else kind, rule)


def _same_kinds(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """Results are tensors where the reference's are, on the inputs' device, in their dtype."""
    if not got.trouble and not probe.again and _has_number_for_tensor(right.value, got.value):
        what = "expected a tensor, got a plain number"
        yield Finding(what, _TENSOR, "values", "tensors")
    if got.trouble or len(got.dtypes) != len(right.dtypes):
        return
    for wanted, found in zip(right.devices, got.devices, strict=False):
        if wanted != found:
            where = {"far": "that device", "cpu": "the CPU"}
            what = f"expected the result on {where[wanted]}, got it on {where[found]}"
            yield Finding(what, _DEVICE, _FOREIGN, "device")
    for wanted, found in zip(right.dtypes, got.dtypes, strict=True):
        if wanted != found:
            what = f"expected a result in {wanted}, got {found}"
            rule = "default dtype" if rule_of(probe) == "default dtype" else "dtype"
            yield Finding(what, _DTYPE, _FOREIGN, rule)


def _has_number_for_tensor(wanted: Any, found: Any) -> bool:
    """Whether a plain number stands where a tensor should; for results of one form."""
    if isinstance(wanted, tuple) and isinstance(found, tuple):
        return any(map(_has_number_for_tensor, wanted, found))
    if isinstance(wanted, dict) and isinstance(found, dict):
        return any(_has_number_for_tensor(wanted[k], found[k]) for k in wanted if k in found)
    return isinstance(wanted, Tensor) and isinstance(found, bool | int | float | complex)


def _same_finiteness(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """At very large numbers, values and gradients are finite wherever the reference's are."""
    if got.trouble or not probe.extreme:
        return
    if _is_finite(right.value) and not _is_finite(got.value):
        yield Finding(f"expected a finite result, got {say(got.value)}", exercise.contract[-1])
    for name, slope in right.gradients.items():
        found = got.gradients.get(name)
        if found is not None and _is_finite(slope) and not _is_finite(found):
            worst = found[~found.isfinite()].flatten()[0]
            what = f"gradient for {name}: expected finite numbers, got {say(worst)} among them"
            yield Finding(what, _FINITE, "gradients")


def _is_finite(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_finite, value))
    if isinstance(value, Tensor | int | float):
        return bool(torch.as_tensor(value).isfinite().all())
    return True


def _same_gradients(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """The same gradient reaches every input and every parameter; none where none belongs."""
    if got.trouble or probe.again or probe.far or probe.extreme or right.value is None:
        return
    asked = [name for name in right.gradients if not is_free(name, exercise)]
    if right.attached and not got.attached and asked:
        yield Finding("the result is cut off from the graph", _CUT, "gradients")
    if got.attached and not right.attached:
        yield Finding("the result still hangs on the graph", _UNCUT, "gradients", "graph cut")
        return
    pairs = (
        ("gradient", right.gradients, got.gradients),
        ("gradient of the gradient", right.second, got.second),
    )
    for word, wanted, found in pairs:
        for name, slope in wanted.items():
            if not is_free(name, exercise):
                close = None if exercise.random else exercise.tolerance
                said = _slope_difference(slope, found.get(name), close)
                advice = f"Follow {name} through your code to the result."
                if said:
                    yield Finding(f"{word} for {name}: {said}", advice, "gradients")


def is_free(name: str, exercise: Exercise) -> bool:
    """Whether the statement leaves the gradient for an input, or a part of it, open.

    Args:
        name: of a leaf, as a record has it: "discriminator.weight", "states[0]".
        exercise: names the free arguments.
    """
    return name.split(".")[0].split("[")[0] in exercise.free_gradients


def rule_of(probe: Probe) -> Rule | None:
    """What a probe is there for, where it differs from a plain one in nothing else.

    Args:
        probe: any.

    Returns:
        The house rule that it tries, or None for a plain one.
    """
    if probe.far:
        return "device"
    if probe.default_dtype is torch.float64:
        return "default dtype"
    return "dtype" if probe.dtype is torch.float64 else None


def _slope_difference(
    wanted: Tensor | None, found: Tensor | None, tolerance: float | None
) -> str | None:
    """Compare two gradients; none is as good as zero. No tolerance: only whether it arrives."""
    if found is None:
        return "none arrives" if wanted is not None and bool(wanted.any()) else None
    if wanted is None:
        return "it must get none, and gets some" if bool(found.any()) else None
    return None if tolerance is None else difference(wanted, found, tolerance)


def _without_numbers(value: Any) -> Any:
    """A result with every number dropped: what is left to compare where answers are random."""
    if isinstance(value, Tensor):
        return torch.zeros(value.shape)
    if isinstance(value, tuple):
        return tuple(_without_numbers(item) for item in value)
    if isinstance(value, dict):
        return {key: _without_numbers(item) for key, item in value.items()}
    return 0.0 if isinstance(value, bool | int | float) else value


def _same_inputs(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """No tensor that came in is changed: reported first, for it spoils numbers elsewhere."""
    if got.trouble:
        return
    for name in got.changed:
        wanted, found = right.after.get(name), got.after.get(name)
        is_tensor = isinstance(wanted, dict) and "requires_grad" in wanted
        if name not in right.changed and is_tensor and _changed_part(wanted, found) == "values":
            what = f"it changes its input {name} (values)"
            yield Finding(what, _ALONE, "side effects", "inputs untouched")


def _same_side_effects(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """Inputs, modes, buffers and flags are afterwards as the reference leaves them."""
    if got.trouble:
        return
    for name in got.pulled:
        if name not in right.pulled:
            what = f"it leaves a gradient in .grad of its input {name}"
            yield Finding(what, _VALUE, "side effects", "inputs untouched")
    for name, wanted in right.after.items():
        found = got.after.get(name)
        if name in got.changed and name not in right.changed:
            what = f"it changes its input {name} ({_changed_part(wanted, found)})"
            yield Finding(what, _ALONE, "side effects", "inputs untouched")
        elif not exercise.random:
            said = difference(wanted, found, exercise.tolerance)
            if said:
                said = f"{name} afterwards, {said}"
                yield Finding(said, "The statement says what has to change.", "side effects")


def _same_again(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """A second call gives the same result, or, where answers are random, a fresh one."""
    if got.trouble or not probe.again:
        return
    (_, wanted), (first, found) = right.value, got.value
    if exercise.random:
        if difference(*right.value, 0.0) and not difference(first, found, 0.0):
            what = "two calls with the same rng return the same numbers"
            yield Finding(what, _FRESH, _FOREIGN, "fresh draws")
    elif wanted is not None:
        said = difference(wanted, found, exercise.tolerance)
        if said:
            yield Finding(said, _AGAIN, "side effects")


def _same_global_state(record: Record, right: Record) -> Iterator[Finding]:
    """Global random sources and switches of torch are left alone."""
    for source in ("torch", "numpy", "random"):
        if _ends_alike(record, source) and not _ends_alike(right, source):
            what = f"it reseeds the global random source of {source}"
            trial = next(name for name, got in record.seen.items() if source in got.moved)
            yield Finding(what, _SOURCE, _FOREIGN, "global randomness", trial)
    for trial, got in record.seen.items():
        used = sorted(set(got.moved) - set(right.seen[trial].moved))
        if used:
            what = f"it draws from the global random source of {' and '.join(used)}"
            yield Finding(what, _SOURCE, _FOREIGN, "global randomness", trial)
        if not got.settings_kept and right.seen[trial].settings_kept:
            rare = [name for name in got.switched if name != "the warning filters"]
            switches = " and ".join(rare) or "torch's default dtype or gradient mode"
            what = f"it leaves {switches} changed"
            yield Finding(what, _SWITCH, "side effects", "global randomness", trial)


def _same_for_one_seed(record: Record) -> Iterator[Finding]:
    """Where answers are random, the seed in `rng` decides every number."""
    first, later = record.seen.get(PROBES[0].name), record.seen.get(PROBES[-1].name)
    if not first or not later or first.trouble or later.trouble:
        return
    if difference(first.value, later.value[0], 0.0):
        what = "the same seed in rng gives other numbers"
        yield Finding(what, _SOURCE, _FOREIGN, "fresh draws", PROBES[0].name)


def _ends_alike(record: Record, source: str) -> bool:
    """Every run starts from another seed, so two that end in one state were reseeded."""
    ends = [got.moved[source] for got in record.seen.values() if source in got.moved]
    return len(set(ends)) < len(ends)


def _changed_part(wanted: Any, found: Any) -> str:
    """Which part of an input's state changed, in one word or two."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            if difference(value, found.get(key), 0.0):
                deeper = isinstance(value, dict)
                return f"{key}, {_changed_part(value, found.get(key))}" if deeper else str(key)
    return "values"
