"""The build makes the same notebook from the same text, and refuses what must not ship."""

import re

import nbformat
import pytest

import hosted
from notebook_tools import ROOT, build, cell_named, printed

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

# %% tags=["exercise", "from_uint8"]
def my_from_uint8(stored):
    ...  # your code


# %% tags=["check", "from_uint8"]
print("from_uint8: not attempted")

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
    assert {"exercise-from_uint8", "check-from_uint8"} < set(ids_of(notebook))
    exercise = cell_named(notebook, "exercise-from_uint8")
    assert exercise.metadata == {"tags": ["exercise", "from_uint8"]}
    assert exercise.source == "def my_from_uint8(stored):\n    ...  # your code"


def test_the_same_text_gives_the_same_notebook(lesson):
    once, again = build.read_source(lesson[0]), build.read_source(lesson[0])
    assert nbformat.writes(once) == nbformat.writes(again)
    assert len(set(ids_of(once))) == len(once.cells) == 11


def test_a_new_cell_changes_no_other_cells_id(lesson):
    before = ids_of(build.read_source(lesson[0]))
    lesson[0].write_text(SOURCE.replace("# %%\nprint", "# %%\nnew = 1\n\n# %%\nprint", 1))
    after = ids_of(build.read_source(lesson[0]))
    assert [name for name in after if name in before] == before and len(after) == 12


GUESSED = """
# %% [markdown]
# How much?

# %% tags=["predict", "how-much"]
predict("how much", None)

# %% tags=["check", "to_uint8"]
print("a check is no answer")

# %%
print("on the way: 41")

# %% [markdown]
# Almost.

# %%
predict("how much", measured=42)

# %%
print("drawn at once")

# %% [markdown]
# Forty-two.

# %%
print("something else")
"""


def test_answers_to_a_guess_are_folded_until_somebody_runs_them(lesson):
    path, _ = lesson
    path.write_text(SOURCE + GUESSED)
    folded = [
        cell.source
        for cell in build.read_source(path).cells
        if cell.metadata == {"collapsed": True, "jupyter": {"outputs_hidden": True}}
    ]
    assert folded == [
        'print("on the way: 41")',
        'predict("how much", measured=42)',
        'print("drawn at once")',
    ]


def test_a_page_opens_with_its_title_two_folded_cells_and_the_house_rules(lesson):
    notebook = build.read_source(lesson[0])
    title, installing, imports, rules, first = notebook.cells[:5]
    assert title.cell_type == "markdown" and first.source == "Say."
    assert installing.source == hosted.CELL
    assert imports.source == f"{build.IMPORTS_TITLE}\nimport os"
    for cell in (installing, imports):
        assert cell.source.startswith("# @title ")  # what Colab shows of a folded cell
        assert cell.metadata == {"jupyter": {"source_hidden": True}, "cellView": "form"}
    assert rules.id == "house-rules" and rules.source.count("<details>") == 1


def test_every_page_leads_to_the_glossary(lesson):
    title = build.read_source(lesson[0]).cells[0].source
    (link,) = re.findall(r"\[glossary\]\((.+?)\)", title)
    assert (build.NOTEBOOKS / link).resolve() == ROOT / "docs" / "glossary.md"


def test_a_page_without_exercises_has_no_house_rules(lesson):
    start, end = SOURCE.index("# %% tags"), SOURCE.index('# %% tags=["nbval')
    lesson[0].write_text(SOURCE[:start] + SOURCE[end:])
    assert "house-rules" not in ids_of(build.read_source(lesson[0]))


def test_the_contract_stands_under_its_stub(lesson):
    names = ids_of(build.read_source(lesson[0]))
    place = names.index("exercise-from_uint8")
    assert names[place + 1 : place + 3] == ["contract-from_uint8", "check-from_uint8"]


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("# # 99", "# 99", "title"),
        ('["check", "from_uint8"]', '["check"]', "needs a name of its own"),
        ('["check", "from', '["exercise", "from', "needs a name of its own"),
        ('"exercise", "from', '"exercise", "form', "did you mean 'from_uint8'"),
    ],
    ids=["no title", "no name", "a name twice", "no such exercise"],
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
        "",
        "",
        "",
        "from_uint8: not attempted\n",
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
    cell_named(notebook, "check-from_uint8").source += "\nprint('by hand')"


def other_order(notebook):
    notebook.cells[-2:] = reversed(notebook.cells[-2:])


def other_tags(notebook):
    cell_named(notebook, "exercise-from_uint8").metadata = {}


def another_kernel(notebook):
    notebook.metadata.kernelspec.name = "mine"


def not_executed(notebook):
    notebook.cells[-1].execution_count = None


@pytest.mark.parametrize(
    "spoil, words",
    [
        (stale_source, "cell check-from_uint8 is not as in the source"),
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
