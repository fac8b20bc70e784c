"""`vgan-lessons check`: mark one answer file as its notebook would, or list the exercises."""

import argparse
import contextlib
import importlib.util
import json
import sys
import time
import traceback
from dataclasses import replace
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import vgan_lessons.exercises  # noqa: F401  (fills the registry)
from vgan_lessons.checking import Exercise, UnknownName, Verdict, all_exercises, find, mark
from vgan_lessons.checking.bookkeeping import note_check
from vgan_lessons.checking.clock import TimeUp, time_limit
from vgan_lessons.checking.feedback import advice_text, finding_text, line
from vgan_lessons.checking.results import Finding

SUMMARY = "mark one exercise, or list them all"
_IMPORT_SECONDS = 20.0  # an answer file imports torch; an endless loop in it must not hang us
_SHOWN = (
    "name",
    "title",
    "lesson",
    "minutes",
    "difficulty",
    "importance",
    "contract",
    "cases",
    "mistakes",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `check EXERCISE ANSWER.py` and `check --list`.

    Args:
        parser: of the command `check`.
    """
    parser.add_argument("exercise", nargs="?", help="its name, for example hinge_d_loss")
    parser.add_argument("answer", nargs="?", type=Path, help="a file that defines my_EXERCISE")
    parser.add_argument("--list", action="store_true", help="show every exercise instead")
    parser.add_argument("--json", action="store_true", help="for programs: JSON on stdout")


def run(args: argparse.Namespace) -> int:
    """Mark or list.

    Args:
        args: `exercise`, `answer`, `list`, `json`.

    Returns:
        0 if the answer passed or the list was shown, 1 if it did not pass, 2 for bad usage.
    """
    if args.list:
        rows = [_as_row(exercise) for exercise in all_exercises()]
        print(json.dumps(rows) if args.json else "\n".join(map(_row_text, rows)))
        return 0
    if args.exercise is None or args.answer is None:
        return _bad_usage("give an exercise and an answer file, or --list")
    try:
        exercise = find(args.exercise)
    except UnknownName as error:
        return _bad_usage(str(error))
    if not args.answer.is_file():
        return _bad_usage(f"there is no file {args.answer}")
    verdict = _marked(exercise, args.answer)
    if args.json:
        print(json.dumps(_as_json(exercise, verdict)))
    else:
        note_check(exercise.name, verdict.state)
        print(line(exercise, verdict))
    return 0 if verdict.state == "passed" else 1


def _marked(exercise: Exercise, path: Path) -> Verdict:
    """Import the file as a fresh module and mark what it defines."""
    started = time.perf_counter()
    name = f"_answer_{path.stem}"
    loader = SourceFileLoader(name, str(path.absolute()))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    sys.modules[name] = module  # dataclasses look their module up there
    try:
        with contextlib.redirect_stdout(sys.stderr), time_limit(_IMPORT_SECONDS):
            loader.exec_module(module)
        verdict = mark(exercise, getattr(module, f"my_{exercise.name}"))
    except TimeUp:
        verdict = _unmarked(f"importing {path.name} took longer than {_IMPORT_SECONDS:g} s")
    except (Exception, SystemExit) as error:
        verdict = _unmarked(_import_trouble(error, path))
    finally:
        del sys.modules[name]
    return replace(verdict, seconds=time.perf_counter() - started)


def _unmarked(what: str) -> Verdict:
    return Verdict("failed", Finding(what, trial="the file"))


def _import_trouble(error: BaseException, path: Path) -> str:
    if isinstance(error, AttributeError) and error.name and error.name.startswith("my_"):
        return f"{path.name} defines no {error.name}"
    if isinstance(error, SyntaxError):
        return f"{path.name}, line {error.lineno}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame.lineno for frame in frames if frame.filename == str(path.absolute())]
    where = f", line {own[-1]}" if own else ""
    return f"{path.name}{where}: {type(error).__name__}: {error}".split("\n")[0]


def _as_json(exercise: Exercise, verdict: Verdict) -> dict[str, Any]:
    failed = verdict.finding is not None
    found = " ".join((finding_text(verdict), advice_text(verdict))).strip()
    return {
        "exercise": exercise.name,
        "state": verdict.state,
        "finding": found if failed else None,
        "diagnosis": verdict.diagnosis.name if verdict.diagnosis else None,
        "notes": ["borrowed"] * verdict.borrowed + list(verdict.notes),
        "seconds": round(verdict.seconds, 3),
    }


def _as_row(exercise: Exercise) -> dict[str, Any]:
    row = {field: getattr(exercise, field) for field in _SHOWN}
    return row | {field: len(row[field]) for field in ("cases", "mistakes")}


def _row_text(row: dict[str, Any]) -> str:
    counts = f"{row['cases']} cases, {row['mistakes']} mistakes"
    about = f"lesson {row['lesson']:02d}, {row['minutes']} min, {row['difficulty']}, {counts}"
    asked = "".join(f"\n    - {sentence}" for sentence in row["contract"])
    return f"{row['title']} ({about}){asked}"


def _bad_usage(why: str) -> int:
    print(f"vgan-lessons check: {why}", file=sys.stderr)
    return 2
