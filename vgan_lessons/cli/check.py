"""`vgan-lessons check`: mark one answer file as its notebook would, or list the exercises."""

import argparse
import json
import sys
import time
import traceback
from contextlib import redirect_stdout
from dataclasses import asdict, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import vgan_lessons.exercises  # noqa: F401  (fills the registry)
from vgan_lessons.checking import Exercise, UnknownName, Verdict, all_exercises, find, mark
from vgan_lessons.checking.bookkeeping import note_check
from vgan_lessons.checking.feedback import line, reason
from vgan_lessons.checking.results import Finding, Relation
from vgan_lessons.checking.surroundings.guard import Replaced, originals, refusing_replacements
from vgan_lessons.checking.surroundings.limits import (
    ChildDied,
    TimeUp,
    can_have_child,
    in_child,
    time_limit,
)
from vgan_lessons.checking.surroundings.session import session_untouched

SUMMARY = "mark one exercise, or list them all"
_FILE_SECONDS = 10.0  # of CPU for what stands outside of functions; imports are not counted
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
    """Mark a file, in a child process where there can be one: it may end its process."""
    started = time.perf_counter()
    told = None
    if can_have_child():
        try:
            told = in_child(lambda: _as_data(_marked_here(exercise, path)))
        except ChildDied as how:
            told = _as_data(_unmarked(str(how)))
    verdict = _from_data(exercise, told) if told else _marked_here(exercise, path)
    return replace(verdict, seconds=time.perf_counter() - started)


def _marked_here(exercise: Exercise, path: Path) -> Verdict:
    """Run the file as a fresh module and mark what it defines."""
    name = f"_answer_{path.stem}"
    module = ModuleType(name)
    module.__file__ = str(path.absolute())
    sys.modules[name] = module  # dataclasses look their module up there
    try:
        with (
            originals(),
            redirect_stdout(sys.stderr),
            session_untouched(),
            time_limit(_FILE_SECONDS),
            refusing_replacements(),
        ):  # not imported: the clock stands still while modules are
            exec(compile(path.read_bytes(), module.__file__, "exec"), vars(module))
        return mark(exercise, getattr(module, f"my_{exercise.name}"))
    except TimeUp:
        return _unmarked(f"running {path.name} took longer than {_FILE_SECONDS:g} s")
    except (Exception, SystemExit) as error:
        return _unmarked(_import_trouble(error, path))
    finally:
        del sys.modules[name]


def _as_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict without its mistake, which only its name can stand for outside a process."""
    named = verdict.diagnosis
    said = asdict(named) if isinstance(named, Relation) else named and named.name
    return asdict(replace(verdict, diagnosis=None)) | {"diagnosis": said}


def _from_data(exercise: Exercise, told: dict[str, Any]) -> Verdict:
    said, finding = told["diagnosis"], told["finding"] and Finding(**told["finding"])
    if isinstance(said, dict):
        named = Relation(**said)
    else:
        named = next((known for known in exercise.mistakes if known.name == said), None)
    return Verdict(told["state"], finding, named, tuple(told["notes"]), told["borrowed"])


def _unmarked(what: str) -> Verdict:
    return Verdict("failed", Finding(what, trial="the file"))


def _import_trouble(error: BaseException, path: Path) -> str:
    if isinstance(error, AttributeError) and error.name and error.name.startswith("my_"):
        return f"{path.name} defines no {error.name}"
    if isinstance(error, Replaced):
        return f"{path.name}: {error}"
    if isinstance(error, SyntaxError):
        return f"{path.name}, line {error.lineno}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame.lineno for frame in frames if frame.filename == str(path.absolute())]
    where = f", line {own[-1]}" if own else ""
    return f"{path.name}{where}: {type(error).__name__}: {error}".split("\n")[0]


def _as_json(exercise: Exercise, verdict: Verdict) -> dict[str, Any]:
    return {
        "exercise": exercise.name,
        "state": verdict.state,
        "finding": reason(verdict) or None,
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
