"""The first code cell: a fresh Colab gets the lessons and keeps its torch; others nothing."""

import json
import os
import subprocess
import sys

import pytest

from notebook_tools import build

# A stand-in for Colab: the interpreter starts with google.colab loaded, as Colab's kernels do,
# and `python -m pip` is a program that writes down what it was asked for.
ALWAYS_LOADED = """\
import os, sys
if "COLAB" in os.environ:
    import google.colab
if "WITHOUT_LESSONS" in os.environ:
    sys.modules["vgan_lessons"] = None
"""
PIP = """\
import json, os, pathlib, sys
pathlib.Path(os.environ["ASKED"]).write_text(json.dumps(sys.argv[1:]))
"""
RUN_CELL = """\
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(history_length=0)
result = shell.run_cell(sys.stdin.read())
print("loaded torch:", "torch" in sys.modules)
sys.exit(0 if result.success else 1)
"""


@pytest.fixture
def run_first_cell(tmp_path):
    """Run the cell in a new interpreter; returns what it printed and what pip was asked for."""
    for module, text in {
        "sitecustomize": ALWAYS_LOADED,
        "google/__init__": "",
        "google/colab/__init__": "",
        "pip/__init__": "",
        "pip/__main__": PIP,
    }.items():
        path = tmp_path / "colab" / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run(**hosted: str) -> tuple[str, list[str] | None]:
        asked = tmp_path / "asked.json"
        places = [str(tmp_path / "colab"), str(build.NOTEBOOKS.parent)]
        settings = {"PYTHONPATH": os.pathsep.join(places), "ASKED": str(asked)}
        done = subprocess.run(
            [sys.executable, "-c", RUN_CELL],
            input=build.HOSTED_CELL,
            env=os.environ | settings | {"IPYTHONDIR": str(tmp_path / "ipython")} | hosted,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout, json.loads(asked.read_text()) if asked.exists() else None

    return run


def test_a_fresh_colab_runtime_gets_the_lessons_and_keeps_its_torch(run_first_cell):
    told, asked = run_first_cell(COLAB="1", WITHOUT_LESSONS="1")
    assert asked is not None, told
    assert asked[0] == "install" and "--no-deps" in asked
    wanted = [word for word in asked[1:] if not word.startswith("-")]
    assert f"git+{build.REPOSITORY}" in wanted
    assert {word for word in wanted if "git+" not in word} == {"einops", "pooch", "safetensors"}
    assert "loaded torch: False" in told and "--upgrade" not in asked and "-U" not in asked


@pytest.mark.parametrize(
    "machine",
    [{}, {"WITHOUT_LESSONS": "1"}, {"COLAB": "1"}],
    ids=["a laptop", "a laptop without the package", "Colab, already installed"],
)
def test_elsewhere_the_cell_does_nothing_and_says_so(run_first_cell, machine):
    told, asked = run_first_cell(**machine)
    assert asked is None
    assert told.startswith("Not a fresh Colab runtime: nothing to install.")
    assert "loaded torch: False" in told


def test_the_light_packages_are_ones_that_the_project_depends_on():
    listed = (build.NOTEBOOKS.parent / "pyproject.toml").read_text()
    for name in ("einops", "pooch", "safetensors"):
        assert f'"{name}>=' in listed and name in build.HOSTED_CELL
    assert "torch" not in build.HOSTED_CELL.split("%pip")[1]
