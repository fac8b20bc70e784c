"""Relations of what an answer hands on: one result, or several.

One result among several may be wrong, or they come in another order.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.plain import difference
from vgan_lessons.checking.relations.evidence import (
    Beside,
    Compared,
    as_numbers,
    beside,
    close,
    finite,
)
from vgan_lessons.checking.relations.numbers import (
    SCALED_BY_ITSELF,
    Column,
    Said,
    relation_of,
)
from vgan_lessons.checking.results import Record, Relation

_NTH = ("first", "second", "third", "fourth", "fifth", "sixth")
_Rows = list[tuple[Any, ...]]  # the results of every probe
_OF_A_PART = (
    "sum for mean",
    "mean for sum",
    "n - 1 for n",
)  # fit some numbers of a tensor, too

_LOST_AT_ONE = ("n - 1 for n", SCALED_BY_ITSELF)  # of one number there is no deviation


class _Rounds(tuple):
    """Results of several rounds in a row, as a training loop hands them out."""


def relation_of_results(
    exercise: Exercise, record: Record, right: Record, probes: Sequence[Compared]
) -> Relation | None:
    """What relates the results of an answer to the right ones.

    Args:
        exercise: says how exactly, and has hand-worked cases that must not contradict.
        record: of the answer.
        right: of the reference.
        probes: what was seen on each; some value is wrong.
    """
    rows = [_results(one.right.value) for one in probes]
    found = [_results(one.got.value) for one in probes]
    if all(_is_stacked(*pair, exercise.tolerance) for pair in zip(rows, found, strict=True)):
        what = "The numbers are right, but come as a list of tensors"
        return Relation("a list of tensors", f"{what}: torch.stack makes one of them.")
    if len({len(row) for row in rows}) > 1 or len({len(row) for row in found}) > 1:
        return None
    labels = _labels(probes[0].right.value)
    if any(_labels(one.got.value) != labels for one in probes) and isinstance(labels[0], str):
        return None  # a dict with other keys, which the finding tells
    if len(rows[0]) != len(found[0]):
        return _one_of_several(rows, found, exercise.tolerance)
    if len(rows[0]) > 1 and labels[0] is None and _other_order(rows, found, exercise.tolerance):
        what = "Your results are right, but come in another order"
        return Relation("results in another order", f"{what} than the statement asks for.")
    columns = list(_columns(probes, rows, found))
    if not all(columns):
        return None
    wrong = [n for n, column in enumerate(columns) if not _is_right(column, exercise.tolerance)]
    said = {relation_of(columns[n], exercise.tolerance) for n in wrong}
    (relation,) = said if len(said) == 1 else (None,)
    if relation is None and isinstance(rows[0], _Rounds):
        return _of_the_first(columns[wrong[0]], exercise.tolerance)
    if relation is None:
        return _of_some_numbers(columns, exercise.tolerance) if len(columns) == 1 else None
    if not _cases_agree(exercise, record, right, relation):
        return None
    subject = _subject(wrong, columns, labels)
    return Relation(relation.name, f"{subject} {relation.words}, on every random input.")


def which_are_right(
    exercise: Exercise, record: Record, reference: Record, probes: Sequence[Compared]
) -> Relation | None:
    """Which of several results is wrong, where the others are right and tell something.

    Args:
        exercise: says how exactly.
        record: of the answer.
        reference: the record of the reference.
        probes: what was seen on each; some value is wrong.
    """
    rows = [_results(one.right.value) for one in probes]
    found = [_results(one.got.value) for one in probes]
    labels = _labels(probes[0].right.value)
    if any(len(row) != len(labels) for row in (*rows, *found)):
        return None
    columns = list(_columns(probes, rows, found))
    if not all(columns) or any(_labels(one.got.value) != labels for one in probes):
        return None
    wrong = [n for n, column in enumerate(columns) if not _is_right(column, exercise.tolerance)]
    right = [n for n in range(len(columns)) if n not in wrong and _tells(columns[n])]
    if not right or len(right) + len(wrong) < len(columns):
        return None
    if not _right_by_hand(exercise, record, reference, right, len(columns)):
        return None
    which = " and ".join(labels[n] or f"the {_nth(n)}" for n in wrong)
    kept = _listed(right, columns, labels)
    many = "are" if len(right) > 1 else "is"
    what = f"{kept} {many} right on every random input; look for the fault in {which}."
    return Relation(f"{which} alone wrong", what)


def _of_the_first(column: Column, tolerance: float) -> Relation | None:
    """What relates the first wrong number of a game in rounds; later ones follow from it."""
    said = relation_of(column, tolerance)
    if said is None:
        return None
    what = f"The first of your numbers that is wrong is {said.words}, on every random input"
    return Relation(f"{said.name}, at first", f"{what}; what comes later follows from it.")


def _of_some_numbers(columns: Sequence[Column], tolerance: float) -> Relation | None:
    """What relates those numbers of a tensor to the right ones that are wrong."""
    column = [one.only_wrong(tolerance) for one in columns[0]]
    if any(one is None for one in column):
        return None
    said = relation_of([one for one in column if one and one.right.numel()], tolerance)
    if said is None or (said.predict is None and said.name not in _OF_A_PART):
        return None
    what = f"Those of your numbers that are wrong are each {said.words}"
    return Relation(f"{said.name}, in part", f"{what}, on every random input.")


def _results(value: Any) -> tuple[Any, ...]:
    """The results of a call in a row."""
    if isinstance(value, dict):
        return tuple(value.values())
    if isinstance(value, tuple) and any(isinstance(item, tuple) for item in value):
        return _Rounds(leaf for item in value for leaf in _results(item))
    return value if isinstance(value, tuple) else (value,)


def _columns(probes: Sequence[Compared], rows: _Rows, found: _Rows) -> Iterator[Column | None]:
    """For each place the right result beside the one that came back; None if no number."""
    for n in range(len(rows[0])):
        triples = zip(probes, rows, found, strict=True)
        column = [beside(one, row[n], got[n]) for one, row, got in triples]
        yield [pair for pair in column if pair] if all(column) else None


def _is_right(column: Sequence[Beside], tolerance: float) -> bool:
    return all(difference(one.right, one.got, tolerance) is None for one in column)


def _is_stacked(row: tuple[Any, ...], found: tuple[Any, ...], tolerance: float) -> bool:
    """Whether several tensors are together the one that was asked for."""
    alike = len({part.shape for part in found if isinstance(part, Tensor)}) == 1
    if len(row) > 1 or not alike or not all(isinstance(part, Tensor) for part in found):
        return False
    return difference(row[0], torch.stack(found), tolerance) is None


def _one_of_several(rows: _Rows, found: _Rows, tolerance: float) -> Relation | None:
    """Only one of the results comes back, or something besides the right one does."""
    more, fewer, lost = (
        (rows, found, True) if len(rows[0]) > len(found[0]) else (found, rows, False)
    )
    if len(fewer[0]) != 1:
        return None
    for n in range(min(len(more[0]), len(_NTH))):
        pairs = zip(more, fewer, strict=True)
        if all(difference(less[0], row[n], tolerance) is None for row, less in pairs):
            if lost:
                what = (
                    f"Only the {_NTH[n]} of {len(more[0])} results comes back, and it is right."
                )
                return Relation("a result is missing", what)
            what = f"The {_NTH[n]} of your {len(more[0])} results is right: return it alone."
            return Relation("a result too many", what)
    return None


def _other_order(rows: _Rows, found: _Rows, tolerance: float) -> bool:
    orders = itertools.permutations(range(len(rows[0]))) if len(rows[0]) <= len(_NTH) else ()
    return any(
        all(
            difference(tuple(row[n] for n in order), got, tolerance) is None
            for row, got in zip(rows, found, strict=True)
        )
        for order in orders
    )


def _right_by_hand(
    exercise: Exercise, record: Record, reference: Record, right: Sequence[int], n_results: int
) -> bool:
    """Whether these results are right in every hand-worked case, too, that returns them all."""
    for case in exercise.cases:
        wanted = _results(reference.seen[case.name].value)
        found = _results(record.seen[case.name].value)
        if len(wanted) == len(found) == n_results and any(
            difference(wanted[n], found[n], exercise.tolerance) for n in right
        ):
            return False
    return True


def _cases_agree(exercise: Exercise, record: Record, right: Record, said: Said) -> bool:
    """Whether no hand-worked case of the same form contradicts; most, where some differ.

    A case may well return something else than the answer does, a gradient for example.
    """
    agree = disagree = 0
    for case in exercise.cases:
        wanted, found = right.seen[case.name].value, record.seen[case.name].value
        numbers = as_numbers(wanted), as_numbers(found)
        if record.seen[case.name].trouble:
            return False
        if numbers[0] is None or numbers[1] is None or not finite(numbers[0]):
            continue
        if not finite(numbers[1]) and said.name not in _LOST_AT_ONE:
            return False
        predicted = said.predict(numbers[0]) if said.predict else None
        if predicted is None or not difference(wanted, found, exercise.tolerance):
            continue
        agrees = close(predicted, numbers[1], 10 * exercise.tolerance)
        agree, disagree = agree + agrees, disagree + (not agrees)
    return agree >= disagree


def _labels(value: Any) -> list[str | None]:
    """What each result is called: the keys of a dict, nothing in a tuple."""
    return list(value) if isinstance(value, dict) else [None] * len(_results(value))


def _subject(wrong: Sequence[int], columns: Sequence[Column], labels: list[str | None]) -> str:
    if len(columns) == 1:
        one = columns[0][0]
        many = one.got.numel() > 1 and one.got.shape == one.right.shape
        return "Every number you return is" if many else "Your result is"
    if len(wrong) == len(columns):
        return "Each of your results is"
    names = _listed(wrong, columns, labels)
    return f"{names} is" if len(wrong) == 1 else f"{names}: each is"


def _listed(places: Sequence[int], columns: Sequence[Column], labels: list[str | None]) -> str:
    names = [labels[n] or f"the {_nth(n)}" for n in places]
    listed = ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1]
    listed = listed[0].upper() + listed[1:] if labels[0] is None else listed
    return listed if labels[0] else f"{listed} of your {len(columns)} results"


def _nth(place: int) -> str:
    return _NTH[place] if place < len(_NTH) else f"{place + 1}th"


def _tells(column: Column) -> bool:
    """Whether right numbers differ from probe to probe: nobody hits them by chance."""
    tables = {one.table: one.right.flatten().tolist() for one in column}
    return len({tuple(numbers) for numbers in tables.values()}) >= 3
