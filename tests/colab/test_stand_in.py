"""Every lesson as it is met in Colab: the page, our wheel, and nothing else."""

import ast
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from colab import colab_has
from colab.runtime import Runtime
from notebook_tools import LESSONS, PATIENCE, build, cell_named, printed

pytestmark = [pytest.mark.thorough, pytest.mark.slow, pytest.mark.timeout(2 * PATIENCE)]
WHAT_IS_HERE = """\
import sys
from importlib import metadata

import vgan_lessons

print({name: metadata.version(name) for name in %r})
print(vgan_lessons.__file__.startswith(sys.prefix))"""
INSTALLED = [name for name in colab_has() if name not in ("python", "torch")]


@pytest.fixture(scope="module")
def runtime(request) -> Runtime:
    """Prepared once, for all lessons and for the next runs of the tests, too."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")  # lessons are put in and taken out
    return Runtime(Path(request.config.cache.mkdir(f"colab-{worker}")))


@pytest.fixture(scope="module")
def wheel(runtime, tmp_path_factory):
    return runtime.wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def fresh(runtime, wheel, tmp_path, monkeypatch):
    """A folder with our wheel alone, on a runtime that has no lessons."""
    runtime.pip("uninstall", "--yes", "vgan-lessons")
    shutil.copy(wheel, tmp_path)
    monkeypatch.setenv("JUPYTER_PATH", str(runtime.folder / "share" / "jupyter"))
    return tmp_path


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_at_colabs_versions_from_an_uploaded_wheel(lesson, fresh, wheel):
    shutil.copy(lesson, fresh)
    notebook = nbformat.read(fresh / lesson.name, as_version=4)
    notebook.cells.append(new_code_cell(WHAT_IS_HERE % INSTALLED))
    place = {"metadata": {"path": str(fresh)}}
    client = NotebookClient(notebook, timeout=120, kernel_name="colab", resources=place)
    settings = build.kernel_environment(fresh, "smoke") | {"PYTHONPATH": ""}
    client.execute(env=settings)

    told = printed(cell_named(notebook, "hosted-runtime"))
    assert told == f"Installed the lessons from {wheel.name}.\n"
    versions, from_the_wheel = printed(notebook.cells[-1]).splitlines()
    assert ast.literal_eval(versions) == {name: colab_has()[name] for name in INSTALLED}
    assert from_the_wheel == "True"
    assert stderr_of(notebook) == []


def stderr_of(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [output.text for output in outputs if output.get("name") == "stderr"]
