"""The plan of a run: which sections, at which sizes, with how much of the time.

A section takes a setting, the names of its contestants and its seconds, and returns a part of
the report. A further one needs a line in SECTIONS. The report is written anew after each, so
that a run which is stopped leaves what it has.
"""

import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from benchmarks.contestant import Setting
from benchmarks.lineup import LINEUP, RACERS
from benchmarks.machine import machine, versions
from benchmarks.race_report import measure_race
from benchmarks.report import Part, write_report
from benchmarks.sampling import measure_sampling
from benchmarks.scaling import measure_scaling
from benchmarks.speed import measure_speed
from benchmarks.targets import verdicts
from vgan_lessons.runtime import BudgetName

ROW_NAMES = tuple(LINEUP)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the command line asked for."""

    budget: BudgetName
    data: str
    device: str
    minutes: float
    n_seeds: int
    rows: tuple[str, ...]  # contestants; none: each section takes its usual ones
    sections: tuple[str, ...]
    folder: Path  # of the report; a race is kept in it
    race_seconds: float | None = None  # of training for each contestant
    n_clips: int | None = None  # on each side of the race's cards
    smoke: bool = False

    def at(self, image_size: int, **changes: object) -> Setting:
        """A setting of this plan; a smoke run shrinks it to next to nothing."""
        usual = {"data": self.data, "device": self.device, "smoke": self.smoke}
        smoke = {"image_size": 16, "batch_size": 4} if self.smoke else {}
        return Setting(**usual | {"image_size": image_size} | changes | smoke)

    def at_usual_size(self, **changes: object) -> Setting:
        """The size of the budget's recipes: 64x64 on a GPU, a laptop's 32x32."""
        size, budget = (64, "gpu") if self.budget == "gpu" else (32, "cpu")
        return self.at(size, budget=budget, **changes)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the report."""

    share: float  # of the time of a run
    measure: Callable[[Plan, list[str], float], Part]
    rows: tuple[str, ...]  # contestants, unless some are named


SECTIONS = {
    "race": Section(
        share=55,
        measure=lambda plan, *rest: measure_race(
            plan.at_usual_size(batch_size=None),
            *rest,
            n_seeds=plan.n_seeds,
            folder=plan.folder / "race",
            race_seconds=plan.race_seconds,
            n_clips=plan.n_clips,
        ),
        rows=RACERS,
    ),
    "speed": Section(
        share=36,
        measure=lambda plan, *rest: measure_speed(plan.at(64), *rest),
        rows=tuple(LINEUP),
    ),
    "sampling": Section(
        share=3,
        measure=lambda plan, *rest: measure_sampling(plan.at(64), *rest),
        rows=("mocogan", "ours"),
    ),
    "scaling": Section(
        share=14,
        measure=lambda plan, *rest: measure_scaling(plan.at_usual_size(), *rest),
        rows=("ours", "ours-all-frames"),
    ),
}
USUAL = ("race", "speed", "sampling", "scaling")


def run(plan: Plan, say: Callable[[str], None]) -> int:
    """Measure, and write the report after every section.

    Args:
        plan: what to measure; `bench.json` and `bench.md` go to its folder.
        say: gets a line whenever something begins or ends.

    Returns:
        0; 1 if anything failed or was too noisy to be believed.
    """
    begin, folder = time.perf_counter(), plan.folder
    report = empty_report(plan)
    for place, name in enumerate(plan.sections):
        shares = [SECTIONS[other].share for other in plan.sections[place:]]
        left = max(0.0, plan.minutes * 60 - (time.perf_counter() - begin))
        seconds = left * shares[0] / sum(shares)
        say(f"{name}: up to {seconds:.0f} s")
        report["parts"][name] = asdict(_section(name, plan, seconds))
        parts = report["parts"]
        open_ends = {n: part["open"] for n, part in parts.items() if part["open"]}
        undecided = {n: part["undecided"] for n, part in parts.items() if part["undecided"]}
        found = _named(parts, "values"), _named(parts, "beside"), undecided | open_ends
        report["targets"] = vars(verdicts(plan.budget, *found))
        report["settings"]["minutes taken"] = (time.perf_counter() - begin) / 60
        last = "yes" if name == plan.sections[-1] else f"stopped after {name}"
        report["finished"] = "no: " + "; ".join(open_ends.values()) if open_ends else last
        write_report(folder, report)
    failures = [f for part in report["parts"].values() for f in part["failures"]]
    for failure in failures:
        say(f"FAILED: {failure}")
    say(f"{folder / 'bench.md'} and bench.json are written")
    return 1 if failures else 0


def _named(parts: dict[str, dict], what: str) -> dict:
    """One kind of what the parts hold, by section and name."""
    return {f"{name}: {k}": v for name, part in parts.items() for k, v in part[what].items()}


def empty_report(plan: Plan) -> dict:
    """The report before anything is measured: whose machine, what was asked, the targets."""
    settings = {
        "data": plan.data,
        "budget": plan.budget,
        "minutes allowed": plan.minutes,
        "seeds": ", ".join(map(str, range(plan.n_seeds))),
        "seed of the speed rows": 0,
        "rows": ", ".join(plan.rows) or "the usual ones of each section",
    }
    return {
        "title": f"{plan.budget} budget, {plan.data}" + (" (smoke run)" if plan.smoke else ""),
        "finished": "no",
        "machine": machine(torch.device(plan.device)),
        "versions": versions(),
        "settings": settings,
        "targets": vars(verdicts(plan.budget, {})),
        "parts": {},
    }


def _section(name: str, plan: Plan, seconds: float) -> Part:
    """One part; what breaks in it is written down, and the next begins."""
    try:
        names = list(plan.rows or SECTIONS[name].rows)
        return SECTIONS[name].measure(plan, names, seconds)
    except (RuntimeError, ValueError, OSError) as error:
        if os.environ.get("VGAN_DEBUG") == "1":
            raise
        told = str(error).splitlines()[0] if str(error) else "no word"
        return Part(title=name, failures=[f"{name}: {type(error).__name__}: {told}"])
