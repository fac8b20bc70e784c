"""Line charts for the lessons: one call, one message, alt text that says the numbers.

Helpers draw and return None, so a cell that ends with one prints nothing else. The alt text
is made from the data, so a strict run of a notebook compares what was drawn. Where the data
differ from machine to machine (a trained network), give `alt` in your own words instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from torch import Tensor

from vgan_lessons.display.drawing import (
    COLOURS,
    DASHES,
    name_lines_below,
    new_figure,
    put_on_page,
)
from vgan_lessons.display.words import line_in_words

Numbers = Sequence[float] | Tensor


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What one pair of axes shows.

    Args:
        x: positions shared by all lines, (n,).
        lines: legend name -> heights, (n,); not-a-number leaves a gap.
        x_label: what is along the axis, with its unit in brackets where it has one.
        y_label: likewise.
        title: a few words above the axes, to tell panels apart.
        dots: legend name -> (x, y) of single measurements, drawn as dots over the lines.
        marks: label -> x of a thin vertical line.
        y_limits: lowest and highest height shown; None fits the data.
        log_x: logarithmic horizontal axis.
        log_y: logarithmic vertical axis.
    """

    x: Numbers
    lines: Mapping[str, Numbers]
    x_label: str
    y_label: str
    title: str = ""
    dots: Mapping[str, tuple[Numbers, Numbers]] = field(default_factory=dict)
    marks: Mapping[str, float] = field(default_factory=dict)
    y_limits: tuple[float, float] | None = None
    log_x: bool = False
    log_y: bool = False


def show(
    x: Numbers,
    lines: Mapping[str, Numbers],
    *,
    x_label: str,
    y_label: str,
    caption: str = "",
    alt: str = "",
    dots: Mapping[str, tuple[Numbers, Numbers]] | None = None,
    marks: Mapping[str, float] | None = None,
    y_limits: tuple[float, float] | None = None,
    log_x: bool = False,
    log_y: bool = False,
) -> None:
    """Draw lines over one x; the arguments are those of `Chart`.

    Args:
        x: positions shared by all lines, (n,).
        lines: legend name -> heights, (n,).
        x_label: with its unit.
        y_label: with its unit.
        caption: one sentence under the picture.
        alt: your own words for the picture; empty makes them from the data.
        dots: legend name -> (x, y) of single measurements.
        marks: label -> x of a thin vertical line.
        y_limits: lowest and highest height shown.
        log_x: logarithmic horizontal axis.
        log_y: logarithmic vertical axis.
    """
    chart = Chart(
        x=x,
        lines=lines,
        x_label=x_label,
        y_label=y_label,
        dots=dots or {},
        marks=marks or {},
        y_limits=y_limits,
        log_x=log_x,
        log_y=log_y,
    )
    side_by_side(chart, caption=caption, alt=alt)


def side_by_side(*charts: Chart, caption: str = "", alt: str = "") -> None:
    """Draw charts beside one another where the page is wide enough: views of one thing.

    Args:
        charts: one to three of them.
        caption: one sentence under the pictures.
        alt: your own words for the pictures; empty makes them from the data.

    Raises:
        ValueError: if there is no chart, or a line is not as long as its x.
    """
    if not charts:
        raise ValueError("side_by_side needs at least one chart")
    figures = []
    for chart in charts:
        figure, (axes,) = new_figure(width=5.4 if len(charts) == 1 else 3.9)
        _draw(chart, axes)
        if len(chart.lines) + len(chart.dots) > 1:
            name_lines_below(figure, axes)
        figures.append(figure)
    put_on_page(*figures, alt=alt or [_in_words(chart) for chart in charts], caption=caption)


def _draw(chart: Chart, axes: Axes) -> None:
    x = _floats(chart.x)
    for i, (name, heights) in enumerate(chart.lines.items()):
        y = _floats(heights)
        if len(y) != len(x):
            raise ValueError(f"line {name!r} has {len(y)} points, its x has {len(x)}")
        style = {"color": COLOURS[i % len(COLOURS)], "linestyle": DASHES[i % len(DASHES)]}
        axes.plot(x, y, label=name, **style)
    for i, (name, (dot_x, dot_y)) in enumerate(chart.dots.items()):
        shape = "osD^"[i % 4]
        axes.plot(_floats(dot_x), _floats(dot_y), shape, color="black", ms=5, label=name)
    for label, position in chart.marks.items():
        axes.axvline(position, color="#777777", linewidth=0.9)
        axes.annotate(
            label,
            (position, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            fontsize=9,
            color="#444444",
        )
    axes.set(xlabel=chart.x_label, ylabel=chart.y_label, title=chart.title)
    if chart.log_x:
        axes.set_xscale("log")
    if chart.log_y:
        axes.set_yscale("log")
    if chart.y_limits is not None:
        axes.set_ylim(*chart.y_limits)


def _in_words(chart: Chart) -> str:
    title = f"{chart.title}: " if chart.title else ""
    words = [f"{title}{chart.y_label} against {chart.x_label}"]
    x = _floats(chart.x)
    words += [line_in_words(name, x, _floats(y)) for name, y in chart.lines.items()]
    words += [
        line_in_words(f"{name} (dots)", _floats(dot_x), _floats(dot_y))
        for name, (dot_x, dot_y) in chart.dots.items()
    ]
    words += [f"marked: {label}" for label in chart.marks]
    return "; ".join(words) + "."


def _floats(values: Numbers) -> list[float]:
    if isinstance(values, Tensor):
        values = values.detach().cpu().tolist()
    return [float(value) for value in values]
