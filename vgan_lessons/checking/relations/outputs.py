"""Relations of what an answer hands on: its results, one or several, and their gradients.

One result among several may be wrong, or they come in another order. A gradient may be missing
or doubled where the numbers are right; where they are wrong, the gradient for each input tells
which part of the answer is right.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.judging import is_free
from vgan_lessons.checking.plain import difference
from vgan_lessons.checking.relations.evidence import (
    Beside,
    Compared,
    as_numbers,
    beside,
    close,
    enough,
    finite,
)
from vgan_lessons.checking.relations.numbers import (
    SUM_FOR_MEAN,
    Column,
    Said,
    factor_of,
    relation_of,
    shares_one_mean,
)
from vgan_lessons.checking.results import Record, Relation

_NTH = ("first", "second", "third", "fourth", "fifth", "sixth")
_Rows = list[tuple[Any, ...]]  # the results of every probe
_CUT = "A .detach(), .item(), .numpy(), torch.no_grad() or a new torch.tensor(...) cuts it."
_ONE_MEAN = "weighed by its share"
_HALF_OF_ONE_MEAN = "its share"
_OF_A_PART = (
    "sum for mean",
    "mean for sum",
    "n - 1 for n",
)  # fit some numbers of a tensor, too


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


def which_are_right(exercise: Exercise, probes: Sequence[Compared]) -> Relation | None:
    """Which of several results is wrong, where the others are right and tell something.

    Args:
        exercise: says how exactly.
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
        if not finite(numbers[1]) and said.name != "n - 1 for n":
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


class _Slope(NamedTuple):
    """What is true of the gradient for one input on every probe.

    Args:
        state: "right", "missing", "unwanted", "factor", "other", or "none" where there is
            nothing to compare.
        words: of a factor, the end of "the gradient for x is ...".
    """

    state: str
    words: str = ""


def relation_of_slopes(
    exercise: Exercise, probes: Sequence[Compared], *, values_right: bool
) -> Relation | None:
    """What the gradients of an answer say, on every probe that has any.

    Args:
        exercise: says which gradients are asked for, and how exactly.
        probes: right beside got.
        values_right: whether all numbers are right.
    """
    probes = [one for one in probes if one.probe.graph]
    slopes = {name: _slope(exercise, probes, name) for name in _asked(exercise, probes)}
    if values_right:
        return _of_right_values(slopes, probes, exercise)
    return _of_wrong_values(slopes)


def _asked(exercise: Exercise, probes: Sequence[Compared]) -> list[str]:
    """The inputs whose gradient the statement asks for, modules as a whole."""
    if not any(one.right.attached for one in probes):
        return []
    names = [name for one in probes[:1] for name in one.right.gradients]
    return list(dict.fromkeys(_owner(name) for name in names if not is_free(name, exercise)))


def _owner(leaf: str) -> str:
    return leaf.split(".")[0].split("[")[0]


def _slope(exercise: Exercise, probes: Sequence[Compared], owner: str) -> _Slope:
    column = [_side_by_side(one, owner) for one in probes]
    tolerance = exercise.tolerance
    if not column or not all(finite(one.right) for one in column):
        return _Slope("none")
    if not any(bool(one.right.any()) for one in column):
        unwanted = sum(bool(one.got.any()) for one in column) >= 2
        return _Slope("unwanted" if unwanted else "none")
    if all(close(one.right, one.got, tolerance) for one in column):
        blank = [Beside(one.table, one.right, torch.zeros_like(one.right)) for one in column]
        return _Slope("right" if enough(blank, tolerance) else "none")
    if not any(bool(one.got.any()) for one in column):
        return _Slope("missing" if enough(column, tolerance) else "none")
    if shares_one_mean(column, owner, tolerance):
        return _Slope("factor", _ONE_MEAN)
    if shares_one_mean(column, owner, tolerance, times=0.5):
        return _Slope("factor", _HALF_OF_ONE_MEAN)
    if said := factor_of(column, tolerance):
        return _Slope("factor", said.words)
    return _Slope("other")


