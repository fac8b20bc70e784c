"""`vgan-lessons sample`: clips from a run, or from a generator that came with the package."""

import argparse
import math
import os
import tempfile
from pathlib import Path

import torch
from torch import Tensor

from vgan_lessons import runtime
from vgan_lessons.cli.advice import seed
from vgan_lessons.cli.clip_files import AT_A_TIME, is_folder, write_clips
from vgan_lessons.cli.planning import data_of
from vgan_lessons.cli.trained import Trained, load_trained
from vgan_lessons.datasets import load_videos
from vgan_lessons.display.files import check_clip, save_clip, save_film_strip
from vgan_lessons.models.conditional import choose_labels
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import shipped_names
from vgan_lessons.training.kinds import given_to

SUMMARY = "make clips with a trained generator, as long as you like"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument(
        "run",
        metavar="RUN",
        help=f"a run folder, or a shipped one: {', '.join(shipped_names())}",
    )
    parser.add_argument("--n", type=int, default=16, help="how many clips (16)")
    parser.add_argument("--frames", type=int, default=16, help="frames of each (16)")
    parser.add_argument(
        "--seed", type=seed, default=0, help="the same seed, the same clips (0)"
    )
    parser.add_argument("--fps", type=float, default=8, help="frames a second of the file (8)")
    parser.add_argument(
        "--class",
        dest="classes",
        metavar="NAMES",
        help="only these classes, as in wave2,bend (where the run has labels)",
    )
    parser.add_argument(
        "--first",
        metavar="NAME_OR_FOLDER",
        help="data that a continuation's first frames come from (what it was trained on; of "
        "films those that were held out)",
    )
    parser.add_argument(
        "--out",
        default="clips.webp",
        help=".webp, .gif, .mp4: clips that move; .png: a film strip; a folder: a file a clip",
    )
    parser.add_argument(
        "--format", choices=("webp", "gif", "mp4"), default="webp", help="of a folder's files"
    )
    parser.add_argument(
        "--best", action="store_true", help="the best checkpoint of the run, not the newest"
    )
    parser.add_argument(
        "--device", default="cpu", help="cpu, cuda or auto; each has its own clips (cpu)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the clips.

    Args:
        args: see `add_arguments`.

    Returns:
        0.
    """
    for name in ("n", "frames"):
        if getattr(args, name) < 1:
            raise ValueError(f"--{name} must be at least 1, got {getattr(args, name)}")
    trained = load_trained(args.run, best=args.best)
    on = runtime.device(args.device)
    trained = trained._replace(generator=trained.generator.to(on))
    out, columns = Path(args.out).expanduser(), max(4, math.ceil(math.sqrt(args.n)))
    strip, folder = out.suffix.lower() == ".png", is_folder(out)
    if not strip and not folder:
        check_clip(out, args.n, trained.train.image_size, fps=args.fps, columns=columns)
    _refuse_what_has_no_room(out, args, trained.train.image_size)
    rng = runtime.new_rng(args.seed, on)
    given = _given(args, trained, rng)
    if folder:
        how = {"n": args.n, "n_frames": args.frames, "rng": rng, **given}
        write_clips(out, trained, **how, suffix=f".{args.format}", fps=args.fps)
        print(f"{out}: {args.n} files, a clip of {args.frames} frames each")
        return 0
    clips = generate(trained.generator, args.n, n_frames=args.frames, rng=rng, **given)
    if strip:
        save_film_strip(out, clips)
    else:
        save_clip(out, clips, fps=args.fps, columns=columns)
    print(f"{out}: {args.n} clips of {args.frames} frames, {clips.shape[-1]}x{clips.shape[-2]}")
    return 0


def _given(
    args: argparse.Namespace, trained: Trained, rng: torch.Generator
) -> dict[str, Tensor | None]:
    """What was asked for beside a number of clips: classes, or what they begin with."""
    given: dict[str, Tensor | None] = {"labels": None, "first_frames": None}
    if args.classes is not None:
        if not trained.labels:
            raise ValueError(f"{args.run} was trained without labels: leave out --class")
        given["labels"] = choose_labels(args.classes.split(","), trained.labels, args.n, rng)
    if not trained.train.sees_first_frame:
        if args.first is not None:
            raise ValueError(f"{args.run} goes on from no frame: leave out --first")
        return given
    size = {"image_size": trained.train.image_size}
    if args.first is None:
        own = load_videos(trained.data, **size, fps=trained.fps, stride=trained.stride)
        bank, held_out = own.part(trained.held_out)
        bank = held_out or bank
    else:
        bank = load_videos(data_of(args.first), **size)
    return given | given_to(trained.train, bank.to(rng.device), args.n, rng)


def _refuse_what_has_no_room(out: Path, args: argparse.Namespace, image_size: int) -> None:
    """Before the work, which may take minutes: on the disk or in memory."""
    at_once = min(args.n, AT_A_TIME) if is_folder(out) else args.n
    needed = 36 * at_once * args.frames * image_size**2  # as drawn, laid out and enlarged
    if hasattr(os, "sysconf") and needed > (
        there := os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    ):
        raise ValueError(
            f"{args.n} clips of {args.frames} frames need about {needed / 1e9:.0f} GB of "
            f"memory, and this machine has {there / 1e9:.0f}: make fewer, or shorter ones"
        )
    place = out if is_folder(out) else out.parent
    place.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=place).close()
