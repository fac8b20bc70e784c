"""Marking: one answer in, one verdict out. Nothing is printed, nothing kept.

`mark` observes the answer, judges its record by the reference's, and after a finding asks
`naming` what to call it. `results` tells the whole way.
"""

import time
from typing import Any

from vgan_lessons.checking.cells import is_untouched
from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.judging import judge
from vgan_lessons.checking.naming import find_relation, name_mistake, record_of_reference
from vgan_lessons.checking.observing import observe
from vgan_lessons.checking.plain import Other
from vgan_lessons.checking.results import Observation, Verdict
from vgan_lessons.checking.surroundings.guard import originals

_SECONDS = 1.5  # for all runs of one answer together


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
        named = name_mistake(exercise, record, seed)
        named = named or find_relation(exercise, record, finding, answer, seed)
    state = "failed" if finding else "passed"
    return Verdict(state, finding, named, notes, seconds=time.perf_counter() - started)


def _gave_up(seen: Observation) -> bool:
    """Whether a run reached a placeholder: NotImplementedError, or `...` returned."""
    if seen.trouble is not None:
        return seen.trouble.line.startswith("raise NotImplementedError")
    return seen.value == Other("ellipsis")
