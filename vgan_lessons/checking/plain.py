"""Plain data: what an answer leaves behind, with nothing of the learner's inside, and compared.

Only what comes out of `plain` and `state_of` is compared: exact Python numbers and strings,
exact tensors, tuples and dicts of them. An object that claims to equal everything arrives as
`Other` and equals nothing. `difference` compares with a tolerance and says in words what
differs; `same_state` compares exactly.
"""

import builtins
import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

_EXACT = (bool, int, float, complex, str, bytes, type(None))
_DEEPEST = 8  # nesting beyond this is no honest answer
_OF_A_SAMPLE = ("frames", "channels", "rows", "columns")  # counted from the last axis
_OF_A_PATH = ("frames", "numbers")
_SHOWN = 6  # a tensor with more numbers is not printed in full
_AXES = 6  # whole numbers that are read at one glance, as a shape is


@dataclass(frozen=True)
class Other:
    """Something that is no plain data; only its type's name is kept."""

    type_name: str


def plain(value: Any, depth: int = 0) -> Any:
    """Copy a result into plain data: lists become tuples, dataclasses and dicts become dicts.

    Args:
        value: anything.
        depth: how far inside a larger value this one sits.

    Returns:
        Data whose types are exactly the ones named above, detached and cloned; `Other` for
        the rest.

    Example:
        >>> plain([1, torch.ones(2).sum(), object()])
        (1, tensor(2.), Other(type_name='object'))
    """
    if type(value) in _EXACT:
        return value
    if type(value) in (Tensor, nn.Parameter):
        return value.detach().clone()
    if isinstance(value, np.generic):
        return value.item()
    if depth < _DEEPEST:
        if isinstance(value, list | tuple):
            return tuple(plain(item, depth + 1) for item in value)
        if isinstance(value, Mapping):
            return {str(key): plain(item, depth + 1) for key, item in value.items()}
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return plain(vars(value), depth + 1)
    return Other(type(value).__name__)


def state_of(value: Any) -> Any:
    """Everything about an input that a call could change, as plain data.

    Args:
        value: a tensor, module, optimiser, random source, or a container of them.

    Returns:
        A dict with readable keys per thing; `plain(value)` for what has no hidden state.
    """
    if isinstance(value, Tensor):
        state = {"values": plain(value), "requires_grad": value.requires_grad}
        if value.is_leaf:
            counts = value.grad is not None and bool(value.grad.any())
            state[".grad"] = plain(value.grad) if counts else None  # zeros are as good as none
        return state
    if isinstance(value, nn.Module):
        named = dict(value.named_parameters()) | dict(value.named_buffers())
        modes = {name or "itself": module.training for name, module in value.named_modules()}
        return {name: state_of(part) for name, part in named.items()} | {"mode": modes}
    if isinstance(value, torch.optim.Optimizer):
        return plain(value.state_dict())
    if isinstance(value, torch.Generator):
        return {"random state": value.get_state()}
    if isinstance(value, list | tuple):
        return tuple(state_of(item) for item in value)
    if isinstance(value, Mapping):
        return {str(key): state_of(item) for key, item in value.items()}
    return plain(value)


def tensors_in(value: Any, path: str = "") -> Iterator[tuple[str, Tensor]]:
    """Walk a result or an input and name every tensor in it, those of modules included.

    Args:
        value: anything; what holds no tensor yields nothing.
        path: the name so far: "generator" gives "generator.weight".
    """
    if isinstance(value, Tensor):
        yield path, value
    elif isinstance(value, nn.Module):
        yield from ((f"{path}.{name}", part) for name, part in value.named_parameters())
        yield from ((f"{path}.{name}", part) for name, part in value.named_buffers())
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from tensors_in(item, f"{path}[{place}]")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from tensors_in(item, f"{path}[{key}]" if path else str(key))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from tensors_in(vars(value), path)


def same_state(before: Any, after: Any) -> bool:
    """Whether nothing changed between two results of `state_of`; exact, NaN equals NaN."""
    return all(_same_leaf(*pair) for _, *pair in _pairs(before, after, ""))


