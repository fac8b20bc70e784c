"""Numbers and lines in words: what alt texts are made of."""

from collections.abc import Sequence

# JupyterLab shows the first line of a folded output's HTML as it stands, tags and all.
FOLDED = "<!-- a figure: unfold it to see it -->"


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
