"""Relations between an answer and its arguments: two traded places, or one is never used.

The second is read in the answer's byte code, which says more of it: the names that it uses,
and whether it returns anything.
"""

import dis
import inspect
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import CodeType
from typing import Any

from torch import Tensor

from vgan_lessons.checking.cells import codes_of
from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.observing import observe
from vgan_lessons.checking.plain import difference
from vgan_lessons.checking.probes import PROBES
from vgan_lessons.checking.relations.evidence import Compared, as_numbers, beside, enough
from vgan_lessons.checking.results import Record, Relation
from vgan_lessons.checking.surroundings.session import session_untouched

_GENERATOR = 0x20 | 0x80 | 0x200  # of any kind: generators and coroutines return things, too
_Change = Callable[[dict[str, Any]], dict[str, Any]]  # of the arguments by name


def _is_real(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, Tensor) and value.is_floating_point())


def _sigmoid(value: Any) -> Any:
    return value.sigmoid() if isinstance(value, Tensor) else 1 / (1 + math.exp(-value))


_FUNCTIONS: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("sign of {}", "{} has the other sign", lambda value: -value),
    ("sigmoid of {}", "a sigmoid is taken of {} first", _sigmoid),
)


def other_arguments(
    exercise: Exercise, probes: Sequence[Compared], seed: int
) -> Relation | None:
    """Whether an answer returns what the reference returns for other arguments.

    Args:
        exercise: its reference is called with changed arguments.
        probes: what was seen on each; some value is wrong.
        seed: the one the probes were drawn with.
    """
    for relation, record in _records(exercise, seed):
        if _fits(probes, record, exercise.tolerance):
            return relation
    return None


def _fits(probes: Sequence[Compared], record: Record, tolerance: float) -> bool:
    column = []
    for one in probes:
        other = record.seen.get(one.probe.name)
        if other is None or other.trouble:
            return False
        pairs = (other.value, one.got.value), (other.after, one.got.after)
        if any(difference(*pair, tolerance) for pair in pairs):
            return False
        values = (one.right.value, one.got.value)
        pairs = zip(*values, strict=False) if isinstance(values[0], tuple) else [values]
        column.append([beside(one, *pair) for pair in pairs])
    return any(
        all(places) and enough([pair for pair in places if pair], tolerance)
        for places in zip(*column, strict=True)
    )


@lru_cache(maxsize=64)
def _records(exercise: Exercise, seed: int) -> tuple[tuple[Relation, Record], ...]:
    """What the reference does with changed arguments; computed once per seed."""
    if exercise.call is not None or isinstance(exercise.reference, type):
        return ()
    lean = replace(exercise, cases=(), second_order=False)
    with session_untouched():  # inputs may be modules, which draw their weights
        inputs = exercise.drawn(PROBES[0], seed)
    return tuple(
        (relation, observe(lean, _called_with(exercise.reference, change), seed))
        for relation, change in _changes(inputs)
    )


