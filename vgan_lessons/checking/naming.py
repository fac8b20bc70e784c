"""Naming a mistake: the catalogued one whose record is the answer's, else a relation.

A relation is what holds between the numbers of an answer and the right ones on every probe:
"twice too large", "wrong sign", "no gradient". It claims no more than the numbers show, and
where they show too little, nothing is said. Answers that draw random numbers are left alone.
"""

from functools import lru_cache
from typing import Any

from torch import Tensor

from vgan_lessons.checking.exercise import Exercise, Mistake
from vgan_lessons.checking.judging import is_free
from vgan_lessons.checking.observing import observe
from vgan_lessons.checking.plain import difference
from vgan_lessons.checking.probes import PROBES
from vgan_lessons.checking.relations.arguments import other_arguments, unused_argument
from vgan_lessons.checking.relations.causes import cause_of, is_lost, only_there
from vgan_lessons.checking.relations.evidence import Compared, compared
from vgan_lessons.checking.relations.reading import read_code
from vgan_lessons.checking.relations.slopes import relation_of_slopes
from vgan_lessons.checking.relations.whole_results import relation_of_results, which_are_right
from vgan_lessons.checking.results import THE_CALL, Finding, Observation, Record, Relation

_PROBED = {probe.name for probe in PROBES}


@lru_cache(maxsize=256)
def record_of_reference(exercise: Exercise, seed: int = 0) -> Record:
    """What the reference does on an exercise; computed once per seed."""
    return observe(exercise, exercise.reference, seed)


@lru_cache(maxsize=1024)
def record_of_mistake(exercise: Exercise, mistake: Mistake, seed: int = 0) -> Record:
    """What a catalogued mistake does; computed once per seed, and only when an answer fails."""
    return observe(exercise, exercise.wrong_answers[mistake], seed)


def name_mistake(exercise: Exercise, record: Record, seed: int = 0) -> Mistake | None:
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
    graph = any(seen.attached for seen in right.seen.values())
    records = [(m, record_of_mistake(exercise, m, seed)) for m in exercise.mistakes]
    whole = [m for m, r in records if _alike(exercise, record, r, graph, numbers_only=False)]
    if whole:
        return whole[0] if len(whole) == 1 else None
    numbers = [
        mistake
        for mistake, wrong in records
        if _alike(exercise, record, wrong, graph, numbers_only=True)
        and not _alike(exercise, right, wrong, graph, numbers_only=True)
    ]
    return numbers[0] if len(numbers) == 1 else None


def _alike(
    exercise: Exercise, one: Record, other: Record, graph: bool, *, numbers_only: bool
) -> bool:
    """Whether two records are alike; gradients count only if the right result has a `graph`."""
    if one.seen.keys() != other.seen.keys():
        return False
    same = _same_numbers if numbers_only else _same_everything
    pairs = ((seen, other.seen[name]) for name, seen in one.seen.items())
    return all(same(*pair, exercise, graph) for pair in pairs)


def _same_numbers(
    one: Observation, other: Observation, exercise: Exercise, graph: bool
) -> bool:
    """The same value and the same gradients, where the statement asks for gradients."""
    if one.trouble or other.trouble:
        return bool(one.trouble) == bool(other.trouble)

    def asked(gradients: dict[str, Tensor | None]) -> dict[str, Tensor | None]:
        return {n: g for n, g in gradients.items() if graph and not is_free(n, exercise)}

    pairs = (
        (one.value, other.value),
        (asked(one.gradients), asked(other.gradients)),
        (asked(one.second), asked(other.second)),
    )
    return not any(difference(*pair, exercise.tolerance) for pair in pairs)


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


def find_relation(
    exercise: Exercise, record: Record, finding: Finding, answer: Any, seed: int = 0
) -> Relation | None:
    """What relates a wrong answer to the right one, on everything that was seen of it.

    Args:
        exercise: what was asked.
        record: of the answer.
        finding: what was found.
        answer: only its code is read; it is not called again.
        seed: the one the record was made with.

    Returns:
        The relation that says most, or None.
    """
    if exercise.random or THE_CALL in record.seen or finding.rule is not None:
        return None
    right, code = record_of_reference(exercise, seed), read_code(answer)
    if not code.returns and read_code(exercise.reference).returns:
        what = "Your function computes and then ends without handing anything back"
        return Relation("no return", f"{what}: the last line needs a `return`.")
    if relation := cause_of(exercise, record, right, finding, code.words, seed):
        return relation
    if is_lost(record, right, finding.trial) and finding.trial not in _PROBED:
        return None
    probes = compared(record, right)
    if not probes or finding.kind == "side effects":
        return None
    if any(one.got.trouble for one in probes):
        return only_there(exercise, record, right, probes, seed)
    if "inputs untouched" not in exercise.waived and (changed := _changed(probes)):
        return changed
    if all(one.is_right(exercise.tolerance) for one in probes):
        return relation_of_slopes(exercise, probes, values_right=True)
    return (
        relation_of_results(exercise, record, right, probes)
        or only_there(exercise, record, right, probes, seed)
        or other_arguments(exercise, probes, seed)
        or which_are_right(exercise, probes)
        or relation_of_slopes(exercise, probes, values_right=False)
        or unused_argument(exercise, probes, code)
    )


def _changed(probes: tuple[Compared, ...]) -> Relation | None:
    for name in probes[0].got.changed:
        if all(name in one.got.changed and name not in one.right.changed for one in probes):
            what = (
                f"Your code changes its input {name}, and the statement does not ask for that"
            )
            tensor = "requires_grad" in (probes[0].right.after.get(name) or ())
            more = ": write `x = x + 1`, not `x += 1`." if tensor else "."
            return Relation("input changed", what + more)
    return None