def difference(expected: Any, got: Any, tolerance: float) -> str | None:
    """Say how two pieces of plain data differ, or None if they are the same.

    Args:
        expected: plain data that is right.
        got: plain data to judge. A number and a 0-d tensor count as the same thing.
        tolerance: relative, of each number. The absolute one is a hundredth of it, times
            the largest expected number of the tensor where that exceeds 1.

    Returns:
        "expected 1.25, got 1.1", with the place in front where there are several.

    Example:
        >>> difference((1.0, torch.zeros(2)), (1.0, torch.ones(2)), 1e-4)
        'the 2nd of 2: expected [0, 0], got [1, 1]'
    """
    for place, wanted, found in _pairs(expected, got, ""):
        said = _leaf_difference(wanted, found, tolerance)
        if said:
            return f"{place}: {said}" if place else said
    return None


def say(value: Any, digits: int = 6) -> str:
    """Write plain data the way a message shows it: short, rounded, with its kind.

    Example:
        >>> say(torch.tensor([0.0, -0.5])), say(torch.ones(3, 5)), say(None), say((1, 2.5))
        ('[0, -0.5]', 'a tensor of shape (3, 5)', 'None', '(1, 2.5)')
        >>> say(torch.tensor([-0.25 + 0.433j, 2j]))
        '[-0.25+0.433j, 0+2j]'
    """
    if isinstance(value, Tensor):
        if value.numel() > _SHOWN:
            return f"a tensor of shape {tuple(value.shape)}"
        return _say_list(value.tolist(), digits)
    if isinstance(value, Other):
        return "..." if value.type_name == "ellipsis" else f"a {value.type_name}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value + 0.0:.{digits}g}" if isinstance(value, float) else str(value)
    if isinstance(value, complex):
        return f"{value.real + 0.0:.{digits}g}{value.imag + 0.0:+.{digits}g}j"
    if isinstance(value, tuple):
        items = ", ".join(say(item, digits) for item in value)
        return f"({items},)" if len(value) == 1 else f"({items})"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {say(item, digits)}" for key, item in value.items())
    return repr(value)


def _say_list(values: Any, digits: int) -> str:
    if isinstance(values, list):
        return f"[{', '.join(_say_list(item, digits) for item in values)}]"
    return say(values, digits)


