"""Marking: one answer in, one verdict out. Nothing is printed, nothing kept.

`mark` observes the answer and judges its record by the reference's. After a finding it looks
for the catalogued mistake that leaves the same record, and if there is none, for a relation.
"""

import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from torch import Tensor

from vgan_lessons.checking.cells import is_untouched
from vgan_lessons.checking.exercise import Exercise, Mistake
from vgan_lessons.checking.judging import is_free, judge, rule_of
from vgan_lessons.checking.observing import events_of, observe
from vgan_lessons.checking.plain import Other, difference
from vgan_lessons.checking.probes import PROBES
from vgan_lessons.checking.relations import find_relation
from vgan_lessons.checking.results import Observation, Record, Trouble, Verdict
from vgan_lessons.checking.surroundings.guard import originals

_Same = Callable[[Observation, Observation, Exercise, bool], bool]
_SECONDS = 1.5  # for all runs of one answer together
_FOREIGN = {probe.name for probe in PROBES if rule_of(probe)}


@originals()
def mark(exercise: Exercise, answer: Any, seed: int = 0) -> Verdict:
    """Mark an answer.

    Args:
        exercise: what was asked.
        answer: the learner's object, whatever it is.
        seed: draws the probe inputs; any seed gives the same state to a right answer.

    Returns:
        A verdict. The learner's inputs, namespace and global random state are untouched.
    """
    started = time.perf_counter()
    if is_untouched(exercise, answer):
        return Verdict("not_attempted")
    if callable(answer) and answer is exercise.reference:
        return Verdict("not_attempted", borrowed=True)
    right = record_of_reference(exercise, seed)  # first: it also wakes torch's lazy parts
    record = observe(exercise, answer, seed, seconds=_SECONDS)
    if _gave_up(next(iter(record.seen.values()))):
        return Verdict("not_attempted")
    if record.borrowed:
        return Verdict("not_attempted", borrowed=True)
    finding, notes = judge(exercise, record, right)
    named = None
    if finding:
        named = name_mistake(exercise, record, finding.trial, seed)
        named = named or find_relation(exercise, record, right, finding, answer, seed)
    state = "failed" if finding else "passed"
    return Verdict(state, finding, named, notes, seconds=time.perf_counter() - started)


def _gave_up(seen: Observation) -> bool:
    """Whether a run reached a placeholder: NotImplementedError, or `...` returned."""
    if seen.trouble is not None:
        return seen.trouble.line.startswith("raise NotImplementedError")
    return seen.value == Other("ellipsis")


@lru_cache(maxsize=256)
def record_of_reference(exercise: Exercise, seed: int = 0) -> Record:
    """What the reference does on an exercise; computed once per seed."""
    return observe(exercise, exercise.reference, seed)


@lru_cache(maxsize=1024)
def record_of_mistake(exercise: Exercise, mistake: Mistake, seed: int = 0) -> Record:
    """What was seen of a catalogued mistake so far; `name_mistake` observes what it needs."""
    return Record()


def name_mistake(
    exercise: Exercise, record: Record, trial: str, seed: int = 0
) -> Mistake | None:
    """Name the mistake whose record is the answer's, if there is exactly one.

    First the whole record must agree: numbers, gradients, side effects, exceptions. If no
    mistake fits, one that agrees in all numbers and gradients is still the right name for an
    answer that, say, is also in the wrong dtype. What happens in a training is the same in
    either case.

    Args:
        exercise: its mistakes are the candidates.
        record: of an answer that failed.
        trial: the case or probe where it failed; most mistakes are unlike it there.
        seed: the one the record was made with.
    """
    right = record_of_reference(exercise, seed)
    graph = any(seen.attached for seen in right.seen.values())
    alike = {}
    for mistake in exercise.mistakes:
        wrong = _observe_while_alike(exercise, mistake, record, trial, seed, graph)
        if _alike(exercise, record, wrong, graph) and _same_events(exercise, record, mistake):
            alike[mistake] = wrong
    same = _same_everything
    whole = [m for m, r in alike.items() if _alike(exercise, record, r, graph, same)]
    if whole:
        return whole[0] if len(whole) == 1 else None
    numbers = [m for m, r in alike.items() if not _alike(exercise, right, r, graph)]
    return numbers[0] if len(numbers) == 1 else None


