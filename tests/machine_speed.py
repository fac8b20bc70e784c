"""Time limits in seconds of a quiet core, on a machine that may be slower just now."""

import time

import torch
from torch import nn

QUIET_CONVOLVING = 0.086  # of `_convolve`, where a step of `shapes` takes 54 ms (AVX512)
QUIET = 0.15  # CPU seconds of `_work` on one quiet core of a 2.8 GHz Xeon, torch 2.13


def quick_enough(seconds: float, limit: float) -> bool:
    """Whether CPU seconds are within a limit that was set on a quiet core.

    A busy neighbour on the same core makes CPU seconds longer too: a limit in seconds alone
    would measure the neighbour. How slow this core is now is measured only where it matters.
    """
    return seconds <= limit or seconds <= limit * slowness()


def slowness() -> float:
    """CPU time of a fixed piece of work, now, relative to a quiet core; at least 1."""
    convolving = min(_convolve() for _ in range(3)) / QUIET_CONVOLVING
    return max(1.0, min(_work() for _ in range(3)) / QUIET, convolving)


def _work() -> float:
    """What checks do most: build small networks, run them, compare numbers."""
    before = time.process_time()
    with torch.random.fork_rng(devices=[]):
        for _ in range(60):
            net = nn.Sequential(
                nn.Conv2d(3, 8, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(8, 3, 4, 2, 1)
            )
            seen = net(torch.zeros(4, 3, 20, 20, requires_grad=True))
            seen.square().mean().backward()
            assert all(torch.isclose(a, a).all() for a in net.parameters())
    return time.process_time() - before


def _convolve() -> float:
    """What trainings do most; processors without AVX512 need several times as long."""
    before = time.process_time()
    with torch.random.fork_rng(devices=[]):
        net = nn.Conv2d(32, 64, 4, 2, 1)
    for _ in range(20):
        net(torch.zeros(32, 32, 16, 16, requires_grad=True)).square().mean().backward()
    return time.process_time() - before
