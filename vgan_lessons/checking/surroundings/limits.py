"""How an answer is stopped: by the clock, or with the child process that it ran in.

`time_limit` stops what Python code can be stopped in. What takes its whole process down, or
never comes back out of C, runs `in_child`.
"""

import contextlib
import gc
import json
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, process_time
from types import FrameType
from typing import Any

import torch

_PATIENCE = 3  # a sleeping answer may take this many times its share
_IMPORTS = 20.0  # CPU seconds that imports may take beside it
# Seconds between two alarms: soon no `except:` is fast enough. The last two come by turns, for
# the shortest may leave a slow machine no time for anything but alarms.
_PAUSES = (0.1, 0.025, 6e-3, 1.5e-3, 4e-4, 7e-5, 1.4e-5)
_LEAST = 1e-3  # and where one is not answered: far longer than answering takes
_MACHINERY = "<frozen importlib._bootstrap>"
_CLEANS_UP = {__file__, contextlib.__file__}  # code that must come to its end
_CHILD_SECONDS = 60  # of CPU, for one long call inside C, which no alarm can stop

# Kept from before: an answer may replace those of the module, or they are refused to it.
_set_handler, _set_timer = signal.signal, getattr(signal, "setitimer", None)
_exit = os._exit


class TimeUp(BaseException):
    """The answer ran too long. Not an Exception, so that `except Exception` lets it pass."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the block by raising `TimeUp` inside it.

    Works where Python delivers timer signals: in the main thread, on Linux and macOS. Elsewhere
    (Windows, a worker thread) nothing is stopped and the learner interrupts the kernel. One
    long call inside a C library is stopped when it returns. An import is not cut short, and
    its time is not the answer's, up to 20 s for all of them: then it is an endless loop, too.
    Nor is the garbage of the session collected inside: in a large one that takes as long as
    the answer may; only what the block itself left behind is, at its end. An alarm that was
    already running, a test's own time limit for example, goes on afterwards.

    Args:
        seconds: for the whole block, in CPU time, so that a busy machine refuses no right
            answer; a block that only sleeps is stopped after three times as long.

    Raises:
        TimeUp: again and again, faster each time, should the block swallow it; and at the end
            of a block that swallowed it.
    """
    if _set_timer is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    alarm = _Alarm(seconds, outside=_imports_in(sys._getframe()))
    collecting, hook = gc.isenabled(), sys.unraisablehook
    gc.disable()
    before = _set_handler(signal.SIGALRM, alarm.ring)
    delay, interval = _set_timer(signal.ITIMER_REAL, seconds, _PAUSES[0])
    try:
        yield
        gc.collect(0)  # rings of the answer's own, whose __del__ may be endless
        if alarm.n_rung:
            raise TimeUp
    finally:
        _set_timer(signal.ITIMER_REAL, 0)
        _set_handler(signal.SIGALRM, before)
        if delay:
            left = max(delay - (monotonic() - alarm.started), 0.001)
            _set_timer(signal.ITIMER_REAL, left, interval)
        sys.unraisablehook = hook
        if collecting:
            gc.enable()


class _Alarm:
    """Rings once the time is over, and again as long as the block goes on.

    Args:
        seconds: of the block's own work.
        outside: how many imports were at work before the block began.
    """

    def __init__(self, seconds: float, outside: int) -> None:
        self.seconds, self.outside = seconds, outside
        self.started, self.first_cpu = monotonic(), process_time()
        self.begun, self.cpu = self.started, self.first_cpu
        self.n_rung = 0

    def ring(self, _: int, frame: FrameType | None) -> None:
        """Raise `TimeUp` if the time is over, except where that would leave things undone."""
        longest = self.seconds + _IMPORTS
        all_cpu, all_time = process_time() - self.first_cpu, monotonic() - self.started
        patient = all_cpu < longest and all_time < _PATIENCE * longest
        if not self.n_rung and patient and _imports_in(frame) > self.outside:
            self.begun, self.cpu = monotonic(), process_time()  # the clock starts anew
            return
        worked, waited = process_time() - self.cpu, monotonic() - self.begun
        over = worked >= self.seconds or waited >= _PATIENCE * self.seconds
        if over and not (frame and frame.f_code.co_filename in _CLEANS_UP):
            self.n_rung += 1
            sys.unraisablehook = bool  # does nothing: a __del__ drops what is raised inside
            again = _PAUSES[min(self.n_rung, 5 + self.n_rung % 2)]
            _set_timer(signal.ITIMER_REAL, again, max(again, _LEAST))
            raise TimeUp


def _imports_in(frame: FrameType | None) -> int:
    """How many frames of the import machinery are at work below and at this one."""
    found = 0
    while frame is not None:
        found += frame.f_code.co_filename == _MACHINERY
        frame = frame.f_back
    return found


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
        resource.setrlimit(resource.RLIMIT_CPU, (_CHILD_SECONDS, _CHILD_SECONDS + 5))
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
