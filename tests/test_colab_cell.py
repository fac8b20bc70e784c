"""The first code cell: a fresh Colab gets the lessons and keeps its torch; others nothing."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest

import hosted
import vgan_lessons
from notebook_tools import LESSONS, ROOT

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
if "PIP_FAILS" in os.environ:
    sys.exit("ERROR: git clone did not run successfully\\n" * 9)
"""
RUN_CELL = """\
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(history_length=0, colors="nocolor")
result = shell.run_cell(sys.stdin.read())
print("loaded torch:", "torch" in sys.modules)
sys.exit(0 if result.success else 1)
"""
FRESH = {"COLAB": "1", "WITHOUT_LESSONS": "1"}
WHEEL, ZIP = "vgan_lessons-0.1.0-py3-none-any.whl", "video-gan-lessons-main.zip"


@pytest.fixture
def run_first_cell(tmp_path):
    """Run the cell in a new interpreter; gives its exit code and what it printed."""
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

    def run(**machine: str) -> tuple[int, str]:
        places = [str(tmp_path / "colab"), str(ROOT)]
        settings = {"PYTHONPATH": os.pathsep.join(places), "ASKED": str(asked_by(tmp_path))}
        done = subprocess.run(
            [sys.executable, "-c", RUN_CELL],
            input=hosted.CELL,
            env=os.environ | settings | {"IPYTHONDIR": str(tmp_path / "ipython")} | machine,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert not done.stderr
        return done.returncode, done.stdout

    return run


def asked_by(folder: Path) -> Path:
    """Where the stand-in for pip writes down its arguments."""
    return folder / "asked.json"


def wanted_by(folder: Path) -> list[str]:
    """What pip was asked to install, without its options."""
    return [word for word in json.loads(asked_by(folder).read_text())[1:] if word[0] != "-"]


def test_a_fresh_colab_runtime_gets_the_release_and_keeps_its_torch(run_first_cell, tmp_path):
    code, told = run_first_cell(**FRESH)
    assert code == 0
    assert wanted_by(tmp_path) == [hosted.RELEASE, "einops", "safetensors"]
    asked = json.loads(asked_by(tmp_path).read_text())
    assert asked[0] == "install" and "--no-deps" in asked
    assert "--upgrade" not in asked and "-U" not in asked
    assert told == f"Installed the lessons from {hosted.RELEASE}.\nloaded torch: False\n"


@pytest.mark.parametrize(
    "uploaded, taken",
    [([WHEEL], WHEEL), ([ZIP], ZIP), ([ZIP, WHEEL], WHEEL), (["holiday.zip"], hosted.RELEASE)],
)
def test_what_was_uploaded_is_found_and_used(run_first_cell, tmp_path, uploaded, taken):
    for name in uploaded:
        (tmp_path / name).touch()
    code, told = run_first_cell(**FRESH)
    assert code == 0 and told.startswith(f"Installed the lessons from {taken}.")
    assert wanted_by(tmp_path)[0] == taken


def test_a_failure_is_one_sentence_that_says_what_to_do(run_first_cell):
    code, told = run_first_cell(**FRESH, PIP_FAILS="1")
    assert code == 1
    said, loaded = told.splitlines()
    assert said == (
        f"The lessons did not install from {hosted.RELEASE}: upload their wheel or zip to "
        "this runtime's folder (folder sign on the left), and run again."
    )
    assert loaded == "loaded torch: False"


@pytest.mark.parametrize(
    "machine",
    [{}, {"WITHOUT_LESSONS": "1"}, {"COLAB": "1"}],
    ids=["a laptop", "a laptop without the package", "Colab, already installed"],
)
def test_elsewhere_the_cell_does_nothing_and_says_nothing(run_first_cell, tmp_path, machine):
    code, told = run_first_cell(**machine)
    assert code == 0 and not asked_by(tmp_path).exists()
    assert told == "loaded torch: False\n"


def test_the_light_packages_are_ones_that_the_project_depends_on():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {line.split(">=")[0] for line in project["dependencies"]}
    (light,) = re.findall(r"light = (\[.*\])", hosted.CELL)
    assert set(json.loads(light)) < needed and "torch" not in light


def test_the_address_stands_once_and_is_pinned_to_the_release():
    assert hosted.RELEASE.endswith(f"/v{vgan_lessons.__version__}.zip")
    assert hosted.RELEASE.startswith(f"{hosted.REPOSITORY}/")
    shown = {ROOT / "README.md"}  # what a reader types; the next test holds it to the address
    texts = [ROOT / "pyproject.toml", *ROOT.glob("*/*.py"), *ROOT.glob("notebooks/source/*.py")]
    texts += {*ROOT.glob("*.*"), *ROOT.glob("docs/*.md")} - shown
    files = {path for path in texts if path.suffix in (".py", ".md", ".toml", ".yml", ".cff")}
    where = [path.name for path in files if hosted.REPOSITORY in path.read_text("utf-8")]
    assert where == ["pyproject.toml"]


def test_the_readme_clones_that_address_and_opens_every_lesson_in_colab():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"git clone {hosted.REPOSITORY} " in readme
    rows = [line for line in readme.splitlines() if re.match(r"\| \d\d ", line)]
    badges = {path.name[:2]: hosted.badge(path.name, "docs/colab.png") for path in LESSONS}
    assert {row[2:4]: row.split(" | ")[-1].removesuffix(" |") for row in rows} == badges


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_every_page_opens_itself_in_colab_and_carries_the_badge_s_picture(lesson):
    title = nbformat.read(lesson, as_version=4).cells[0]
    words, pictures = hosted.badge_for_a_page(lesson.name)
    assert title.source.endswith(f"\n\n{words}")
    assert title.attachments == pictures
    assert f"/v{vgan_lessons.__version__}/notebooks/{lesson.name})" in words
