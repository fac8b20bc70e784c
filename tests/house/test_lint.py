"""Ruff, as configured in pyproject.toml, has nothing to say; and it would say something."""

import subprocess
import sys
from pathlib import Path

import pytest

from house.tree import ROOT

CHECK = ["check", "--no-cache", "--output-format=concise"]
FORMAT = ["format", "--no-cache", "--check"]
BADLY_LAID_OUT = "import os\nx = [1,2]\n"


def ruff(words: list[str], *paths: Path | str) -> subprocess.CompletedProcess:
    settings = ["--config", str(ROOT / "pyproject.toml")]
    command = [sys.executable, "-m", "ruff", *words, *settings, *map(str, paths)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [CHECK, FORMAT], ids=["check", "format"])
def test_ruff_has_nothing_to_say(words):
    asked = ruff(words, ".")
    assert asked.returncode == 0, asked.stdout + asked.stderr


@pytest.mark.parametrize("words", [CHECK, FORMAT], ids=["check", "format"])
def test_ruff_would_see_an_unused_import_and_a_bad_layout(words, tmp_path):
    (tmp_path / "bad.py").write_text(BADLY_LAID_OUT)
    asked = ruff(words, tmp_path / "bad.py")
    assert asked.returncode == 1
    assert "F401" in asked.stdout or "reformat" in asked.stdout
