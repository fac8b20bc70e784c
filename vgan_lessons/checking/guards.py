"""What stands between an answer and the session it runs in: a clock and a deaf ear."""

import gc
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from types import FrameType

PATIENCE = 3  # a sleeping answer may take this many times its share


class TimeUp(BaseException):
    """The answer ran too long. Not an Exception, so that `except Exception` lets it pass."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the block by raising `TimeUp` inside it.

    Works where Python delivers timer signals: in the main thread, on Linux and macOS. Elsewhere
    (Windows, a worker thread) nothing is stopped and the learner interrupts the kernel. One
    long call inside a C library is stopped when it returns. An import is never cut short, and
    its time is not the answer's: torch fetches some of its parts, seconds of work, when a
    function is first called. Nor is the garbage of the session collected inside: in a large
    one that takes as long as the answer may. An alarm that was already running, a test's own
    time limit for example, goes on afterwards.

    Args:
        seconds: for the whole block, in CPU time, so that a busy machine refuses no right
            answer; a block that only sleeps is stopped after three times as long.

    Raises:
        TimeUp: again every tenth of a second, should the block swallow it.
    """
    if not hasattr(signal, "setitimer") or (
        threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def ring(_: int, frame: FrameType | None) -> None:
        nonlocal begun, cpu
        if _imports_in(frame) > outside:
            begun, cpu = time.monotonic(), time.process_time()  # the clock starts anew
            return
        worked, waited = time.process_time() - cpu, time.monotonic() - begun
        if worked >= seconds or waited >= PATIENCE * seconds:
            raise TimeUp

    collecting = gc.isenabled()
    gc.disable()
    started, cpu = time.monotonic(), time.process_time()
    begun, outside = started, _imports_in(sys._getframe())
    before = signal.signal(signal.SIGALRM, ring)
    delay, interval = signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if delay:
            left = max(delay - (time.monotonic() - started), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, interval)
        if collecting:
            gc.enable()


def _imports_in(frame: FrameType | None) -> int:
    """How many frames of the import machinery are at work below and at this one."""
    found = 0
    while frame is not None:
        found += frame.f_code.co_filename == "<frozen importlib._bootstrap>"
        frame = frame.f_back
    return found


@dataclass
class Noise:
    """What an answer said aloud while it was watched; only the amount is kept of prints."""

    characters: int = 0
    warned: list[str] = field(default_factory=list)

    def write(self, text: str) -> int:
        """Count instead of keeping: an answer may print megabytes."""
        self.characters += len(text)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


@contextmanager
def quietly() -> Iterator[Noise]:
    """Swallow prints and collect warnings, so that a check stays one line."""
    noise = Noise()
    with (
        redirect_stdout(noise),
        redirect_stderr(noise),
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        yield noise
    noise.warned = sorted({str(warning.message).split("\n")[0] for warning in caught})
