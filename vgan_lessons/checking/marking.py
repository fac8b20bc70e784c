"""The marking machine: one answer in, one verdict out. Nothing is printed, nothing kept."""

import time
from dataclasses import dataclass
from typing import Any, Literal

from vgan_lessons.checking.attempts import gave_up, is_untouched
from vgan_lessons.checking.diagnosing import diagnose, record_of_reference
from vgan_lessons.checking.exercise import Exercise, Mistake
from vgan_lessons.checking.judging import judge
from vgan_lessons.checking.observing import observe
from vgan_lessons.checking.promises import Finding

SECONDS = 1.5  # for all runs of one answer together
State = Literal["not_attempted", "failed", "passed"]


@dataclass(frozen=True)
class Verdict:
    """What came out of one check.

    Args:
        state: not_attempted, failed or passed.
        finding: the first broken promise, if it failed.
        diagnosis: the catalogued mistake that leaves the same record, if exactly one does.
        notes: true but not demanded by the statement.
        borrowed: the library's own code was handed in, which is never a pass.
        seconds: how long the check took.
    """

    state: State
    finding: Finding | None = None
    diagnosis: Mistake | None = None
    notes: tuple[str, ...] = ()
    borrowed: bool = False
    seconds: float = 0.0


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
    record = observe(exercise, answer, seed, seconds=SECONDS)
    if gave_up(next(iter(record.seen.values()))):
        return Verdict("not_attempted")
    if record.borrowed:
        return Verdict("not_attempted", borrowed=True)
    finding, notes = judge(exercise, record, right)
    named = diagnose(exercise, record, seed) if finding else None
    state: State = "failed" if finding else "passed"
    return Verdict(state, finding, named, notes, seconds=time.perf_counter() - started)
