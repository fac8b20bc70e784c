"""Call a mistake by its name: the catalogued one that leaves the same record."""

from functools import lru_cache

from vgan_lessons.checking.comparing import difference
from vgan_lessons.checking.exercise import Exercise, Mistake
from vgan_lessons.checking.observing import Record, observe
from vgan_lessons.checking.running import Observation


@lru_cache(maxsize=256)
def record_of_reference(exercise: Exercise, seed: int = 0) -> Record:
    """What the reference does on an exercise; computed once per seed."""
    return observe(exercise, exercise.reference, seed)


@lru_cache(maxsize=1024)
def record_of_mistake(exercise: Exercise, mistake: Mistake, seed: int = 0) -> Record:
    """What a catalogued mistake does; computed once per seed, and only when an answer fails."""
    return observe(exercise, exercise.wrong_answers[mistake], seed)


def diagnose(exercise: Exercise, record: Record, seed: int = 0) -> Mistake | None:
    """Name the mistake whose record is the answer's, if there is exactly one.

    First the whole record must agree: numbers, gradients, side effects, exceptions. If no
    mistake fits, one that agrees in all numbers and gradients is still the right name for an
    answer that, say, is also in the wrong dtype.

    Args:
        exercise: its mistakes are the candidates.
        record: of an answer that failed.
        seed: the one the record was made with.
    """
    right = record_of_reference(exercise, seed)
    records = [(m, record_of_mistake(exercise, m, seed)) for m in exercise.mistakes]
    whole = [m for m, r in records if _alike(exercise, record, r, numbers_only=False)]
    if whole:
        return whole[0] if len(whole) == 1 else None
    numbers = [
        mistake
        for mistake, wrong in records
        if _alike(exercise, record, wrong, numbers_only=True)
        and not _alike(exercise, right, wrong, numbers_only=True)
    ]
    return numbers[0] if len(numbers) == 1 else None


def _alike(exercise: Exercise, one: Record, other: Record, *, numbers_only: bool) -> bool:
    if one.seen.keys() != other.seen.keys():
        return False
    same = _same_numbers if numbers_only else _same_everything
    pairs = ((seen, other.seen[name]) for name, seen in one.seen.items())
    return all(same(*pair, exercise.tolerance) for pair in pairs)


def _same_numbers(one: Observation, other: Observation, tolerance: float) -> bool:
    if one.trouble or other.trouble:
        return bool(one.trouble) == bool(other.trouble)
    pairs = (
        (one.value, other.value),
        (one.gradients, other.gradients),
        (one.second, other.second),
    )
    return not any(difference(*pair, tolerance) for pair in pairs)


def _same_everything(one: Observation, other: Observation, tolerance: float) -> bool:
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
    if outside[0] != outside[1] or not _same_numbers(one, other, tolerance):
        return False
    return difference(one.after, other.after, tolerance) is None
