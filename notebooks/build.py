"""Turn the text sources of the lessons into the notebooks that learners open.

    python notebooks/build.py             every lesson: read, execute, write
    python notebooks/build.py 00 02       these lessons
    python notebooks/build.py --check     only say whether notebooks and sources agree

A source is a py:percent file. A cell whose first tag is exercise, check or predict has its
name as second tag: `# %% tags=["check", "hinge_d_loss"]` becomes the cell `check-hinge_d_loss`;
further tags of an exercise name those that are written in the same cell.
Under each exercise the build puts its contract, as `explain` prints it, and after the imports
the house rules.
"""

import argparse
import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

import hosted
import vgan_lessons.exercises  # noqa: F401  fills the registry
from vgan_lessons.checking import Exercise, UnknownName, find, house_rules
from vgan_lessons.storage import whole_file

NOTEBOOKS = Path(__file__).resolve().parent
SOURCES = NOTEBOOKS / "source"
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # JupyterLab's, Colab's
IMPORTS_TITLE = "# @title What this page imports"
SPECIAL = re.compile(r"[\\*_\[\]<>&$~]|^[-+#](?=\s)|(?<=^\d)\.(?=\s)")  # to Markdown
NAMED_KINDS = ("exercise", "check", "predict")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
GLOSSARY = "The field's terms, in English and Chinese: [glossary](../docs/glossary.md)."
CELL_SECONDS = 60
OUTPUT_BYTES = 300_000


class BuildError(Exception):
    """What is wrong with a source or its run, in one sentence."""


def read_source(path: Path) -> NotebookNode:
    """Read a lesson's source as a notebook without outputs.

    Args:
        path: `source/NN_name.py`.

    Returns:
        The notebook with its badge, the Colab cell in second place, house rules and contracts
        where they belong, stable ids and fixed metadata.

    Raises:
        BuildError: if the first cell is no title, two cells have the same name, or a cell asks
            for an exercise that does not exist.
    """
    cells = jupytext.read(path, fmt="py:percent").cells
    if not cells or not cells[0].source.startswith("# "):
        raise BuildError(
            f"{path.name}: the first cell must be Markdown with the lesson's title"
        )
    taken: set[str] = set()
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        cell.id = _cell_id(cell, taken)
        taken.add(cell.id)
    _fold_answers(cells)
    words, pictures = hosted.badge_for_a_page(f"{path.stem}.ipynb")
    cells[0].source += f"\n\n{GLOSSARY}\n\n{words}"
    cells[0].attachments = NotebookNode(pictures)
    return nbformat.v4.new_notebook(cells=_with_what_is_asked(cells), metadata=METADATA)


def contract_text(exercise: Exercise) -> str:
    """The cell under a stub: what `explain` prints, in Markdown."""
    head = f"**{exercise.number} `{exercise.name}` asks:**"
    return f"{head}\n\n{_listed(exercise.contract)}"


def house_rules_text(exercises: list[Exercise]) -> str:
    """The cell above a page's first section: the house rules, folded, in Markdown.

    Args:
        exercises: those of the page.
    """
    head = "<b>House rules for every answer</b> (each exercise adds its own contract)"
    listed = _listed(house_rules(exercises))
    return f"<details><summary>{head}</summary>\n\n{listed}\n\n</details>"


def execute(notebook: NotebookNode, *, budget: str = "cpu", folder: Path = NOTEBOOKS) -> None:
    """Run every cell and keep what is the same in every run.

    Args:
        notebook: changed in place: outputs and the counts 1...n.
        budget: "cpu" makes what is committed; "smoke" only shows that every cell runs.
        folder: where the kernel runs.
    """
    patience = CELL_SECONDS if budget == "cpu" else 3 * CELL_SECONDS  # beside other tests
    habits = {"timeout": patience, "coalesce_streams": True, "record_timing": False}
    habits["extra_arguments"] = ["--log-level=ERROR"]  # not "running over TCP" on every start
    place = {"metadata": {"path": str(folder)}}
    with tempfile.TemporaryDirectory() as scratch:
        client = NotebookClient(notebook, resources=place, **habits)
        client.execute(env=kernel_environment(Path(scratch), budget))
    notebook.metadata = NotebookNode(METADATA)  # without versions and widget states
    for output in _outputs(notebook):
        data = output.get("data", {})
        data.pop("application/vnd.jupyter.widget-view+json", None)  # a random model's name


def kernel_environment(scratch: Path, budget: str = "cpu") -> dict[str, str]:
    """The environment in which lessons run: this checkout, one thread, no earlier progress.

    Args:
        scratch: an empty folder for the learner's progress.
        budget: how long every training takes.
    """
    python_path = [str(NOTEBOOKS.parent), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, python_path)),
        "OMP_NUM_THREADS": "1",
        "VGAN_BUDGET": budget,
        "VGAN_PROGRESS": str(scratch / "progress.json"),
    }


