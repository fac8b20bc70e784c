"""What a piece of work costs: wall seconds and CPU seconds."""

import time
from collections.abc import Callable, Iterable, Mapping
from statistics import median
from typing import NamedTuple, TypeVar

import torch

Name = TypeVar("Name", str, int)


class Spent(NamedTuple):
    """The cost of one piece of work, in seconds."""

    wall: float
    cpu: float  # over all threads; far below wall: the machine was busy or the GPU worked


class Spread(NamedTuple):
    """What is quoted of several measurements."""

    median: float
    low: float
    high: float
    n: int


def spend(work: Callable[[], object], on: torch.device) -> Spent:
    """Do something on a device: nothing queued before it counts, all of it does."""
    _synchronise(on)
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    _synchronise(on)
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def in_turns(
    works: Mapping[Name, Callable[[], object]],
    on: torch.device,
    *,
    seconds: float,
    most_rounds: int,
) -> dict[Name, list[Spent]]:
    """Let pieces of work take turns, so that a slow minute of the machine hits all of them.

    Args:
        works: name -> what to do, warmed up already; each round begins with another one.
        on: the device they run on.
        seconds: for all rounds; one is always made, and none is begun that would not fit.
        most_rounds: more would say nothing new.

    Returns:
        Name -> what it cost, one entry a round.
    """
    deadline, names = time.perf_counter() + seconds, list(works)
    spent: dict[Name, list[Spent]] = {name: [] for name in names}
    for _ in range(most_rounds):
        since = time.perf_counter()
        for name in names:
            spent[name].append(spend(works[name], on))
        names = names[1:] + names[:1]
        if 2 * time.perf_counter() - since > deadline:
            break
    return spent


def spread(values: Iterable[float]) -> Spread:
    """Median, least, most and number of at least one value.

    Example:
        >>> spread([3.0, 1.0, 2.0])
        Spread(median=2.0, low=1.0, high=3.0, n=3)
    """
    values = list(values)
    return Spread(median(values), min(values), max(values), len(values))


def _synchronise(on: torch.device) -> None:
    """Wait until a GPU has done all it was asked for; a CPU always has."""
    if on.type == "cuda":
        torch.cuda.synchronize(on)
