"""The card: a panel of rows, never one number, and the protocol they were taken under."""

import math
from dataclasses import asdict, dataclass
from html import escape
from typing import Literal

Direction = Literal["lower", "higher", "as real"]
DIRECTIONS: dict[str, Direction] = {
    "fvd_small": "lower",
    "fvd_full_size": "lower",
    "kid": "lower",
    "frame_distance": "lower",
    "precision": "higher",
    "recall": "higher",
    "density": "as real",
    "coverage": "higher",
    "content_distance": "lower",
    "motion_energy": "as real",
    "flicker": "as real",
    "residual": "lower",
    "speed": "as real",
    "acceleration": "as real",
    "lost": "lower",
    "named": "higher",
    "rarest_shape": "higher",
    "one_object": "higher",
    "colour": "higher",
    "identity": "higher",
    "classes": "higher",
    "largest_share": "lower",
    "fvd_trained": "lower",
    "memorisation": "as real",
}
_UNITS = {"residual": "px", "speed": "px/frame", "acceleration": "px/frame^2"}
_HEADINGS = ("metric", "value", "95 % interval", "real", "untrained", "better")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One metric; None stands for what was not or could not be measured. Lesson 09."""

    metric: str
    value: float | None  # of the generated clips
    low: float | None  # bootstrap interval of the value at this n
    high: float | None
    floor: float | None  # the same metric of a second real sample: what perfection scores
    untrained: float | None  # the same metric of a generator that has learned nothing
    direction: Direction

    def cells(self) -> tuple[str, ...]:
        """The row as printed, one text per heading."""
        unit = f" ({_UNITS[self.metric]})" if self.metric in _UNITS else ""
        bounds = "-" if self.low is None else f"{_short(self.low)} to {_short(self.high)}"
        values = _short(self.value), bounds, _short(self.floor), _short(self.untrained)
        return (self.metric + unit, *values, self.direction)


@dataclass(frozen=True, kw_only=True)
class MetricCard:
    """What the metrics say about a set of clips, read as a panel. Lesson 09."""

    name: str
    rows: tuple[Row, ...]
    protocol: dict
    notes: tuple[str, ...] = ()  # what has to be known before a row is believed

    def __getitem__(self, metric: str) -> Row:
        """The row of a metric: `card["fvd_small"].value`."""
        for row in self.rows:
            if row.metric == metric:
                return row
        raise KeyError(f"{metric}: this card has {', '.join(r.metric for r in self.rows)}")

    def to_json(self) -> dict:
        """A dict of plain values that JSON can hold."""
        return asdict(self)

    def text(self) -> str:
        """The card as a table of plain text."""
        table = [_HEADINGS, *(row.cells() for row in self.rows)]
        return "\n".join([self._title(), *in_columns(table), *self.notes])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in _HEADINGS)
        body = ""
        for row in self.rows:
            first, *rest = map(escape, row.cells())
            data = "".join(f"<td>{cell}</td>" for cell in rest)
            body += f'<tr><th scope="row">{first}</th>{data}</tr>'
        caption = f"<caption>{escape(self._title())}</caption>"
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        table = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        return f"<table>{caption}{table}</table>{notes}"

    def _title(self) -> str:
        setting = self.protocol
        return (
            f"{self.name}: {setting['n']} clips of {setting['n_frames']} frames at "
            f"{setting['image_size']}x{setting['image_size']} against {setting['data']}, "
            f"seed {setting['seed']}"
        )


def in_columns(table: list[tuple[str, ...]]) -> list[str]:
    """Lines of text with aligned columns, the first to the left, the others to the right.

    Args:
        table: rows of equally many cells, the headings first.
    """
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for first, *rest in table:
        padded = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *padded]).rstrip())
    return lines


def plain(value: float) -> float | None:
    """NaN and infinity have no place in JSON: None instead."""
    return float(value) if math.isfinite(value) else None


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