def build(path: Path, target: Path) -> None:
    """Read, execute, inspect and write one lesson.

    Args:
        path: its source.
        target: its notebook; replaced only when all went well.

    Raises:
        BuildError: if a cell wrote to stderr or the outputs are too large.
    """
    notebook = read_source(path)
    execute(notebook)
    for output in _outputs(notebook):
        if output.get("name") == "stderr":
            raise BuildError(
                f"{path.name}: a cell wrote to stderr: {output.text.strip()[-300:]}"
            )
    size = sum(len(str(output)) for output in _outputs(notebook))
    if size > OUTPUT_BYTES:
        raise BuildError(f"{path.name}: {size} bytes of outputs, allowed are {OUTPUT_BYTES}")
    with whole_file(target) as draft:
        draft.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def differences(path: Path, target: Path) -> list[str]:
    """Say how a committed notebook differs from what its source would give, outputs apart.

    Args:
        path: the source.
        target: the notebook.

    Returns:
        A sentence for each; none if the two agree and the cells were executed in order.
    """
    if not target.exists():
        return [f"{target.name}: missing"]
    wanted, found = read_source(path), nbformat.read(target, as_version=4)
    told = []
    if found.metadata != wanted.metadata:
        told.append(f"{target.name}: other metadata than the build writes")
    if [cell.id for cell in found.cells] != [cell.id for cell in wanted.cells]:
        told.append(f"{target.name}: other cells than in the source, or in another order")
    for cell, twin in zip(found.cells, wanted.cells, strict=False):
        if cell.id == twin.id and _shown(cell) != _shown(twin):
            told.append(f"{target.name}: cell {cell.id} is not as in the source")
    counts = [cell.execution_count for cell in found.cells if cell.cell_type == "code"]
    if counts != list(range(1, len(counts) + 1)):
        told.append(f"{target.name}: cells were not executed once each, top to bottom")
    return told


def main(words: list[str] | None = None) -> int:
    """Build or check the lessons named on the command line."""
    parser = argparse.ArgumentParser(description="Build the notebooks from their text sources.")
    parser.add_argument("lessons", nargs="*", metavar="NN", help="lesson numbers; default: all")
    parser.add_argument("--check", action="store_true", help="compare only, without executing")
    asked = parser.parse_args(words)
    sources = {path.name[:2]: path for path in sorted(SOURCES.glob("[0-9][0-9]_*.py"))}
    if unknown := set(asked.lessons) - set(sources):
        parser.error(f"no source for lesson {', '.join(sorted(unknown))}")
    told = []
    for path in (sources[number] for number in asked.lessons or sources):
        target = NOTEBOOKS / f"{path.stem}.ipynb"
        if asked.check:
            told += differences(path, target)
        else:
            print(f"building {target.name}", flush=True)
            build(path, target)
    print("\n".join(told), file=sys.stderr, end="\n" if told else "")
    return 1 if told else 0


def _with_what_is_asked(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Fold what sets a page up, and put in the house rules and each contract."""
    title, imports, *rest = cells
    installing = nbformat.v4.new_code_cell(hosted.CELL, id="hosted-runtime", metadata=FOLDED)
    if imports.cell_type == "code":
        imports.source = f"{IMPORTS_TITLE}\n{imports.source}"
        imports.metadata |= FOLDED
    made, asked = [], []
    for cell in rest:
        made.append(cell)
        if cell.id.startswith("exercise-"):
            here = [_exercise(name) for name in cell.metadata.tags[1:]]
            asked += here
            text, name = "\n\n".join(map(contract_text, here)), f"contract-{here[0].name}"
            made.append(nbformat.v4.new_markdown_cell(text, id=name))
    rules = nbformat.v4.new_markdown_cell(house_rules_text(asked), id="house-rules")
    return [title, installing, imports, *([rules] if asked else []), *made]


def _listed(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {_escaped(sentence)}" for sentence in sentences)


def _escaped(sentence: str) -> str:
    """Plain text as Markdown that shows each character; what is between backticks is code."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        raise BuildError(f"a backtick without its partner: {sentence}")
    parts[::2] = [SPECIAL.sub(r"\\\g<0>", part) for part in parts[::2]]
    return "`".join(parts)


def _shown(cell: NotebookNode) -> tuple[object, ...]:
    return cell.source, cell.metadata, cell.get("attachments")


def _exercise(name: str) -> Exercise:
    try:
        return find(name)
    except UnknownName as error:
        raise BuildError(str(error)) from None


def _fold_answers(cells: list[NotebookNode]) -> None:
    """Fold the outputs from a guess up to its measurement, and what is shown at once after it.

    JupyterLab opens a folded output when its cell is run; of the two keys, which the format
    has for one thing, it reads the older. Exercises and checks stay open.
    """
    waiting = at_once = False
    for cell in cells:
        if cell.cell_type != "code":
            at_once = False
        elif cell.id.startswith("predict-"):
            waiting = True
        elif cell.id.startswith("cell-") and (waiting or at_once):
            cell.metadata |= {"collapsed": True, "jupyter": {"outputs_hidden": True}}
            if waiting and "measured=" in cell.source:
                waiting, at_once = False, True


def _cell_id(cell: NotebookNode, taken: set[str]) -> str:
    tags = cell.metadata.get("tags", [])
    if tags and tags[0] in NAMED_KINDS:
        if len(tags) < 2 or f"{tags[0]}-{tags[1]}" in taken:
            raise BuildError(f"cell {tags} needs a name of its own as second tag")
        return f"{tags[0]}-{tags[1]}"
    name = plain = "cell-" + hashlib.sha256(cell.source.encode()).hexdigest()[:10]
    while name in taken:
        name = f"{plain}-{sum(other.startswith(plain) for other in taken) + 1}"
    return name


def _outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


if __name__ == "__main__":
    sys.exit(main())
