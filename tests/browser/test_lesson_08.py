"""Lesson 08 as a learner works through it: refused, passed, used; seeds moved."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("08")

FROZEN = """def my_windows(config, step, n_clips, rng):
    stride = 1 + step % config.max_stride
    first = torch.zeros(n_clips, 1, dtype=torch.int64, device=rng.device)
    index = first + stride * torch.arange(config.window_frames, device=rng.device)
    order = torch.rand(n_clips, config.window_frames, generator=rng, device=rng.device)
    return Window(stride, index, order.argsort(1)[:, : config.single_frames])"""
DRAWN = (
    "first = torch.randint(config.n_frames - (config.window_frames - 1) * stride, "
    "(n_clips, 1), generator=rng, device=rng.device)"
)
RIGHT = re.sub(r"first = torch\.zeros.*", DRAWN, FROZEN)


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 08 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("08_video_gan.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the third exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-windows", text)
    lesson.run("exercise-windows")
    lesson.run("check-windows")
    return lesson.output("check-windows")


def test_windows_that_always_begin_at_frame_0_are_refused_and_drawn_ones_are_used(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("08_all")

    told = answer(lesson, FROZEN)
    assert "not yet" in told and "begins at frame 0" in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    later = lesson.after("check-windows", "many = windows")
    lesson.run(later)
    assert "stride 5, 4 of 16 frames" in lesson.output(later)
    assert lesson.errors() == []


def test_the_grid_of_clips_follows_its_sliders(lesson):
    explorer = lesson.after("check-swap_test", "swap_explorer")
    cell = lesson.cell(explorer)
    picture = cell.locator(".jp-Cell-outputWrapper figcaption").first
    lesson.screenshot("08_explorer", explorer)
    cell.get_by_role("slider").first.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(picture).to_contain_text("one content (seed 1)", timeout=20_000)
    assert lesson.errors() == []
