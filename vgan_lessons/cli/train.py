"""`vgan-lessons train`: the main job without a notebook."""

import argparse
import dataclasses
import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import torch

from vgan_lessons import runtime
from vgan_lessons.cli.advice import seed
from vgan_lessons.cli.planning import choose_held_out, new_run, steps_in
from vgan_lessons.cli.session import Session, run_session
from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.models.generators import MODELS
from vgan_lessons.runs import (
    RunConfig,
    checkpoints,
    create_run,
    read_log,
    save_checkpoint,
    sole_writer,
)
from vgan_lessons.training import VideoGan
from vgan_lessons.training.kinds import new_training
from vgan_lessons.training.processes import (
    Processes,
    gather_rng_states,
    joined_processes,
    one_before_the_others,
    one_for_all,
)

_SAFE = 0.8  # of --augment without a number: above, alterations may leak into what G paints

_MOST_THREADS = 256

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
    parser.add_argument(
        "--resume",
        metavar="RUN",
        help="go on with a run, bit for bit; with --steps to another length",
    )
    parser.add_argument("--seed", type=seed, help="weights and every draw follow from it (0)")
    parser.add_argument("--steps", type=int, help="generator updates, instead of the recipe's")
    parser.add_argument("--batch-size", type=int, help="clips a step, over all processes")
    parser.add_argument("--image-size", type=int, help="pixels, a power of two")
    parser.add_argument("--frames", type=int, help="frames of a clip")
    _add_tuning(parser)
    _add_how_it_runs(parser)


def _add_tuning(parser: argparse.ArgumentParser) -> None:
    """What one turns once a first run has been looked at."""
    parser.add_argument(
        "--minutes", type=float, help="as many steps as fit into this time on this machine"
    )
    parser.add_argument(
        "--augment",
        nargs="?",
        type=float,
        const=_SAFE,
        metavar="P",
        help=f"few films: alter what D sees with probability P ({_SAFE} if none is given)",
    )
    parser.add_argument(
        "--mirror",
        action="store_true",
        help="flip films left to right half of the time; wrong for writing, dials and traffic",
    )
    parser.add_argument("--fps", type=float, help="resample films to so many frames a second")
    parser.add_argument("--stride", type=int, help="take every STRIDE-th frame of films")
    parser.add_argument(
        "--hold-out",
        type=float,
        metavar="SHARE",
        help="of the films, not trained on but measured against (0.1 from ten films on)",
    )
    parser.add_argument(
        "--init-from", metavar="RUN", help="begin with the weights of a run or a shipped model"
    )
    parser.add_argument(
        "--set",
        action="append",
        metavar="FIELD=VALUE",
        help="any field of the configuration, as in --set painter=dense for a moving camera",
    )
    parser.add_argument(
        "--unconditional", action="store_true", help="do not tell G and D the data's labels"
    )


def _add_how_it_runs(parser: argparse.ArgumentParser) -> None:
    """What changes neither the model nor its numbers."""
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    parser.add_argument(
        "--processes", type=int, metavar="N", help="share each batch among N, one a GPU (1)"
    )
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
        "--no-card",
        action="store_true",
        help="measure nothing, neither while training nor at the end",
    )
    parser.add_argument(
        "--tensorboard", action="store_true", help="write RUN/tensorboard beside log.csv"
    )


def run(args: argparse.Namespace) -> int:
    """Train, or go on training.

    Args:
        args: see `add_arguments`.

    Returns:
        0 when the run is complete; when it was stopped after saving and can be resumed, 130 by
        Ctrl-C and 143 by SIGTERM.
    """
    _refuse_nonsense(args)
    if (n_processes := _to_launch(args)) > 1:
        from vgan_lessons.cli.launching import launch

        return launch(n_processes, args.words)
    return _train_here(args)


def _train_here(args: argparse.Namespace) -> int:
    """Train as the only process, or as one of those that were launched."""
    chosen = runtime.device(_resuming().own_device(args) if args.resume else args.device)
    with joined_processes(chosen.type) as processes, ExitStack() as held:
        if chosen.type == "cuda" and chosen.index is None:
            chosen = torch.device("cuda", processes.local_rank)
            torch.cuda.set_device(chosen)
        folder, config, bank, held_out = one_before_the_others(
            processes, lambda: _prepared(args, chosen, processes)
        )
        if args.minutes is not None:
            config = _timed(args.minutes, config, bank, chosen, processes)
        with one_for_all():
            gan = new_training(config.train, on=chosen, rank=processes.rank)
            begun = bool(checkpoints(folder)) or not config.init_from
            if not begun:
                from vgan_lessons.cli.starting import start_from

                start_from(gan, config.train, config.init_from)
            if processes.rank == 0:
                take_back = _leaving_nothing(folder)
                held.enter_context(sole_writer(folder))
                if not args.resume:
                    create_run(folder, config)
                    held.push(take_back)  # only now: before, it was somebody else's
        _begin(args, folder, config, None if begun else gan, processes)
        session = Session(
            folder=folder,
            config=config,
            bank=bank,
            held_out=held_out,
            processes=processes,
            checkpoint_every=args.checkpoint_every,
            with_card=not args.no_card,
            with_board=args.tensorboard,
        )
        return run_session(session, gan)


