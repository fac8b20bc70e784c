"""How many clips a generator makes a second, once it is trained."""

from copy import deepcopy

import torch
from torch import nn

from benchmarks.clock import in_turns, spread
from benchmarks.contestant import Setting, load_bank
from benchmarks.lineup import LINEUP
from benchmarks.report import Part, Table
from vgan_lessons.models.generators import generate
from vgan_lessons.runtime import new_rng

MOST_ROUNDS = 9


def measure_sampling(setting: Setting, names: list[str], seconds: float) -> Part:
    """Let the generators take turns on one CPU thread, and on the GPU if that is the device."""
    bank = load_bank(setting, n_videos=64)
    made = {name: LINEUP[name].build(setting, bank).sampled_from() for name in names}
    part = Part(title=f"Sampling at {setting.label}")
    places = ["cpu"] + ([setting.device] if setting.on.type == "cuda" else [])
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for place in places:
            networks = {name: deepcopy(network).to(place) for name, network in made.items()}
            _measure(part, networks, setting, torch.device(place), seconds / len(places))
    finally:
        torch.set_num_threads(threads)
    part.notes = [
        f"Batches of {setting.batch_size}: latents drawn, all {setting.n_frames} frames "
        "rendered, handed over as bytes; untrained weights, which cost what trained ones do.",
    ]
    return part


def _measure(
    part: Part,
    networks: dict[str, nn.Module],
    setting: Setting,
    on: torch.device,
    seconds: float,
) -> None:
    n, rng = setting.batch_size, new_rng(setting.seed, on)
    how = {"n_frames": setting.n_frames, "rng": rng, "batch_size": n}
    works = {
        name: lambda g=network: generate(g, n, **how) for name, network in networks.items()
    }
    for warm_up in works.values():
        warm_up()
    costs = in_turns(works, on, seconds=seconds, most_rounds=MOST_ROUNDS)
    rates = {name: spread(n / spent.wall for spent in costs[name]) for name in works}
    where = "one CPU thread" if on.type == "cpu" else str(on)
    table = Table(title=f"Clips a second, {where}", columns=["generator", "clips/s"])
    table.rows = [[f"`{name}`: {LINEUP[name].title}", rate] for name, rate in rates.items()]
    part.tables.append(table)
    word = "clips/s" if on.type == "cpu" else "clips/s on the GPU"
    part.values |= {f"{word} {name}": rate.median for name, rate in rates.items()}
