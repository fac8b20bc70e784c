"""How the cost of a training step grows: with frames, pixels, batch, data and processes.

Each curve changes one number and keeps the others. The sizes of a curve take turns, round by
round, so that a slow minute of the machine hits all of them alike.
"""

import csv
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

import torch

from vgan_lessons.datasets import load_videos
from vgan_lessons.training import VideoTrainConfig, new_video_gan, recipe, train_video_gan

MOST_ROUNDS = 5
BLOCK = 12  # steps: the strides take turns by three, the penalties by four
_DATA = "shapes"
Size = TypeVar("Size", int, str)


def curves(*, smoke: bool = False) -> dict[str, Mapping[int, VideoTrainConfig]]:
    """The configurations of each curve, by the number that changes.

    Args:
        smoke: two tiny sizes of each, for a test.

    Returns:
        Curve -> size -> what is trained: "frames, window of 6" renders six frames of a path
        of T; "frames, all" renders and judges all T.
    """
    base = {"batch_size": 4, "generator_channels": (8, 8)} if smoke else {"batch_size": 16}
    if smoke:
        base |= {"image_size": 16, "frame_channels": 4, "clip_channels": 4}

    def sized(sizes: Sequence[int], change: Callable[[int], dict]) -> dict:
        kept = sizes[:2] if smoke else sizes
        return {
            size: recipe(_DATA, "cpu", log_every=BLOCK, **base | change(size)) for size in kept
        }

    return {
        "frames, window of 6": sized((16, 32, 64, 128), lambda n: {"n_frames": n}),
        "frames, all": sized(
            (8, 16, 32, 64), lambda n: {"n_frames": n, "window_frames": n, "max_stride": 1}
        ),
        "pixels a side": sized(
            (16, 32, 64, 128),
            lambda n: {"image_size": n, "generator_channels": (32,) * int(math.log2(n / 8))},
        ),
        "batch": sized((8, 16, 32, 64), lambda n: {"batch_size": n}),
    }


def measure_curve(
    configs: Mapping[int, VideoTrainConfig], on: torch.device, *, seconds: float
) -> dict[int, list[float]]:
    """Time the steps of every size of a curve, in turns.

    Args:
        configs: size -> what is trained.
        on: the device.
        seconds: for all of it; one round is always timed.

    Returns:
        Size -> seconds per step, one number a round.
    """
    games = {size: _steps(config, on) for size, config in configs.items()}
    return in_turns(games, seconds)


def measure_data_sizes(
    sizes: Sequence[int], on: torch.device, *, seconds: float, config: VideoTrainConfig
) -> dict[int, list[float]]:
    """The same for data sets of several sizes, all in memory as bytes.

    Args:
        sizes: videos in the data set.
        on: the device.
        seconds: for all of it; one round is always timed.
        config: what is trained on each.

    Returns:
        Size -> seconds per step, one number a round.
    """
    games = {size: _steps(config, on, n_videos=size) for size in sizes}
    return in_turns(games, seconds)


def measure_processes(counts: Sequence[int], *, n_steps: int = 60) -> dict[int, list[float]]:
    """Train the same batch with several processes, through the command line as a user would.

    Args:
        counts: how many processes share the batch of 32.
        n_steps: steps of each run.

    Returns:
        Processes -> seconds per step between two logs of the second half of a run.
    """
    found = {}
    for count in counts:
        with tempfile.TemporaryDirectory() as scratch:
            run = Path(scratch) / "run"
            launch = ["-m", "torch.distributed.run", "--nproc-per-node", str(count)]
            words = ["train", "--data", _DATA, "--budget", "cpu", "--no-card", "--threads", "1"]
            words += ["--steps", str(n_steps), "--log-every", "5", "--out", str(run)]
            command = [sys.executable, *launch, "-m", "vgan_lessons", *words]
            done = subprocess.run(command, capture_output=True, text=True, env=_environment())
            if done.returncode:
                raise RuntimeError(f"{count} processes: {done.stderr[-2000:]}")
            with (run / "log.csv").open(newline="") as log:
                rates = [float(row["clips_per_second"]) for row in csv.DictReader(log)]
        found[count] = [32 / rate for rate in rates[len(rates) // 2 :]]
    return found


def in_turns(games: Mapping[Size, Iterator[object]], seconds: float) -> dict[Size, list[float]]:
    """Let games take turns, a block of steps each, until another round would not fit.

    Args:
        games: name or size -> an iterator that makes 12 steps and then reads a loss, so that
            a GPU has finished too.
        seconds: for all rounds; the first warms up and is not timed, one is always timed, and
            more than five say nothing new.

    Returns:
        Seconds per step, one number a round.
    """
    begin = time.perf_counter()
    spent: dict[Size, list[float]] = {size: [] for size in games}
    for number in range(MOST_ROUNDS + 1):
        since = time.perf_counter()
        if number > 1 and since - begin + (since - begin) / number > seconds:
            break
        for size, blocks in games.items():
            started = time.perf_counter()
            next(blocks)
            if number:
                spent[size].append((time.perf_counter() - started) / BLOCK)
    return spent


def exponent(seconds: Mapping[int, Sequence[float]]) -> float:
    """Fit seconds = a * size ** exponent to the medians, as a line through their logarithms.

    Args:
        seconds: size -> measurements; at least two sizes.

    Returns:
        1 for linear growth, 2 for quadratic, 0 for none.

    Example:
        >>> round(exponent({1: [2.0], 2: [8.0], 4: [32.0]}), 6)
        2.0
    """
    x = torch.tensor([math.log(size) for size in seconds], dtype=torch.float64)
    y = torch.tensor([math.log(median(s)) for s in seconds.values()], dtype=torch.float64)
    centred = x - x.mean()
    return float((centred * (y - y.mean())).sum() / centred.square().sum())


def _steps(
    config: VideoTrainConfig, on: torch.device, *, n_videos: int = 128
) -> Iterator[object]:
    videos = {"image_size": config.image_size, "n_frames": config.n_frames}
    bank = load_videos(_DATA, n_videos=n_videos, **videos).to(on)
    return train_video_gan(new_video_gan(config, on=on), bank, config)


def _environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