def _to_launch(args: argparse.Namespace) -> int:
    """How many processes this one has to start: 1 where it is one of them, or trains alone."""
    if "WORLD_SIZE" in os.environ:
        return 1
    if args.resume and args.processes is None:
        return _resuming().own_processes(args)
    return args.processes or 1


def _resuming() -> ModuleType:
    """The rules of `--resume`: a run that begins waits for none of them."""
    from vgan_lessons.cli import resuming

    return resuming


def _refuse_nonsense(args: argparse.Namespace) -> None:
    for name in ("checkpoint_every", "threads", "processes"):
        if (given := getattr(args, name)) is not None and given < 1:
            raise ValueError(f"--{name.replace('_', '-')} must be at least 1, got {given}")
    if (args.threads or 1) > _MOST_THREADS:  # far above, the process dies without a word
        raise ValueError(f"--threads must be at most {_MOST_THREADS}, got {args.threads}")
    if args.tensorboard:
        from vgan_lessons.cli.board import refuse_without_tensorboard

        refuse_without_tensorboard()


def _prepared(
    args: argparse.Namespace, chosen: torch.device, processes: Processes
) -> tuple[Path, RunConfig, VideoBank, VideoBank | None]:
    """The run and its films, held out or not, before anything is written."""
    if args.resume:
        folder, config = _resuming().old_run(args, processes.count)
        _resuming().refuse_other_device(config, chosen)
    else:
        folder, config = new_run(args, str(chosen), processes.count)
    if config.train.batch_size % processes.count:
        raise ValueError(
            f"a batch of {config.train.batch_size} cannot be shared by {processes.count} "
            "processes: give another --batch-size"
        )
    torch.set_num_threads(config.n_threads)
    bank = load_videos(
        config.data,
        image_size=config.train.image_size,
        n_frames=config.train.n_frames,
        seed=config.train.seed,
        fps=config.fps,
        stride=config.stride,
        strict=args.strict,
    )
    if args.resume:
        _resuming().refuse_other_data(folder, config, bank)
    else:
        held = choose_held_out(bank, args.hold_out, config.train.seed)
        config = dataclasses.replace(config, data_fingerprint=bank.fingerprint(), held_out=held)
        if not args.unconditional and config.train.can_be_told:
            told = dataclasses.replace(config.train, n_classes=bank.n_classes)
            config = dataclasses.replace(config, train=told, labels=bank.label_names)
    n_clips, n_films = bank.n_videos, bank.n_films
    bank, held_out = bank.to(chosen).part(config.held_out)
    if processes.rank == 0:
        films = f" of {n_films} films" if bank.film_names else ""
        print(f"{config.data}: {n_clips} clips{films}, {bank.image_size}x{bank.image_size}")
        if held_out and not args.resume:
            print(f"{held_out.n_films} of {n_films} films are held out")
    return folder, config, bank, held_out


def _timed(
    minutes: float,
    config: RunConfig,
    bank: VideoBank,
    on: torch.device,
    processes: Processes,
) -> RunConfig:
    """The configuration with as many steps as this machine makes in that time."""
    from vgan_lessons.training.pace import seconds_a_step

    seconds = seconds_a_step(config.train, bank, on=on, processes=processes)
    n_steps = steps_in(minutes, seconds)
    if processes.rank == 0:
        print(f"a step takes {seconds:.3f} s here: {n_steps} in {minutes:g} minutes")
    train = dataclasses.replace(config.train, n_steps=n_steps)
    return dataclasses.replace(config, train=train)


def _leaving_nothing(folder: Path) -> Callable[..., None]:
    """Take back a run that failed before its first row: another attempt finds no folder."""
    made_here = not folder.exists()

    def leave(kind: type | None, *_: object) -> None:
        if kind and made_here and not checkpoints(folder) and not read_log(folder):
            shutil.rmtree(folder, ignore_errors=True)

    return leave


def _begin(
    args: argparse.Namespace,
    folder: Path,
    config: RunConfig,
    gan: VideoGan | None,
    processes: Processes,
) -> None:
    """Write what is run; where it begins with old weights, a checkpoint of them too."""
    states = gather_rng_states(gan.rng) if gan else []
    with one_for_all():
        if processes.rank > 0:
            return
        if args.resume:
            _resuming().change_length(folder, config)
        if gan:
            save_checkpoint(folder, gan.step, gan.networks(), gan.state(states), config)
