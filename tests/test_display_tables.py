"""Tables: a twin in plain text that a narrow window can hold, and HTML that says the same."""

import re

import pytest

from vgan_lessons.display.tables import TEXT_COLUMNS, show_table, table_text

LONG = ["clip_margin", "motion", "restless", "comes_back", "content_change", "variety"]
LONG += ["d_grad_norm", "g_grad_norm", "real_logit", "fake_logit"]


def shown(capture, rows, **how):
    """(plain text, HTML) of a table."""
    with capture as seen:
        show_table(rows, **how)
    (output,) = seen.outputs
    return output.data["text/plain"], output.data["text/html"]


@pytest.fixture
def capture():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    InteractiveShell.instance()
    yield capture_output()
    InteractiveShell.clear_instance()


def test_both_forms_hold_every_number_once(capture):
    rows = {"A": {"d_loss": 1.4416, "modes": 2.0}, "B": {"d_loss": float("nan"), "modes": 0.0}}
    plain, markup = shown(capture, rows, form=".3g", corner="run")
    wanted = ["      d_", "run loss modes", "A   1.44     2", "B    nan     0"]
    assert plain.splitlines() == wanted
    assert re.findall(r"<td[^>]*>([^<]*)", markup) == ["1.44", "2", "nan", "0"]
    assert re.findall(r'<th scope="row"[^>]*>([^<]*)', markup) == ["A", "B"]
    assert "d_<wbr>loss" in markup


def test_a_wide_table_goes_on_below_and_no_line_is_too_long():
    cells = {"run A": ["-1.28e+03"] * len(LONG), "run B": ["0"] * len(LONG)}
    lines = table_text(LONG, cells, "run").splitlines()
    assert max(map(len, lines)) <= TEXT_COLUMNS
    assert sum(line.startswith("run A") for line in lines) == 2


@pytest.mark.parametrize("rows", [{}, {"A": {"x": 1.0}, "B": {"y": 1.0}}])
def test_rows_that_make_no_table_are_refused(rows):
    with pytest.raises(ValueError, match=r"needs a row|has the columns"):
        show_table(rows)
