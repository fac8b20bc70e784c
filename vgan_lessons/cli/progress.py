"""`vgan-lessons progress`: what is solved so far, in plain text."""

import argparse

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
        0.
    """
    progress(args.lesson)
    return 0
