"""`vgan-lessons sample`: clips from a run, or from a generator that came with the package."""

import argparse
from pathlib import Path

from torch import nn

from vgan_lessons import runtime
from vgan_lessons.display.files import save_clip, save_film_strip
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import load_generator, load_shipped, shipped_names

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
    generator = _generator(args.run)
    clips = generate(generator, args.n, n_frames=args.frames, rng=runtime.new_rng(args.seed))
    out = Path(args.out)
    if out.suffix == ".png":
        save_film_strip(out, clips)
    else:
        save_clip(out, clips, fps=args.fps)
    print(f"{out}: {args.n} clips of {args.frames} frames, {clips.shape[-1]}x{clips.shape[-2]}")
    return 0


def _generator(run: str) -> nn.Module:
    """A folder goes before a shipped name; an unknown word is answered with both."""
    if not Path(run).exists():
        return load_shipped(run)
    return load_generator(run)[0]
