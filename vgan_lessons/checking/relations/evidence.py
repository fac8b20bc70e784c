"""Evidence for a relation: the numbers of an answer beside the right ones, probe by probe.

A relation may claim what these numbers show and no more: it has to hold on every probe, and
`enough` of the numbers have to be unlike the right ones for it to mean anything.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from vgan_lessons.checking.plain import difference
from vgan_lessons.checking.probes import PROBES, Probe
from vgan_lessons.checking.results import Observation, Record

_FEWEST = 3  # numbers that tell a relation from chance, on inputs drawn at least twice


@dataclass(frozen=True)
class Compared:
    """One probe: what it is, what the reference did there, and what the answer did."""

    probe: Probe
    right: Observation
    got: Observation

    def is_right(self, tolerance: float) -> bool:
        """Whether the right value came; where nothing is asked to come back, anything may."""
        if self.got.trouble:
            return False
        asked = self.right.value
        return asked is None or not difference(asked, self.got.value, tolerance)


@dataclass(frozen=True)
class Beside:
    """Right numbers of one probe beside those of the answer.

    Args:
        table: of the probe; probes of one table have the same numbers in another dress.
        right: float64.
        got: float64; its shape may be another.
        sizes: of the inputs, in words: "the number of elements of x" -> 15.
        share: of each input among all elements, twice: 1 where two are of one size.
    """

    table: int
    right: Tensor
    got: Tensor
    sizes: dict[str, int] = field(default_factory=dict)
    share: dict[str, float] = field(default_factory=dict)

    def only_wrong(self, tolerance: float) -> "Beside | None":
        """The wrong numbers in a row; None where the shapes differ."""
        if self.right.shape != self.got.shape:
            return None
        slack = tolerance / 100 * _largest(self.right)
        wrong = ~torch.isclose(self.got, self.right, rtol=tolerance, atol=slack)
        return replace(self, right=self.right[wrong], got=self.got[wrong])


def compared(record: Record, right: Record) -> tuple[Compared, ...]:
    """The probes whose values say what an answer computes.

    Args:
        record: of the answer.
        right: of the reference.

    Returns:
        All but the ones on another device, of a second call, and those that the reference
        itself cannot pass.
    """
    return tuple(
        Compared(probe, right.seen[probe.name], record.seen[probe.name])
        for probe in PROBES
        if not (probe.far or probe.again)
        and probe.name in record.seen
        and probe.name in right.seen
        and not right.seen[probe.name].trouble
    )


def beside(one: Compared, right: Any, got: Any) -> Beside | None:
    """Two pieces of plain data side by side, or None if one of them is no number."""
    numbers = as_numbers(right), as_numbers(got)
    if numbers[0] is None or numbers[1] is None:
        return None
    return Beside(one.probe.table, *numbers, _sizes(one.right), _shares(one.right))


def as_numbers(value: Any) -> Tensor | None:
    """A real number or tensor as float64; None for everything else, yes and no included."""
    if isinstance(value, Tensor) and not value.is_complex() and value.dtype != torch.bool:
        return value.to(torch.float64)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return torch.tensor(float(value), dtype=torch.float64)
    return None


def close(wanted: Tensor, found: Tensor, tolerance: float) -> bool:
    """Whether two float64 tensors agree; both are finite, and of one shape."""
    if wanted.shape != found.shape or not (finite(wanted) and finite(found)):
        return False
    slack = tolerance / 100 * _largest(wanted)
    return bool(torch.isclose(found, wanted, rtol=tolerance, atol=slack).all())


def finite(numbers: Tensor) -> bool:
    """Whether there is neither NaN nor infinity among numbers of any shape."""
    return bool(numbers.isfinite().all())


def enough(column: Sequence[Beside], tolerance: float, fewest: int = _FEWEST) -> bool:
    """Whether a column of probes holds enough wrong numbers, on inputs drawn at least twice.

    Args:
        column: the same result on every probe.
        tolerance: a number counts as wrong from ten times this on.
        fewest: how many wrong numbers are enough.
    """
    wrong: dict[int, int] = {}
    for one in column:
        if one.right.shape != one.got.shape:
            wrong[one.table] = max(one.right.numel(), 1)
        else:
            gap = (one.right - one.got).abs() > 10 * tolerance * max(_largest(one.right), 1e-6)
            wrong[one.table] = int(gap.sum())
    counts = [n for n in wrong.values() if n]
    return len(counts) >= 2 and sum(counts) >= fewest


def _largest(numbers: Tensor) -> float:
    return numbers.abs().max().item() if numbers.numel() else 0.0


def _shapes(right: Observation) -> dict[str, torch.Size]:
    """Of the tensors among the inputs, by name."""
    states = {
        n: state.get("values") for n, state in right.after.items() if isinstance(state, dict)
    }
    return {n: values.shape for n, values in states.items() if isinstance(values, Tensor)}


def _sizes(right: Observation) -> dict[str, int]:
    """How long the axes of the inputs are, in words."""
    found = {}
    for name, shape in _shapes(right).items():
        if shape:
            found[f"the number of elements of {name}"] = shape.numel()
        for axis, length in enumerate(shape) if len(shape) > 1 else ():
            found[f"the length of axis {axis} of {name}"] = length
            rest = shape.numel() // max(length, 1)
            found[f"the number of elements of {name} along all axes but axis {axis}"] = rest
    counts = {name: shape.numel() for name, shape in _shapes(right).items() if shape}
    for one, other in itertools.combinations(counts, 2):
        found[f"the number of pairs of {one} and {other}"] = counts[one] * counts[other]
    return found


def _shares(right: Observation) -> dict[str, float]:
    counts = {name: shape.numel() for name, shape in _shapes(right).items() if shape}
    return {name: 2 * n / sum(counts.values()) for name, n in counts.items() if n}
