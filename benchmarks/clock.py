"""What a piece of work costs: wall seconds, CPU seconds, and a GPU's own seconds."""

import time
from collections.abc import Callable, Iterable
from statistics import median
from typing import NamedTuple

import torch


class Spent(NamedTuple):
    """The cost of one piece of work."""

    wall: float
    cpu: float  # over all threads; far below wall: the machine was busy or the GPU worked
    gpu: float | None = None  # between two events on the GPU's own clock


class Spread(NamedTuple):
    """What is quoted of several measurements."""

    median: float
    low: float
    high: float
    n: int


def spend(work: Callable[[], object], on: torch.device) -> Spent:
    """Do something and say what it cost; nothing queued before it counts, all of it does.

    Args:
        work: what to do.
        on: the device it runs on.
    """
    synchronise(on)
    events = []
    if on.type == "cuda":
        events = [torch.cuda.Event(enable_timing=True) for _ in range(2)]
        events[0].record()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    if events:
        events[1].record()
    synchronise(on)
    spent = time.perf_counter() - wall, time.process_time() - cpu
    return Spent(*spent, events[0].elapsed_time(events[1]) / 1000 if events else None)


def synchronise(on: torch.device) -> None:
    """Wait until a GPU has done all it was asked for; a CPU always has."""
    if on.type == "cuda":
        torch.cuda.synchronize(on)


def spread(values: Iterable[float]) -> Spread:
    """Median, least, most and number.

    Args:
        values: at least one.

    Example:
        >>> spread([3.0, 1.0, 2.0])
        Spread(median=2.0, low=1.0, high=3.0, n=3)
    """
    values = list(values)
    return Spread(median(values), min(values), max(values), len(values))


class Watch:
    """How long a loop waited for its data.

    On a GPU the waiting is only seen when the queue is emptied before and after, which would
    slow the loop: it is then switched on for blocks that are not timed otherwise.
    """

    def __init__(self, on: torch.device) -> None:
        self.on, self.seconds = on, 0.0
        self.active = on.type == "cpu"

    def __call__(self, draw: Callable[[], object]) -> object:
        """Fetch something, and remember how long it took.

        Args:
            draw: returns it.
        """
        if not self.active:
            return draw()
        synchronise(self.on)
        since = time.perf_counter()
        drawn = draw()
        synchronise(self.on)
        self.seconds += time.perf_counter() - since
        return drawn
