"""How long a step takes here, measured on a game that is thrown away afterwards."""

import math
import time
from dataclasses import replace

import torch

from vgan_lessons.datasets import VideoBank
from vgan_lessons.training.config import VideoTrainConfig
from vgan_lessons.training.kinds import new_training, train_further
from vgan_lessons.training.processes import (
    Processes,
    any_process,
    average_over_processes,
    slowest,
)

_LEAST_SECONDS = 4.0  # of measuring; shorter ones differ by a tenth and more


def seconds_a_step(
    config: VideoTrainConfig,
    bank: VideoBank,
    *,
    on: torch.device,
    processes: Processes,
    least: float = _LEAST_SECONDS,
) -> float:
    """Play whole periods of a scratch game, and divide.

    A period holds every stride of the window and every penalty as often as a long run does;
    the first one warms up and does not count. The run itself begins afterwards from its seed,
    as if nothing had been measured.

    Args:
        config: of the run that is planned.
        bank: its videos, on the training device.
        on: the training device.
        processes: all of them play along and get the same answer, the slowest one's.
        least: seconds to measure for.

    Returns:
        Wall-clock seconds a step, at least.
    """
    period = math.lcm(config.penalty_every, config.max_stride)
    endless = replace(config, n_steps=10**9, log_every=period)
    logs = train_further(
        new_training(endless, on=on, rank=processes.rank),
        bank,
        endless,
        n_processes=processes.count,
        average_gradients=average_over_processes if processes.count > 1 else None,
    )
    next(logs)
    n_periods, began = 0, time.perf_counter()
    enough = False
    while not enough:
        next(logs)  # its losses are read, so a GPU has finished
        n_periods += 1
        enough = any_process(time.perf_counter() - began >= least)
    return slowest((time.perf_counter() - began) / (n_periods * period))
