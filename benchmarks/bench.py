"""The plan of a run: which sections, at which sizes, with how much of the time.

A section takes the plan and its seconds and returns a part of the report. A further one needs
a line in SECTIONS. The report is written anew after each, so that a run which is stopped
leaves what it has.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.growth_report import measure_growth
from benchmarks.loading import measure_loading
from benchmarks.machine import machine, versions
from benchmarks.memory import measure_memory
from benchmarks.profiling import measure_profile
from benchmarks.quality_report import measure_quality
from benchmarks.report import Part, as_json, write_report
from benchmarks.rows import ROWS
from benchmarks.sampling import measure_sampling
from benchmarks.setting import Setting
from benchmarks.step_report import measure_floor, measure_levers
from benchmarks.targets import verdicts
from benchmarks.throughput import measure_throughput
from vgan_lessons.runtime import BudgetName

ROW_NAMES = tuple(ROWS)
SLOW_ON_CPU = ("mocogan-workers", "ours-wide")  # there only when asked for by name
LARGE_ROWS = ("mocogan", "mocogan-lean", "ours", "ours-bf16")  # at the second size of a GPU


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the command line asked for."""

    budget: BudgetName
    data: str
    device: str
    minutes: float
    n_seeds: int
    rows: tuple[str, ...]
    sections: tuple[str, ...]
    smoke: bool = False

    def at(self, image_size: int, n_frames: int = 16, **changes: object) -> Setting:
        """A setting of this plan; a smoke run shrinks it to next to nothing."""
        smoke = {"image_size": 16, "n_frames": 16, "batch_size": 4} if self.smoke else {}
        usual = {
            "data": self.data,
            "image_size": image_size,
            "n_frames": n_frames,
            "device": self.device,
            "smoke": self.smoke,
        }
        return Setting(**usual | changes | smoke)

    def at_usual_size(self) -> Setting:
        """Where we race and take our own step apart: 64x64 on a GPU, a laptop's 32x32."""
        return self.at(64) if self.budget == "gpu" else self.at(32, budget="cpu")


def usual_rows(budget: BudgetName) -> tuple[str, ...]:
    """The rows of the speed table unless some are named.

    Args:
        budget: of the run.
    """
    return tuple(n for n in ROW_NAMES if budget == "gpu" or n not in SLOW_ON_CPU)


Section = Callable[[Plan, float], Part]
SECTIONS: dict[str, tuple[float, Section]] = {  # share of the time, and what it does with it
    "quality": (
        55,
        lambda plan, seconds: measure_quality(plan.at_usual_size(), seconds, plan.n_seeds),
    ),
    "speed": (
        36,
        lambda plan, seconds: measure_throughput(plan.at(64), list(plan.rows), seconds),
    ),
    "speed-large": (
        6,
        lambda plan, seconds: measure_throughput(
            plan.at(128, 32), [n for n in plan.rows if n in LARGE_ROWS], seconds, main=False
        ),
    ),
    "sampling": (3, lambda plan, seconds: measure_sampling(plan.at(64), seconds)),
    "loading": (1, lambda plan, seconds: measure_loading(plan.at(64))),
    "memory": (5, lambda plan, seconds: measure_memory(plan.at(64))),
    "levers": (10, lambda plan, seconds: measure_levers(plan.at_usual_size(), seconds)),
    "growth": (14, lambda plan, seconds: measure_growth(plan.at_usual_size(), seconds)),
    "floor": (1, lambda plan, seconds: measure_floor(plan.at_usual_size())),
    "profile": (5, lambda plan, seconds: measure_profile(plan.at(64), ("mocogan", "ours"))),
}
GPU_ONLY = ("speed-large",)


def run(plan: Plan, folder: Path, say: Callable[[str], None]) -> int:
    """Measure, and write the report after every section.

    Args:
        plan: what to measure.
        folder: where `bench.json` and `bench.md` go.
        say: gets a line whenever something begins or ends.

    Returns:
        0; 1 if anything failed or was too noisy to be believed.
    """
    begin = time.perf_counter()
    report = _empty_report(plan)
    wanted = [n for n in plan.sections if plan.budget == "gpu" or n not in GPU_ONLY]
    for place, name in enumerate(wanted):
        shares = [SECTIONS[other][0] for other in wanted[place:]]
        left = max(0.0, plan.minutes * 60 - (time.perf_counter() - begin))
        seconds = left * shares[0] / sum(shares)
        say(f"{name}: up to {seconds:.0f} s")
        report["parts"][name] = as_json(_section(name, plan, seconds))
        parts = report["parts"].values()
        values = {key: value for part in parts for key, value in part["values"].items()}
        report["targets"] = vars(verdicts(plan.budget, values))
        report["settings"]["minutes taken"] = (time.perf_counter() - begin) / 60
        report["finished"] = "yes" if place == len(wanted) - 1 else f"stopped after {name}"
        write_report(folder, report)
    failures = [f for part in report["parts"].values() for f in part["failures"]]
    for failure in failures:
        say(f"FAILED: {failure}")
    say(f"{folder / 'bench.md'} and bench.json are written")
    return 1 if failures else 0


def _section(name: str, plan: Plan, seconds: float) -> Part:
    """One part; what breaks in it is written down, and the next begins."""
    try:
        return SECTIONS[name][1](plan, seconds)
    except (RuntimeError, ValueError, OSError) as error:
        if os.environ.get("VGAN_DEBUG") == "1":
            raise
        told = str(error).splitlines()[0] if str(error) else "no word"
        return Part(title=name, failures=[f"{name}: {type(error).__name__}: {told}"])


def _empty_report(plan: Plan) -> dict:
    on = torch.device(plan.device)
    settings = {
        "data": plan.data,
        "budget": plan.budget,
        "minutes allowed": plan.minutes,
        "seeds": ", ".join(map(str, range(plan.n_seeds))),
        "seed of the speed rows": 0,
        "rows": ", ".join(plan.rows),
    }
    return {
        "title": f"{plan.budget} budget, {plan.data}" + (" (smoke run)" if plan.smoke else ""),
        "finished": "no",
        "machine": machine(on),
        "versions": versions(),
        "settings": settings,
        "targets": vars(verdicts(plan.budget, {})),
        "parts": {},
    }
