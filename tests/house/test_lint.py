"""Ruff, as configured in pyproject.toml, has nothing to say; and it would say something."""

import subprocess
import sys
from pathlib import Path

import pytest

from house.tree import ROOT

CHECK = ["check", "--no-cache", "--output-format=concise"]
FORMAT = ["format", "--no-cache", "--check"]
SETTINGS = ["--config", str(ROOT / "pyproject.toml")]
BRANCHES = "\n".join(f"    if x == {n}:\n        return -x" for n in range(12))
BAD = {
    "F401": "import os",
    "D100": "",
    "D103": "def f():\n    return 1",
    "D101": "class C:\n    pass",
    "D102": 'class C:\n    """C."""\n\n    def m(self):\n        return 1',
    "D417": 'def f(x, y):\n    """F.\n\n    Args:\n        x: one.\n    """',
    "T201": "print(1)",
    "FIX002": "# TO" + "DO: the rest",
    "C901": f"def _f(x):\n{BRANCHES}",
    "TID251": "import torchvision",
}


def ruff(words: list[str], *paths: Path | str, text: str = "") -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "ruff", *words, *SETTINGS, *map(str, paths)]
    return subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("words", [CHECK, FORMAT], ids=["check", "format"])
def test_ruff_has_nothing_to_say(words):
    asked = ruff(words, ".")
    assert asked.returncode == 0, asked.stdout + asked.stderr


def test_ruff_would_see_a_bad_layout():
    asked = ruff(FORMAT, "--stdin-filename=vgan_lessons/new.py", "-", text="x = [1,2]\n")
    assert asked.returncode == 1


@pytest.mark.parametrize("code, text", BAD.items(), ids=BAD)
def test_ruff_would_see_in_the_library(code, text):
    asked = ruff(CHECK, "--stdin-filename=vgan_lessons/losses/new.py", "-", text=f"{text}\n")
    assert f": {code} " in asked.stdout, asked.stdout + asked.stderr


@pytest.mark.parametrize("room", ["checking", "cli"])
def test_only_what_talks_to_a_person_prints(room):
    text = '"""A module."""\n\nprint(1)\n'
    asked = ruff(CHECK, f"--stdin-filename=vgan_lessons/{room}/new.py", "-", text=text)
    assert asked.returncode == 0, asked.stdout