def _side_by_side(one: Compared, owner: str) -> Beside:
    """All gradients for an input in a row; none is as good as zero."""
    leaves = [name for name in one.right.gradients if _owner(name) == owner]
    rows: list[list[Tensor]] = [[], []]
    for name in leaves:
        pair = one.right.gradients[name], one.got.gradients.get(name)
        like = next((g for g in pair if g is not None), torch.zeros(0))
        for row, gradient in zip(rows, pair, strict=True):
            row.append((torch.zeros_like(like) if gradient is None else gradient).flatten())
    right, got = (torch.cat(row) if row else torch.zeros(0) for row in rows)
    found = beside(one, right, got)
    return found or Beside(one.probe.table, right.double(), got.double())


def _of_right_values(
    slopes: dict[str, _Slope], probes: Sequence[Compared], exercise: Exercise
) -> Relation | None:
    wrong = {n: s for n, s in slopes.items() if s.state not in ("right", "none")}
    states = {slope.state for slope in wrong.values()}
    names = _joined(list(wrong))
    if states == {"missing"}:
        what = f"The numbers are right, but no gradient arrives at {names}."
        return Relation("gradient missing", f"{what} {_CUT}")
    if states == {"unwanted"}:
        what = f"The numbers are right, but a gradient arrives at {names}, where none belongs."
        return Relation("gradient not cut", f"{what} Detach it, or compute it without a graph.")
    if states == {"factor"} and len({slope.words for slope in wrong.values()}) == 1:
        words = next(iter(wrong.values())).words
        what = f"The numbers are right, but the gradient for {names} is {words}."
        return Relation("gradient off by a factor", what)
    if not wrong and exercise.second_order and _second_is_missing(probes):
        what = "The numbers and their gradients are right, but no second gradient arrives"
        return Relation("second gradient missing", f"{what}: create_graph=True keeps its road.")
    return None


def _second_is_missing(probes: Sequence[Compared]) -> bool:
    def arrives(second: dict[str, Tensor | None]) -> bool:
        return any(slope is not None and bool(slope.any()) for slope in second.values())

    asked = [one for one in probes if arrives(one.right.second)]
    return len(asked) >= 2 and not any(arrives(one.got.second) for one in asked)


def _of_wrong_values(slopes: dict[str, _Slope]) -> Relation | None:
    """Which part is right, if the gradient for one input is and for another is not."""
    right = [name for name, slope in slopes.items() if slope.state == "right"]
    wrong = {n: s for n, s in slopes.items() if s.state not in ("right", "none")}
    states = {slope.state for slope in wrong.values()}
    if not wrong or len(states) > 1:
        return None
    names, state = _joined(list(wrong)), states.pop()
    if state == "factor":
        if all(
            s.words == SUM_FOR_MEAN.format(f"the number of elements of {n}")
            for n, s in wrong.items()
        ):
            what = (
                f"The gradient for {' and for '.join(wrong)} is as many times too large as it"
            )
            return Relation("sum for mean", f"{what} has elements: a sum stands for a mean.")
        if all(slope.words == _ONE_MEAN for slope in wrong.values()):
            what = f"The gradients say that one mean is taken over {names} together"
            return Relation("one mean over both", f"{what}: the larger one counts more.")
        if all(slope.words == _HALF_OF_ONE_MEAN for slope in wrong.values()):
            what = f"The gradients say that one mean is taken over {names} together"
            return Relation("one mean for two", f"{what}: each has a mean of its own.")
        if any(slope.words in (_ONE_MEAN, _HALF_OF_ONE_MEAN) for slope in wrong.values()):
            return None
        told = "; ".join(f"the gradient for {n} is {s.words}" for n, s in wrong.items())
        kept = f"; the one for {_joined(right)} is right" if right else ""
        name = f"{names} off by a factor" if right else "gradients off by a factor"
        return Relation(name, f"{told[0].upper()}{told[1:]}{kept}.")
    if not right:
        return None
    kept = f"The gradient for {_joined(right)} is right on every random input"
    if state == "missing":
        what = f"but none comes from {names}: what you do with it is missing, or cut off"
        return Relation(f"nothing from {names}", f"{kept}, {what}.")
    if state == "unwanted":
        what = f"but {names} must get none and gets some"
        return Relation(f"{names} not cut off", f"{kept}, {what}.")
    what = f"and the one for {names} is not: look at what you do with {names}"
    return Relation(f"{names} alone is wrong", f"{kept}, {what}.")


def _joined(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
