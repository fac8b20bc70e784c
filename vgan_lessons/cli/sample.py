"""`vgan-lessons sample`: clips from a run, or from a generator that came with the package."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from torch import nn

from vgan_lessons import runtime
from vgan_lessons.display.files import save_clip, save_film_strip
from vgan_lessons.models.conditional import choose_labels
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import load_generator, load_shipped, shipped_card, shipped_names

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
    parser.add_argument("--seed", type=int, default=0, help="the same seed, the same clips (0)")
    parser.add_argument("--fps", type=float, default=8, help="frames a second of the file (8)")
    parser.add_argument(
        "--class",
        dest="classes",
        metavar="NAMES",
        help="only these classes, as in wave2,bend (where the run has labels)",
    )
    parser.add_argument(
        "--out",
        default="clips.webp",
        help=".webp, .gif, .mp4: clips that move; .png: a film strip",
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
    generator, label_names = _generator(args.run)
    rng, labels = runtime.new_rng(args.seed), None
    if args.classes is not None:
        if not label_names:
            raise ValueError(f"{args.run} was trained without labels: leave out --class")
        labels = choose_labels(args.classes.split(","), label_names, args.n, rng)
    clips = generate(generator, args.n, n_frames=args.frames, rng=rng, labels=labels)
    out = Path(args.out)
    if out.suffix == ".png":
        save_film_strip(out, clips)
    else:
        save_clip(out, clips, fps=args.fps)
    print(f"{out}: {args.n} clips of {args.frames} frames, {clips.shape[-1]}x{clips.shape[-2]}")
    return 0


def _generator(run: str) -> tuple[nn.Module, dict[str, Sequence[str]]]:
    """A folder goes before a shipped name; with the names of the classes it was told."""
    if not Path(run).exists():
        return load_shipped(run), shipped_card(run).get("labels", {})
    generator, config = load_generator(run)
    return generator, config.labels
