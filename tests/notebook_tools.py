"""Ways to run a notebook: strictly compared with what it stores, or solved."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from machine_speed import quick_enough

ROOT = Path(__file__).resolve().parents[1]
SANITISER = ROOT / "tests" / "nbval_sanitize.cfg"
NOTEBOOK_SECONDS = 180  # of CPU: what a page may cost on one quiet core, at most
SMOKE_SECONDS = 60  # of CPU: what a page whose trainings take a few steps may cost
PATIENCE = 5 * NOTEBOOK_SECONDS  # on the wall clock, for a machine that is slow or not alone

_spec = importlib.util.spec_from_file_location("lesson_build", ROOT / "notebooks" / "build.py")
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)

LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@contextmanager
def within_cpu_seconds(limit: float) -> Iterator[None]:
    """Fail if what is started inside the block costs more CPU than a quiet core would need."""
    before = os.times()
    yield
    after = os.times()
    spent = sum(
        getattr(after, name) - getattr(before, name)
        for name in ("children_user", "children_system")
    )
    assert quick_enough(spent, limit), f"{spent:.0f} s of CPU, at most {limit:.0f}"


def compare_strictly(scratch: Path, *notebooks: Path) -> subprocess.CompletedProcess:
    """Run notebooks under nbval: every cell, every output, nothing left out.

    Args:
        scratch: an empty folder for the learner's progress.
        notebooks: executed ones, of one folder.

    Returns:
        The finished process; its return code is 0 only if every output was the stored one.
    """
    folder = notebooks[0].parent
    habits = ["--nbval", "--nbval-current-env", f"--nbval-sanitize-with={SANITISER}"]
    patience = 10 * build.CELL_SECONDS  # the clock runs on while other work has the cores
    limits = [f"--nbval-cell-timeout={patience}", "-p", "no:cacheprovider"]
    bare = ["-c", "/dev/null", f"--rootdir={folder}", "-q", "--tb=short"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *habits, *limits, *bare, *notebooks],
        env=build.kernel_environment(scratch),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def printed(cell: NotebookNode) -> str:
    """Everything a cell printed, in order."""
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def cell_named(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this id."""
    return next(cell for cell in notebook.cells if cell.id == name)


def exercise_cells(notebook: NotebookNode) -> dict[str, list[str]]:
    """The cells to write in, in order: what each is called, and the exercises it holds."""
    return {
        cell.id.removeprefix("exercise-"): cell.metadata.tags[1:]
        for cell in notebook.cells
        if cell.id.startswith("exercise-")
    }


def executed_notebook(*cells: tuple[str, list[NotebookNode]]) -> NotebookNode:
    """A small notebook as if it had been run: (source, stored outputs) of each cell."""
    made = [
        nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=count)
        for count, (source, outputs) in enumerate(cells, 1)
    ]
    return nbformat.v4.new_notebook(cells=made, metadata=build.METADATA)
