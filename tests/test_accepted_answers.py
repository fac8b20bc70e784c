"""What passes can be used: each page runs with every accepted alternative in place.

Run k of a page types the k-th alternative of each of its exercises, so a page needs as many
runs as its richest exercise has alternatives. A push makes the first, `-m thorough` all.
"""

import os

import pytest

import vgan_lessons.exercises  # noqa: F401  fills the registry
from answers import right_answers
from notebook_tools import (
    LESSONS,
    ROOT,
    SMOKE_SECONDS,
    build,
    cell_named,
    exercise_cells,
    printed,
    within_cpu_seconds,
)
from vgan_lessons.checking import Exercise, all_exercises, find


def exercises_of(lesson: str) -> list[Exercise]:
    return [exercise for exercise in all_exercises() if f"{exercise.lesson:02d}" == lesson[:2]]


def runs_of_each_lesson():
    """Every (lesson, run): all but the first only where they are asked for."""
    for path in LESSONS:
        for run in range(max(len(right_answers(e)) for e in exercises_of(path.stem))):
            marks = [pytest.mark.slow, pytest.mark.lesson(path.stem[:2], "alternatives")]
            marks += [pytest.mark.thorough] if run else []
            yield pytest.param(path, run, id=f"{path.stem}-{run}", marks=marks)


def typed_alternative(exercise: Exercise, run: int) -> str:
    """A cell that puts one of the right answers of tests/answers in the learner's place."""
    names = list(right_answers(exercise))
    picked = f"right_answers(find({exercise.name!r}))[{names[run % len(names)]!r}]"
    imports = "from answers import right_answers\nfrom vgan_lessons.checking import find"
    return f"{imports}\n\nmy_{exercise.name} = {picked}"


@pytest.mark.parametrize("lesson, run", list(runs_of_each_lesson()))
def test_a_page_runs_with_alternatives_in_place(lesson, run, monkeypatch):
    paths = (str(ROOT / "tests"), os.environ.get("PYTHONPATH", ""))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    notebook = build.read_source(build.SOURCES / f"{lesson.stem}.py")
    cells = exercise_cells(notebook)
    for name, parts in cells.items():
        alternatives = [typed_alternative(find(part), run) for part in parts]
        cell_named(notebook, f"exercise-{name}").source = "\n\n".join(alternatives)
    with within_cpu_seconds(2 * SMOKE_SECONDS):  # other ways may be slower than the library's
        build.execute(notebook, budget="smoke")
    for name, parts in cells.items():
        told = printed(cell_named(notebook, f"check-{name}"))
        for part in parts:
            assert f"{part}: passed. Going on with yours." in told


def test_every_alternative_has_its_run():
    for path in LESSONS:
        own = exercises_of(path.stem)
        runs = max(len(right_answers(exercise)) for exercise in own)
        for exercise in own:
            typed = {typed_alternative(exercise, run) for run in range(runs)}
            assert len(typed) == len(right_answers(exercise))
