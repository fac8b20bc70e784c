"""Lesson 06 as a learner works through it: refused, passed, used; film sets looked through."""

import re

import pytest
from playwright.sync_api import expect

from browser import in_browser

pytestmark = in_browser("06")

BLIND = """class my_ClipDiscriminator(nn.Module):
    def __init__(self, *, n_frames=6, image_size=32, channels=3, base_channels=48):
        super().__init__()
        self.frame = nn.Sequential(
            nn.Flatten(),
            nn.Linear(channels * image_size**2, base_channels),
            nn.ReLU(),
            nn.Linear(base_channels, 1),
        )
        self.weights = nn.Parameter(torch.randn(n_frames))

    def forward(self, clips):
        logits = [self.frame(frame) for frame in clips.unbind(1)]
        return torch.cat(logits, dim=1) @ self.weights"""
RIGHT = """class my_ClipDiscriminator(nn.Module):
    def __init__(self, *, n_frames=6, image_size=32, channels=3, base_channels=48):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(1, 2),
            nn.Conv2d(n_frames * channels, base_channels, 4, stride=4),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(base_channels * (image_size // 4) ** 2, 1),
            nn.Flatten(0),
        )

    def forward(self, clips):
        return self.layers(clips)"""


@pytest.fixture(scope="module")
def lesson(open_lesson):
    """Lesson 06 after Run All; the tests below go on where the one before stopped."""
    opened = open_lesson("06_video_tensors.ipynb")
    opened.run_all()
    return opened


def answer(lesson, text):
    """Type an answer to the fifth exercise, run it and its check; what the check then says."""
    lesson.type_into("exercise-ClipDiscriminator", text)
    lesson.run("exercise-ClipDiscriminator")
    lesson.run("check-ClipDiscriminator")
    return lesson.output("check-ClipDiscriminator")


def test_a_sum_of_frame_scores_is_refused_and_a_network_of_clips_is_used(lesson):
    assert lesson.errors() == [] and lesson.pictures_not_drawn() == []
    lesson.screenshot("06_all")

    told = answer(lesson, BLIND)
    assert "not yet" in told and "weighted by their place" in told

    assert "passed. Going on with yours." in answer(lesson, RIGHT)
    later = lesson.after("check-two_judges", "two_judges(*both")
    lesson.run(later)
    assert "AUC: frames" in lesson.output(later)
    assert lesson.errors() == []


def test_the_viewer_follows_its_list_and_keeps_the_answer_in_a_fold(lesson):
    viewer = lesson.after("check-frame_and_clip_distance", "clip_viewer")
    cell = lesson.cell(viewer)
    lesson.screenshot("06_viewer", viewer)
    fold = cell.get_by_text(re.compile("What was done to set B")).first
    cell.get_by_role("combobox").first.select_option("set B")
    expect(fold).to_be_visible(timeout=20_000)
    expect(cell.get_by_text(re.compile("Set B, 8 frames a second")).first).to_be_visible()
    assert lesson.errors() == []
