"""Put an answer through every case and probe of its exercise and keep the record.

Observation knows nothing of right and wrong. `observe` gives the same kind of record for a
learner's answer, for the reference and for a catalogued mistake; `judging` compares records.
The two could live in two processes: a record holds tensors, numbers and strings only.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from vgan_lessons.checking.calling import fits
from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.guards import TimeUp, quietly, time_limit
from vgan_lessons.checking.probes import PROBES
from vgan_lessons.checking.randomness import session_untouched
from vgan_lessons.checking.running import Observation, run_case, run_probe
from vgan_lessons.checking.sources import codes_of
from vgan_lessons.checking.troubles import Trouble

NO_LIMIT = 600.0  # seconds; for answers that are ours
Run = Callable[[int], Observation]
THE_CALL = "the call"  # the name of what happens before any case


@dataclass
class Record:
    """Everything seen of one answer.

    Args:
        seen: observations by case and probe name, in the order of the runs.
        borrowed: the library's own code ran.
        printed: characters the answer printed.
        warned: warnings it raised.
    """

    seen: dict[str, Observation] = field(default_factory=dict)
    borrowed: bool = False
    printed: int = 0
    warned: tuple[str, ...] = ()


def observe(
    exercise: Exercise, answer: Any, seed: int = 0, *, seconds: float = NO_LIMIT
) -> Record:
    """Run an answer on all cases and probes of its exercise.

    Args:
        exercise: what is asked.
        answer: the learner's object, whatever it is.
        seed: draws the probe inputs.
        seconds: for all runs together.

    Returns:
        A record; it ends early if the answer cannot be called at all or takes too long.
    """
    record = Record()
    misfit = fits(exercise, answer)
    if misfit:
        record.seen[THE_CALL] = Observation(trouble=misfit)
        return record
    name = THE_CALL
    with session_untouched(), quietly() as noise:
        try:
            with time_limit(seconds):
                for number, (name, run) in enumerate(_runs(exercise, answer, seed).items()):
                    with _noticing_borrowed_code(exercise, record, active=number == 0):
                        record.seen[name] = run(seed * 1000 + number)
        except TimeUp:
            record.seen[name] = Observation(trouble=Trouble("too long", ""))
    record.printed, record.warned = noise.characters, tuple(noise.warned)
    return record


def _runs(exercise: Exercise, answer: Any, seed: int) -> dict[str, Run]:
    """Every case and probe by name, waiting for the seed of the global random sources."""
    runs: dict[str, Run] = {
        case.name: lambda s, case=case: run_case(case, answer, s) for case in exercise.cases
    }
    for probe in PROBES if exercise.inputs is not None else ():
        runs[probe.name] = lambda s, probe=probe: run_probe(
            exercise, probe, answer, drawn_by=seed, seed=s
        )
    return runs


@contextmanager
def _noticing_borrowed_code(
    exercise: Exercise, record: Record, *, active: bool
) -> Iterator[None]:
    """Notice whether the answer runs the library's own code instead of code of its own."""
    codes = codes_of(exercise.reference) if active else ()
    if not codes:
        yield
        return

    def note(frame: Any, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in codes:
            record.borrowed = True

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)
