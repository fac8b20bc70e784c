"""How this program was called, so that every command it prints can be typed as it stands."""

import os
import shlex
import shutil
import sys
from pathlib import Path

_START = Path(__file__).resolve().parents[1] / "start.py"  # there in a checkout only


def typed(*words: object) -> str:
    """A command of the course in the words that work where the user sits.

    Args:
        words: what comes after the program's name; paths with spaces are quoted.

    Returns:
        `python3 start.py ...` for whoever came by start.py, `vgan-lessons ...` where that is on
        the path; a training in several processes as these were started.

    Example:
        >>> typed("sample", "my run").endswith("sample 'my run'")
        True
    """
    program, count = _program(), os.environ.get("WORLD_SIZE", "1")
    if words[:1] == ("train",) and count != "1":
        if "VGAN_PROCESSES" in os.environ:  # `train --processes` started them
            words = (*words, "--processes", count)
        else:
            program = f"torchrun --nproc-per-node {count} -m vgan_lessons"
    return " ".join([program, *(shlex.quote(str(word)) for word in words)])


def _program() -> str:
    called = Path(sys.argv[0] if sys.argv else "")
    if called.stem == "vgan-lessons":
        return "vgan-lessons"
    if told := os.environ.get("VGAN_COMMAND"):  # start.py says how it was called
        return told
    if called.name == "__main__.py" and called.parent.name == "vgan_lessons":
        return "python -m vgan_lessons"
    if shutil.which("vgan-lessons"):
        return "vgan-lessons"
    return "python3 start.py" if _START.exists() else "python -m vgan_lessons"
