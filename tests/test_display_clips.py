"""Figures of clips: the right pixels in the right place, described in words."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from clip_tools import frames_of, images_of, index_coded, sliding_square
from vgan_lessons.display import clips, strips
from vgan_lessons.display.strips import GAP_GREY, tiled_grid


def test_a_film_strip_has_a_row_for_a_clip_and_a_column_for_a_frame():
    strip = strips.film_strip(index_coded(2, 3))
    assert strip.shape == (2 * 8 + 1, 3 * 10 + 2, 3)
    middles = [
        [strip[row * 9 + 4, column * 11 + 5, 0] for column in range(3)] for row in (0, 1)
    ]
    assert middles == [[0, 1, 2], [3, 4, 5]]
    assert (strip[8] == GAP_GREY).all() and (strip[:, 10] == GAP_GREY).all()


def test_a_grid_fills_rows_from_the_left_and_leaves_the_rest_grey():
    pixels = index_coded(3, 2).expand(-1, -1, 3, -1, -1).permute(0, 1, 3, 4, 2).numpy()
    grid = tiled_grid(pixels, columns=2)
    assert grid.shape == (2, 17, 21, 3)
    assert [int(grid[1, row, column, 0]) for row, column in ((0, 0), (0, 11), (9, 0))] == [
        1,
        3,
        5,
    ]
    assert (grid[:, 9:, 11:] == GAP_GREY).all()


def test_colours_keep_their_channel():
    red = torch.full((1, 1, 3, 4, 5), -1.0)
    red[:, :, 0] = 1
    assert strips.film_strip(red)[2, 2].tolist() == [255, 0, 0]


def test_floats_and_stored_bytes_show_the_same_picture():
    stored = torch.randint(0, 256, (2, 3, 3, 8, 8), dtype=torch.uint8)
    floats = stored.float() / 127.5 - 1
    assert (strips.film_strip(stored) == strips.film_strip(floats)).all()


def test_enlarging_copies_pixels_and_invents_none():
    videos = torch.randint(0, 256, (1, 2, 3, 4, 4), dtype=torch.uint8)
    small, large = strips.film_strip(videos), strips.film_strip(videos, scale=3)
    assert (large[::3, ::3] == small).all() and (large[2::3, 2::3] == small).all()


def test_row_labels_stand_left_of_their_rows():
    videos = index_coded(2, 2, height=32, width=32)
    bare = strips.film_strip(videos, scale=2)
    named = strips.film_strip(videos, scale=2, row_labels=["real", "fake"])
    margin = named.shape[1] - bare.shape[1]
    assert margin > 20 and (named[:, margin:] == bare).all()
    labels = named[:, :margin]
    assert (labels[:64] == 255).any() and (labels[66:] == 255).any()  # ink beside both rows
    assert named.shape[0] == bare.shape[0]


def test_a_clip_that_needs_gradients_can_be_shown():
    videos = torch.zeros(1, 2, 1, 8, 8, requires_grad=True)
    assert "motion energy 0" in clips.show_clips(videos, caption="a still").alt


@pytest.mark.parametrize(
    "videos, message",
    [
        (torch.zeros(4, 3, 8, 8), r"must be \(B, T, C, H, W\), got 4 axes: \(4, 3, 8, 8\)"),
        (torch.zeros(0, 4, 3, 8, 8), r"empty axis, got \(0, 4, 3, 8, 8\)"),
        (torch.zeros(2, 3, 16, 8, 8), r"volumes \(B, C, T, H, W\)"),
        (torch.zeros(2, 16, 4, 8, 8), r"C of .* must be 1 or 3"),
        (torch.full((1, 1, 1, 2, 2), float("nan")), "not finite"),
        (torch.full((1, 1, 1, 2, 2), 255.0), "must be uint8"),
    ],
    ids=["no time axis", "no clips", "volumes", "four channels", "nan", "floats up to 255"],
)
def test_what_is_no_video_is_refused_in_words(videos, message):
    with pytest.raises(ValueError, match=message):
        strips.film_strip(videos)


@pytest.mark.parametrize(
    "videos", [np.zeros((1, 1, 1, 2, 2)), torch.zeros(1, 1, 1, 2, 2).long()]
)
def test_another_type_than_floats_and_uint8_is_refused(videos):
    with pytest.raises(TypeError, match=r"videos must be .*, got (ndarray|torch\.int64)"):
        clips.show_clips(videos, caption="")


def test_a_figure_says_shape_mean_and_motion_energy():
    videos = -torch.ones(2, 3, 1, 8, 10)
    videos[:, 1] = 1  # black, white, black: every change is 2, its square 4
    figure = clips.show_clips(videos, caption="Blinking.")
    words = (
        "2 clips of 3 frames, 8 x 10 pixels; mean -0.33, motion energy 4; "
        "100 % of the pixels change a frame, and no object stands out in every frame"
    )
    assert figure.alt == words
    assert [alt for alt, _ in images_of(figure)] == [words, f"film strip of {words}"]
    assert words in repr(figure) and "base64" not in repr(figure)


def test_a_clip_that_stands_still_has_no_motion_energy():
    figure = clips.show_clips(torch.zeros(1, 1, 1, 8, 8) - 0.001, caption="")
    assert (
        figure.alt
        == "1 clip of 1 frame, 8 x 8 pixels; mean 0.00, motion energy 0; nothing moves"
    )


@pytest.mark.parametrize(
    "step, words",
    [
        ((0, 2), "moves 2.0 pixels a frame, mostly sideways"),
        ((3, 0), "moves 3.0 pixels a frame, mostly up and down"),
        ((3, 4), "moves 5.0 pixels a frame, in all directions"),
    ],
)
def test_the_alt_text_says_how_far_and_which_way_an_object_moves(step, words):
    videos = -torch.ones(1, 4, 1, 40, 40)
    videos += 0.05 * torch.randn(videos.shape, generator=torch.Generator().manual_seed(0)).abs()
    for t in range(4):
        top, left = step[0] * t, step[1] * t
        videos[0, t, 0, top : top + 8, left : left + 8] = 1
    assert clips.show_clips(videos.clamp(-1, 1), caption="").alt.endswith(words)


def test_the_alt_text_says_which_share_of_the_pixels_changes():
    alt = clips.show_clips(sliding_square(), caption="").alt
    assert (
        "; 3.1 % of the pixels change a frame; " in alt
    )  # two columns go, two come: 32 / 1024


def test_folding_a_figure_leaves_what_stands_still_and_less_motion_means_none():
    figure = clips.show_clips(sliding_square(), caption="A square.").html
    fold, rest = figure.split("</details>")
    assert "<details open><summary>Moving; fold to pause</summary><picture>" in fold
    choice, moving = fold.split("><img ")
    assert 'media="(prefers-reduced-motion: reduce)"' in choice
    pictures = [
        frames_of(b64decode(re.search('base64,([^"]+)', part)[1]))
        for part in (choice, moving, rest)
    ]
    assert [len(frames) for frames in pictures] == [1, 6, 1]
    first, animated, _ = pictures
    assert np.abs(first[0].astype(int) - animated[0]).mean() < 8  # the first frame, as it moves


def test_the_moving_picture_of_a_figure_holds_every_frame_and_loops():
    (_, moving), (_, strip) = images_of(clips.show_clips(sliding_square(), caption=""))
    frames = frames_of(moving)
    assert len(frames) == 6 and frames[0].shape == (32, 32, 3)
    assert frames[5][12, 18].min() > 200 and frames[0][12, 18].max() < 60  # it moved there
    assert Image.open(BytesIO(moving)).info["loop"] == 0
    assert Image.open(BytesIO(strip)).size == (6 * 32 + 5, 32)


def test_a_long_clip_is_stripped_down_to_eight_frames_and_says_so():
    videos = 5 * index_coded(3, 16, height=32, width=32)
    figure = clips.show_clips(videos, caption="Codes.")
    assert "Codes. Below: the first 2 clips, every second frame." in figure.html
    _, (alt, strip) = images_of(figure)
    assert alt.startswith("film strip of 2 clips of 8 frames")
    middles = frames_of(strip)[0][16, 16::33, 0]
    assert middles.tolist() == pytest.approx(
        list(range(0, 80, 10)), abs=4
    )  # 0, 2, 4 ... times 5


def test_a_figure_can_leave_the_strip_out():
    figure = clips.show_clips(sliding_square(), caption="Moving.", strip_rows=0)
    assert len(images_of(figure)) == 1 and "Below" not in figure.html


def test_captions_and_labels_are_text_not_markup():
    figure = clips.show_film_strip(
        torch.zeros(1, 2, 1, 32, 32), caption='p < q & "so"', row_labels=['<b>"']
    )
    assert "p &lt; q &amp; &quot;so&quot;" in figure.html
    assert "<b>" not in figure.html and 'rows: <b>"' in images_of(figure)[0][0]


def test_small_frames_are_enlarged_on_the_page_and_stay_crisp():
    figure = clips.show_clips(torch.zeros(4, 2, 1, 32, 32), caption="")
    assert 'width="393"' in figure.html  # (4 * 32 + 3 gaps) * 3
    assert "image-rendering: pixelated" in figure.html


def test_sixteen_clips_of_people_size_stay_small():
    rng = torch.Generator().manual_seed(0)
    still = torch.rand(16, 1, 3, 64, 64, generator=rng)
    smooth = torch.nn.functional.avg_pool2d(still.flatten(0, 1), 9, 1, 4).view_as(still)
    noise = 0.02 * torch.randn(16, 16, 3, 64, 64, generator=rng)
    figure = clips.show_clips(2 * smooth - 1 + noise, caption="")
    assert len(figure.html) < 250_000


def test_the_fold_of_a_figure_shows_words_and_not_a_tag():
    """JupyterLab shows the first line of the HTML that it folds, as it stands."""
    first, second = (
        clips.show_film_strip(index_coded(1, 2), caption="c")._repr_html_().split("\n")[:2]
    )
    assert "a figure: unfold it to see it" in first and second.startswith("<figure")
