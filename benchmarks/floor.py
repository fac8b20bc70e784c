"""How fast a step could be: its operations and bytes against what this machine can do.

The floor is the larger of two times: all multiplications at the speed of a large matrix
product, all bytes read and written by every operator at the speed of a large copy. A step
cannot be faster without computing less or moving less (by fusing operators).
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry


@dataclass(frozen=True)
class Work:
    """What one call asks of a machine."""

    flop: int  # floating-point operations of products and convolutions, forward and backward
    bytes_moved: int  # read and written by all operators together, views not counted
    operators: int  # calls of operators, views not counted


@dataclass(frozen=True)
class Machine:
    """What a machine reaches when it does nothing else."""

    flop_per_second: float  # in a float32 matrix product
    bytes_per_second: float  # read plus written, in a copy larger than any cache


class _Counter(TorchDispatchMode):
    """Adds up operations and bytes of every operator that runs inside."""

    def __init__(self) -> None:
        super().__init__()
        self.flop = self.bytes_moved = self.operators = 0

    def __torch_dispatch__(
        self, operator: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        kwargs = kwargs or {}
        made = operator(*args, **kwargs)
        if not operator.is_view:
            self.operators += 1
            tensors = [x for x in tree_leaves((args, kwargs, made)) if isinstance(x, Tensor)]
            self.bytes_moved += sum(x.numel() * x.element_size() for x in tensors)
        count = flop_registry.get(operator._overloadpacket)
        if count is not None:
            self.flop += count(*args, **kwargs, out_val=made)
        return made


def work_of(call: Callable[[], object]) -> Work:
    """Count what a call asks for, on any device.

    Args:
        call: runs the step once; it is run for real.

    Returns:
        Its operations (those of a fused LSTM are not seen) and bytes.
    """
    with _Counter() as counter:
        call()
    return Work(counter.flop, counter.bytes_moved, counter.operators)


def measure_machine(on: torch.device, *, size: int = 1024, n_runs: int = 7) -> Machine:
    """Measure a matrix product and a copy.

    Args:
        on: the device.
        size: of the square matrices; the copy moves 64 times their bytes.
        n_runs: of each; the fastest counts, for a floor is what is possible.

    Returns:
        What this device reached.
    """
    left, right = torch.rand(2, size, size, device=on).unbind()
    source = torch.rand(64 * size * size, device=on)
    target = torch.empty_like(source)
    product = _fastest(lambda: left @ right, on, n_runs)
    copy = _fastest(lambda: target.copy_(source), on, n_runs)
    moved = 2 * source.numel() * source.element_size()
    return Machine(2 * size**3 / product, moved / copy)


def floor_row(
    step: Callable[[], object], on: torch.device, *, n_steps: int = 12
) -> dict[str, float]:
    """Set the time of a step beside its floor.

    Args:
        step: makes one step; twelve of them pass through every kind of step of the loop.
        on: the device.
        n_steps: steps counted and timed.

    Returns:
        Plain numbers: the work per step, the machine, both floors, the measured time (s) and
        `times_the_floor`, the measured time over the larger floor.
    """
    works = [work_of(step) for _ in range(n_steps)]
    work = Work(
        *(round(sum(column) / n_steps) for column in zip(*map(_row, works), strict=True))
    )
    machine = measure_machine(on)
    seconds = median(_timed(step, on) for _ in range(n_steps))
    arithmetic = work.flop / machine.flop_per_second
    traffic = work.bytes_moved / machine.bytes_per_second
    return {
        **asdict(work),
        **asdict(machine),
        "arithmetic_floor_s": arithmetic,
        "traffic_floor_s": traffic,
        "measured_s": seconds,
        "times_the_floor": seconds / max(arithmetic, traffic),
    }


def _row(work: Work) -> tuple[int, int, int]:
    return work.flop, work.bytes_moved, work.operators


def _fastest(call: Callable[[], object], on: torch.device, n_runs: int) -> float:
    call()
    return min(_timed(call, on) for _ in range(n_runs))


def _timed(call: Callable[[], object], on: torch.device) -> float:
    _wait(on)
    since = time.perf_counter()
    call()
    _wait(on)
    return time.perf_counter() - since


def _wait(on: torch.device) -> None:
    if on.type == "cuda":
        torch.cuda.synchronize(on)
