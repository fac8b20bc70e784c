"""The library's imports go downwards only; and the rule that says so can say no."""

import re
import tomllib

import pytest

from house import floors
from house.tree import PACKAGE, ROOT, Source, library, none_of, programs, read_text


def module(name: str, text: str, is_package: bool = False) -> Source:
    return Source(f"{PACKAGE}.{name}", text, is_package)


def declared(*extras: str) -> set[str]:
    """Names that may be imported: the dependencies, and those of some extras."""
    project = tomllib.loads(read_text(ROOT / "pyproject.toml"))["project"]
    lines = [*project["dependencies"]]
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return {re.match(r"[\w-]+", line)[0] for line in lines}


def test_every_module_imports_only_from_floors_below_its_own():
    none_of(floors.upward_imports(library()))


def test_the_tree_in_the_readme_is_the_real_one():
    tree = read_text(ROOT / "README.md").split("```\nvgan_lessons/\n")[1].split("```")[0]
    named = set(re.findall(r"(\w+)(?:\.py|/)", tree))
    parts = {source.part for source in library() if source.part} - {"__main__"}
    assert named == parts | {"weights"}


def test_no_module_imports_itself_in_a_circle():
    none_of(floors.cycles(library()))


def test_plots_and_optimisers_stay_on_their_floors():
    none_of(floors.misplaced_names(library()))


def test_no_import_hides_behind_a_computed_name():
    none_of(floors.hidden_imports(library()))


def test_the_library_needs_nothing_that_pyproject_does_not_list():
    none_of(floors.undeclared_libraries(library(), declared("video")))


def test_the_library_imports_every_library_it_needs_to_run():
    names = {name.split(".")[0] for source in library() for _, name in floors.imported(source)}
    assert declared() <= {floors.DISTRIBUTION.get(name, name) for name in names}


def test_tests_and_scripts_need_nothing_that_pyproject_does_not_list():
    ours = {
        part for source in programs() for part in source.name.removesuffix(".py").split("/")
    }
    none_of(floors.undeclared_libraries(programs(), declared("video", "lab", "dev") | ours))


@pytest.mark.parametrize(
    "line",
    [
        "from vgan_lessons import training",
        "import vgan_lessons.training as t",
        "from vgan_lessons.training import d_step",
        "from ..training import loop",
        "def late():\n    from vgan_lessons.training import d_step",
        "from vgan_lessons.penalties import r1_penalty",
    ],
)
def test_an_import_upwards_or_sideways_is_seen_in_every_spelling(line):
    source = module("losses.hinge", line)
    assert len(floors.upward_imports([source])) == 1


def test_imports_downwards_and_within_a_package_are_fine():
    below = module("losses.hinge", "from vgan_lessons.layout import to_uint8\nimport torch")
    both = "from .hinge import a\nfrom vgan_lessons.losses.hinge import b"
    within = module("losses", both, is_package=True)
    assert not floors.upward_imports([below, within])


def test_a_module_without_a_floor_is_seen():
    complaints = floors.upward_imports([module("utils", "")])
    assert complaints == ["vgan_lessons.utils stands on no floor"]


def test_the_package_itself_imports_none_of_its_modules():
    root = Source(PACKAGE, "from vgan_lessons.layout import to_uint8", True)
    assert len(floors.upward_imports([root])) == 1


def test_a_circle_of_two_or_three_modules_is_seen_and_a_chain_is_not():
    one = module("runs.a", "from vgan_lessons.runs import b")
    two = module("runs.b", "from vgan_lessons.runs.c import x")
    three = module("runs.c", "from .a import y")
    assert len(floors.cycles([one, two, three])) == 3
    assert not floors.cycles([one, two, module("runs.c", "")])


@pytest.mark.parametrize(
    "name, line",
    [
        ("losses", "import matplotlib.pyplot as plt"),
        ("training", "from ipywidgets import Output"),
        ("exercises.ex04", "import torch\noptimiser = torch.optim.Adam([])"),
        ("models", "from torch import optim"),
    ],
)
def test_a_name_on_a_floor_that_is_not_its_own_is_seen(name, line):
    assert floors.misplaced_names([module(name, line)])


def test_names_on_their_own_floors_are_fine():
    plots = module("display.curves", "import matplotlib.pyplot as plt")
    training = module("training", "import torch\ntorch.optim.Adam([])\noptimise = 1")
    checking = module("checking", "import torch\nisinstance(1, torch.optim.Optimizer)")
    assert not floors.misplaced_names([plots, training, checking])


@pytest.mark.parametrize("argument", ["'vgan_lessons.cli'", "name", "f'vgan_lessons.{name}'"])
def test_a_hidden_import_is_seen_and_a_look_for_another_library_is_not(argument):
    call = f"import importlib\nimportlib.import_module({argument})"
    assert len(floors.hidden_imports([module("runs", call)])) == 1
    assert not floors.hidden_imports([module("cli", call)])
    assert not floors.hidden_imports([module("runs", "import_module('imageio_ffmpeg')")])


def test_a_library_that_nobody_declared_is_seen():
    source = module("losses", "import os\nimport torch\nfrom PIL import Image\nimport pandas")
    complaints = floors.undeclared_libraries([source], {"torch", "pillow"})
    assert len(complaints) == 1 and "pandas" in complaints[0]
