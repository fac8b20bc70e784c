"""Measure where a step of the video GAN goes and how it grows, for lesson 12.

    python data_scripts/measure_steps.py [--device cpu] [--out FILE] [--rounds 8]
        [--only growth parts processes] [--report bench.json] [--smoke]

Writes into `vgan_lessons/runs/recordings/steps.json`, one entry a machine and device; what
other machines measured stays. On a CPU one thread and CPU time, on a GPU elapsed time. About
fifteen minutes on one quiet CPU core; every row is written as it comes, and a row that is
there already is not measured again.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from step_parts import PARTS, PartClock, staged_round
from vgan_lessons import runtime, storage
from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.runs.measured import STORE
from vgan_lessons.training import VideoTrainConfig, new_video_gan, recipe

_ALL = {"max_stride": 1}  # every frame of a path is painted and scored
SETTINGS = {
    "shapes 32x32, 4 of 16 frames": {"data": "shapes", "budget": "cpu"},
    "shapes 32x32, all 16 frames": {
        "data": "shapes",
        "budget": "cpu",
        "window_frames": 16,
        **_ALL,
    },
    "people 32x32, 6 of 16 frames": {"data": "weizmann", "budget": "cpu"},
    "shapes 64x64, 6 of 16 frames, wide": {"data": "shapes", "budget": "gpu"},
}
GROWTH = {  # what grows -> sizes, and the settings of one
    "frames": ((8, 16, 32, 64), lambda n: {"n_frames": n, "window_frames": n, **_ALL}),
    "pixels a side": ((16, 32, 64, 128), lambda n: {"image_size": n}),
    "batch": ((8, 16, 32, 64), lambda n: {"batch_size": n}),
}
_BATCH = 16


def machine_of(device: torch.device) -> dict[str, str]:
    """Whose numbers these are."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    if device.type == "cuda":
        name = torch.cuda.get_device_name(device)
    return {
        "machine": f"{name}, {os.cpu_count()} cores, torch threads {torch.get_num_threads()}",
        "device": device.type,
        "torch": torch.__version__,
    }


def bank_of(data: str, config: VideoTrainConfig, device: torch.device) -> VideoBank:
    """64 drawn videos, or all films."""
    drawn = {"n_videos": 64} if data == "shapes" else {}
    sizes = {"image_size": config.image_size, "n_frames": config.n_frames}
    return load_videos(data, **sizes, **drawn).to(device)


def timed_rounds(
    data: str, budget: str, device: torch.device, rounds: int, **changes: object
) -> tuple[VideoTrainConfig, list[dict[str, float]]]:
    """Seconds of each part, round by round; the first four rounds warm up and do not count.

    Args:
        data: a data set that is there.
        budget: whose recipe.
        device: where it is trained.
        rounds: measured; a multiple of 4 holds as many penalties as a training does.
        changes: of the recipe.
    """
    config = recipe(data, budget, **changes)
    bank = bank_of(data, config, device)
    if config.can_be_told and bank.n_classes:
        config = recipe(data, budget, n_classes=bank.n_classes, **changes)
    gan, found = new_video_gan(config, on=device), []
    for _ in range(4 + rounds):
        clock = PartClock(device)
        staged_round(gan, bank, config, clock)
        found.append({part: clock.seconds[part] for part in PARTS})
    return config, found[4:]


def measure_parts(device: torch.device, rounds: int, known: dict) -> Iterator[None]:
    """Fill in the rows of `parts`: milliseconds of each part, the mean over rounds."""
    for name, setting in SETTINGS.items():
        if name in known:
            continue
        config, found = timed_rounds(device=device, rounds=rounds, **setting)
        total = sorted(sum(row.values()) for row in found)
        known[name] = {
            "batch": config.batch_size,
            "rounds": rounds,
            "ms": {p: round(1e3 * sum(r[p] for r in found) / rounds, 2) for p in PARTS},
            "ms of a round, least to most": [round(1e3 * total[n], 1) for n in (0, -1)],
            **_when(),
        }
        yield


def measure_growth(device: torch.device, rounds: int, known: dict) -> Iterator[None]:
    """Fill in seconds a round, and MiB kept for the way back, by what grows and its size."""
    for grows, (sizes, changes) in GROWTH.items():
        curve = known.setdefault(grows, {})
        for size in sizes:
            if str(size) in curve:
                continue
            setting = {"batch_size": _BATCH} | changes(size)
            _, found = timed_rounds("shapes", "cpu", device, rounds, **setting)
            seconds = [round(sum(row.values()), 4) for row in found]
            curve[str(size)] = {
                "s": round(sum(seconds) / rounds, 4),
                "MiB": round(_remembered("shapes", "cpu", device, setting), 2),
                "rounds": rounds,
                **_when(),
            }
            yield


