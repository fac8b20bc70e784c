"""Wrong answers that any right one can be turned into: the means to write them.

`spoiled_results` and `spoiled_conduct` hold them, by class of mistake.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from vgan_lessons.checking.plain import tensors_in

Answer = Callable[..., Any]
WRONG: dict[str, list[tuple[str, Callable[[Answer], Answer]]]] = {}


def wrong(kind: str) -> Callable:
    """Register a way to spoil an answer under its class of mistake."""

    def keep(spoil: Callable[[Answer], Answer]) -> Callable[[Answer], Answer]:
        WRONG.setdefault(kind, []).append((spoil.__name__.replace("_", " "), spoil))
        return spoil

    return keep


def on_tensors(change: Callable[[Tensor], Any], value: Any) -> Any:
    """Apply a change to every floating or complex tensor of a result or an argument list."""
    if isinstance(value, Tensor):
        return change(value) if value.is_floating_point() or value.is_complex() else value
    if isinstance(value, tuple | list):
        return type(value)(on_tensors(change, item) for item in value)
    if isinstance(value, dict):
        return {key: on_tensors(change, item) for key, item in value.items()}
    return value


def after(change: Callable[[Tensor], Any]) -> Callable[[Answer], Answer]:
    """Spoil the result."""
    return lambda right: lambda *args: on_tensors(change, right(*args))


def before(change: Callable[[Tensor], Any]) -> Callable[[Answer], Answer]:
    """Spoil what goes in."""
    return lambda right: lambda *args: right(*on_tensors(change, args))


def first_tensor(args: tuple) -> Tensor:
    return next(a for a in args if isinstance(a, Tensor))


def emptying_its_inputs(right: Answer) -> Answer:
    """A right answer after which every tensor that it was given is empty."""
    if isinstance(right, type):  # a network: what it is given comes by forward

        class Emptying(right):
            def forward(self, *args: Any, **named: Any) -> Any:
                result = super().forward(*args, **named)
                _empty((args, named))
                return result

        return Emptying

    def emptying(*args: Any, **named: Any) -> Any:
        try:
            return right(*args, **named)
        finally:
            _empty((args, named))

    return emptying


def _empty(given: Any) -> None:
    for _, tensor in tensors_in(given):
        tensor.data = tensor.data.new_zeros(0)
