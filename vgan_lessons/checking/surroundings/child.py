"""Work in a child process, for answers that take their whole process down with them."""

import json
import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Any

import torch

_CPU_SECONDS = 60  # for one long call inside C, which no alarm can stop
_exit = os._exit  # kept from before: during a check it is refused


class ChildDied(RuntimeError):
    """The child ended before its work did; the message says how."""


def can_have_child() -> bool:
    """Whether a copy of this process would do the same work, with the same output.

    Only Linux copies a process safely once libraries like torch are loaded. Streams that a
    program has taken over, a test for example, would not see what the child prints.
    """
    own_streams = sys.stdout is sys.__stdout__ and sys.stderr is sys.__stderr__
    return sys.platform == "linux" and own_streams


def in_child(work: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """Do work in a copy of this process and bring its result back.

    Args:
        work: returns what JSON can carry; it runs with all that is loaded here.

    Returns:
        The result, or None if a copy of this process cannot work: torch has already computed
        gradients here, and its engine does not survive the copying.

    Raises:
        ChildDied: if the child ended without a result.
    """
    ours, childs = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads that only wait for work
        child = os.fork()
    if child == 0:
        os.close(ours)
        _as_child(work, childs)
    os.close(childs)
    try:
        with os.fdopen(ours, "rb") as pipe:
            began, _, told = pipe.read().partition(b"\n")
        _, status = os.waitpid(child, 0)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    if not began:
        return None
    if not told:
        raise ChildDied(_how(os.waitstatus_to_exitcode(status)))
    return json.loads(told)


def _as_child(work: Callable[[], dict[str, Any]], pipe: int) -> None:
    """Say that the child works, do the work, hand the result over; never return."""
    import resource  # not there on Windows, which has no children either

    try:
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS + 5))
        torch.ones((), requires_grad=True).square().backward()
        os.write(pipe, b"ready\n")
        told = json.dumps(work()).encode()
        while told:
            told = told[os.write(pipe, told) :]
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        _exit(0)


def _how(code: int) -> str:
    if -code == getattr(signal, "SIGXCPU", None):
        return "it ran too long and was stopped, as an endless loop would be"
    by = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return f"it ended the whole process ({by})"