def _called_with(reference: Callable[..., Any], change: _Change) -> Callable[..., Any]:
    signature = inspect.signature(reference)

    def variant(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.arguments.update(change(dict(bound.arguments)))
        return reference(*bound.args, **bound.kwargs)

    return variant


def _changes(inputs: dict[str, Any]) -> Iterator[tuple[Relation, _Change]]:
    """Arguments that trade places, that stand in for another, that have the wrong sign."""
    numeric = [name for name, value in inputs.items() if as_numbers(value) is not None]
    numbers = "These are the numbers you get when"
    for place, one in enumerate(numeric):
        for other in numeric[place + 1 :]:
            if _alike(inputs[one], inputs[other]):
                what = f"{numbers} {one} and {other} trade places."
                yield (
                    Relation("arguments in another order", what),
                    lambda given, a=one, b=other: {a: given[b], b: given[a]},
                )
    for one in numeric:
        for other in numeric:
            if one != other and _alike(inputs[one], inputs[other]):
                what = f"{numbers} {other} also stands in the place of {one}."
                yield (
                    Relation(f"{other} for {one}", what),
                    lambda given, a=one, b=other: {a: given[b]},
                )
    real = [name for name in numeric if _is_real(inputs[name])]
    for one in real:
        for name, words, change in _FUNCTIONS:
            yield (
                Relation(name.format(one), f"{numbers} {words.format(one)}."),
                lambda given, change=change, a=one: {a: change(given[a])},
            )
    tensors = [name for name in real if isinstance(inputs[name], Tensor)]
    if len(tensors) > 1:
        what = f"{numbers} a sigmoid is taken of {' and '.join(tensors)} first."
        yield (
            Relation("sigmoid of the inputs", what),
            lambda given: {name: _sigmoid(given[name]) for name in tensors},
        )
    for one in real:
        if bool((as_numbers(inputs[one]) >= 0).all() and (as_numbers(inputs[one]) <= 1).all()):
            what = f"{numbers} 1 - {one} stands in the place of {one}."
            yield Relation(f"1 - {one}", what), lambda given, a=one: {a: 1 - given[a]}


def _alike(one: Any, other: Any) -> bool:
    """Whether two inputs are of one kind, so that they could be taken for each other."""
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return one.ndim == other.ndim and one.dtype == other.dtype
    return type(one) is type(other)


@dataclass(frozen=True)
class Reading:
    """Facts about an answer's code.

    Args:
        words: every name in it (functions called, attributes, arguments), and "/" where
            it divides by something that is not written down as a number.
        returns: whether some `return` hands back more than None; True if there is no code.
        unused: places of the arguments that no line of it reads.
    """

    words: frozenset[str] = frozenset()
    returns: bool = True
    unused: tuple[int, ...] = ()


def read_code(answer: Any) -> Reading:
    """Read a function's code, or of a class that of its `forward`.

    Args:
        answer: the learner's object; without code of its own, nothing is claimed.
    """
    codes = codes_of(answer)
    words = frozenset(word for code in codes for part in _parts(code) for word in _words(part))
    main = [code for code in codes if not isinstance(answer, type) or code.co_name == "forward"]
    if len(main) != 1:
        return Reading(words)
    return Reading(words, _returns(main[0]), _unused(main[0]))


def _parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)


def _words(code: CodeType) -> tuple[str, ...]:
    steps = list(dis.get_instructions(code))
    quotient = any(
        step.opname == "BINARY_OP"
        and step.argrepr.startswith("/")
        and before.opname != "LOAD_CONST"
        for before, step in itertools.pairwise(steps)
    )
    slash = ("/",) if quotient else ()
    return (*code.co_names, *code.co_varnames, *code.co_freevars, *slash)


def _returns(code: CodeType) -> bool:
    if code.co_flags & _GENERATOR:
        return True
    before = None
    for step in dis.get_instructions(code):
        nothing = before is not None and before.opname == "LOAD_CONST" and before.argval is None
        if step.opname == "RETURN_VALUE" and not nothing:
            return True
        if step.opname == "RETURN_CONST" and step.argval is not None:  # Python 3.12 and later
            return True
        before = step
    return False


def _unused(code: CodeType) -> tuple[int, ...]:
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    read = {step.argval for step in dis.get_instructions(code) if "LOAD_" in step.opname}
    pairs = {name for names in read if isinstance(names, tuple) for name in names}
    read = {name for name in read if isinstance(name, str)} | pairs  # 3.13 loads two at once
    inner = set(code.co_cellvars)  # a function inside may read it
    whole = "locals" in code.co_names or "vars" in code.co_names
    return tuple(
        place
        for place, name in enumerate(arguments)
        if not whole and name not in read and name not in inner
    )


def unused_argument(
    exercise: Exercise, probes: Sequence[Compared], code: Reading
) -> Relation | None:
    """Whether the answer's code never reads an argument that the reference depends on.

    Args:
        exercise: its reference says which arguments matter.
        probes: what was seen on each; some value is wrong.
        code: of the answer.
    """
    if exercise.call is not None or not probes:
        return None
    names = list(probes[0].right.after)
    needed = set(range(len(names))) - set(read_code(exercise.reference).unused)
    for place in sorted(needed & set(code.unused)):
        slopes = [one.right.gradients.get(names[place]) for one in probes]
        tensor = names[place] in probes[0].right.gradients
        if tensor and not any(slope is not None and bool(slope.any()) for slope in slopes):
            continue  # the reference reads it, but not for its numbers
        what = f"Your code never uses {names[place]}, and the result depends on it."
        return Relation(f"{names[place]} unused", what)
    return None
