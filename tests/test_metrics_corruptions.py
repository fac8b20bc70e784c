"""Every corruption does what its name says, and nothing at severity 0."""

import pytest
import torch

from vgan_lessons.datasets import load_videos
from vgan_lessons.metrics import CORRUPTIONS, corrupt, motion_energy
from vgan_lessons.runtime import new_rng


@pytest.fixture(scope="module")
def videos():
    bank = load_videos("shapes", n_videos=40, seed=5)
    return bank.clips(torch.arange(40), torch.zeros(40, dtype=torch.long), n_frames=16)


def coded(B=6, T=8):
    """Pixel value b + t / 100, so that every frame can be told apart."""
    value = torch.arange(B)[:, None] + torch.arange(T) / 100
    return value.view(B, T, 1, 1, 1).expand(B, T, 3, 4, 5).clone()


def frame_codes(videos):
    return (videos[:, :, 0, 0, 0] % 1 * 100).round().long()


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_level_zero_changes_nothing_and_the_input_is_never_touched(name, videos):
    before = videos.clone()
    assert torch.equal(corrupt(name, videos, 0, new_rng(0)), videos)
    corrupt(name, videos, 5, new_rng(0))
    assert torch.equal(videos, before)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_seed_spoils_in_the_same_way_each_time_within_the_pixel_range(name, videos):
    first, second = (corrupt(name, videos, 4, new_rng(3)) for _ in range(2))
    assert torch.equal(first, second)
    assert first.shape[1:] == videos.shape[1:] and first.dtype == videos.dtype
    assert first.min() >= -1 - 1e-6 and first.max() <= 1 + 1e-6
    assert not torch.equal(first, videos[: len(first)])


def test_shuffling_keeps_every_frame_and_moves_the_stated_share():
    made = frame_codes(CORRUPTIONS["shuffled"](coded(200), 0.5, new_rng(0)))
    assert (made.sort(1).values == torch.arange(8)).all()
    moved = (made != torch.arange(8)).sum(1)
    assert moved.max() == 4 and moved.float().mean() == pytest.approx(3, abs=0.3)  # 4 - 4 / 4


def test_freezing_holds_the_last_moving_frame():
    made = frame_codes(CORRUPTIONS["frozen"](coded(), 0.4, new_rng(0)))
    assert made[0].tolist() == [0, 1, 2, 3, 4, 4, 4, 4]


def test_slowing_blends_neighbouring_frames():
    made = CORRUPTIONS["slowed"](coded(), 0.625, new_rng(0))  # half speed
    assert (made[0, :, 0, 0, 0] * 100).tolist() == pytest.approx(
        [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], abs=1e-4
    )


def test_playing_backwards_turns_whole_videos():
    made = frame_codes(CORRUPTIONS["played backwards"](coded(), 1.0, new_rng(0)))
    assert (made == torch.arange(7, -1, -1)).all()


def test_blur_keeps_the_mean_of_an_object_far_from_the_border():
    video = torch.full((1, 2, 3, 32, 32), -1.0)
    video[..., 14:18, 14:18] = 1
    made = CORRUPTIONS["blurred"](video, 1.0, new_rng(0))
    assert made.mean().item() == pytest.approx(video.mean().item(), abs=1e-5)
    assert made.max() < 0.5


def test_jitter_shifts_rows_and_columns_by_whole_pixels_and_differently_in_each_frame():
    H, W = 9, 12
    video = (torch.arange(H)[:, None] * 100.0 + torch.arange(W)).expand(1, 30, 1, H, W)
    made = CORRUPTIONS["jittered"](video, 1.0, new_rng(0))[0, :, 0, 4, 6]  # codes 100 row + col
    rows, columns = (made / 100).round() - 4, made - (made / 100).round() * 100 - 6
    for shifts in (rows, columns):
        assert shifts.abs().max() == 3 and len(shifts.unique()) == 7
    assert not torch.equal(rows, columns)


def test_flicker_darkens_towards_black(videos):
    made = CORRUPTIONS["flickering"](videos, 1.0, new_rng(0))
    assert (made <= videos + 1e-6).all()
    assert torch.equal(made == -1, videos == -1)


def test_a_switched_video_ends_as_another_one():
    made = CORRUPTIONS["identity switched"](coded(6, 16), 1.0, new_rng(0))[
        :, :, 0, 0, 0
    ].floor()
    assert made[:, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert made[:, -1].tolist() == [5, 0, 1, 2, 3, 4]
    assert ((made.diff(dim=1) != 0).sum(1) == 1).all()


def test_dropped_modes_leave_fewer_colours_and_untouched_videos(videos):
    made = CORRUPTIONS["modes dropped"](videos, 1.0, new_rng(0))
    assert len(made) == 8
    assert all((clip == videos).flatten(1).all(1).any() for clip in made)
    spread = made.mean(dim=(1, 3, 4)).std(0).norm()
    assert spread < videos.mean(dim=(1, 3, 4)).std(0).norm()


def test_motion_energy_sees_noise_and_jitter_but_not_the_direction_of_time(videos):
    energy = {
        name: motion_energy(corrupt(name, videos, 5, new_rng(0))).mean().item()
        for name in CORRUPTIONS
    }
    real = motion_energy(videos).mean().item()
    assert energy["noisy"] > 2 * real and energy["jittered"] > 1.5 * real
    assert energy["frozen"] == 0 and energy["slowed"] < 0.5 * real
    assert energy["played backwards"] == pytest.approx(real)


def test_an_unknown_corruption_or_level_is_refused():
    with pytest.raises(ValueError, match="expected one of shuffled, frozen"):
        corrupt("melted", coded(), 1, new_rng(0))
    with pytest.raises(ValueError, match="0 to 5, got 6"):
        corrupt("noisy", coded(), 6, new_rng(0))
