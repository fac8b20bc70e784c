"""How the engine uses an answer, and whether it can be used at all."""

import inspect
from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.probes import PROBES, draw_inputs
from vgan_lessons.checking.troubles import Trouble


def caller(exercise: Exercise) -> Callable[[Any, dict[str, Any]], Any]:
    """How the engine uses an answer on named inputs, as the reference's signature wants it."""
    if exercise.call is not None:
        return lambda answer, inputs: exercise.call(answer, *inputs.values())
    by_name = _keyword_only(exercise)

    def call(answer: Any, inputs: dict[str, Any]) -> Any:
        placed = [value for name, value in inputs.items() if name not in by_name]
        return answer(*placed, **{n: v for n, v in inputs.items() if n in by_name})

    return call


def fits(exercise: Exercise, answer: Any) -> Trouble | None:
    """Say why an answer cannot be called the way the exercise calls it, or None if it can."""
    if not callable(exercise.reference):
        return None
    if not callable(answer):
        what = "None" if answer is None else f"a {type(answer).__name__}"
        made = ", the result of a call" if isinstance(answer, Tensor | int | float) else ""
        wish = f"hand over my_{exercise.name} without brackets."
        return Trouble("no function", f"this is {what}{made}; {wish}")
    if isinstance(exercise.reference, type) and isinstance(answer, nn.Module):
        return Trouble("no function", "this is a module already built; hand over the class.")
    if exercise.call is not None or exercise.inputs is None:
        return None
    names = tuple(draw_inputs(exercise, PROBES[0], seed=0))
    by_name = _keyword_only(exercise)
    placed = [None for name in names if name not in by_name]
    try:
        inspect.signature(answer).bind(*placed, **dict.fromkeys(by_name & set(names)))
    except TypeError as error:
        called = ", ".join(f"{name}=..." if name in by_name else name for name in names)
        return Trouble("other arguments", f"it is called with ({called}): {error}.")
    except ValueError:  # some built-ins have no signature; the call itself will tell
        return None
    return None


def _keyword_only(exercise: Exercise) -> set[str]:
    parameters = inspect.signature(exercise.reference).parameters
    return {name for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY}
