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
_SHARPNESS = 1.5  # picture pixels per page pixel, for fine screens
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


def figure_html(figure: Figure, *, alt: str, caption: str = "") -> str:
    """Turn a figure into HTML that carries its own picture.

    Args:
        figure: what to draw.
        alt: what a person who cannot see it must be told, with numbers.
        caption: one sentence under the picture; empty for none.

    Returns:
        A `<figure>` element, escaped and complete.

    Raises:
        ValueError: if the alt text is empty.
    """
    if not alt.strip():
        raise ValueError("a figure needs alt text that says what it shows")
    data = base64.b64encode(png_bytes(figure)).decode("ascii")
    width = round(figure.get_figwidth() * _PIXELS_PER_INCH)
    below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure style="margin:0.5em 0"><img alt="{html.escape(alt)}" width="{width}" '
        f'style="max-width:100%;height:auto" src="data:image/png;base64,{data}">'
        f"{below}</figure>"
    )


def number(value: float) -> str:
    """Write a number for alt text: three significant digits, 0 for what is below 1e-6.

    Example:
        >>> number(0.693147), number(-1e-12), number(1234.5), number(0.00001)
        ('0.693', '0', '1230', '1e-05')
    """
    value = float(f"{float(value):.3g}")
    return f"{value:g}" if abs(value) >= 1e-6 else "0"


def line_in_words(name: str, x: Sequence[float], y: Sequence[float]) -> str:
    """Say where a line starts, ends, and has its lowest and highest point between.

    Args:
        name: what the legend calls it.
        x: horizontal positions, in order.
        y: heights; not-a-number marks points that are not drawn.

    Example:
        >>> line_in_words("p", [0, 1, 2], [0.0, 4.0, 1.0])
        'p: 0 at 0, 1 at 2, highest 4 at 1'
    """
    drawn = [i for i, height in enumerate(y) if height == height]
    if not drawn:
        return f"{name}: nothing to draw"
    first, last = drawn[0], drawn[-1]
    words = [f"{name}: {number(y[first])} at {number(x[first])}"]
    words.append(f"{number(y[last])} at {number(x[last])}")
    low, high = min(drawn, key=lambda i: y[i]), max(drawn, key=lambda i: y[i])
    ends = {number(y[first]), number(y[last])}  # as written: a tie in the last bit is a tie
    if number(y[low]) not in ends:
        words.append(f"lowest {number(y[low])} at {number(x[low])}")
    if number(y[high]) not in ends:
        words.append(f"highest {number(y[high])} at {number(x[high])}")
    return ", ".join(words)


def put_on_page(figure: Figure, *, alt: str, caption: str = "") -> None:
    """Display a figure in the notebook: HTML for the page, the alt text for plain terminals."""
    page = {"text/html": figure_html(figure, alt=alt, caption=caption), "text/plain": alt}
    display(page, raw=True)
