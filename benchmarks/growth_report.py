"""How the step grows, written down: time, remembered bytes and fitted exponents."""

import time
from dataclasses import replace

from benchmarks.activations import measured_bytes, predicted_bytes
from benchmarks.clock import spread
from benchmarks.growth import (
    BLOCK,
    curves,
    exponent,
    measure_curve,
    measure_data_sizes,
    measure_processes,
)
from benchmarks.report import Part, Table
from benchmarks.setting import Setting
from vgan_lessons.training import VideoTrainConfig, new_video_gan

DATA_SIZES = (256, 1024, 4096)  # videos


def measure_growth(setting: Setting, seconds: float) -> Part:
    """Measure every curve, in turns of blocks, within the time.

    Args:
        setting: device, and whether this is a smoke run.
        seconds: for everything; one round of each curve is always made.
    """
    deadline = time.perf_counter() + seconds
    part = Part(title="How a step grows")
    table = Table(
        title="Seconds a step and MiB remembered for the way back",
        columns=["what grows", "size", "s a step", "MiB predicted", "MiB measured"],
    )
    fits = Table(
        title="Fitted exponents: cost grows as size to that power",
        columns=["what grows", "exponent of time", "exponent of memory"],
    )
    all_curves = curves(smoke=setting.smoke)
    for place, (name, configs) in enumerate(all_curves.items()):
        left = (deadline - time.perf_counter()) / (len(all_curves) + 2 - place)
        seen = measure_curve(configs, setting.on, seconds=left)
        memory = {}
        for size, config in configs.items():
            predicted, measured = _activations(config, setting)
            memory[size] = [measured]
            row = [name, size, spread(seen[size]), predicted, measured]
            table.rows.append(row)
        slopes = exponent(seen), exponent(memory)
        fits.rows.append([name, *slopes])
        part.values |= {f"exponent of time, {name}": slopes[0]}
        part.values |= {f"exponent of memory, {name}": slopes[1]}
    left = (deadline - time.perf_counter()) / 2
    for name, seen in _data_and_processes(setting, left).items():
        table.rows += [[name, size, spread(s), None, None] for size, s in seen.items()]
        fits.rows.append([name, exponent(seen), None])
    part.tables = [table, fits]
    part.notes = [
        "Our recipe for shapes at 32x32, 16 frames and batch 16 unless the row says otherwise; "
        f"blocks of {BLOCK} steps, the sizes of a curve in turns. Processes share a batch of "
        "32 through torchrun, one thread each, and are timed by their own log.",
        "Remembered: what autograd keeps from the forward to the backward pass, by the layer "
        "table and by autograd's own account, one generator pass and one pass of each judge.",
    ]
    return part


def _activations(config: VideoTrainConfig, setting: Setting) -> tuple[float, float]:
    """MiB that one step remembers: by the layer table, and by autograd's own account."""
    small = replace(config, batch_size=min(4, config.batch_size))  # all of it grows with B
    scale = config.batch_size / small.batch_size / 2**20
    predicted = predicted_bytes(small)
    measured = measured_bytes(new_video_gan(small, on=setting.on), small)
    return scale * sum(predicted.values()), scale * sum(measured.values())


def _data_and_processes(setting: Setting, seconds: float) -> dict[str, dict[int, list[float]]]:
    sizes = (32, 64) if setting.smoke else DATA_SIZES
    config = next(iter(curves(smoke=setting.smoke)["batch"].values()))
    found = {
        "videos in the data set": measure_data_sizes(
            sizes, setting.on, seconds=seconds, config=config
        )
    }
    if setting.on.type == "cpu" and not setting.smoke:
        found["processes"] = measure_processes((1, 2))
    return found
