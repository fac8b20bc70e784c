"""What a learner has done: the small file that remembers it, and the table that shows it.

The file is JSON, written whole; a damaged one is set aside, and a disk that refuses costs one
message: the lesson goes on.
"""

import atexit
import html
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.registry import all_exercises, all_quizzes
from vgan_lessons.storage import write_json

Progress = dict[str, dict[str, Any]]
_SECTIONS = ("exercises", "predictions", "quizzes")
_ORDER = ("not_attempted", "failed", "passed")
_LEFT = 'style="text-align: left"'  # a style, because JupyterLab's own overrules attributes
_SAID = {"passed": "passed", "failed": "not yet", "not_attempted": "not attempted"}
_unsaved: dict[Path, Progress] = {}  # what a full or read-only disk refused


def progress_file() -> Path:
    """$VGAN_PROGRESS, else a temporary file under tests and CI, else one in the home folder."""
    if chosen := os.environ.get("VGAN_PROGRESS"):
        return Path(chosen)
    if os.environ.get("CI") or os.environ.get("PYTEST_CURRENT_TEST"):
        return _temporary_folder() / "progress.json"
    return Path.home() / ".local" / "share" / "vgan_lessons" / "progress.json"


def read_progress() -> Progress:
    """Everything known; a damaged file is set aside under another name, with a message."""
    path = progress_file()
    if path in _unsaved:
        return _unsaved[path]
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        sound = (
            isinstance(known, dict)
            and all(isinstance(known.get(section, {}), dict) for section in _SECTIONS)
            and all(isinstance(entry, dict) for entry in known.get("exercises", {}).values())
        )
    except FileNotFoundError:
        known, sound = {}, True
    except OSError as error:
        _say(f"progress could not be read from {path}: {error.strerror}")
        known, sound = {}, True
    except ValueError:  # not JSON, or not text
        known, sound = {}, False
    if not sound:
        known = {}
        _set_aside(path)
    return {section: known.get(section, {}) for section in _SECTIONS}


def note_check(name: str, state: str) -> None:
    """Remember the outcome of a check; a pass is never forgotten."""
    known = read_progress()
    entry = known["exercises"].setdefault(name, {})
    states = [entry.get("state"), state]
    entry["state"] = max((s for s in states if s in _ORDER), key=_ORDER.index)
    if state != "not_attempted":
        entry["attempts"] = int(entry.get("attempts", 0)) + 1
    _write(known)


def note_help(name: str, **seen: int | bool) -> None:
    """Remember that help was asked for: `hints=2` or `solution_seen=True`."""
    known = read_progress()
    known["exercises"].setdefault(name, {}).update(seen)
    _write(known)


def note(section: str, name: str, value: Any) -> None:
    """Remember a prediction or the marks of a quiz."""
    known = read_progress()
    known[section][name] = value
    _write(known)


def _write(known: Progress) -> None:
    path = progress_file()
    try:
        write_json(path, {"version": 1, **known})
        _unsaved.pop(path, None)
    except OSError as error:
        if path not in _unsaved:
            _say(f"progress cannot be saved to {path} ({error.strerror}); the lesson goes on")
        _unsaved[path] = known


def _set_aside(path: Path) -> None:
    aside = path.with_name(f"{path.stem}.damaged{path.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")
    try:
        path.rename(aside)
    except OSError:
        return
    _say(f"the progress file was damaged; it is kept as {aside}, and a new one begins")


def _say(message: str) -> None:
    print(message, file=sys.stderr)


@lru_cache(maxsize=1)
def _temporary_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="vgan-progress-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def table_as_text(known: Progress, only: int | str | None = None) -> str:
    """One block a lesson, one line an exercise.

    Args:
        known: what is done.
        only: this lesson, 0, "0" or "00"; None takes all.
    """
    lines = []
    for lesson, exercises in _by_lesson(only):
        lines.append(_headline(lesson, exercises, known))
        for exercise in exercises:
            said = _said(known["exercises"].get(exercise.name, {}))
            lines.append(f"  {exercise.title:<36}{said}")
    return "\n".join(lines) or _none_of(only)


def table_as_html(known: Progress, only: int | str | None = None) -> str:
    """The same as one table, with the lessons as headings."""
    rows = []
    for lesson, exercises in _by_lesson(only):
        headline = html.escape(_headline(lesson, exercises, known))
        rows.append(f'<tr><th colspan="3" scope="rowgroup" {_LEFT}>{headline}</th></tr>')
        for exercise in exercises:
            cells = (
                exercise.title,
                f"{exercise.minutes} min",
                _said(known["exercises"].get(exercise.name, {})),
            )
            row = "".join(f"<td {_LEFT}>{html.escape(cell)}</td>" for cell in cells)
            rows.append(f"<tr>{row}</tr>")
    return f"<table>{''.join(rows)}</table>" if rows else html.escape(_none_of(only))


def _none_of(lesson: int | str | None) -> str:
    have = ", ".join(str(number) for number, _ in _by_lesson(None))
    if lesson is None or not have:
        return "no exercises yet"
    return f"lesson {lesson} has no exercises; these have some: {have}"


def _by_lesson(only: int | str | None) -> Iterator[tuple[int, list[Exercise]]]:
    for lesson, exercises in groupby(all_exercises(), key=lambda exercise: exercise.lesson):
        if only is None or str(only).strip() in (f"{lesson}", f"{lesson:02d}"):
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
    said = _SAID.get(entry.get("state", "not_attempted"), "not attempted")
    return said + (", solution seen" if entry.get("solution_seen") else "")
