"""Global switches that few answers touch: what they are, and how they are put back.

The default dtype and the gradient mode are changed by so many answers, and by the engine
itself, that `surroundings` looks after them.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch


def rare_switches() -> dict[str, Any]:
    """Global switches that few answers touch, by the name that a message gives them."""
    return {
        "torch's anomaly mode": (
            torch.is_anomaly_enabled(),
            torch.is_anomaly_check_nan_enabled(),
        ),
        "torch's deterministic algorithms": (
            torch.are_deterministic_algorithms_enabled(),
            torch.is_deterministic_algorithms_warn_only_enabled(),
        ),
        "torch's precision of matrix products": torch.get_float32_matmul_precision(),
        "torch's number of threads": torch.get_num_threads(),
        "numpy's handling of errors": np.geterr(),
        "the warning filters": tuple(map(str, warnings.filters)),
    }


@contextmanager
def rare_switches_restored() -> Iterator[None]:
    """Anomaly mode is off in the block; behind it every rare switch is as it was before."""
    before, filters = rare_switches(), warnings.filters[:]
    anomaly, deterministic, precision, threads, errors, _ = before.values()
    torch.set_anomaly_enabled(False)  # it would refuse a NaN that the statement allows
    try:
        yield
    finally:
        torch.set_anomaly_enabled(*anomaly)
        if rare_switches()["torch's deterministic algorithms"] != deterministic:
            torch.use_deterministic_algorithms(deterministic[0], warn_only=deterministic[1])
        torch.set_float32_matmul_precision(precision)
        torch.set_num_threads(threads)
        np.seterr(**errors)
        warnings.filters[:] = filters
