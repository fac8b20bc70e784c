"""Relations of what an answer changes in place: it stays as it was, or moves too far."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from vgan_lessons.checking.plain import difference
from vgan_lessons.checking.relations.evidence import (
    Beside,
    Compared,
    as_numbers,
    enough,
    finite,
)
from vgan_lessons.checking.relations.numbers import factor_of
from vgan_lessons.checking.results import Relation

_Move = tuple[Tensor, Tensor]  # how far a part should move, and how far it does


def relation_of_changes(probes: Sequence[Compared], tolerance: float) -> Relation | None:
    """What relates the way that an answer moves its inputs to the right one.

    Args:
        probes: what was seen on each; no call raised.
        tolerance: relative.
    """
    for name in probes[0].right.changed:
        moves = [dict(_moves(one, name)) for one in probes]
        alike = all(moves) and len({tuple(move) for move in moves}) == 1
        if alike and (said := _of_one_input(name, probes, moves, tolerance)):
            return said
    return None


def _of_one_input(
    name: str, probes: Sequence[Compared], moves: Sequence[dict[str, _Move]], tolerance: float
) -> Relation | None:
    columns = {
        part: [
            Beside(one.probe.table, *move[part])
            for one, move in zip(probes, moves, strict=True)
        ]
        for part in moves[0]
    }
    wrong = {
        part: column
        for part, column in columns.items()
        if any(difference(one.right, one.got, tolerance) for one in column)
    }
    still = [p for p, col in wrong.items() if not any(bool(one.got.any()) for one in col)]
    whole = [
        Beside(
            n.probe.table,
            *(torch.cat([pair[side] for pair in move.values()]) for side in (0, 1)),
        )
        for n, move in zip(probes, moves, strict=True)
    ]
    if not wrong or not enough(whole, tolerance):
        return None
    if len(still) == len(columns):
        what = f"Your code leaves {name} as it was: what you compute has to end up in it"
        return Relation("nothing changes", f"{what}, in place.")
    if still and len(still) == len(wrong):
        what = f"Of {name}, these parts stay as they were: {', '.join(still)}"
        return Relation("a part stays as it was", f"{what}. The others are right.")
    if said := factor_of(whole, tolerance):
        what = f"How far your code moves {name} is, on every random input, {said.words}."
        return Relation(f"moved: {said.name}", what)
    return None


def _moves(one: Compared, name: str) -> Iterator[tuple[str, _Move]]:
    """The parts of an input that the right answer moves."""
    states = (one.right.before, one.right.after, one.got.before, one.got.after)
    leaves = [dict(_leaves(state.get(name))) for state in states]
    for part in leaves[0]:
        numbers = [leaf.get(part) for leaf in leaves]
        if any(n is None or n.shape != numbers[0].shape or not finite(n) for n in numbers):
            continue
        before, after, its_before, its_after = numbers
        if bool((after - before).any()):
            yield part, (after - before, its_after - its_before)


def _leaves(state: Any, path: str = "") -> Iterator[tuple[str, Tensor]]:
    """The values of every tensor in a state, in a row, by name."""
    if isinstance(state, dict) and "requires_grad" in state:
        values = as_numbers(state["values"])
        if values is not None:
            yield path, values.flatten()
    elif isinstance(state, dict):
        for key, part in state.items():
            yield from _leaves(part, f"{path}.{key}" if path else key)
