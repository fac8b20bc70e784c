"""Line charts: what is drawn, what the alt text says about it, what is refused."""

import pytest
import torch

from vgan_lessons.display import curves


@pytest.fixture
def drawn(monkeypatch):
    """Every (figure, alt, caption) that a helper puts on the page."""
    seen = []

    def keep(figure, *, alt, caption=""):
        seen.append((figure, alt, caption))

    monkeypatch.setattr(curves, "put_on_page", keep)
    return seen


def test_curves_draw_and_return_nothing(drawn):
    x = torch.linspace(0, 1, 5)
    result = curves.show(x, {"a": x, "b": 1 - x}, x_label="t (s)", y_label="h (m)", caption="c")
    assert result is None
    ((figure, _, caption),) = drawn
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel(), caption) == ("t (s)", "h (m)", "c")
    assert [line.get_label() for line in axes.lines] == ["a", "b"]
    assert list(axes.lines[1].get_ydata()) == [1.0, 0.75, 0.5, 0.25, 0.0]


def test_the_alt_text_tells_labels_and_numbers_of_every_line(drawn):
    curves.show(
        [0, 1, 2],
        {"p": [0.0, 4.0, 1.0]},
        x_label="x",
        y_label="density",
        dots={"tried": ([1], [4.0])},
        marks={"here": 0.5},
    )
    assert drawn[0][1] == (
        "density against x; p: 0 at 0, 1 at 2, highest 4 at 1; "
        "tried (dots): 4 at 1, 4 at 1; marked: here."
    )


def test_your_own_words_replace_the_made_ones(drawn):
    curves.show([0, 1], {"loss": [1, 0]}, x_label="step", y_label="nats", alt="It falls.")
    assert drawn[0][1] == "It falls."


def test_lines_of_one_chart_differ_without_colour(drawn):
    names = "abcdefg"
    curves.show([0, 1], {name: [0, 1] for name in names}, x_label="x", y_label="y")
    (axes,) = drawn[0][0].axes
    dashes = {str(line._unscaled_dash_pattern) for line in axes.lines}
    assert len(dashes) == len(names)
    assert axes.get_legend() is not None


def test_one_line_needs_no_legend(drawn):
    curves.show([0, 1], {"only": [0, 1]}, x_label="x", y_label="y")
    assert drawn[0][0].axes[0].get_legend() is None


def test_panels_stand_side_by_side_in_one_figure(drawn):
    left = curves.Chart(x=[1, 10], lines={"a": [1, 2]}, x_label="n", y_label="e", log_x=True)
    right = curves.Chart(
        x=[0, 1], lines={"b": [1, 100]}, x_label="t", y_label="f", title="T", log_y=True
    )
    assert curves.side_by_side(left, right) is None
    figure, alt, _ = drawn[0]
    assert [panel.get_xscale() for panel in figure.axes] == ["log", "linear"]
    assert [panel.get_yscale() for panel in figure.axes] == ["linear", "log"]
    assert alt == "e against n; a: 1 at 1, 2 at 10. T: f against t; b: 1 at 0, 100 at 1."


def test_a_line_may_require_a_gradient(drawn):
    x = torch.linspace(0, 1, 3, requires_grad=True)
    curves.show(x, {"x squared": x**2}, x_label="x", y_label="y", y_limits=(0, 2))
    assert drawn[0][0].axes[0].get_ylim() == (0, 2)


def test_a_line_of_another_length_than_x_is_named():
    with pytest.raises(ValueError, match="'b' has 3 points, its x has 2"):
        curves.show([0, 1], {"a": [0, 1], "b": [0, 1, 2]}, x_label="x", y_label="y")


def test_no_chart_is_an_error():
    with pytest.raises(ValueError, match="at least one chart"):
        curves.side_by_side()
