"""One look for all figures, and words for whoever cannot see them."""

import base64
import re

import matplotlib
import pytest
from PIL import Image

from vgan_lessons.display import drawing, words


def test_a_figure_is_one_element_with_its_picture_and_its_words_inside():
    figure, axes = drawing.new_figure()
    axes[0].plot([0, 1], [0, 1])
    page = drawing.figure_html(figure, alt='p < q & "so on"', caption="a <b> caption")
    assert page.startswith("<figure") and page.endswith("</figure>")
    assert 'alt="p &lt; q &amp; &quot;so on&quot;"' in page
    assert "<figcaption>a &lt;b&gt; caption</figcaption>" in page
    data = re.search(r"data:image/png;base64,([A-Za-z0-9+/=]+)", page)[1]
    assert base64.b64decode(data) == drawing.png_bytes(figure)


def test_a_figure_without_words_is_refused():
    figure, _ = drawing.new_figure()
    with pytest.raises(ValueError, match="alt text"):
        drawing.figure_html(figure, alt=" ")


def test_pictures_side_by_side_have_words_each_or_together_and_a_widest_row():
    figures = [drawing.new_figure(width=2.0)[0] for _ in range(3)]
    each = drawing.figure_html(*figures, alt=["a", "b", "c"], columns=2)
    assert re.findall('alt="([^"]*)"', each) == ["a", "b", "c"]
    assert "max-width:408px" in each  # two of 192 pixels, and a gap
    together = drawing.figure_html(*figures, alt="all three")
    assert re.findall('alt="([^"]*)"', together) == [
        "all three",
        "panel 2 of 3, told with panel 1",
        "panel 3 of 3, told with panel 1",
    ]
    for wrong in (["a", "b"], ["a", " ", "c"]):
        with pytest.raises(ValueError, match="alt text"):
            drawing.figure_html(*figures, alt=wrong)


def test_a_picture_is_small_and_drawn_for_fine_screens(tmp_path):
    figure, axes = drawing.new_figure(width=5.0, height=3.0)
    axes[0].plot(range(200))
    (tmp_path / "a.png").write_bytes(drawing.png_bytes(figure))
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (672, 403)  # 1.4 times 480 x 288 pixels of the page
        assert picture.mode == "P"
    assert (tmp_path / "a.png").stat().st_size < 20_000


def test_the_global_plotting_state_is_left_alone():
    before = dict(matplotlib.rcParams)
    figure, _ = drawing.new_figure(2, 2)
    drawing.png_bytes(figure)
    assert dict(matplotlib.rcParams) == before


def test_axes_come_row_by_row():
    _, axes = drawing.new_figure(3, 2)
    assert len(axes) == 6
    rows = [panel.get_subplotspec().rowspan.start for panel in axes]
    assert rows == [0, 0, 0, 1, 1, 1]


def test_lines_are_told_apart_without_colour():
    assert len(set(map(str, drawing.DASHES))) == len(drawing.DASHES) >= len(drawing.COLOURS)


@pytest.mark.parametrize(
    "value, told",
    [(0.693147, "0.693"), (-0.0, "0"), (-8.94e-8, "0"), (1e-5, "1e-05"), (-1234.5, "-1230")],
)
def test_numbers_in_words_are_short_and_never_minus_zero(value, told):
    assert words.number(value) == told


def test_a_line_in_words_names_its_ends_and_its_extremes():
    said = words.line_in_words("V", [0, 1, 2, 3], [1.0, -2.0, 5.0, 3.0])
    assert said == "V: 1 at 0, 3 at 3, lowest -2 at 1, highest 5 at 2"


def test_a_tie_in_the_last_bit_is_no_extreme():
    said = words.line_in_words("JS", [0, 1, 2], [0.0, 0.6931471, 0.6931470])
    assert said == "JS: 0 at 0, 0.693 at 2"


def test_points_that_are_not_drawn_are_not_told():
    nan = float("nan")
    assert words.line_in_words("a", [0, 1, 2], [nan, 1.0, 2.0]) == "a: 1 at 1, 2 at 2"
    assert words.line_in_words("a", [0], [nan]) == "a: nothing to draw"


def test_a_page_gets_html_and_a_terminal_gets_the_words(monkeypatch):
    shown = []
    monkeypatch.setattr(drawing, "display", lambda page, raw: shown.append((page, raw)))
    figure, _ = drawing.new_figure()
    assert drawing.put_on_page(figure, alt="two bells") is None
    ((page, raw),) = shown
    assert raw and set(page) == {"text/html", "text/plain"}
    assert page["text/plain"] == "two bells" and 'alt="two bells"' in page["text/html"]