def _pairs(expected: Any, got: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Pair up the leaves of two trees; where the trees part, the branches are the leaves."""
    if _is_shape(expected) and _is_shape(got):
        yield place, expected, got
    elif isinstance(expected, tuple) and isinstance(got, tuple) and len(expected) == len(got):
        for index, (wanted, found) in enumerate(zip(expected, got, strict=True)):
            nth = f"the {_nth(index + 1)} of {len(expected)}"
            yield from _pairs(wanted, found, f"{place}, {nth}" if place else nth)
    elif isinstance(expected, dict) and isinstance(got, dict) and expected.keys() == got.keys():
        for key in expected:
            yield from _pairs(expected[key], got[key], f"{place}, {key}" if place else key)
    else:
        yield place, expected, got


def _is_shape(value: Any) -> bool:
    few = isinstance(value, tuple) and len(value) <= _AXES
    return few and all(type(item) is int for item in value)


def _nth(number: int) -> str:
    """1st, 2nd, 3rd, 4th, ..., 11th, ..., 21st."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 < number % 100 < 14 else ending}"


def _same_leaf(before: Any, after: Any) -> bool:
    if isinstance(before, Tensor) and isinstance(after, Tensor):
        alike = before.shape == after.shape and before.dtype == after.dtype
        return alike and torch.equal(before.nan_to_num(), after.nan_to_num())
    if isinstance(before, tuple | dict):  # a shape; or another length, or other keys
        return _is_shape(before) and before == after
    return type(before) is type(after) and before == after


def _leaf_difference(expected: Any, got: Any, tolerance: float) -> str | None:
    numbers = _as_numbers(expected), _as_numbers(got)
    if numbers[0] is None or numbers[1] is None:
        same = type(expected) is type(got) and not isinstance(expected, dict)
        if (
            same
            and (_is_shape(expected) or not isinstance(expected, tuple))
            and expected == got
        ):
            return None
        if _is_error(expected):
            came = "none was raised" if isinstance(got, str) else f"got {_kind(got)}"
            return f"expected {expected}, {came}"
        if _is_shape(expected) and _is_shape(got):
            return f"expected {say(expected)}, got {say(got)}"
        return f"expected {_kind(expected)}, got {_kind(got)}"
    if isinstance(expected, bool) and isinstance(got, bool):
        return None if expected is got else f"expected {say(expected)}, got {say(got)}"
    wanted, found = numbers
    if wanted.shape != found.shape:
        shapes = [f"shape {tuple(t.shape)}" if t.ndim else "one number" for t in numbers]
        return f"expected {shapes[0]}, got {shapes[1]}"
    if torch.equal(wanted, found):  # mostly so, and quicker than what follows
        return None
    if wanted.is_complex() or found.is_complex():  # the distance in the plane counts
        wanted, found = wanted.to(torch.complex128), found.to(torch.complex128)
    finite = wanted[wanted.isfinite()].abs()
    largest = finite.max().item() if finite.numel() else 0.0
    slack = tolerance / 100 * max(1.0, largest)
    wrong = ~torch.isclose(found, wanted, rtol=tolerance, atol=slack, equal_nan=True)
    return _say_numbers(wanted, found, wrong) if wrong.any() else None


def _is_error(expected: Any) -> bool:
    """Whether a text is the name of an exception, which a case writes down when one came."""
    found = getattr(builtins, expected, None) if isinstance(expected, str) else None
    return isinstance(found, type) and issubclass(found, Exception)


def _say_numbers(wanted: Tensor, found: Tensor, wrong: Tensor) -> str:
    place = ""
    if wanted.numel() > _SHOWN:
        gap = torch.where(wrong, (wanted - found).abs().nan_to_num(math.inf), -1.0)
        index = np.unravel_index(gap.argmax().item(), gap.shape)  # torch's imports sympy
        place = f"at [{', '.join(map(str, index))}]: "
        wanted, found = wanted[index], found[index]
    for digits in (6, 9, 17):  # never "expected 1.25, got 1.25"
        texts = say(wanted, digits), say(found, digits)
        if texts[0] != texts[1]:
            break
    return f"{place}expected {texts[0]}, got {texts[1]}"


def _as_numbers(value: Any) -> Tensor | None:
    """Numbers and tensors of any dtype as float64 or complex128; None for everything else."""
    if isinstance(value, Tensor):
        return value.to(torch.complex128 if value.is_complex() else torch.float64)
    if isinstance(value, bool | int | float):
        return torch.tensor(float(value), dtype=torch.float64)
    if isinstance(value, complex):
        return torch.tensor(value, dtype=torch.complex128)
    return None


def _kind(value: Any) -> str:
    """What a learner would call it."""
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}" if value.ndim else "one number"
    if value == ():
        return "nothing (an empty tuple)"
    if isinstance(value, tuple):
        return f"{len(value)} result{'s' * (len(value) > 1)} (a tuple)"
    if isinstance(value, dict):
        return f"a dict with the keys {', '.join(value)}"
    if isinstance(value, bool | int | float | complex):
        return "one number"
    return say(value)


def which_of(mask: Tensor) -> str:
    """Which numbers of one sample a mask names, in words, the same for all that look so.

    Args:
        mask: bool, (n,), (T, n), (C, H, W) or (T, C, H, W).

    Returns:
        "none", "all", "channels 1, 2", "rows 8 to 15", "outside rows 1 to 6 and columns 1 to
        6", "rows and columns that are jumped over", or "some here and there".
    """
    if not mask.any() or mask.all():
        return "all" if mask.any() else "none"
    names = _OF_A_SAMPLE if mask.ndim > 2 else _OF_A_PATH
    for axis, name in enumerate(names[-mask.ndim :]):
        rows = mask.transpose(0, axis).reshape(mask.shape[axis], -1)
        if torch.equal(rows.any(dim=1), rows.all(dim=1)):
            return f"{name} {_runs(rows.any(dim=1))}"
    kept = ~mask.reshape(-1, *mask.shape[-2:])
    high, wide = kept.any(dim=2).any(dim=0), kept.any(dim=1).any(dim=0)
    if not torch.equal(kept, (high[:, None] & wide).expand_as(kept)):
        return "some here and there"
    if any((side.nonzero().diff(dim=0) > 1).any() for side in (high, wide)):
        return "rows and columns that are jumped over"
    return f"outside rows {_runs(high)} and columns {_runs(wide)}"


def _runs(flags: Tensor) -> str:
    """Which of (n,) flags are up: "0, 4, 8 to 15"."""
    runs: list[list[int]] = []
    for place in flags.nonzero().flatten().tolist():
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return ", ".join(
        f"{a} to {b}" if b > a + 1 else ", ".join(map(str, range(a, b + 1))) for a, b in runs
    )
