"""What a step is made of, written down: its levers and its floor."""

import time

from benchmarks.activations import generator_table, judge_table
from benchmarks.clock import spread
from benchmarks.floor import floor_row
from benchmarks.levers import levers, measure_lever
from benchmarks.report import Part, Table
from benchmarks.rows import our_config
from benchmarks.setting import Setting, load_bank
from vgan_lessons.training import new_video_gan, train_video_gan


def measure_levers(setting: Setting, seconds: float) -> Part:
    """Undo every trick of the loop in turn and time the step with and without it.

    Args:
        setting: data, size, device; the recipe is that of its budget.
        seconds: for everything; one round of each lever is always made.
    """
    deadline = time.perf_counter() + seconds
    bank = load_bank(setting, n_videos=64 if setting.smoke else None)
    config = our_config(setting)
    table = Table(
        title="Each trick alone", columns=["trick", "s a step with", "s without", "gain"]
    )
    part = Part(title=f"What each trick of our loop is worth at {setting.label}")
    asked = levers(config, bank)
    for place, lever in enumerate(asked):
        left = (deadline - time.perf_counter()) / (len(asked) - place)
        seen = measure_lever(lever, config, bank, seconds=left)
        spreads = [spread(seen[name]) for name in ("with", "without")]
        table.rows.append([lever.name, *spreads, seen["gain"]])
        part.values[f"gain of {lever.name}"] = seen["gain"]
    part.tables = [table]
    part.notes = [
        f"Gain: the median over rounds of time without over time with, batch "
        f"{setting.batch_size}; above 1 the trick pays on this machine. Blocks of 12 steps "
        "take turns. A trick that changes what is learned (6 of 16 frames, the penalty's "
        "interval) buys speed with something else: the quality race holds it to account.",
        "Compiled steps are left out on a CPU: torch.compile cannot differentiate a compiled "
        "judge twice, which the penalties need.",
    ]
    return part


def measure_floor(setting: Setting) -> Part:
    """Set a step beside what its operations and bytes cost at least on this machine.

    Args:
        setting: data, size, device.
    """
    bank = load_bank(setting, n_videos=64)
    config = our_config(setting, log_every=1)
    logs = train_video_gan(new_video_gan(config, on=setting.on), bank, config)
    found = floor_row(lambda: next(logs), setting.on)
    part = Part(title=f"The floor under a step at {setting.label}")
    rows = [
        ["operations of products, GFLOP", found["flop"] / 1e9],
        ["bytes read and written, GiB", found["bytes_moved"] / 2**30],
        ["operators called", found["operators"]],
        ["this machine's matrix product, GFLOP/s", found["flop_per_second"] / 1e9],
        ["this machine's copy, GiB/s", found["bytes_per_second"] / 2**30],
        ["floor by operations, s", found["arithmetic_floor_s"]],
        ["floor by bytes, s", found["traffic_floor_s"]],
        ["measured, s", found["measured_s"]],
        ["measured over the larger floor", found["times_the_floor"]],
    ]
    part.tables = [Table(title="Our step", columns=["what", "value"], rows=rows)]
    frames = config.window_frames
    layers = Table(title="Layer table", columns=["network", "layer", "numbers remembered"])
    tables = {
        "generator, a frame": generator_table(config),
        "clip judge, a clip": judge_table(
            3 * frames + 1, config.clip_channels, config.image_size
        ),
        "frame judge, a frame": judge_table(3, config.frame_channels, config.image_size),
    }
    layers.rows = [[name, row.layer, row.kept] for name, rows in tables.items() for row in rows]
    part.tables.append(layers)
    part.notes = [
        "Operations count products and convolutions, forward, backward and twice where a "
        "penalty asks; an LSTM's fused kernel is not seen. Bytes count every operator's "
        "inputs and outputs, as if no cache kept any. Median of 12 steps, which hold three "
        "penalties.",
    ]
    part.values = {f"floor {name}": value for name, value in found.items()}
    return part
