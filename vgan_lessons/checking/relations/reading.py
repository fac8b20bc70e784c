"""What an answer's code says of itself, read without running it."""

import dis
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

from vgan_lessons.checking.cells import codes_of

_GENERATOR = 0x20 | 0x80 | 0x200  # of any kind: generators and coroutines return things, too


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
