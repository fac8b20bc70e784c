"""The progress table, as plain text and as HTML."""

import html
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from vgan_lessons.checking.bookkeeping import Progress
from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.registry import all_exercises, all_quizzes

LEFT = 'style="text-align: left"'  # a style, because JupyterLab's own overrules attributes
SAID = {"passed": "passed", "failed": "not yet", "not_attempted": "not attempted"}


def as_text(known: Progress, only: int | None = None) -> str:
    """One block a lesson, one line an exercise.

    Args:
        known: what is done.
        only: this lesson; None takes all.
    """
    lines = []
    for lesson, exercises in _by_lesson(only):
        lines.append(_headline(lesson, exercises, known))
        for exercise in exercises:
            said = _said(known["exercises"].get(exercise.name, {}))
            lines.append(f"  {exercise.title:<36}{said}")
    return "\n".join(lines) or "no exercises yet"


def as_html(known: Progress, only: int | None = None) -> str:
    """The same as one table, with the lessons as headings."""
    rows = []
    for lesson, exercises in _by_lesson(only):
        headline = html.escape(_headline(lesson, exercises, known))
        rows.append(f'<tr><th colspan="3" scope="rowgroup" {LEFT}>{headline}</th></tr>')
        for exercise in exercises:
            cells = (
                exercise.title,
                f"{exercise.minutes} min",
                _said(known["exercises"].get(exercise.name, {})),
            )
            row = "".join(f"<td {LEFT}>{html.escape(cell)}</td>" for cell in cells)
            rows.append(f"<tr>{row}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _by_lesson(only: int | None) -> Iterator[tuple[int, list[Exercise]]]:
    for lesson, exercises in groupby(all_exercises(), key=lambda exercise: exercise.lesson):
        if only in (None, lesson):
            yield lesson, list(exercises)


def _headline(lesson: int, exercises: list[Exercise], known: Progress) -> str:
    entries = [known["exercises"].get(exercise.name, {}) for exercise in exercises]
    passed = sum(entry.get("state") == "passed" for entry in entries)
    said = f"lesson {lesson:02d}: {passed} of {len(exercises)} passed"
    for quiz in all_quizzes():
        if quiz.lesson == lesson:
            marks = known["quizzes"].get(str(lesson), [])
            said += f", quiz {marks.count('right')} of {len(quiz.questions)}"
    return said


def _said(entry: dict[str, Any]) -> str:
    said = SAID.get(entry.get("state", "not_attempted"), "not attempted")
    return said + (", solution seen" if entry.get("solution_seen") else "")
