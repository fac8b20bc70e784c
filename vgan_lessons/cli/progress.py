"""`vgan-lessons progress`: what is solved so far, in plain text."""

import argparse
import sys

from vgan_lessons.checking import all_exercises
from vgan_lessons.exercises import progress

SUMMARY = "what is solved so far"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `progress [LESSON]`; the file is $VGAN_PROGRESS, or one in the home folder.

    Args:
        parser: of the command `progress`.
    """
    parser.add_argument("lesson", nargs="?", help="its number; without it, all")
    parser.epilog = (
        "The file is $VGAN_PROGRESS, else ~/.local/share/vgan_lessons/progress.json."
    )


def run(args: argparse.Namespace) -> int:
    """Print the table.

    Args:
        args: `lesson`.

    Returns:
        0, or 2 if that lesson has no exercises.
    """
    have = sorted({exercise.lesson for exercise in all_exercises()})
    asked = (args.lesson or "").strip()
    if asked and asked not in {word for n in have for word in (f"{n}", f"{n:02d}")}:
        some = ", ".join(map(str, have))
        said = f"lesson {asked} has no exercises; these have some: {some}"
        print(f"vgan-lessons progress: {said}", file=sys.stderr)
        return 2
    progress(args.lesson)
    return 0
