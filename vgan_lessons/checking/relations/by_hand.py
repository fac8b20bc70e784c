"""Relations in the cases that are worked by hand: what each says, and all that failed.

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
from vgan_lessons.checking.relations.refusals import relation_of_refusals
from vgan_lessons.checking.results import Record, Relation

_Pair = tuple[Any, Any]  # what is right in a case, and what came
_FEW_SAY_IT = {  # relations that hold of few numbers by chance less often than others
    "wrong sign",
    "twice too large",
    "half",
    "bits for nats",
    "nats for bits",
    "one minus",
    "square root",
    "axis reversed",
    "axes in another order",
}


def relation_by_case(exercise: Exercise, record: Record, trial: str) -> Relation | None:
    """What the failed case says by itself: its own words, or a shape.

    Args:
        exercise: what was asked.
        record: of the answer.
        trial: the case that failed first.
    """
    case = next((case for case in exercise.cases if case.name == trial), None)
    seen = record.seen.get(trial)
    if case is None or seen is None or seen.trouble:
        return None
    if seen.value is None or seen.value == ():
        what = "None" if seen.value is None else "An empty tuple"
        return Relation("nothing comes back", f"{what} comes back where a result is asked for.")
    if case.tells is not None and (told := case.tells(seen.value)):
        return Relation(*told)
    if case.holds:
        return None
    refusals = relation_of_refusals(case.expect, seen.value)
    return refusals or _of_shapes(case.expect, seen.value, case.kind == "axes")


def _of_shapes(wanted: Any, got: Any, noted: bool) -> Relation | None:
    """What the first two shapes or dtypes that differ say; `noted`: whole numbers count."""
    if isinstance(wanted, Tensor) and isinstance(got, Tensor):
        return _of_two_shapes(tuple(wanted.shape), tuple(got.shape))
    if isinstance(wanted, tuple) and isinstance(got, tuple):
        if all(type(n) is int for n in (*wanted, *got)):
            return _of_two_shapes(wanted, got) if noted else None
        if len(wanted) != len(got):
            return None
        pairs = zip(wanted, got, strict=True)
        first = next((pair for pair in pairs if difference(*pair, 1e-4)), None)
        return _of_shapes(*first, noted) if first else None
    dtypes = isinstance(wanted, str) and wanted.startswith("torch.") and isinstance(got, str)
    if dtypes and got.startswith("torch.") and wanted.split(",")[0] != got.split(",")[0]:
        what = f"It comes as {got.split(',')[0]}, where {wanted.split(',')[0]} is asked for"
        return Relation("another dtype", f"{what}: say dtype=... where it is made.")
    return None


def _of_two_shapes(wanted: tuple[int, ...], got: tuple[int, ...]) -> Relation | None:
    if wanted == got or not all(n >= 0 for n in (*wanted, *got)):
        return None
    said = f"{wanted} is asked for and {got} comes"
    bare = [tuple(n for n in shape if n != 1) for shape in (wanted, got)]
    if bare[0] == bare[1] and len(wanted) != len(got):
        many = "many" if len(got) > len(wanted) else "few"
        how = "squeeze or flatten names the one to go" if many == "many" else "a bare squeeze?"
        return Relation(
            f"an axis too {many}", f"{said}, with axes of length 1 too {many}: {how}."
        )
    if sorted(wanted) == sorted(got) and len(wanted) > 1:
        return Relation("axes in another order", f"{said}: the same axes in another order.")
    off: list[tuple[int, int]] = []
    if len(wanted) == len(got):
        off = [
            (axis, g - w) for axis, (w, g) in enumerate(zip(wanted, got, strict=True)) if g != w
        ]
        if len(off) == 1 and abs(off[0][1]) == 1:
            axis, by = off[0]
            what = "one too many" if by > 0 else "one too few"
            return Relation(
                what, f"{said}: along axis {axis} there is {what}, where does it end?"
            )
    if len(wanted) == len(got) >= 3 and wanted[:-2] == got[:-2] and len(off) == 2:
        what = "height and width come out otherwise: kernel, stride and padding decide them"
        return Relation("another height and width", f"{said}: {what}, or how often it doubles.")
    if len(got) == len(wanted) + 1 and got[:-1] == wanted:
        what = f"each of them comes {got[-1]} times, along an axis that is not asked for"
        return Relation("several for one", f"{said}: {what}.")
    if len(got) < len(wanted) and _is_within(got, wanted):
        return Relation(
            "an axis is gone", f"{said}: a mean, a sum or an index took an axis away."
        )
    return None


def _is_within(few: tuple[int, ...], many: tuple[int, ...]) -> bool:
    rest = iter(many)
    return all(n in rest for n in few)


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
    leaves = [leaf for pair in failed.values() for leaf in _leaves(*pair)]
    pairs = [tuple(map(as_numbers, leaf)) for leaf in leaves]
    if any(number is None for pair in pairs for number in pair):
        return None
    wrong = [pair for pair in pairs if difference(*pair, exercise.tolerance)]
    column = [Beside(table, *pair) for table, pair in enumerate(wrong)]
    said = relation_of(column, exercise.tolerance)
    if said is None or not (
        said.name in _FEW_SAY_IT or said.name.endswith((" times", "missing", "too many"))
    ):
        return None
    what = f"What is wrong in your numbers is, in each case that fails, {said.words}"
    return Relation(said.name, f"{what}.")


def _leaves(wanted: Any, got: Any) -> Iterator[_Pair]:
    """Each thing that was noted in a case beside the one that came."""
    if isinstance(wanted, dict) and isinstance(got, dict) and wanted.keys() == got.keys():
        wanted, got = tuple(wanted.values()), tuple(got.values())
    if isinstance(wanted, tuple) and isinstance(got, tuple) and len(wanted) == len(got):
        for pair in zip(wanted, got, strict=True):
            yield from _leaves(*pair)
    else:
        yield wanted, got


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
