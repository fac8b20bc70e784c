"""What waits for a GPU, in parts of under ten minutes: `vgan-lessons bench gpu --data FOLDER`.

Each part writes its report after every section, so that one which is cut off leaves what it
has, and can be given again: a training and a race go on where they stopped.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks.clock import remembered_mib
from benchmarks.contestant import Contestant, Setting, load_bank
from benchmarks.lineup import LINEUP
from benchmarks.machine import machine
from benchmarks.report import Part, Table
from vgan_lessons.cli import main
from vgan_lessons.runs import RunError, ship

ROWS = (
    *("mocogan", "mocogan-bf16", "ours", "ours-again", "ours-bf16", "ours-compiled"),
    *("ours-graphs", "conv3d", "diffusion"),
)
_CHECKOUT = Path(__file__).resolve().parents[1]
_TRAINING = 0.7  # share of a section's time for `train --minutes`; the rest measures
_TOP = 10  # operators of a profile


def data_of(folder: str) -> str:
    """What a folder named on the command line is trained on; nothing is fetched.

    Args:
        folder: one that holds `weizmann`, or `weizmann` itself, as `data fetch` leaves them;
            else any folder of clips.

    Returns:
        A word for `--data`.

    Raises:
        ValueError: if there is no such folder.
    """
    place = Path(folder).expanduser().resolve()
    if not place.is_dir():
        raise ValueError(f"--data names a folder of clips, and {folder} is none")
    for home in (place, place.parent):
        if (place == home or place.name == "weizmann") and (home / "weizmann").is_dir():
            os.environ["VGAN_DATA"] = str(home)
            return "weizmann"
    return f"folder:{place}"


def measure_tests(setting: Setting, seconds: float) -> Part:
    """Run the tests that need a GPU; without one they are skipped, which is said."""
    tests = "tests/test_runtime.py" if setting.smoke else "tests"
    words = ["-m", "pytest", "-n0", "-q", "-m", "gpu", "-p", "no:cacheprovider", tests]
    part = Part(title="Tests marked `gpu`")
    try:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=_CHECKOUT,
            capture_output=True,
            text=True,
            timeout=max(seconds, 60),
            check=False,
        )
    except subprocess.TimeoutExpired:
        part.failures.append("the tests were not through in their time")
        return part
    last = (done.stdout.strip() or done.stderr.strip() or "nothing was said").splitlines()
    part.notes.append(f"`pytest -m gpu {tests}`: {last[-1].strip('= ')}")
    if done.returncode:
        part.failures += [line for line in last if line.startswith("FAILED")][:5] or last[-1:]
    return part


def measure_profile(setting: Setting, names: list[str], seconds: float) -> Part:
    """Where a step of ours goes, and the most memory that each contestant takes.

    Args:
        setting: data, size, device.
        names: of the contestants; those that are compiled are left out.
        seconds: not needed: one period each.
    """
    bank, part = load_bank(setting, n_videos=64), Part(title=f"A step at {setting.label}")
    table = Table(title="Most memory of a period of steps", columns=["contestant", "MiB"])
    for name in names:
        if LINEUP[name].compiled or LINEUP[name].twin_of:
            continue
        contestant = LINEUP[name].build(setting, bank)
        table.rows.append([f"`{name}`", _most_mib(contestant, setting.on)])
        if name == "ours":
            part.tables.append(_operators(contestant, setting.on))
    part.tables.append(table)
    what = "allocated" if setting.on.type == "cuda" else "kept for backward passes"
    part.notes = [f"Memory {what}; batch {setting.batch_size}, float32 unless named otherwise."]
    return part


def _most_mib(contestant: Contestant, on: torch.device) -> float:
    if on.type != "cuda":
        return remembered_mib(lambda: contestant.train(contestant.period))
    torch.cuda.reset_peak_memory_stats(on)
    contestant.train(contestant.period)
    return torch.cuda.max_memory_allocated(on) / 2**20


def _operators(contestant: Contestant, on: torch.device) -> Table:
    """The operators that take most of a period, by the time of the device."""
    gpu = on.type == "cuda"
    kinds = [ProfilerActivity.CPU] + [ProfilerActivity.CUDA] * gpu
    with profile(activities=kinds) as seen:
        contestant.train(contestant.period)
    time_of = f"self_{'device' if gpu else 'cpu'}_time_total"
    found = sorted(seen.key_averages(), key=lambda e: getattr(e, time_of), reverse=True)
    total = sum(getattr(event, time_of) for event in found) or 1
    table = Table(title="Where a step of `ours` goes", columns=["operator", "share", "calls"])
    table.rows = [[e.key, getattr(e, time_of) / total, e.count] for e in found[:_TOP]]
    return table


def measure_people(setting: Setting, seconds: float, folder: Path) -> Part:
    """Train by the command that everybody has, measure, and keep what could ship.

    Args:
        setting: data, size, device; smoke makes two steps.
        seconds: for all of it.
        folder: of the part; the run is kept in it and gone on from.
    """
    run = folder / f"people-{setting.label}"
    part = Part(title=f"{setting.data} at {setting.label}")
    for words in (_training(setting, seconds, run), _evaluation(setting, run)):
        if code := main([*map(str, words)]):
            part.failures.append(f"`{' '.join(map(str, words))}` ended with {code}")
            return part
    card = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    table = Table(title="Metric card", columns=["metric", "value", "real", "untrained"])
    table.rows = [[r["metric"], r["value"], r["floor"], r["untrained"]] for r in card["rows"]]
    part.tables = [table]
    part.values = {r["metric"]: r["value"] for r in card["rows"] if r["value"] is not None}
    part.notes = [*card["notes"], f"Strip: {run.name}/film_strip.png, clips not chosen."]
    try:
        facts = {"metrics": card, "machine": machine(setting.on)}
        path = ship(run, run.name, facts, folder / "weights")
        part.notes.append(f"{path.name}: {path.stat().st_size} bytes, fit to ship.")
    except RunError as error:
        part.notes.append(f"Not fit to ship: {error}.")
    return part


def _training(setting: Setting, seconds: float, run: Path) -> list[object]:
    if (run / "config.json").exists():
        quick = ["--no-card"] if setting.smoke else []
        return ["train", "--resume", run, "--device", setting.device, *quick]
    words = ["train", "--data", setting.data.removeprefix("folder:")]
    words += ["--budget", setting.budget, "--frames", setting.n_frames]
    words += ["--image-size", setting.image_size]
    words += ["--batch-size", setting.batch_size, "--device", setting.device, "--out", run]
    if setting.smoke:
        return [*words, "--steps", 2, "--no-card", "--set", "generator_channels=8,8"]
    return [*words, "--minutes", round(_TRAINING * seconds / 60, 2)]


def _evaluation(setting: Setting, run: Path) -> list[object]:
    return ["evaluate", run, "--device", setting.device, "--n", 16 if setting.smoke else 1024]
