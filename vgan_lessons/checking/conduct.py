"""What every answer promises about its surroundings: inputs, memory, global random state."""

from collections.abc import Iterator
from typing import Any

from vgan_lessons.checking.comparing import difference
from vgan_lessons.checking.exercise import Exercise, Kind
from vgan_lessons.checking.observing import Record
from vgan_lessons.checking.probes import PROBES, Probe
from vgan_lessons.checking.promises import Finding
from vgan_lessons.checking.running import Observation

_ALONE = "Work on a copy: `x = x + 1`, not `x += 1` or `x.add_(1)`."
_AGAIN = "Keep nothing between two calls: the same inputs must give the same result."
_FRESH = "Draw from rng at every call, and do not reseed it."
_SOURCE = "Leave global state alone: draw from the rng you are given, or from nothing."
_SEED: Kind = "dtype/device/seed"


def same_side_effects(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """Inputs, modes, buffers and flags are afterwards as the reference leaves them."""
    if got.trouble:
        return
    for name, wanted in right.after.items():
        found = got.after.get(name)
        if name in got.changed and name not in right.changed:
            what = f"it changes its input {name} ({_changed_part(wanted, found)})"
            yield Finding(what, _ALONE, "side effects", "inputs untouched")
        elif not exercise.random:
            said = difference(wanted, found, exercise.tolerance)
            if said:
                said = said.replace("in result", f"{name} afterwards, in ", 1)
                yield Finding(said, "The statement says what has to change.", "side effects")


def same_again(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """A second call gives the same result, or, where answers are random, a fresh one."""
    if got.trouble or not probe.again:
        return
    (_, wanted), (first, found) = right.value, got.value
    if exercise.random:
        if difference(*right.value, 0.0) and not difference(first, found, 0.0):
            what = "two calls with the same rng return the same numbers"
            yield Finding(what, _FRESH, _SEED, "fresh draws")
    else:
        said = difference(wanted, found, exercise.tolerance)
        if said:
            yield Finding(said, _AGAIN, "side effects")


def same_global_state(record: Record, right: Record) -> Iterator[Finding]:
    """Global random sources and switches of torch are left alone."""
    for source in ("torch", "numpy", "random"):
        if _ends_alike(record, source) and not _ends_alike(right, source):
            what = f"it reseeds the global random source of {source}"
            trial = next(name for name, got in record.seen.items() if source in got.moved)
            yield Finding(what, _SOURCE, _SEED, "global randomness", trial)
    for trial, got in record.seen.items():
        used = sorted(set(got.moved) - set(right.seen[trial].moved))
        if used:
            what = f"it draws from the global random source of {' and '.join(used)}"
            yield Finding(what, _SOURCE, _SEED, "global randomness", trial)
        if not got.settings_kept and right.seen[trial].settings_kept:
            what = "it leaves torch's default dtype or gradient mode changed"
            yield Finding(what, _SOURCE, "side effects", "global randomness", trial)


def same_for_one_seed(record: Record) -> Iterator[Finding]:
    """Where answers are random, the seed in `rng` decides every number."""
    first, later = record.seen.get(PROBES[0].name), record.seen.get(PROBES[-1].name)
    if not first or not later or first.trouble or later.trouble:
        return
    if difference(first.value, later.value[0], 0.0):
        what = "the same seed in rng gives other numbers"
        yield Finding(what, _SOURCE, _SEED, "fresh draws", PROBES[0].name)


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
