"""Relations in the cases that are worked by hand, where an exercise has no inputs to draw.

Few numbers, each with a meaning: what is said holds in every case that failed.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.plain import difference
from vgan_lessons.checking.relations.evidence import Beside, as_numbers
from vgan_lessons.checking.relations.numbers import relation_of
from vgan_lessons.checking.results import Record, Relation

_Pair = tuple[Any, Any]  # what is right in a case, and what came


def relation_by_hand(exercise: Exercise, record: Record, trial: str) -> Relation | None:
    """What relates the values of the failed cases to the right ones.

    Args:
        exercise: what was asked.
        record: of the answer.
        trial: the case that failed first.
    """
    failed = dict(_failed(exercise, record))
    if trial not in failed:
        return None
    wanted, got = failed[trial]
    if isinstance(wanted, Tensor) and isinstance(got, tuple) and _is_list_of(wanted, got):
        what = "The numbers are right, but come as a plain list"
        return Relation(
            "a list for a tensor", f"{what}: torch.tensor(...) makes a tensor of it."
        )
    if _in_other_order(wanted, got, exercise.tolerance):
        what = "These are the right results, but they come in another order"
        return Relation("results in another order", f"{what} than the statement asks for.")
    pairs = [tuple(map(as_numbers, pair)) for pair in failed.values()]
    if any(number is None for pair in pairs for number in pair):
        return None
    column = [Beside(table, *pair) for table, pair in enumerate(pairs)]
    said = relation_of(column, exercise.tolerance)
    if said is None or not (said.predict or said.name.endswith(("missing", "too many"))):
        return None
    return Relation(said.name, f"Your result is, in each case that fails, {said.words}.")


def _failed(exercise: Exercise, record: Record) -> Iterator[tuple[str, _Pair]]:
    for case in exercise.cases:
        seen = record.seen.get(case.name)
        if seen is None or seen.trouble or case.holds is not None:
            continue
        if difference(case.expect, seen.value, case.tolerance or exercise.tolerance):
            yield case.name, (case.expect, seen.value)


def _is_list_of(wanted: Tensor, got: tuple[Any, ...]) -> bool:
    if wanted.ndim != 1 or len(got) != len(wanted) or not len(got):
        return False
    numbers = [as_numbers(item) for item in got]
    plain = all(n is not None and not n.ndim for n in numbers)
    return plain and torch.allclose(torch.stack(numbers), wanted.double(), rtol=1e-4)


def _in_other_order(wanted: Any, got: Any, tolerance: float) -> bool:
    """Whether several telling numbers are all there, at other places."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        wanted, got = tuple(wanted.values()), tuple(got.values())
    if not (isinstance(wanted, tuple) and isinstance(got, tuple)) or len(wanted) != len(got):
        return False
    numbers = [[as_numbers(item) for item in side] for side in (wanted, got)]
    if any(n is None or n.ndim for side in numbers for n in side):
        return False
    right, found = (torch.stack(side).sort().values for side in numbers)
    telling = right[(right != 0) & (right != 1)].unique()
    alike = torch.isclose(right, found, rtol=tolerance).all()
    return len(telling) > 1 and bool(alike)
