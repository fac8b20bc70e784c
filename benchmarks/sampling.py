"""How many clips a generator makes a second, once it is trained."""

import time
from copy import deepcopy

import torch
from torch import nn

from benchmarks.clock import spend, spread
from benchmarks.report import Part, Table
from benchmarks.rows import ROWS
from benchmarks.setting import Setting, load_bank
from vgan_lessons.models.generators import generate
from vgan_lessons.runtime import new_rng

NAMES = ("mocogan", "ours", "ours-small")
MOST_ROUNDS = 9


def measure_sampling(setting: Setting, seconds: float) -> Part:
    """Let the generators take turns on one CPU thread, and on the GPU if that is the device.

    Args:
        setting: size and device; clips are made in batches of its batch size.
        seconds: for everything; one round is always made.
    """
    bank = load_bank(setting, n_videos=64)
    made = {n: ROWS[n].build(setting, bank).sampled_from() for n in NAMES}
    part = Part(title=f"Sampling at {setting.label}")
    places = ["cpu"] + ([setting.device] if setting.on.type == "cuda" else [])
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for place in places:
            networks = {n: deepcopy(network).to(place) for n, network in made.items()}
            _measure(part, networks, setting, torch.device(place), seconds / len(places))
    finally:
        torch.set_num_threads(threads)
    part.notes = [
        f"Batches of {setting.batch_size}: latents drawn, all {setting.n_frames} frames "
        "painted, handed over as bytes; untrained weights, which cost what trained ones do.",
    ]
    return part


def _measure(
    part: Part,
    networks: dict[str, nn.Module],
    setting: Setting,
    on: torch.device,
    seconds: float,
) -> None:
    deadline, rng = time.perf_counter() + seconds, new_rng(setting.seed, on)
    n, rates = setting.batch_size, {name: [] for name in networks}
    where = "one CPU thread" if on.type == "cpu" else str(on)

    def make(network: nn.Module) -> float:
        how = {"n_frames": setting.n_frames, "rng": rng, "batch_size": n}
        return n / spend(lambda: generate(network, n, **how), on).wall

    for network in networks.values():
        make(network)
    for _ in range(MOST_ROUNDS):
        since = time.perf_counter()
        for name, network in networks.items():
            rates[name].append(make(network))
        if 2 * time.perf_counter() - since > deadline:
            break
    table = Table(title=f"Clips a second, {where}", columns=["generator", "clips/s"])
    table.rows = [[f"`{name}`: {ROWS[name].title}", spread(r)] for name, r in rates.items()]
    part.tables.append(table)
    word = "sampling" if on.type == "cpu" else "sampling on GPU"
    part.values |= {f"{word} {name}": spread(r).median for name, r in rates.items()}
