"""Tables of numbers: HTML that fits a narrow window, and a plain twin for everything else."""

import html
from collections.abc import Mapping, Sequence

TEXT_COLUMNS = 64  # characters of a line that a narrow window shows without breaking it
_NUMBER = "text-align:right;padding:0.1em 0.6em"
_NAME = "text-align:left;padding:0.1em 0.6em"
_Row = Mapping[str, float | str]


def show_table(rows: Mapping[str, _Row], *, form: str = ".3g", corner: str = "") -> None:
    """Show numbers as a table that wraps between words, however narrow the window is.

    Args:
        rows: by name, each with the same columns by name; text stays as it is.
        form: how a number is written, as in `format(number, form)`.
        corner: what stands above the names of the rows.

    Raises:
        ValueError: if there is no row, or a row has other columns than the first.
    """
    from IPython.display import display

    cells = _written(rows, form)
    columns = list(next(iter(rows.values())))
    told = {
        "text/html": _as_html(columns, cells, corner),
        "text/plain": table_text(columns, cells, corner),
    }
    display(told, raw=True)


def table_text(columns: Sequence[str], cells: Mapping[str, Sequence[str]], corner: str) -> str:
    """The plain twin: columns that do not fit beside the others stand in a block below.

    Args:
        columns: names; a long one is broken at its spaces and underscores.
        cells: by the name of the row, one text a column.
        corner: what stands above the names of the rows.

    Returns:
        Lines of at most 64 characters, as long as one column and the names fit into that.

    Example:
        >>> print(table_text(["d_loss", "modes"], {"A": ["1.4", "2"]}, "run"))
              d_
        run loss modes
        A    1.4     2
    """
    first = max(map(len, [corner, *cells]))
    headings = [_broken(name) for name in columns]
    height = max(map(len, headings))
    lines = [[""] * (height - len(heading)) + heading for heading in headings]
    down = [[*line, *(row[n] for row in cells.values())] for n, line in enumerate(lines)]
    names = [*[""] * (height - 1), corner, *cells]
    written = []
    for block in _blocks(down, TEXT_COLUMNS - first):
        for place, name in enumerate(names):
            entries = [f"{column[place]:>{_width(column)}}" for column in block]
            written.append(" ".join([f"{name:{first}}", *entries]).rstrip())
    return "\n".join(written)


def _blocks(down: list[list[str]], room: int) -> list[list[list[str]]]:
    """Columns, each a list of its entries, in groups that fit beside one another."""
    blocks, used = [[]], 0
    for column in down:
        if blocks[-1] and used + 1 + _width(column) > room:
            blocks, used = [*blocks, []], 0
        blocks[-1].append(column)
        used += 1 + _width(column)
    return blocks


def _width(column: list[str]) -> int:
    return max(map(len, column))


def _written(rows: Mapping[str, _Row], form: str) -> dict[str, list[str]]:
    if not rows:
        raise ValueError("a table needs a row")
    columns = list(next(iter(rows.values())))
    for name, row in rows.items():
        if list(row) != columns:
            raise ValueError(f"row {name!r} has the columns {list(row)}, the first {columns}")
    return {
        name: [cell if isinstance(cell, str) else format(cell, form) for cell in row.values()]
        for name, row in rows.items()
    }


def _broken(name: str) -> list[str]:
    """A heading in lines: "d_grad_norm" is "d_", "grad_", "norm"."""
    return name.replace("_", "_ ").split()


def _as_html(columns: Sequence[str], cells: Mapping[str, Sequence[str]], corner: str) -> str:
    def heading(name: str) -> str:
        return f'<th scope="col" style="{_NUMBER}">{_wrapping(name)}</th>'

    top = f'<th scope="col" style="{_NAME}">{html.escape(corner)}</th>'
    lines = [f"<tr>{top}{''.join(map(heading, columns))}</tr>"]
    for name, row in cells.items():
        numbers = "".join(f'<td style="{_NUMBER}">{html.escape(cell)}</td>' for cell in row)
        side = f'<th scope="row" style="{_NAME}">{html.escape(name)}</th>'
        lines.append(f"<tr>{side}{numbers}</tr>")
    return f"<table>{''.join(lines)}</table>"


def _wrapping(name: str) -> str:
    """A heading that may break behind an underscore."""
    return html.escape(name).replace("_", "_<wbr>")
