"""What an answer cannot do to the session: end it, wait for a key, change its functions.

`refusals` puts stand-ins where a call would end the process or wait for somebody to type.
`originals` keeps the functions of torch, math and Python as they were when the course
was imported, so that no answer decides its own verdict with a function of its own making.
"""

import builtins
import getpass
import io
import math
import os
import signal
import sys

# Kept from before: an answer may replace Python's own while this module puts them back.
from builtins import all, any, getattr, isinstance, len, map, setattr, sorted, vars  # noqa: UP029
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import is_, itemgetter
from types import ModuleType
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from vgan_lessons.checking.surroundings.limits import TimeUp

_ASKS = "it waits for somebody to type, and during a check nobody does"
_ENDS = "it would end the whole session, and the other cells with it"
_STOPS = "it would stop the clock of the check"
_DEEPEST = 3000  # calls inside each other; beyond that, C's own stack may overflow
_C_NAMES = sys.modules.get("posix") or sys.modules.get("nt") or os
_ENDINGS = ("_exit", "abort", "kill", "killpg", *(n for n in dir(os) if n[:4] == "exec"))
_REFUSED = (
    (_ASKS, builtins, ("input", "breakpoint")),
    (_ASKS, getpass, ("getpass",)),
    (_ENDS, os, _ENDINGS),
    (_ENDS, _C_NAMES, _ENDINGS),
    (_ENDS, signal, ("raise_signal", "pthread_kill")),
    (_STOPS, signal, ("signal", "setitimer", "alarm", "pthread_sigmask")),
)
_TORCH = os.path.dirname(torch.__file__)
_MISSING = object()
_set_recursion_limit = sys.setrecursionlimit


class NotDuringACheck(Exception):
    """The answer called what would end or wedge the session."""


class Replaced(Exception):
    """The answer put a function of its own in the place of everybody's."""


class _NoKeyboard(io.TextIOBase):
    """What `sys.stdin` is during a check."""

    def readline(self, size: int = -1, /) -> str:
        raise NotDuringACheck(_ASKS)

    read = readline


@contextmanager
def refusals() -> Iterator[None]:
    """Inside, calls that would end or wedge the session raise `NotDuringACheck`.

    Recursion without an end is ended by Python, whatever the session allows. What a crash of
    C code does, nothing here can prevent.
    """
    places = [
        (home, name, _refused(name, why))
        for why, home, names in _REFUSED
        for name in names
        if hasattr(home, name)
    ]
    places += [(sys, "setrecursionlimit", lambda limit: None), (sys, "stdin", _NoKeyboard())]
    if shell := _shell():  # exit() in a cell asks the notebook's shell
        places.append((shell, "ask_exit", _refused("exit", _ENDS)))
    before = [(home, name, vars(home).get(name, _MISSING)) for home, name, _ in places]
    limit = sys.getrecursionlimit()
    _set_recursion_limit(min(limit, _depth() + _DEEPEST))
    try:
        _put(places)
        yield
    finally:
        _put(before)
        _set_recursion_limit(limit)


def _refused(name: str, why: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise NotDuringACheck(f"{name}() is not for a check: {why}")

    return refuse


def _shell() -> Any:
    """The shell of the notebook or of IPython, or None."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell if hasattr(shell, "ask_exit") else None


def _depth() -> int:
    frame, depth = sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def _put(places: list[tuple[Any, str, Any]]) -> None:
    for home, name, value in places:
        if value is _MISSING:
            delattr(home, name)
        else:
            setattr(home, name, value)


_HOMES = {
    "torch": torch,
    "torch.Tensor": torch.Tensor,
    "torch.autograd": torch.autograd,
    "torch.linalg": torch.linalg,
    "torch.nn": nn,
    "torch.nn.Module": nn.Module,
    "torch.nn.functional": F,
    "math": math,
    "builtins": builtins,
}
_MOVING = {  # the shell changes those; the last one goes with the default dtype
    *("input", "breakpoint", "print", "open", "exit", "quit", "help", "__import__"),
    "Storage",
}


def _functions(home: Any) -> dict[str, Any]:
    """Functions, classes and plain numbers like pi that a module or class defines itself."""
    found = {n: v for n, v in vars(home).items() if callable(v) or isinstance(v, float)}
    found |= {n: v for n, v in vars(home).items() if isinstance(v, property | classmethod)}
    if isinstance(home, ModuleType):  # nothing of ours calls what is private in a module
        found = {name: value for name, value in found.items() if not name.startswith("_")}
    return {name: value for name, value in found.items() if name not in _MOVING}


_FIRST = {place: _functions(home) for place, home in _HOMES.items()}


_READ = {place: itemgetter(*first) for place, first in _FIRST.items()}
_NAMES = {place: set(vars(home)) for place, home in _HOMES.items()}


def _replaced() -> list[tuple[str, str]]:
    """Place and name of everything that is not what it was when the course was imported."""
    return [
        (place, name)
        for place, home in _HOMES.items()
        if not _is_whole(place, home)  # quick, for it is asked after every call of an answer
        for name in _replaced_in(place, home)
    ]


def _is_whole(place: str, home: Any) -> bool:
    now, first = vars(home), _FIRST[place]
    if not isinstance(home, ModuleType) and len(now) != len(_NAMES[place]):
        return False
    try:
        return all(map(is_, _READ[place](now), first.values()))
    except KeyError:
        return False


def _replaced_in(place: str, home: Any) -> list[str]:
    first, now = _FIRST[place], vars(home)
    found = [name for name, value in first.items() if now.get(name) is not value]
    if not isinstance(home, ModuleType):
        new, bases = sorted(now.keys() - _NAMES[place]), home.__mro__[1:]
        found += [n for n in new if any(n in vars(base) for base in bases)]  # it hides theirs
    own = {name for name in found if _by_torch(place, name)}
    first |= {name: now[name] for name in own}  # remembered: the next look is quick again
    return [name for name in found if name not in own]


def _by_torch(place: str, name: str) -> bool:
    """Whether torch itself changed it: some of its parts, once imported, wrap others."""
    value = vars(_HOMES[place]).get(name)
    code = getattr(value, "__code__", None)
    return code and code.co_filename.startswith(_TORCH) and value.__name__ == name


def _put_first(places: list[tuple[str, str]]) -> list[tuple[Any, str, Any]]:
    """Put the first functions in those places; what was there, to be put back."""
    there = [(_HOMES[p], name, vars(_HOMES[p]).get(name, _MISSING)) for p, name in places]
    _put([(_HOMES[p], name, _FIRST[p].get(name, _MISSING)) for p, name in places])
    return there


@contextmanager
def originals() -> Iterator[None]:
    """Inside, torch, math and Python are as first imported; after it, as they were."""
    own = _put_first(_replaced())
    try:
        yield
    finally:
        _put_first(_replaced())
        _put(own)


@contextmanager
def refusing_replacements() -> Iterator[None]:
    """Put back what the block replaced since `originals` began.

    Raises:
        Replaced: if there was anything; the message names it. It counts more than any other
            exception of the block, except one that stops the whole check.
    """
    try:
        yield
    except (TimeUp, KeyboardInterrupt):
        raise
    except BaseException:
        _refuse()
        raise
    _refuse()


def _refuse() -> None:
    if places := _replaced():
        _put_first(places)
        names = ", ".join(f"{place}.{name}" for place, name in places[:3])
        raise Replaced(f"it replaces {names}, which everything else uses, too")


def replaced_in_session() -> tuple[str, ...]:
    """What is not as it was when the course was imported: "torch.isclose", for a note."""
    return tuple(f"{place}.{name}" for place, name in _replaced())
