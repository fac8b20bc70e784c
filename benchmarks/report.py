"""The report: parts of tables and notes, written down as JSON and as Markdown."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from vgan_lessons.storage import whole_file, write_json

Cell = str | float | int | None | list[float]  # lists: a Spread


@dataclass(kw_only=True)
class Table:
    """One table; numbers stay numbers until they are printed."""

    title: str
    columns: list[str]
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(kw_only=True)
class Part:
    """What one section of a run found out."""

    title: str
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # a sentence each: how it was measured
    values: dict[str, float] = field(default_factory=dict)  # what targets look up
    beside: dict[str, str] = field(default_factory=dict)  # words without which a value misleads
    failures: list[str] = field(default_factory=list)  # why the run must not pass
    open: str = ""  # what is not finished, and how it goes on
    undecided: str = ""  # why its values decide no target
    raw: dict[str, object] = field(default_factory=dict)  # single measurements, JSON only


def write_report(folder: Path, report: dict) -> None:
    """Write `bench.json` and `bench.md`, each whole or not at all.

    Args:
        folder: made if missing.
        report: plain values; see `benchmarks.bench`.
    """
    write_json(folder / "bench.json", _plain(report))
    with whole_file(folder / "bench.md") as draft:
        draft.write_text(markdown(report), encoding="utf-8")


def markdown(report: dict) -> str:
    """The whole report, as it is written to JSON, as a page."""
    lines = [f"# Benchmark: {report['title']}", "", _state(report), ""]
    lines += ["## Targets", "", *_table(report["targets"]), ""]
    for part in report["parts"].values():
        lines += [f"## {part['title']}", ""]
        for table in part["tables"]:
            lines += [f"**{table['title']}**", "", *_table(table), ""]
        lines += [f"- {note}" for note in part["notes"]]
        lines += [f"- **failed**: {failure}" for failure in part["failures"]] + [""]
    lines += ["## Machine and settings", "", "| what | value |", "|---|---|"]
    facts = {**report["machine"], **report["versions"], **report["settings"]}
    lines += [f"| {name} | {value} |" for name, value in facts.items()]
    return "\n".join(lines) + "\n"


def short(value: float) -> str:
    """Three digits that carry the meaning: 0.0123, 1.23, 123, 12345.

    Example:
        >>> short(1234.5), short(0.01234), short(7)
        ('1234', '0.0123', '7')
    """
    if not math.isfinite(value):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _state(report: dict) -> str:
    failures = [f for part in report["parts"].values() for f in part["failures"]]
    if failures:
        return f"**This run does not count**: {'; '.join(failures)}."
    return f"Finished: {report['finished']}. Median (least to most) of n measurements."


def _table(table: dict) -> list[str]:
    rows = [table["columns"], *table["rows"]]
    head, *lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    return [head, "|" + "---|" * len(table["columns"]), *lines]


def _cell(value: Cell) -> str:
    if isinstance(value, (tuple, list)):
        median, low, high, n = value
        bounds = f"{short(low)} to {short(high)}, " if n > 1 else ""
        return f"{short(median)} ({bounds}n={n})"
    return "-" if value is None else value if isinstance(value, str) else short(value)


def _plain(value: object) -> object:
    """NaN and infinity have no place in JSON: None instead."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
