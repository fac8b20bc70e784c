"""The log of a run, log.csv: a row every few steps, readable by anything that reads tables."""

import csv
import warnings
from collections.abc import Mapping
from pathlib import Path

from vgan_lessons.runs.folder import RunWarning
from vgan_lessons.storage import whole_file

_LOG = "log.csv"


def append_log(folder: Path, row: Mapping[str, float]) -> None:
    """Add a row to the run's log.csv, with a heading if it is the first.

    Args:
        folder: a run folder.
        row: the step, its losses, anything else; of a log begun by another version those
            columns are filled that it has.
    """
    path = folder / _LOG
    with open(path, "a+", newline="", encoding="utf-8", errors="replace") as file:
        file.seek(0)
        columns = next(csv.reader([file.readline()]), [])
        writer = csv.DictWriter(
            file, columns or list(row), lineterminator="\n", extrasaction="ignore"
        )
        if not columns:
            writer.writeheader()
        writer.writerow(row)


def read_log(folder: str | Path) -> list[dict[str, float]]:
    """The rows of log.csv, oldest first.

    Args:
        folder: a run folder.

    Returns:
        One dictionary a row, numbers as float; empty before the first log. A row cut short by
        a kill is left out.

    Warns:
        RunWarning: names the first line that is no row, and counts those like it.
    """
    lines = _lines(Path(folder))
    columns = next(csv.reader(lines[:1]), [])
    rows, foreign = [], []
    for number, line in enumerate(lines[1:], start=2):
        try:
            values = [float(value) if value else None for value in next(csv.reader([line]))]
            row = dict(zip(columns, values, strict=True))
        except (ValueError, StopIteration, csv.Error):
            foreign += [number] if line.endswith("\n") else []
            continue
        rows.append({name: value for name, value in row.items() if value is not None})
    if foreign:
        warnings.warn(
            f"{Path(folder) / _LOG}: line {foreign[0]} is no row of the log, "
            f"{len(foreign)} such lines are left out",
            RunWarning,
            stacklevel=2,
        )
    return rows


def trim_log(folder: Path, step: int) -> None:
    """Forget rows after a step, before the run is resumed from it; foreign lines stay.

    Warns:
        RunWarning: if the file is something else altogether; it is then kept aside.

    Args:
        folder: a run folder.
        step: the last step to keep.
    """
    path, lines = folder / _LOG, _lines(folder)
    if not lines:
        return
    if not lines[0].startswith("step,"):
        aside = path.with_name("log.foreign.csv")
        path.replace(aside)
        warnings.warn(f"{path} is no log of a run: it is {aside} now", RunWarning, stacklevel=2)
        return
    kept = lines[:1] + [x for x in lines[1:] if x.endswith("\n") and _step(x) <= step]
    with whole_file(path) as draft:
        draft.write_text("".join(kept), encoding="utf-8", newline="")


def _lines(folder: Path) -> list[str]:
    path = folder / _LOG
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8", errors="replace") as file:
        return file.read().splitlines(keepends=True)


def _step(line: str) -> int:
    """The step of a row; somebody's note counts as before all of them."""
    first = line.split(",")[0]
    return int(first) if first.isdecimal() else -1