def _remembered(data: str, budget: str, device: torch.device, setting: dict) -> float:
    """MiB that one round without a penalty keeps for its backward passes, every byte once."""
    config = recipe(data, budget, **setting)
    gan, bank, kept = new_video_gan(config, on=device), bank_of(data, config, device), {}

    def keep(value: torch.Tensor) -> torch.Tensor:
        storage_of = value.untyped_storage()
        kept[storage_of.data_ptr()] = storage_of.nbytes()
        return value

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda value: value):
        staged_round(gan, bank, config, PartClock(device))
    return sum(kept.values()) / 2**20


def measure_processes(steps: int, known: dict) -> Iterator[None]:
    """Fill in seconds a step of `train` in one and in two processes, by its own log.

    Elapsed time on the cores of this machine, so that other work on them shows.
    """
    for n in (1, 2):
        if str(n) in known:
            continue
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "run"
            words = ["--data", "shapes", "--steps", steps, "--batch-size", 32, "--log-every", 4]
            words += ["--no-card", "--threads", 1, "--out", out]
            words += ["--processes", n] if n > 1 else []
            command = [sys.executable, "-m", "vgan_lessons", "train", *map(str, words)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            with open(out / "log.csv", encoding="utf-8", newline="") as log:
                rows = [32 / float(row["clips_per_second"]) for row in csv.DictReader(log)][1:]
        seconds = sorted(round(row, 4) for row in rows)
        bounds = [seconds[0], seconds[-1]]
        known[str(n)] = {"s": seconds[len(seconds) // 2], "least to most": bounds, **_when()}
        yield


def take_from_report(path: Path, known: dict) -> None:
    """Fill in how a step grows from a report of `vgan-lessons bench`, where it was measured.

    Args:
        path: of the report's bench.json, made on the same processor.
        known: "growth" and "processes" of this machine; rows that are there stay.
    """
    report = json.loads(path.read_text(encoding="utf-8"))
    origin = {"date": report["versions"]["date"], "report": path.parent.name}
    origin["load"] = report["machine"]["load at the start"]
    for grows, size, seconds, _, mib in report["parts"]["growth"]["tables"][0]["rows"]:
        if grows in ("frames, all", "pixels a side", "batch"):
            row = {"s": round(seconds[0], 4), "MiB": round(mib, 2), "rounds": seconds[3]}
            curve = known["growth"].setdefault(grows.removesuffix(", all"), {})
            curve.setdefault(str(size), row | origin)
        elif grows == "processes":
            row = {"s": round(seconds[0], 4), "least to most": seconds[1:3]}
            known["processes"].setdefault(str(size), row | origin)


def _when() -> dict[str, str]:
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {"date": time.strftime("%Y-%m-%d", time.gmtime()), "load": load}


def entry_of(stored: list[dict], device: torch.device) -> dict:
    """The place of this machine in the file; a new one is added."""
    facts = machine_of(device)
    for entry in stored:
        if all(entry[key] == value for key, value in facts.items()):
            return entry
    stored.append(facts | {"parts": {}, "growth": {}, "processes": {}})
    return stored[-1]


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, default=STORE)
    parser.add_argument("--rounds", type=int, default=8)
    kinds = ("growth", "parts", "processes")
    parser.add_argument("--only", nargs="+", choices=kinds, default=kinds)
    parser.add_argument("--report", type=Path, help="bench.json that says how a step grows")
    parser.add_argument("--smoke", action="store_true", help="first row of each, 1 round")
    args = parser.parse_args()
    torch.set_num_threads(1)
    device, rounds = runtime.device(args.device), 1 if args.smoke else args.rounds
    stored = json.loads(args.out.read_text(encoding="utf-8")) if args.out.exists() else []
    entry = entry_of(stored, device)
    if args.report:
        take_from_report(args.report, entry)
        storage.write_json(args.out, stored)
        return
    works = {
        "parts": measure_parts(device, rounds, entry["parts"]),
        "growth": measure_growth(device, rounds, entry["growth"]),
        "processes": measure_processes(8 if args.smoke else 60, entry["processes"]),
    }
    for name in args.only:
        for _ in works[name]:
            storage.write_json(args.out, stored)
            print(f"{name}: a row is written", flush=True)
            if args.smoke:
                break


if __name__ == "__main__":
    main()
