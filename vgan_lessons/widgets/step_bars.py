"""Centrepiece of notebook 12: where the time of a training step went, as it was measured."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from vgan_lessons.display.drawing import COLOURS, name_lines_below, new_figure, put_on_page
from vgan_lessons.widgets.explorer import Explorer, choice

_HATCHES = ("", "//", "\\\\", "xx", "..", "--", "++")


def step_explorer(measured: Sequence[Mapping]) -> Explorer:
    """A list of settings and machines, over the bars of one step each.

    Args:
        measured: from `runs.measured.measured_steps`.
    """
    rows = _rows(measured)

    def draw(step: str) -> tuple[list[Figure], str]:
        return [_drawn(rows[step])], _in_words(step, rows[step])

    return Explorer(
        draw, {"step": choice("a step of", {name: name for name in rows})}, title="a step"
    )


def show_steps(measured: Sequence[Mapping]) -> None:
    """The same standing still: the shares of all settings, a bar each.

    Args:
        measured: as in `step_explorer`.
    """
    rows = _rows(measured)
    figure, (axes,) = new_figure(width=6.4, height=1.2 + 0.5 * len(rows))
    parts = list(next(iter(rows.values()))["ms"])
    left = [0.0] * len(rows)
    places = range(len(rows) - 1, -1, -1)
    for number, part in enumerate(parts):
        shares = [100 * row["ms"][part] / sum(row["ms"].values()) for row in rows.values()]
        look = {"color": COLOURS[number], "hatch": _HATCHES[number], "edgecolor": "white"}
        axes.barh(places, shares, left=left, label=part, height=0.6, **look)
        left = [a + b for a, b in zip(left, shares, strict=True)]
    axes.set_yticks(places, [row["setting"].replace(", ", "\n", 1) for row in rows.values()])
    axes.set(xlabel="share of a step (%)", xlim=(0, 100))
    name_lines_below(figure, axes)
    whose = {f"{entry['machine']}, torch {entry['torch']}" for entry in measured}
    days = {row["date"] for row in rows.values()}
    caption = f"Measured on {'; '.join(sorted(whose))}; {', '.join(sorted(days))}."
    alt = " ".join(_in_words(*row) for row in rows.items())
    put_on_page(figure, alt=alt, caption=caption)


def _rows(measured: Sequence[Mapping]) -> dict[str, dict]:
    """Every measured setting under a name that says the machine and the day, too."""
    rows = {}
    for entry in measured:
        for setting, row in entry["parts"].items():
            name = f"{setting}; {entry['machine']}, {row['date']}"
            rows[name] = {"setting": setting, **row}
    return rows


def _drawn(row: Mapping) -> Figure:
    figure, (axes,) = new_figure(width=5.8, height=3.0)
    parts, places = row["ms"], range(len(row["ms"]) - 1, -1, -1)
    axes.barh(places, list(parts.values()), color=COLOURS[0], height=0.6)
    for place, milliseconds in zip(places, parts.values(), strict=True):
        share = milliseconds / sum(parts.values())
        axes.text(milliseconds, place, f" {milliseconds:.1f} ms, {share:.0%}", va="center")
    axes.set_yticks(places, list(parts))
    axes.set(xlabel="milliseconds a step", xlim=(0, 1.35 * max(parts.values())))
    return figure


def _in_words(name: str, row: Mapping) -> str:
    said = ", ".join(f"{part} {value:.1f}" for part, value in row["ms"].items())
    return f"A step of {name}, batch {row['batch']}, in milliseconds: {said}."
