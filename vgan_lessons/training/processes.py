"""Several processes that train one model: the same weights, each its own share of a batch."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

_PATIENCE = timedelta(hours=2)  # of a process that waits while another decodes films

_Made = TypeVar("_Made")


class Processes(NamedTuple):
    """Which process this is, and how many there are."""

    rank: int = 0
    count: int = 1
    local_rank: int = 0  # on this machine: the number of its GPU


@contextmanager
def joined_processes(device_type: str) -> Iterator[Processes]:
    """Join the processes that `torchrun` started, or be the only one.

    Args:
        device_type: "cuda" talks over NCCL, anything else over gloo.

    Yields:
        This process's place; the group is left when the block ends.

    Lesson 12.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield Processes()
        return
    dist.init_process_group("nccl" if device_type == "cuda" else "gloo", timeout=_PATIENCE)
    local_rank = int(os.environ.get("LOCAL_RANK", "0"))
    try:
        yield Processes(dist.get_rank(), dist.get_world_size(), local_rank)
    finally:
        dist.destroy_process_group()


@contextmanager
def _all_there() -> Iterator[None]:
    """Where another process is gone, this one ends quietly: the launcher says which and why."""
    try:
        yield
    except RuntimeError as error:
        if "onnection" not in str(error):  # gloo: "Connection closed by peer", "... reset ..."
            raise
        sys.exit(1)


def average_over_processes(gradients: list[Tensor]) -> None:
    """Replace each gradient by its mean over the processes that were joined.

    Args:
        gradients: any shapes, changed in place; the same ones on every process.

    Lesson 12.
    """
    from vgan_lessons.training.averaging import average_gradients  # one process needs none

    def all_reduce(flat: Tensor) -> None:
        with _all_there():
            dist.all_reduce(flat)

    average_gradients(gradients, all_reduce, dist.get_world_size())


def gather_rng_states(rng: torch.Generator) -> list[Tensor]:
    """Collect every process's random state, so that the first can save them all.

    Args:
        rng: this process's random source.

    Returns:
        One state a process, in order of rank, on every process.

    Lesson 12.
    """
    if not dist.is_initialized():
        return [rng.get_state()]
    states: list[Tensor | None] = [None] * dist.get_world_size()
    with _all_there():
        dist.all_gather_object(states, rng.get_state())
    return states


def any_process(asked: bool) -> bool:
    """Whether any of the processes says yes, so that all of them act on it in the same step.

    Args:
        asked: this process's answer.

    Returns:
        The same on every process.

    Lesson 12.
    """
    return slowest(float(asked)) > 0


def slowest(seconds: float) -> float:
    """The most that any of the processes took.

    Args:
        seconds: what this one took.

    Returns:
        The same on every process.

    Lesson 12.
    """
    if not dist.is_initialized():
        return seconds
    device = "cuda" if dist.get_backend() == "nccl" else "cpu"
    answer = torch.tensor(seconds, device=device)  # float32: fractions of a second are kept
    with _all_there():
        dist.all_reduce(answer, op=dist.ReduceOp.MAX)
    return float(answer)


@contextmanager
def one_for_all() -> Iterator[None]:
    """Let no process go on alone: where the block fails on one, every one of them ends.

    The first of those that fail says why; the others end quietly, with exit code 1. Every
    process must enter the block, and no two may wait for each other inside it.

    Lesson 12.
    """
    failure: Exception | None = None
    try:
        yield
    except Exception as error:
        failure = error
    if not dist.is_initialized():
        if failure:
            raise failure
        return
    failed: list[bool | None] = [None] * dist.get_world_size()
    with _all_there():
        dist.all_gather_object(failed, failure is not None)
    if any(failed):
        if failure and failed.index(True) == dist.get_rank():
            raise failure
        sys.exit(1)


def one_before_the_others(processes: Processes, act: Callable[[], _Made]) -> _Made:
    """Let one process of each machine act first: the others find what it left on the disk.

    Args:
        processes: this process's place.
        act: decodes films into a cache, say; where it fails on one process, all of them end.

    Returns:
        What `act` returned on this process.

    Lesson 12.
    """
    for first in (True, False):
        with one_for_all():
            if (processes.local_rank == 0) == first:
                made = act()
    return made
