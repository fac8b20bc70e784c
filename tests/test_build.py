"""The build makes the same notebook from the same text, and refuses what must not ship."""

import nbformat
import pytest

from notebook_tools import build, printed

SOURCE = """\
# %% [markdown]
# # 99 A lesson
#
# | you will be able to | you will write | you need | time |
# |---|---|---|---|

# %%
import os

# %% [markdown]
# Say.

# %% tags=["exercise", "twice"]
def my_twice(x):
    ...  # your code


# %% tags=["check", "twice"]
print("twice: not attempted")

# %% tags=["nbval-ignore-output"]
print(os.environ["OMP_NUM_THREADS"], os.environ["VGAN_BUDGET"])

# %%
print("again")

# %%
print("again")
"""


@pytest.fixture
def lesson(tmp_path):
    """A source and the place of its notebook."""
    path = tmp_path / "source" / "99_a_lesson.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    return path, tmp_path / "99_a_lesson.ipynb"


def ids_of(notebook):
    return [cell.id for cell in notebook.cells]


def test_exercises_and_checks_are_found_by_name(lesson):
    notebook = build.read_source(lesson[0])
    assert {"exercise-twice", "check-twice"} < set(ids_of(notebook))
    exercise = next(cell for cell in notebook.cells if cell.id == "exercise-twice")
    assert exercise.metadata == {"tags": ["exercise", "twice"]}
    assert exercise.source == "def my_twice(x):\n    ...  # your code"


def test_the_same_text_gives_the_same_notebook(lesson):
    once, again = build.read_source(lesson[0]), build.read_source(lesson[0])
    assert nbformat.writes(once) == nbformat.writes(again)
    assert len(set(ids_of(once))) == len(once.cells) == 9


def test_a_new_cell_changes_no_other_cells_id(lesson):
    before = ids_of(build.read_source(lesson[0]))
    lesson[0].write_text(SOURCE.replace("# %%\nprint", "# %%\nnew = 1\n\n# %%\nprint", 1))
    after = ids_of(build.read_source(lesson[0]))
    assert [name for name in after if name in before] == before and len(after) == 10


def test_the_cell_for_hosted_runtimes_stands_second_in_every_lesson(lesson):
    notebook = build.read_source(lesson[0])
    assert notebook.cells[1].source == build.HOSTED_CELL
    assert notebook.cells[0].cell_type == "markdown" and notebook.cells[2].source == "import os"


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("# # 99", "# 99", "title"),
        ('["check", "twice"]', '["check"]', "needs a name of its own"),
        ('["check", "twice"]', '["exercise", "twice"]', "needs a name of its own"),
    ],
    ids=["no title", "no name", "a name twice"],
)
def test_a_source_that_breaks_the_rules_is_refused(lesson, old, new, message):
    lesson[0].write_text(SOURCE.replace(old, new))
    with pytest.raises(build.BuildError, match=message):
        build.read_source(lesson[0])


def test_a_built_notebook_is_executed_in_order_and_agrees_with_its_source(lesson):
    build.build(*lesson)
    notebook = nbformat.read(lesson[1], as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, 8))
    told = [
        "Not a fresh Colab runtime: nothing to install.\n",
        "",
        "",
        "twice: not attempted\n",
    ]
    assert [printed(cell) for cell in code] == [*told, "1 cpu\n", "again\n", "again\n"]
    assert notebook.metadata == build.METADATA
    assert build.differences(*lesson) == []


def test_two_builds_write_the_same_bytes(lesson):
    build.build(*lesson)
    once = lesson[1].read_bytes()
    build.build(*lesson)
    assert lesson[1].read_bytes() == once


def test_a_notebook_that_is_not_there_is_a_difference(lesson):
    assert build.differences(*lesson) == ["99_a_lesson.ipynb: missing"]


def stale_source(notebook):
    notebook.cells[5].source += "\nprint('by hand')"


def other_order(notebook):
    notebook.cells[7], notebook.cells[6] = notebook.cells[6], notebook.cells[7]


def other_tags(notebook):
    notebook.cells[6].metadata = {}


def another_kernel(notebook):
    notebook.metadata.kernelspec.name = "mine"


def not_executed(notebook):
    notebook.cells[8].execution_count = None


@pytest.mark.parametrize(
    "spoil, words",
    [
        (stale_source, "cell check-twice is not as in the source"),
        (other_order, "other cells than in the source"),
        (other_tags, "is not as in the source"),
        (another_kernel, "other metadata"),
        (not_executed, "not executed once each"),
    ],
)
def test_a_notebook_changed_by_hand_is_a_difference(lesson, spoil, words):
    notebook = build.read_source(lesson[0])
    for count, cell in enumerate([c for c in notebook.cells if c.cell_type == "code"], 1):
        cell.execution_count = count
    nbformat.write(notebook, lesson[1])
    assert build.differences(*lesson) == []
    spoil(notebook)
    nbformat.write(notebook, lesson[1])
    assert any(words in told for told in build.differences(*lesson))


@pytest.mark.parametrize(
    "line, message",
    [
        ("import sys; print('careful', file=sys.stderr)", "wrote to stderr: careful"),
        ("print('\\n'.join(['x' * 99] * 3000))", "bytes of outputs"),
    ],
)
def test_a_lesson_that_warns_or_swells_is_not_written(lesson, line, message):
    lesson[0].write_text(SOURCE + f"\n# %%\n{line}\n")
    lesson[1].write_text("earlier")
    with pytest.raises(build.BuildError, match=message):
        build.build(*lesson)
    assert lesson[1].read_text() == "earlier"


def test_the_command_checks_without_executing_and_says_what_is_stale(
    lesson, monkeypatch, capsys
):
    monkeypatch.setattr(build, "SOURCES", lesson[0].parent)
    monkeypatch.setattr(build, "NOTEBOOKS", lesson[1].parent)
    assert build.main(["--check"]) == 1
    assert capsys.readouterr().err == "99_a_lesson.ipynb: missing\n"
    assert build.main(["99"]) == 0 and build.main(["--check", "99"]) == 0
    with pytest.raises(SystemExit, match="2"):
        build.main(["--check", "98"])
    assert "no source for lesson 98" in capsys.readouterr().err
