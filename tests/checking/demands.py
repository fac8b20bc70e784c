"""Which spoiled answers an exercise's statement forbids; tried out, not asked of the engine.

A batch turned round does not change a mean, and a cast to float32 is no fault where the
statement says float32. So every spoiled answer is first tried, on inputs of our own.
"""

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from checking.spoiling import on_tensors
from vgan_lessons.checking import Draw, Exercise

Answer = Callable[..., Any]


def applies(exercise: Exercise, kind: str, name: str, right: Answer, spoiled: Answer) -> bool:
    """Whether a spoiled answer breaks what this exercise demands; by its fields or by trying.

    Tries on inputs of its own, not on the engine's probes.
    """
    if exercise.inputs is None or not callable(right):
        return False
    names = tuple(exercise.inputs(Draw(97, table=0, sizes=exercise.sizes)))
    asked = tuple(inspect.signature(exercise.reference).parameters)
    if exercise.call is not None and names != asked:
        return False
    if kind == "dtype/device/seed":
        return _breaks_kinds(exercise, name, right, spoiled)
    if name == "gradients switched on":
        return any(isinstance(a, Tensor) and a.is_floating_point() for a in _args(exercise))
    if name in ("grows from call to call", "remembers the first result"):
        return right(*_args(exercise)) is not None  # it spoils nothing but the result
    if kind == "side effects":
        return True
    try:
        if kind == "gradients":
            return _differ(_slopes(exercise, right), _slopes(exercise, spoiled))
        return _differ(right(*_args(exercise)), spoiled(*_args(exercise)))
    except Exception:  # it cannot even run: wrong for certain
        return True


def _breaks_kinds(exercise: Exercise, name: str, right: Answer, spoiled: Answer) -> bool:
    if "seeded" in name or "drawn" in name:
        return "global randomness" not in exercise.waived
    if "cpu" in name:
        returns = right(*_args(exercise))
        shaped = [a for a in _args(exercise) if isinstance(a, Tensor) and a.ndim]
        made = bool(shaped) if name.startswith("copied") else _holds_tensor(returns)
        return "device" not in exercise.waived and made
    if "dtype" in exercise.waived:
        return False
    for dtype in (torch.float32, torch.float64):
        pair = [answer(*_args(exercise, dtype)) for answer in (right, spoiled)]
        if _dtypes(pair[0]) != _dtypes(pair[1]):
            return True
    return False


def _args(exercise: Exercise, dtype: torch.dtype = torch.float32, *, graph: bool = False):
    drawn = exercise.inputs(Draw(97, table=0, sizes=exercise.sizes))
    for value in drawn.values():
        if isinstance(value, nn.Module):
            value.to(dtype)
    return on_tensors(lambda t: t.to(dtype).requires_grad_(graph), list(drawn.values()))


def _slopes(exercise: Exercise, answer: Answer) -> tuple:
    args = _args(exercise, torch.float64, graph=True)
    names = list(exercise.inputs(Draw(97, table=0, sizes=exercise.sizes)))
    results = answer(*args)
    results = results if isinstance(results, tuple | list) else [results]
    total = sum(
        (r * r.detach().cos()).sum()
        for r in results
        if isinstance(r, Tensor) and r.requires_grad
    )
    asked = [
        leaf
        for name, arg in zip(names, args, strict=True)
        for leaf in (arg.parameters() if isinstance(arg, nn.Module) else [arg])
        if isinstance(leaf, Tensor) and leaf.requires_grad
        if name not in exercise.free_gradients
    ]
    if not asked or not isinstance(total, Tensor):
        return tuple(torch.zeros_like(a) for a in asked)
    found = torch.autograd.grad(total, asked, allow_unused=True)
    return tuple(
        torch.zeros_like(a) if g is None else g for a, g in zip(asked, found, strict=True)
    )


def _differ(one: Any, other: Any) -> bool:
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return any(_differ(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        if one.shape != other.shape:
            return True
        one, other = one.to(torch.complex128), other.to(torch.complex128)
        return not torch.allclose(one, other, rtol=1e-3, atol=1e-4)
    return type(one) is not type(other) or one != other


def _dtypes(value: Any) -> list:
    values = value if isinstance(value, tuple | list) else [value]
    return [v.dtype for v in values if isinstance(v, Tensor)]


def _holds_tensor(value: Any) -> bool:
    return bool(_dtypes(value))
