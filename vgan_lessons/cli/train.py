"""`vgan-lessons train`: the main job without a notebook."""

import argparse
import dataclasses
import difflib
import os
from collections.abc import Sequence
from pathlib import Path

import torch

from vgan_lessons import runtime
from vgan_lessons.cli.resuming import old_run, refuse_other_data
from vgan_lessons.cli.session import Session, run_session
from vgan_lessons.datasets import load_videos
from vgan_lessons.models.generators import MODELS
from vgan_lessons.runs import RunConfig, create_run
from vgan_lessons.training import VideoTrainConfig, new_video_gan, recipe
from vgan_lessons.training.processes import joined_processes

SUMMARY = "train a video GAN and keep everything in a run folder"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("model", nargs="?", choices=MODELS, help="generator (default: lstm)")
    parser.add_argument(
        "--data",
        metavar="NAME_OR_FOLDER",
        help="a data set, or a folder of clips (default: shapes)",
    )
    parser.add_argument(
        "--budget", choices=("cpu", "gpu"), help="default: $VGAN_BUDGET, else cpu"
    )
    parser.add_argument(
        "--out", metavar="RUN", help="new run folder (default: runs/DATA-MODEL)"
    )
    parser.add_argument("--resume", metavar="RUN", help="go on with a run, bit for bit")
    parser.add_argument("--seed", type=int, help="weights and every draw follow from it (0)")
    parser.add_argument("--steps", type=int, help="generator updates, instead of the recipe's")
    parser.add_argument("--batch-size", type=int, help="clips a step, over all processes")
    parser.add_argument("--image-size", type=int, help="pixels, a power of two")
    parser.add_argument("--frames", type=int, help="frames of a clip")
    parser.add_argument(
        "--set",
        action="append",
        metavar="FIELD=VALUE",
        help="any field of the configuration, as in --set painter=dense for a moving camera",
    )
    parser.add_argument(
        "--unconditional", action="store_true", help="do not tell G and D the data's labels"
    )
    _add_how_it_runs(parser)


def _add_how_it_runs(parser: argparse.ArgumentParser) -> None:
    """What changes neither the model nor its numbers."""
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N")
    parser.add_argument(
        "--threads", type=int, help="CPU threads (default: one on two cores, 4 at most)"
    )
    parser.add_argument(
        "--strict", action="store_true", help="fail on a corrupt file of a folder"
    )
    parser.add_argument(
        "--checkpoint-every", type=int, default=200, metavar="STEPS", help="default: 200"
    )
    parser.add_argument("--log-every", type=int, metavar="STEPS", help="rows of log.csv (20)")
    parser.add_argument(
        "--no-card", action="store_true", help="skip the metric card at the end"
    )


def run(args: argparse.Namespace) -> int:
    """Train, or go on training.

    Args:
        args: see `add_arguments`.

    Returns:
        0 when the run is complete, 130 when it was stopped with Ctrl-C and can be resumed.
    """
    for name in ("checkpoint_every", "threads"):
        if (given := getattr(args, name)) is not None and given < 1:
            raise ValueError(f"--{name.replace('_', '-')} must be at least 1, got {given}")
    chosen = runtime.device(args.device)
    with joined_processes(chosen.type) as processes:
        if chosen.type == "cuda" and chosen.index is None:
            chosen = torch.device("cuda", processes.local_rank)
            torch.cuda.set_device(chosen)
        if args.resume:
            folder, config = old_run(args)
        else:
            folder, config = _new_run(args, chosen, processes.count)
        torch.set_num_threads(config.n_threads)
        bank = load_videos(  # before anything is written: bad data leave no trace
            config.data,
            image_size=config.train.image_size,
            n_frames=config.train.n_frames,
            seed=config.train.seed,
            strict=args.strict,
        ).to(chosen)
        if args.resume:
            refuse_other_data(config, bank)
        elif not args.unconditional and config.train.can_be_told:
            told = dataclasses.replace(config.train, n_classes=bank.n_classes)
            config = dataclasses.replace(config, train=told, labels=bank.label_names)
        gan = new_video_gan(config.train, on=chosen, rank=processes.rank)
        if not args.resume and processes.rank == 0:
            create_run(folder, config)
        session = Session(
            folder=folder,
            config=config,
            bank=bank,
            processes=processes,
            checkpoint_every=args.checkpoint_every,
            with_card=not args.no_card,
        )
        return run_session(session, gan)


def _new_run(
    args: argparse.Namespace, chosen: torch.device, n_processes: int
) -> tuple[Path, RunConfig]:
    data = args.data or "shapes"
    if Path(data).is_dir():
        data = f"folder:{Path(data).resolve()}"
    model, budget = args.model or "lstm", args.budget or runtime.budget()
    changes = {
        "model": model,
        "seed": args.seed,
        "n_steps": args.steps,
        "batch_size": args.batch_size,
        "image_size": args.image_size,
        "n_frames": args.frames,
        "log_every": args.log_every,
    }
    train = recipe(data, budget, **changes | _settings(args.set or ()))
    label = Path(data.removeprefix("folder:")).name
    folder = Path(args.out or f"runs/{label}-{model}")
    config = RunConfig(
        data=data,
        budget=budget,
        device=str(chosen),
        train=train,
        n_processes=n_processes,
        n_threads=args.threads or _threads(n_processes),
    )
    return folder, config


def _settings(words: Sequence[str]) -> dict[str, object]:
    """What `--set FIELD=VALUE` asks for, each value of its field's own type."""
    known = {field.name: field.default for field in dataclasses.fields(VideoTrainConfig)}
    del known["n_classes"]  # it follows from the data
    settings = {}
    for word in words:
        name, equals, text = word.partition("=")
        if name not in known or not equals:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else f": there are {', '.join(known)}"
            raise ValueError(f"--set takes FIELD=VALUE, got {word!r}{hint}")
        settings[name] = _value(name, text, known[name])
    return settings


def _value(name: str, text: str, default: object) -> object:
    try:
        if isinstance(default, bool):
            return {"true": True, "false": False}[text.lower()]
        if isinstance(default, tuple):
            return tuple(type(default[0])(part) for part in text.split(","))
        return type(default)(text)
    except (KeyError, ValueError) as error:
        raise ValueError(f"--set {name} takes a value like {default}, got {text!r}") from error


def _threads(n_processes: int) -> int:
    """Half the cores, at most 4.

    On two quiet cores a second thread gained a quarter of the speed, and on two busy ones it
    cost four fifths of it.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    asked = int(os.environ.get("OMP_NUM_THREADS", 0))
    return asked or max(1, min(4, (cores or 1) // 2 // n_processes))
