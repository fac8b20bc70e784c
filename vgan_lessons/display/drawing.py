"""What every figure of the course shares: one look, and one HTML form with words for the eyes.

A figure reaches the page as `<figure><img alt=...>`: the picture is data inside the page, the
alt text says with numbers what it shows, and a strict notebook run compares those words.
Colours are the Okabe-Ito set; every line also has its own dash, so grey print still reads.
"""

import base64
import html
import io
from collections.abc import Sequence

import matplotlib
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from vgan_lessons.display.words import FOLDED

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#56380B", "#CC79A7", "#56B4E9", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 3)))
_LOOK = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.titlesize": 10,
    "lines.linewidth": 2.0,
}
_PIXELS_PER_INCH = 96  # of the page
_SHARPNESS = 1.4  # picture pixels per page pixel, for fine screens
_SLACK = 24  # page pixels between and beside pictures in a row
_LETTERS_PER_INCH = 14  # of a legend
_KEY_LETTERS = 6  # room for the key of a line in a legend, and the gap after it
_LEGEND_ROW = 0.22  # inches
_PALETTE_SIZE = 48  # a drawing needs few colours; the file shrinks threefold


def new_figure(
    n_columns: int = 1, n_rows: int = 1, *, width: float = 5.4, height: float = 3.2
) -> tuple[Figure, list[Axes]]:
    """Open a figure in the course's look, without touching the global plotting state.

    Args:
        n_columns: axes side by side.
        n_rows: axes one above the other.
        width: of the whole figure, in inches (96 page pixels each).
        height: likewise.

    Returns:
        The figure and its axes, row by row.
    """
    with matplotlib.rc_context(_LOOK):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots(n_rows, n_columns, squeeze=False)
    return figure, list(axes.flat)


def png_bytes(figure: Figure) -> bytes:
    """Draw a figure into a small PNG: a palette picture on white.

    Returns:
        The file's bytes, the same for the same figure and library versions.
    """
    raw = io.BytesIO()
    with matplotlib.rc_context(_LOOK):
        figure.savefig(raw, format="png", dpi=_PIXELS_PER_INCH * _SHARPNESS, facecolor="white")
    picture = Image.open(raw).convert("RGB").quantize(_PALETTE_SIZE, dither=Image.Dither.NONE)
    small = io.BytesIO()
    picture.save(small, format="PNG", optimize=True)
    return small.getvalue()


def figure_html(
    *figures: Figure, alt: str | Sequence[str], caption: str = "", columns: int = 0
) -> str:
    """Turn figures into HTML that carries its own pictures, side by side where there is room.

    Args:
        figures: what to draw; on a narrow page they stand one below the other, as large as
            they are.
        alt: what a person who cannot see them must be told, with numbers; one text for all,
            or one for each.
        caption: one sentence under the pictures; empty for none.
        columns: at most so many in a row; 0 is as many as fit.

    Returns:
        A `<figure>` element, escaped and complete.

    Raises:
        ValueError: if an alt text is empty, or there are not as many as figures.
    """
    n = len(figures)
    rest = [f"panel {i} of {n}, told with panel 1" for i in range(2, n + 1)]
    words = [alt, *rest] if isinstance(alt, str) else list(alt)
    if len(words) != n or not all(text.strip() for text in words):
        raise ValueError("a figure needs alt text that says what it shows")
    pictures = "".join(map(_picture, figures, words))
    below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    room = f";max-width:{columns * _page_width(figures[0]) + _SLACK}px" if columns else ""
    return f'<figure style="margin:0.5em 0{room}">{pictures}{below}</figure>'


def _picture(figure: Figure, alt: str) -> str:
    data = base64.b64encode(png_bytes(figure)).decode("ascii")
    return (
        f'<img alt="{html.escape(alt)}" width="{_page_width(figure)}" '
        f'style="max-width:100%;height:auto;display:inline-block;vertical-align:top" '
        f'src="data:image/png;base64,{data}">'
    )


def _page_width(figure: Figure) -> int:
    return round(figure.get_figwidth() * _PIXELS_PER_INCH)


def put_on_page(
    *figures: Figure, alt: str | Sequence[str], caption: str = "", columns: int = 0
) -> None:
    """Display figures in the notebook: HTML for the page, the words for plain terminals.

    Args:
        figures: side by side where there is room.
        alt: one text for all, or one for each.
        caption: one sentence below.
        columns: at most so many in a row; 0 is as many as fit.
    """
    page = figure_html(*figures, alt=alt, caption=caption, columns=columns)
    words = alt if isinstance(alt, str) else " ".join(alt)
    display({"text/html": f"{FOLDED}\n{page}", "text/plain": words}, raw=True)


def name_lines_below(figure: Figure, axes: Axes) -> None:
    """Put the legend of these axes under the figure, which grows: it lies on no curve.

    Args:
        figure: with no other axes.
        axes: what the lines are drawn on.
    """
    handles, names = axes.get_legend_handles_labels()
    letters = _LETTERS_PER_INCH * figure.get_figwidth()
    n_columns = max(1, int(letters // (max(map(len, names)) + _KEY_LETTERS)))
    n_rows = -(-len(names) // n_columns)
    figure.set_figheight(figure.get_figheight() + _LEGEND_ROW * n_rows)
    place = {"loc": "outside lower center", "ncols": min(n_columns, len(names))}
    figure.legend(handles, names, **place, fontsize=9, frameon=False)
