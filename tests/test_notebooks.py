"""Every committed lesson does again what it shows, unsolved and solved."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_output

import vgan_lessons.exercises  # noqa: F401  fills the registry
from notebook_tools import (
    LESSONS,
    NOTEBOOK_SECONDS,
    PATIENCE,
    SMOKE_SECONDS,
    build,
    cell_named,
    compare_strictly,
    executed_notebook,
    exercise_cells,
    printed,
    within_cpu_seconds,
)
from vgan_lessons.checking import find, solved_source, stub_source

every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)


def every_lesson_as(part):
    """Each lesson, the longest first as far as one can know, its seconds counted for it."""
    lessons = [
        pytest.param(path, id=path.stem, marks=pytest.mark.lesson(path.stem[:2], part))
        for path in reversed(LESSONS)
    ]
    return pytest.mark.parametrize("lesson", lessons)


def test_there_are_lessons_to_test():
    assert LESSONS


@every_lesson
def test_a_notebook_agrees_with_its_source(lesson):
    assert build.differences(build.SOURCES / f"{lesson.stem}.py", lesson) == []


def test_no_source_lacks_its_notebook():
    sources = {path.stem for path in build.SOURCES.glob("[0-9][0-9]_*.py")}
    assert sources == {path.stem for path in LESSONS}


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE + 30)
@every_lesson_as("strict")
def test_a_notebook_does_again_what_it_shows(lesson, tmp_path):
    with within_cpu_seconds(NOTEBOOK_SECONDS):
        done = compare_strictly(tmp_path, lesson)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@every_lesson
def test_no_page_shows_a_measurement_below_the_guess_before_it_is_run(lesson):
    cells = nbformat.read(lesson, as_version=4).cells
    told = [
        cell for cell in cells if cell.cell_type == "code" and "you said None" in printed(cell)
    ]
    assert len(told) == sum(cell.id.startswith("predict-") for cell in cells) > 0
    for cell in told:
        assert cell.metadata.jupyter.outputs_hidden and cell.metadata.collapsed, cell.source


@every_lesson
def test_unsolved_exercises_are_published_as_stubs_and_block_nothing(lesson):
    notebook = nbformat.read(lesson, as_version=4)
    for name, parts in exercise_cells(notebook).items():
        stub = cell_named(notebook, f"exercise-{name}")
        stubs = "\n\n\n".join(stub_source(find(part)).strip() for part in parts)
        assert stub.source.strip() == stubs
        told = printed(cell_named(notebook, f"check-{name}"))
        assert told.count("not attempted. Going on with the library's version.") == len(parts)


@pytest.mark.slow
@every_lesson_as("solved")
def test_a_solved_notebook_passes_every_check(lesson, tmp_path):
    notebook = build.read_source(build.SOURCES / f"{lesson.stem}.py")
    cells = exercise_cells(notebook)
    assert cells, "a lesson without an exercise"
    for name, parts in cells.items():
        solved = "\n\n\n".join(solved_source(find(part)) for part in parts)
        cell_named(notebook, f"exercise-{name}").source = solved
    with within_cpu_seconds(SMOKE_SECONDS):
        build.execute(notebook, budget="smoke")
    for name, parts in cells.items():
        told = printed(cell_named(notebook, f"check-{name}"))
        for part in parts:
            assert f"{part}: passed. Going on with yours." in told


def test_a_page_that_costs_too_much_is_seen():
    work = "import time\nwhile time.process_time() < 0.5: pass"
    with pytest.raises(AssertionError, match="s of CPU"), within_cpu_seconds(0.02):
        subprocess.run([sys.executable, "-c", work], check=True)


def stream(text):
    return [new_output("stream", name="stdout", text=text)]


def html(text):
    page = "from IPython.display import HTML, display\ndisplay(HTML({!r}))"
    return page.format(text), [
        new_output(
            "display_data",
            data={"text/html": text, "text/plain": "<IPython.core.display.HTML object>"},
        )
    ]


@pytest.mark.slow
def test_a_strict_run_lets_honest_pages_pass_and_catches_each_broken_cell(tmp_path):
    figure = '<img alt="8 clips; mean 0.5" src="data:image/webp;base64,AAAA">'
    redrawn = figure.replace("AAAA", "BBBB")
    honest = executed_notebook(
        ("print('right')", stream("right\n")),
        (html(figure)[0], html(redrawn)[1]),  # other pixels, the same words
        (
            "print('step took 0.12 s at 0x7f00aa11bb22')",
            stream("step took 3 s at 0x5500aa11bb22\n"),
        ),
    )
    broken = executed_notebook(
        ("print('right')", stream("wrong\n")),
        (html(figure)[0], html(figure.replace("mean 0.5", "mean 0.6"))[1]),
        ("print('a figure is missing')", [*stream("a figure is missing\n"), *html(figure)[1]]),
        ("1 / 0", []),
        ("import sys; print('a warning', file=sys.stderr)", []),
    )
    pages = {tmp_path / "honest.ipynb": honest, tmp_path / "broken.ipynb": broken}
    for path, notebook in pages.items():
        nbformat.write(notebook, path)
    done = compare_strictly(tmp_path, *pages)
    assert done.returncode == 1 and "5 failed, 3 passed" in done.stdout, done.stdout[-3000:]
    assert "broken.ipynb::" in done.stdout and "honest.ipynb::" not in done.stdout
