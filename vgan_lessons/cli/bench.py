"""`vgan-lessons bench`: our video GAN against what one would pick instead, on one machine."""

import argparse
import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import vgan_lessons

SUMMARY = "measure speed and quality against rivals (in a checkout)"
_CHECKOUT = Path(vgan_lessons.__file__).resolve().parents[1]
_DATA = {"cpu": "shapes", "gpu": "weizmann"}
_MINUTES = {"cpu": 30.0, "gpu": 20.0}
_GPU_PART = 9.0  # minutes of a part of `bench gpu`
_GPU_RACE = 75.0  # seconds of training for each contestant in its third part


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument(
        "what",
        nargs="?",
        choices=("gpu",),
        help="gpu: tests, speed, people and the race, in three parts of under ten minutes",
    )
    parser.add_argument(
        "--part", type=int, nargs="+", choices=(1, 2, 3), default=[1, 2, 3], help="of gpu (all)"
    )
    parser.add_argument("--budget", choices=("cpu", "gpu"), help="default: $VGAN_BUDGET, cpu")
    parser.add_argument(
        "--data", metavar="NAME_OR_FOLDER", help="default: shapes; weizmann at the gpu budget"
    )
    parser.add_argument("--minutes", type=float, help="of the whole run (30; gpu: 20)")
    parser.add_argument("--out", default="runs/bench", help="folder of the report (runs/bench)")
    parser.add_argument("--seeds", type=int, default=1, help="of the race (1)")
    parser.add_argument(
        "--race-seconds",
        type=float,
        metavar="S",
        help="of training for each contestant; a race that --minutes cut off is gone on with "
        "by the same command",
    )
    parser.add_argument("--clips", type=int, help="on each side of the race's cards (512)")
    parser.add_argument(
        "--rows", nargs="+", metavar="ROW", help="contestants (default: each section's own)"
    )
    parser.add_argument(
        "--sections",
        nargs="+",
        metavar="SECTION",
        help="race, speed, sampling, scaling (default: all)",
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N (auto)")
    parser.add_argument("--threads", type=int, default=1, help="of the CPU (1)")
    parser.add_argument(
        "--smoke", action="store_true", help="seconds instead: networks of a few channels"
    )


def run(args: argparse.Namespace) -> int:
    """Measure and write the report.

    Args:
        args: see `add_arguments`.

    Returns:
        0; 1 if a part failed or the machine was too busy for its numbers.
    """
    bench = _benchmarks()
    import torch

    from vgan_lessons import runtime

    usual = "gpu" if runtime.budget() == "gpu" else "cpu"  # no smoke here
    budget = args.budget or args.what or usual
    for name in ("minutes", "seeds", "threads", "race_seconds"):
        if (given := getattr(args, name)) is not None and given <= 0:
            raise ValueError(f"--{name} must be above 0, got {given}")
    torch.set_num_threads(args.threads)
    plan = bench.Plan(
        budget=budget,
        data=args.data or _DATA[budget],
        device=str(runtime.device("cpu" if budget == "cpu" else args.device)),
        minutes=args.minutes or (0.2 if args.smoke else _minutes(args.what, budget)),
        n_seeds=args.seeds,
        rows=_chosen(args.rows, bench.ROW_NAMES, "row"),
        sections=_chosen(args.sections, bench.SECTIONS, "section") or bench.USUAL,
        folder=Path(args.out),
        race_seconds=args.race_seconds or (_GPU_RACE if args.what and not args.smoke else None),
        n_clips=args.clips,
        smoke=args.smoke,
    )

    def say(line: str) -> None:
        print(line, flush=True)

    if args.what == "gpu":
        if args.data is None:
            raise ValueError("bench gpu: name the folder of clips with --data FOLDER")
        return importlib.import_module("benchmarks.gpu").run_gpu(plan, args.part, say)
    return bench.run(plan, say)


def _minutes(what: str | None, budget: str) -> float:
    return _GPU_PART if what == "gpu" else _MINUTES[budget]


def _chosen(given: list[str] | None, known: Iterable[str], what: str) -> tuple[str, ...]:
    for name in given or ():
        if name not in known:
            raise ValueError(f"there is no {what} {name!r}; there are {', '.join(known)}")
    return tuple(given or ())


def _benchmarks() -> ModuleType:
    """The plan of a run; its folder is not installed with the package."""
    if not (_CHECKOUT / "benchmarks" / "bench.py").exists():
        raise ValueError(
            "the benchmarks are not part of the installed package: clone the project and run "
            "`python3 start.py bench` in it"
        )
    if str(_CHECKOUT) not in sys.path:
        sys.path.insert(0, str(_CHECKOUT))
    return importlib.import_module("benchmarks.bench")
