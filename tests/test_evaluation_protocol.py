"""The protocol: one door for real and fake clips, and samples that can be trusted."""

import pytest
import torch

from vgan_lessons import layout
from vgan_lessons.datasets import load_videos
from vgan_lessons.evaluation import prepare
from vgan_lessons.evaluation.real_clips import as_bank, draw_real
from vgan_lessons.runtime import new_rng

N = 48


def test_clips_of_the_right_size_keep_every_byte():
    others = load_videos("shapes", n_videos=4).frames.view(4, 16, 3, 32, 32)
    assert torch.equal(prepare(others), others)
    assert torch.equal(prepare(layout.from_uint8(others)), others)


def test_real_and_fake_of_another_size_go_through_the_same_door():
    stored = torch.randint(0, 256, (3, 16, 3, 64, 64), generator=new_rng(1), dtype=torch.uint8)
    small = prepare(stored)
    assert small.shape == (3, 16, 3, 32, 32) and small.dtype == torch.uint8
    assert torch.equal(prepare(layout.from_uint8(stored)), small)
    wanted = stored[1, 5].double().mean().item()
    assert small[1, 5].double().mean().item() == pytest.approx(wanted, abs=1)
    halves = torch.zeros(1, 16, 3, 64, 64, dtype=torch.uint8)
    halves[..., 32:] = 255  # the right half is white
    found = prepare(halves)[0, 0, 0]
    assert found[:, 20:].min() == 255 and found[:, :12].max() == 0


def test_grey_clips_become_grey_rgb():
    grey = torch.randint(0, 256, (2, 16, 1, 32, 32), generator=new_rng(1), dtype=torch.uint8)
    found = prepare(grey)
    assert all(torch.equal(found[:, :, c], grey[:, :, 0]) for c in range(3))


def test_longer_clips_give_windows_of_neighbouring_frames():
    coded = torch.arange(40, dtype=torch.uint8).view(1, 40, 1, 1, 1).expand(64, 40, 3, 32, 32)
    found = prepare(coded, rng=new_rng(0))[:, :, 0, 0, 0].long()
    assert (found.diff(dim=1) == 1).all()
    assert found[:, 0].unique().numel() > 10 and found.max() <= 39
    assert torch.equal(prepare(coded)[:, 0, 0, 0, 0], torch.zeros(64).byte())


@pytest.mark.parametrize(
    "shape, complaint",
    [
        ((2, 15, 3, 32, 32), "needs clips of 16 frames, got 15"),
        ((2, 3, 16, 32, 32), r"\(N, T, 3, H, W\), got \(2, 3, 16, 32, 32\)"),
    ],
)
def test_clips_that_do_not_fit_are_refused_by_shape(shape, complaint):
    with pytest.raises(ValueError, match=complaint):
        prepare(torch.zeros(shape, dtype=torch.uint8))


def test_two_real_samples_share_no_video_where_there_are_enough():
    bank = load_videos("shapes", n_videos=3 * N, seed=3)
    first, second = draw_real(bank, N, seed=0)
    assert first.shape == second.shape == (N, 16, 3, 32, 32)
    assert not any((clip == second).flatten(1).all(1).any() for clip in first)
    again, _ = draw_real(bank, N, seed=0)
    other, _ = draw_real(bank, N, seed=1)
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_few_long_videos_are_cut_into_windows():
    clips = torch.randint(0, 256, (3, 40, 3, 32, 32), generator=new_rng(1), dtype=torch.uint8)
    first, second = draw_real(as_bank(clips), 20, stride=2, seed=0)
    assert first.shape == second.shape == (20, 16, 3, 32, 32)
    windows = (
        clips.unfold(1, 31, 1)[..., ::2].movedim(-1, 2).flatten(0, 1)
    )  # every one there is
    assert all((window == windows).flatten(1).all(1).any() for window in first)
    with pytest.raises(ValueError, match="no real video holds 16 frames at stride 3"):
        draw_real(as_bank(clips), 20, stride=3, seed=0)
