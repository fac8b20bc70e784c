"""Everything for which a check can refuse an answer, and the words that ask for it.

A row: what the engine demands, on which exercises, and a pattern that the text which a learner
reads must match there. `HOUSE` is about the house rules of the exercise's page, `CONTRACT`
about its contract. Rows bear the names of the engine's rules and probes where it has one.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from vgan_lessons.checking import Exercise, marking
from vgan_lessons.checking.judging import is_free
from vgan_lessons.checking.marking import record_of_reference
from vgan_lessons.checking.probes import PROBES


class Demand(NamedTuple):
    """One thing that an answer can be refused for."""

    where: Callable[[Exercise], bool]
    words: str


def everywhere(exercise: Exercise) -> bool:
    return True


def on_probes(exercise: Exercise) -> bool:
    return exercise.inputs is not None


def not_waived(*rules: str) -> Callable[[Exercise], bool]:
    return lambda exercise: on_probes(exercise) and not set(rules) & set(exercise.waived)


def wants_gradients(exercise: Exercise) -> bool:
    return any(slope is not None for slope in _slopes(exercise).values())


def lets_no_gradient_through(exercise: Exercise) -> bool:
    """Whether some floating input of a result with a graph gets no gradient, and must not."""
    slopes = _slopes(exercise)
    return wants_gradients(exercise) and None in slopes.values()


def leaves_gradients_open(exercise: Exercise) -> bool:
    return on_probes(exercise) and bool(exercise.free_gradients)


def returns_several(exercise: Exercise) -> bool:
    return on_probes(exercise) and isinstance(_first(exercise).value, tuple)


def returns_plain_numbers(exercise: Exercise) -> bool:
    found = _leaves(_first(exercise).value) if on_probes(exercise) else ()
    return any(isinstance(leaf, int | float) for leaf in found)


def raises(exercise: Exercise) -> bool:
    found = (leaf for case in exercise.cases for leaf in _leaves(case.expect))
    return any(isinstance(leaf, str) and leaf.endswith("Error") for leaf in found)


def is_called_by_keyword(exercise: Exercise) -> bool:
    if not callable(exercise.reference):
        return False
    parameters = inspect.signature(exercise.reference).parameters.values()
    return any(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)


HOUSE = {
    "other arguments": Demand(everywhere, "Keep the arguments of the stub"),
    "tensors": Demand(on_probes, "is a tensor without axes"),
    "inputs untouched": Demand(
        on_probes, "Nothing else changes: not the inputs and their .grad"
    ),
    "what else a call changes": Demand(on_probes, "weights, buffers, mode or requires_grad"),
    "switches": Demand(everywhere, "not torch's switches and functions"),
    "global randomness": Demand(
        everywhere, "No global random source is drawn from or reseeded"
    ),
    "a second call": Demand(on_probes, "The same inputs give the same result at every call"),
    "dtype": Demand(not_waived("dtype"), "have the inputs' dtype"),
    "float64 inputs": Demand(not_waived("dtype"), "have the inputs' dtype"),
    "default dtype": Demand(not_waived("default dtype", "dtype"), "have the inputs' dtype"),
    "float32 inputs while torch's default is float64": Demand(
        not_waived("dtype"), "New tensors"
    ),
    "device": Demand(not_waived("device"), "New tensors.* device"),
    "inputs on another device": Demand(not_waived("device"), "New tensors.* device"),
    "random inputs": Demand(on_probes, "in several sizes"),
    "random inputs, a small batch": Demand(on_probes, "a batch of one included"),
    "random inputs, large numbers": Demand(on_probes, "small and large"),
    "inputs that are not contiguous and need no gradient": Demand(
        on_probes, "any memory order"
    ),
    "gradients": Demand(
        wants_gradients, "the gradient of the result by each of them is compared"
    ),
    "tolerance": Demand(everywhere, "within one part in 10,000"),
    "too long": Demand(everywhere, f"more than {marking._SECONDS} seconds"),
    "borrowed": Demand(everywhere, "is borrowed and no pass"),
}
CONTRACT = {
    "graph cut": Demand(not_waived("graph cut"), "without a graph"),
    "fresh draws": Demand(lambda exercise: exercise.random, "fresh|rng"),
    "second order": Demand(lambda exercise: exercise.second_order, "differentiated twice"),
    "very large numbers": Demand(lambda exercise: exercise.stays_finite, "stay finite"),
    "no gradient": Demand(
        lets_no_gradient_through, "[Nn]one reaches|is ignored|stands still|standing still"
    ),
    "gradients left open": Demand(
        leaves_gradients_open,
        "(no|none|[Nn]o gradient).* asked|left open|is open|plain numbers|without a graph",
    ),
    "order of the results": Demand(returns_several, r"\(\w+, \w+(, \w+)?\)|in this order"),
    "plain numbers": Demand(returns_plain_numbers, "plain numbers"),
    "an exception": Demand(raises, r"raise \w+Error"),
    "keywords": Demand(is_called_by_keyword, "by keyword"),
}


def _slopes(exercise: Exercise) -> dict[str, Any]:
    """The reference's gradients on the first probe, those that are compared."""
    if not on_probes(exercise):
        return {}
    found = _first(exercise).gradients
    return {name: slope for name, slope in found.items() if not is_free(name, exercise)}


@cache
def _first(exercise: Exercise) -> Any:
    return record_of_reference(exercise, 0).seen[PROBES[0].name]


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
