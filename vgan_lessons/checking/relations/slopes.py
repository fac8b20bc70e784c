"""Relations of the gradients that come out of an answer.

A gradient may be missing or doubled where the numbers are right; where they are wrong, the
gradient for each input tells which part of the answer is right.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.judging import is_free
from vgan_lessons.checking.relations.evidence import (
    Beside,
    Compared,
    beside,
    close,
    enough,
    finite,
)
from vgan_lessons.checking.relations.numbers import SUM_FOR_MEAN, factor_of, shares_one_mean
from vgan_lessons.checking.results import Relation

_CUT = "A .detach(), .item(), .numpy(), torch.no_grad() or a new torch.tensor(...) cuts it."
_ONE_MEAN = "weighed by its share"
_HALF_OF_ONE_MEAN = "its share"


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
    if states == {"other"}:
        what = (
            f"The numbers are right, and a gradient for {names} arrives that is not the right"
        )
        more = (
            "a step on its way is cut off (detach, no_grad, .item()), or should be and is not"
        )
        return Relation("gradient in part", f"{what} one: {more}.")
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
