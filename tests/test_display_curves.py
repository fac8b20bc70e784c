"""Line charts: what is drawn, what the alt text says about it, what is refused."""

import pytest
import torch

from vgan_lessons.display import curves


@pytest.fixture
def drawn(monkeypatch):
    """Every (figures, alts, caption) that a helper puts on the page."""
    seen = []

    def keep(*figures, alt, caption=""):
        seen.append((figures, alt, caption))

    monkeypatch.setattr(curves, "put_on_page", keep)
    return seen


def test_curves_draw_and_return_nothing(drawn):
    x = torch.linspace(0, 1, 5)
    result = curves.show(x, {"a": x, "b": 1 - x}, x_label="t (s)", y_label="h (m)", caption="c")
    assert result is None
    (((figure,), _, caption),) = drawn
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
    assert drawn[0][1] == [
        "density against x; p: 0 at 0, 1 at 2, highest 4 at 1; "
        "tried (dots): 4 at 1, 4 at 1; marked: here."
    ]


def test_your_own_words_replace_the_made_ones(drawn):
    curves.show([0, 1], {"loss": [1, 0]}, x_label="step", y_label="nats", alt="It falls.")
    assert drawn[0][1] == "It falls."


def test_lines_of_one_chart_differ_without_colour(drawn):
    names = "abcdefg"
    curves.show([0, 1], {name: [0, 1] for name in names}, x_label="x", y_label="y")
    (axes,) = drawn[0][0][0].axes
    dashes = {str(line._unscaled_dash_pattern) for line in axes.lines}
    assert len(dashes) == len(names)
    assert [text.get_text() for text in legend_of(drawn[0][0][0])] == list(names)


def legend_of(figure):
    """The texts of a figure's only legend."""
    (legend,) = figure.legends
    return legend.get_texts()


@pytest.mark.parametrize("n_lines", [2, 5, 7])
def test_a_legend_lies_below_the_axes_and_inside_the_picture(drawn, n_lines):
    names = [f"a line with the number {i}" for i in range(n_lines)]
    curves.show(
        [0, 1], {name: [0, i] for i, name in enumerate(names)}, x_label="x", y_label="y"
    )
    (figure,) = drawn[0][0]
    figure.draw_without_rendering()
    (axes,) = figure.axes
    box = figure.legends[0].get_window_extent()
    assert box.y1 <= axes.get_tightbbox().y0 and box.y0 >= 0
    assert box.x0 >= 0 and box.x1 <= figure.bbox.width
    assert axes.get_window_extent().height > 0.5 * 3.2 * figure.dpi  # the lines keep their room


def test_one_line_needs_no_legend(drawn):
    curves.show([0, 1], {"only": [0, 1]}, x_label="x", y_label="y")
    assert drawn[0][0][0].legends == []


def test_panels_are_pictures_of_their_own_so_that_a_narrow_page_stacks_them(drawn):
    left = curves.Chart(x=[1, 10], lines={"a": [1, 2]}, x_label="n", y_label="e", log_x=True)
    right = curves.Chart(
        x=[0, 1], lines={"b": [1, 100]}, x_label="t", y_label="f", title="T", log_y=True
    )
    assert curves.side_by_side(left, right) is None
    figures, alts, _ = drawn[0]
    panels = [figure.axes[0] for figure in figures]
    assert [panel.get_xscale() for panel in panels] == ["log", "linear"]
    assert [panel.get_yscale() for panel in panels] == ["linear", "log"]
    assert alts == [
        "e against n; a: 1 at 1, 2 at 10.",
        "T: f against t; b: 1 at 0, 100 at 1.",
    ]


def test_a_line_may_require_a_gradient(drawn):
    x = torch.linspace(0, 1, 3, requires_grad=True)
    curves.show(x, {"x squared": x**2}, x_label="x", y_label="y", y_limits=(0, 2))
    assert drawn[0][0][0].axes[0].get_ylim() == (0, 2)


def test_a_line_of_another_length_than_x_is_named():
    with pytest.raises(ValueError, match="'b' has 3 points, its x has 2"):
        curves.show([0, 1], {"a": [0, 1], "b": [0, 1, 2]}, x_label="x", y_label="y")


def test_no_chart_is_an_error():
    with pytest.raises(ValueError, match="at least one chart"):
        curves.side_by_side()
