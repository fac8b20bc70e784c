"""One dependency list, one tested set, one conda door: they agree, and Colab fits."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import vgan_lessons
from colab import colab_has

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
COLAB = colab_has()


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version.split("+")[0]))


def floors(lines: list[str]) -> dict[str, str]:
    """Lower bounds by name; each line is `name>=version` and nothing else."""
    ours = [line for line in lines if not line.startswith("vgan-lessons[")]
    return {name: floor for name, floor in (line.split(">=") for line in ours)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


NEEDED = floors(PROJECT["dependencies"])
EXTRAS = {name: floors(lines) for name, lines in PROJECT["optional-dependencies"].items()}
EVERYTHING = {
    **NEEDED,
    **{name: floor for extra in EXTRAS.values() for name, floor in extra.items()},
}
PINNED = {
    normal(line.split("==")[0]): line.split("==")[1]
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
}


@pytest.mark.parametrize("name", NEEDED)
def test_colab_has_what_the_library_needs(name):
    assert numbers(COLAB[name]) >= numbers(EVERYTHING[name])


def test_colabs_python_and_the_oldest_supported_one_are_allowed():
    assert PROJECT["requires-python"] == ">=3.11"
    assert numbers(COLAB["python"]) >= (3, 11)


@pytest.mark.parametrize("name", EVERYTHING)
def test_the_tested_version_lies_above_the_floor(name):
    assert numbers(PINNED[name]) >= numbers(EVERYTHING[name])


def test_torch_is_fixed_without_a_build_tag():
    assert re.fullmatch(r"\d+\.\d+\.\d+", PINNED["torch"])


def test_nothing_swaps_the_build_of_torch():
    assert not {"torchvision", "torchaudio"} & (PINNED.keys() | EVERYTHING.keys())
    assert not [name for name in PINNED if name.startswith(("nvidia", "cuda", "triton"))]


def test_conda_gets_python_and_hands_the_rest_to_pip():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    settings = [line for line in text.splitlines() if not line.startswith("#")]
    wanted = settings[settings.index("dependencies:") + 1 :]
    python = re.fullmatch(r"  - python=(\d+\.\d+)", wanted[0])
    assert numbers(python[1]) >= (3, 11)
    assert wanted[1:] == ["  - pip", '  - pip: ["-c constraints.txt", "-e .[dev]"]']


def test_every_pinned_package_works_on_the_oldest_python_we_allow():
    refusing = []
    for name, version in PINNED.items():
        try:
            needs = metadata.metadata(name).get("Requires-Python") or ""
        except metadata.PackageNotFoundError:
            continue  # of another platform
        floor = re.search(r">=\s*([\d.]+)", needs)
        if (
            metadata.version(name).split("+")[0] == version
            and floor
            and numbers(floor[1]) > (3, 11, 0)
        ):
            refusing.append(f"{name} {version} needs Python {needs}")
    assert not refusing


def test_the_tested_set_is_the_one_under_test():
    stamp = Path(sys.prefix) / "vgan-lessons.stamp"
    if not stamp.exists():
        pytest.skip("this environment was not made by start.py")
    installed = {
        normal(dist.name): dist.version.split("+")[0] for dist in metadata.distributions()
    }
    others = {
        name: version
        for name, version in PINNED.items()
        if installed.get(name, version) != version
    }
    assert not others


def test_every_file_inside_the_package_is_shipped_with_it():
    shipped = PYPROJECT["tool"]["setuptools"]["package-data"]
    listed = {
        path
        for package, patterns in shipped.items()
        for pattern in patterns
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }
    package = ROOT / "vgan_lessons"
    found = {
        path
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    code = {path for path in found if path.suffix == ".py"}
    assert found - code == listed
    homeless = {path.parent for path in code if not (path.parent / "__init__.py").exists()}
    assert not homeless, "a folder of modules without __init__.py is not installed"


def test_the_version_is_the_packages_own():
    assert PROJECT["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", vgan_lessons.__version__)


def test_the_licence_is_mit():
    assert PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_git_ignores_what_learners_and_tools_make():
    if subprocess.run(
        ["git", "rev-parse"], cwd=ROOT, capture_output=True, check=False
    ).returncode:
        pytest.skip("not a git checkout")
    made = [".venv/x", "data/x", "runs/a/log.csv", "notebooks/.ipynb_checkpoints/x"]
    command = ["git", "check-ignore", *made, "vgan_lessons/datasets/__init__.py"]
    ignored = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ignored.stdout.split() == made


def test_the_citation_names_this_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {vgan_lessons.__version__}\n" in citation
