"""How the time of a training step grows with the frames of a clip and with its pixels.

Each curve changes one number and keeps the others; its sizes take turns.
"""

import math
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from benchmarks.clock import spread
from benchmarks.contestant import Contestant, Setting, load_bank
from benchmarks.lineup import LINEUP
from benchmarks.report import Part, Table
from benchmarks.speed import train_in_turns

BATCH_SIZE = 16
CURVES = {  # what grows -> the field of the setting, its sizes
    "frames": ("n_frames", (16, 32, 64, 128)),
    "pixels a side": ("image_size", (16, 32, 64)),
}


def measure_scaling(setting: Setting, names: list[str], seconds: float) -> Part:
    """Measure both curves of each contestant; one round of each is always made."""
    deadline = time.perf_counter() + seconds
    setting = replace(setting, batch_size=min(setting.batch_size, BATCH_SIZE))
    part = Part(title=f"How a step grows from {setting.label}, batch {setting.batch_size}")
    times = Table(title="Seconds a step", columns=["contestant", "what grows", "size", "s"])
    fits = Table(
        title="Fitted exponents: time grows as size to that power",
        columns=["contestant", "what grows", "exponent"],
    )
    asked = [(name, grows) for name in names for grows in CURVES]
    for place, (name, grows) in enumerate(asked):
        left = (deadline - time.perf_counter()) / (len(asked) - place)
        paces = train_in_turns(_contestants(name, grows, setting), setting, left)
        walls = {size: pace.walls for size, pace in paces.items()}
        times.rows += [[f"`{name}`", grows, size, spread(s)] for size, s in walls.items()]
        slope = exponent(walls)
        fits.rows.append([f"`{name}`", grows, slope])
        part.values[f"exponent of {name} in {grows}"] = slope
    part.tables = [times, fits]
    part.notes = [
        "A contestant's sizes take turns, in blocks. At another image size its networks have "
        "a layer more or less.",
    ]
    return part


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
    x = [math.log(size) for size in seconds]
    y = [math.log(statistics.median(values)) for values in seconds.values()]
    return statistics.linear_regression(x, y).slope


def _contestants(name: str, grows: str, setting: Setting) -> dict[int, Contestant]:
    """One contestant at every size of a curve, two in a smoke run."""
    field, sizes = CURVES[grows]
    built = {}
    for size in sizes[:2] if setting.smoke else sizes:
        at = replace(setting, **{field: size})
        built[size] = LINEUP[name].build(at, load_bank(at, n_videos=64))
    return built