def _observe_while_alike(
    exercise: Exercise, mistake: Mistake, record: Record, trial: str, seed: int, graph: bool
) -> Record:
    """What a mistake does: everything, or at least one thing that the record does not."""

    def is_other(name: str, seen: Observation) -> bool:
        got = record.seen.get(name)
        if got is None:
            return True
        return not _is_lame(name, got) and not _same_numbers(got, seen, exercise, graph)

    known = record_of_mistake(exercise, mistake, seed)
    apart = any(is_other(name, seen) for name, seen in known.seen.items())
    if not apart and known.seen.keys() != record.seen.keys():
        wrong, how = exercise.wrong_answers[mistake], {"first": trial, "until": is_other}
        known.seen.update(observe(exercise, wrong, seed, **how, known=tuple(known.seen)).seen)
    return known


def _same_events(exercise: Exercise, record: Record, mistake: Mistake) -> bool:
    return not record.events or record.events == _events_of_mistake(exercise, mistake)


@lru_cache(maxsize=256)
def _events_of_mistake(exercise: Exercise, mistake: Mistake) -> dict[str, tuple[str, ...]]:
    return events_of(exercise, exercise.wrong_answers[mistake])


def _alike(
    exercise: Exercise, one: Record, other: Record, graph: bool, same: _Same | None = None
) -> bool:
    """Whether two records are alike; gradients count only if the right result has a `graph`."""
    if one.seen.keys() != other.seen.keys():
        return False
    if same is not None:
        pairs = ((seen, other.seen[name]) for name, seen in one.seen.items())
        return all(same(*pair, exercise, graph) for pair in pairs)
    return all(
        _is_lame(name, seen) or _same_numbers(seen, other.seen[name], exercise, graph)
        for name, seen in one.seen.items()
    )


def _is_lame(name: str, seen: Observation) -> bool:
    """Whether an answer only fails on another device or in another dtype: no numbers there."""
    return seen.trouble is not None and name in _FOREIGN


def _same_numbers(
    one: Observation, other: Observation, exercise: Exercise, graph: bool
) -> bool:
    """The same value and the same gradients, where the statement asks for gradients."""
    if one.trouble or other.trouble:
        return _said_by(one.trouble) == _said_by(other.trouble)

    def asked(gradients: dict[str, Tensor | None]) -> dict[str, Tensor | None]:
        return {n: g for n, g in gradients.items() if graph and not is_free(n, exercise)}

    pairs = (
        (one.value, other.value),
        (asked(one.gradients), asked(other.gradients)),
        (asked(one.second), asked(other.second)),
    )
    return not any(difference(*pair, exercise.tolerance) for pair in pairs)


def _said_by(trouble: Trouble | None) -> tuple[str, str] | None:
    """An exception's class and message, without the sizes in brackets, which may differ.

    What a learner raises has words of its own, and only its class counts.
    """
    if trouble is None:
        return None
    own = trouble.line.startswith("raise")
    return trouble.kind, "" if own else re.sub(r"\[[^]]*\]|\([^)]*\)", "", trouble.message)


def _same_everything(
    one: Observation, other: Observation, exercise: Exercise, graph: bool
) -> bool:
    outside = [
        (
            seen.dtypes,
            seen.devices,
            seen.attached,
            seen.changed,
            sorted(seen.moved),
            seen.settings_kept,
            seen.trouble and seen.trouble.kind,
        )
        for seen in (one, other)
    ]
    if outside[0] != outside[1] or not _same_numbers(one, other, exercise, graph):
        return False
    return difference(one.after, other.after, exercise.tolerance) is None
