"""Results as plain data: what an answer returned, with nothing of the learner's left inside.

The judge compares only what comes out of here: exact Python numbers and strings, exact
tensors, tuples and dicts of them. An object that claims to equal everything arrives as
`Other` and equals nothing.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

EXACT = (bool, int, float, complex, str, bytes, type(None))
DEEPEST = 8  # nesting beyond this is no honest answer


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
    if type(value) in EXACT:
        return value
    if type(value) in (Tensor, nn.Parameter):
        return value.detach().clone()
    if isinstance(value, np.generic):
        return value.item()
    if depth < DEEPEST:
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
    if isinstance(before, Tensor) and isinstance(after, Tensor):
        if before.shape != after.shape or before.dtype != after.dtype:
            return False
        return torch.equal(before.nan_to_num(), after.nan_to_num())
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        return all(same_state(before[key], after[key]) for key in before)
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        return all(same_state(b, a) for b, a in zip(before, after, strict=True))
    return type(before) is type(after) and before == after
