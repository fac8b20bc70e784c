"""What waits for a GPU, in parts of under ten minutes: `vgan-lessons bench gpu --data FOLDER`.

Each part is made of commands that everybody has. One that is cut off can be given again: a
training and a race go on where they stopped.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from benchmarks.bench import Plan, run
from benchmarks.machine import machine
from vgan_lessons.cli import main
from vgan_lessons.runs import RunError, ship

SECTIONS = {1: ("speed", "sampling"), 2: (), 3: ("race",)}  # of each part's report
PEOPLE = {64: (16, 64, 3.5), 128: (32, 32, 2.5)}  # pixels: frames, batch, minutes of training
_CHECKOUT = Path(__file__).resolve().parents[1]


def run_gpu(plan: Plan, parts: list[int], say: Callable[[str], None]) -> int:
    """Do what waits for a GPU: 1 tests and speed, 2 people at two sizes, 3 the race.

    Args:
        plan: its data is a folder; each part writes into a folder of its own.
        parts: numbers in `SECTIONS`.
        say: gets a line whenever something begins or ends.

    Returns:
        0; 1 if anything failed.

    Raises:
        ValueError: if there is no GPU and this is no smoke run, or no such folder.
    """
    if not plan.smoke and torch.device(plan.device).type != "cuda":
        raise ValueError("torch sees no GPU here; --smoke tries all three parts without one")
    plan, codes = replace(plan, data=data_of(plan.data)), [0]
    for number in parts:
        say(f"part {number} of {len(SECTIONS)}")
        home = plan.folder / f"part-{number}"
        if number == 1:
            tests = "tests/test_runtime.py" if plan.smoke else "tests"
            words = ["-m", "pytest", "-n0", "-q", "-m", "gpu", "-p", "no:cacheprovider", tests]
            codes.append(subprocess.call([sys.executable, *words], cwd=_CHECKOUT))
        if number == 2:
            codes += [train_people(plan, size, home, say) for size in PEOPLE]
        if sections := SECTIONS[number]:
            codes.append(run(replace(plan, folder=home, sections=sections), say))
    return int(any(codes))


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


def train_people(plan: Plan, image_size: int, home: Path, say: Callable[[str], None]) -> int:
    """Train by the command that everybody has, measure, and keep what could ship.

    Args:
        plan: data, device; smoke makes two steps.
        image_size: one of `PEOPLE`.
        home: the run is kept in it and gone on from.
        say: gets a line about what could ship.

    Returns:
        The exit code of the command that failed, or 0.
    """
    place = home / f"people-{image_size}"
    n = 16 if plan.smoke else 1024
    for words in (
        _training(plan, image_size, place),
        ["evaluate", place, "--device", plan.device, "--n", n],
    ):
        if code := main([*map(str, words)]):
            return code
    card = json.loads((place / "metrics.json").read_text(encoding="utf-8"))
    facts = {"metrics": card, "machine": machine(torch.device(plan.device))}
    try:
        path = ship(place, place.name, facts, home / "weights")
        say(f"{path.name}: {path.stat().st_size} bytes, fit to ship")
    except RunError as error:
        say(f"not fit to ship: {error}")
    return 0


def _training(plan: Plan, image_size: int, place: Path) -> list[object]:
    quick = ["--no-card"] if plan.smoke else []
    if (place / "config.json").exists():
        return ["train", "--resume", place, "--device", plan.device, *quick]
    n_frames, batch_size, minutes = PEOPLE[image_size]
    words = ["train", "--data", plan.data.removeprefix("folder:"), "--budget", "gpu"]
    words += ["--frames", n_frames, "--device", plan.device, "--out", place, *quick]
    if plan.smoke:
        tiny = ["--image-size", 16, "--batch-size", 4, "--set", "generator_channels=8,8"]
        return [*words, *tiny, "--steps", 2]
    sizes = ["--image-size", image_size, "--batch-size", batch_size]
    return [*words, *sizes, "--minutes", minutes]
