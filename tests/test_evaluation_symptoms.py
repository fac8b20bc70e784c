"""What is read off film strips, on clips that show one trouble each; and the stored runs."""

import pytest
import torch

from vgan_lessons.datasets import load_videos
from vgan_lessons.evaluation.diagnosing import diagnose_video
from vgan_lessons.evaluation.recorded import (
    VIDEO_LABELS,
    held_out_video_curves,
    measured_shapes_runs,
    recorded_video_runs,
)
from vgan_lessons.evaluation.symptoms import symptoms
from vgan_lessons.runtime import new_rng


@pytest.fixture(scope="module")
def clips():
    """Two samples of real clips."""
    bank = load_videos("shapes", image_size=16, n_videos=300)
    return bank.sample_clips(128, n_frames=16, rng=new_rng(0)).split(64)


def test_real_clips_are_healthy(clips):
    seen = symptoms(*clips)
    assert 0.8 < seen.motion < 1.25 and 0.8 < seen.variety < 1.25
    assert seen.restless < 0.4 and seen.comes_back > 1.5 and seen.content_change < 0.01


def test_each_trouble_moves_its_own_number(clips):
    videos, real = clips
    usual = symptoms(videos, real)
    assert symptoms(videos[:, :1].expand_as(videos), real).motion == 0
    order = torch.randperm(16, generator=new_rng(1))
    assert symptoms(videos[:, order], real).restless > 2 * usual.restless
    loop = videos[:, :5].repeat(1, 4, 1, 1, 1)[:, :16]
    assert symptoms(loop, real).comes_back == 0
    share = torch.linspace(0, 1, 16).view(1, 16, 1, 1, 1)
    assert symptoms(videos * (1 - share) + videos.roll(1, 0) * share, real).content_change > 0.3
    assert symptoms(videos[:1].expand_as(videos), real).variety < 1e-6


def test_too_few_clips_or_frames_are_refused(clips):
    for wrong in (clips[0][:1], clips[0][:, :7], clips[0][0]):
        with pytest.raises(ValueError, match="B >= 2 and T >= 8"):
            symptoms(wrong, clips[1])


def test_the_six_stored_runs_have_one_label_each_and_are_named_by_it():
    runs = recorded_video_runs()
    assert sorted(run.label for run in runs.values()) == sorted(VIDEO_LABELS)
    for run in runs.values():
        assert run.clips.shape == (4, 16, 3, 16, 16) and run.clips.dtype == torch.uint8
        assert diagnose_video(run.curves) == run.label
        assert bool(run.slip) == (run.label != "healthy")


def test_the_runs_that_are_not_on_the_page_are_named_as_well():
    held_out = held_out_video_curves()
    assert {label for label, _ in held_out} == set(VIDEO_LABELS) - {"healthy"}
    assert [diagnose_video(curves) for _, curves in held_out] == [
        label for label, _ in held_out
    ]


def test_the_run_of_the_page_was_measured_beside_runs_that_lack_a_part():
    runs = measured_shapes_runs()["runs"]
    assert {"lstm", "independent", "frames only"} == {run["model"] for run in runs}
