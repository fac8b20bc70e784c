"""Lesson 05 as a learner works through it: refused, passed, used; sliders moved."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("05")

MIXING = """class my_FrameDiscriminator(nn.Module):
    def __init__(self, *, image_size=32, channels=3, base_channels=24):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm2d(channels),
            nn.Flatten(),
            nn.Linear(channels * image_size**2, base_channels),
            nn.ReLU(),
            nn.Linear(base_channels, 1),
            nn.Flatten(0),
        )

    def forward(self, frames):
        return self.layers(frames)"""
RIGHT = MIXING.replace("            nn.BatchNorm2d(channels),\n", "")


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 05 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("05_frames.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the second exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-FrameDiscriminator", text)
    lesson.run("exercise-FrameDiscriminator")
    lesson.run("check-FrameDiscriminator")
    return lesson.output("check-FrameDiscriminator")


def test_a_discriminator_that_mixes_the_batch_is_refused_and_a_plain_one_is_used(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("05_all")

    told = answer(lesson, MIXING)
    assert "not yet" in told and "two calls, and both modes" in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    later = lesson.after("check-FrameDiscriminator", "normed = ")
    lesson.run(later)
    assert "measured 0" in lesson.output(later)
    assert lesson.errors() == []


def test_the_time_lapse_follows_its_scrubber(lesson):
    explorer = lesson.after("check-train_frames", "timelapse_explorer")
    cell = lesson.cell(explorer)
    picture = cell.locator(".jp-Cell-outputWrapper img").first
    lesson.screenshot("05_explorer", explorer)
    cell.get_by_role("slider").first.focus()
    lesson.page.keyboard.press("Home")
    expect(picture).to_have_attribute("alt", re.compile("after 0 rounds"), timeout=20_000)
    assert lesson.errors() == []
