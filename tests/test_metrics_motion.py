"""What changes over time, and the tracked object: landmarks, oracles, blind spots."""

import pytest
import torch

import oracles_metrics as oracles
from vgan_lessons import metrics
from vgan_lessons.datasets import load_videos
from vgan_lessons.runtime import new_rng


def ar1(n_videos, n_frames, rho, seed):
    """(B, T, 1) unit-variance signals whose neighbouring frames correlate by rho."""
    draws = torch.randn(n_frames, n_videos, 1, generator=new_rng(seed), dtype=torch.float64)
    frames = [draws[0]]
    for draw in draws[1:]:
        frames.append(rho * frames[-1] + (1 - rho**2) ** 0.5 * draw)
    return torch.stack(frames, dim=1)


@pytest.fixture(scope="module")
def shapes():
    bank = load_videos("shapes", n_videos=96, seed=5)
    start = torch.zeros(96, dtype=torch.long)
    return bank.clips(torch.arange(96), start, n_frames=16), bank.truth["positions"]


def random_videos(*shape):
    return 2 * torch.rand(*shape, generator=new_rng(0)) - 1


# --- motion energy, flicker, content --------------------------------------------------------


def test_motion_energy_of_a_slow_signal_is_small_of_its_shuffle_larger_of_its_freeze_zero():
    videos = ar1(20_000, 8, 0.95, seed=0)
    assert metrics.motion_energy(videos).mean().item() == pytest.approx(0.100, abs=0.002)
    order = torch.rand(20_000, 8, generator=new_rng(1)).argsort(1)
    shuffled = videos.gather(1, order[..., None])
    assert metrics.motion_energy(shuffled).mean().item() == pytest.approx(0.278, abs=0.01)
    assert metrics.motion_energy(videos[:, :1].expand(-1, 8, -1)).abs().max().item() == 0


def test_motion_energy_and_flicker_match_their_definitions_video_by_video():
    videos = random_videos(3, 5, 2, 4, 6)
    for b, video in enumerate(videos.double().numpy()):
        assert metrics.motion_energy(videos)[b].item() == pytest.approx(
            oracles.motion_energy(video), rel=1e-5
        )
        assert metrics.flicker(videos)[b].item() == pytest.approx(oracles.flicker(video))


def test_flicker_of_black_and_white_frames_is_one_and_of_a_fade_zero():
    alternating = torch.tensor([-1.0, 1.0] * 4).view(1, 8, 1, 1, 1).expand(1, 8, 3, 4, 4)
    assert metrics.flicker(alternating).item() == pytest.approx(1)
    fade = torch.linspace(-1, 1, 8).view(1, 8, 1, 1, 1).expand(1, 8, 3, 4, 4)
    assert metrics.flicker(fade).item() < 1e-7
    assert metrics.motion_energy(fade).item() > 0


def test_content_consistency_matches_the_mean_cosine_of_all_pairs():
    features = torch.randn(4, 5, 7, generator=new_rng(0), dtype=torch.float64)
    found = metrics.content_consistency(features)
    for b in range(4):
        assert found[b].item() == pytest.approx(
            oracles.content_consistency(features[b].numpy())
        )


def test_content_consistency_is_one_when_frozen_and_deaf_to_the_order_of_frames():
    features = torch.randn(4, 6, 7, generator=new_rng(0))
    frozen = features[:, :1].expand(-1, 6, -1)
    assert metrics.content_consistency(frozen).tolist() == pytest.approx([1.0] * 4)
    found, turned = (metrics.content_consistency(f) for f in (features, features.flip(1)))
    assert torch.allclose(found, turned)


@pytest.mark.parametrize("n, m", [(7, 7), (5, 8), (1, 30)])
def test_wasserstein_1d_matches_scipy_for_unequal_samples(n, m):
    first, second = torch.randn(n + m, generator=new_rng(n), dtype=torch.float64).split([n, m])
    expect = oracles.wasserstein(first.numpy(), second.numpy())
    assert metrics.wasserstein_1d(first, second).item() == pytest.approx(expect)
    assert metrics.wasserstein_1d(first, first[torch.randperm(n)]).item() < 1e-12


def test_too_few_frames_are_refused_by_shape():
    with pytest.raises(ValueError, match=r"T >= 2, got \(2, 1, 3\)"):
        metrics.motion_energy(torch.zeros(2, 1, 3))
    with pytest.raises(ValueError, match="T >= 3"):
        metrics.flicker(torch.zeros(2, 2, 3, 4, 4))


# --- the motion oracle ----------------------------------------------------------------------


def test_the_tracker_finds_every_object_within_a_twentieth_of_a_pixel(shapes):
    videos, positions = shapes
    found = metrics.track(videos)
    assert not found.lost.any()
    assert (found.positions - positions).norm(dim=-1).max() < 0.06


def test_the_tracker_scales_with_the_frame():
    bank = load_videos("shapes", n_videos=8, image_size=64)
    clips = bank.clips(torch.arange(8), torch.zeros(8, dtype=torch.long), n_frames=16)
    found = metrics.track(clips).positions
    assert (found - bank.truth["positions"]).norm(dim=-1).max() < 0.06


def test_x_runs_along_the_width_and_y_along_the_height():
    videos = torch.full((1, 4, 3, 20, 30), -1.0)
    videos[..., 4:7, 20:23] = 1  # rows 4 to 6, columns 20 to 22
    assert metrics.track(videos).positions[0, 0].tolist() == pytest.approx([21, 5])


def test_an_empty_frame_a_lit_room_and_two_far_objects_are_lost(shapes):
    videos = shapes[0][:1].clone()
    videos[:, 0] = -1
    videos[:, 1] = 1
    videos[:, 2] = -1
    videos[:, 2, :, 2:8, 2:8] = 1
    videos[:, 2, :, 24:30, 24:30] = 1
    found = metrics.track(videos)
    assert found.lost[0].tolist() == [True] * 3 + [False] * 13
    assert found.positions[0, :3].isnan().all()
    assert metrics.speed(found.positions).isfinite().all()


def test_straight_paths_have_speed_but_neither_acceleration_nor_residual():
    time = torch.arange(8.0, dtype=torch.float64)
    line = torch.stack([3 * time, 4 * time], dim=-1)[None]
    assert metrics.speed(line).item() == pytest.approx(5)
    assert metrics.acceleration(line).item() == pytest.approx(0, abs=1e-12)
    assert metrics.motion_residual(line).item() == pytest.approx(0, abs=1e-12)


def test_independent_jitter_of_one_pixel_reads_as_about_one_pixel():
    path = torch.randn(2000, 16, 2, generator=new_rng(0), dtype=torch.float64)
    assert metrics.motion_residual(path).mean().item() == pytest.approx(1.18, abs=0.05)


def test_one_bounce_is_forgiven_a_zigzag_in_every_frame_is_not():
    time = torch.arange(16.0, dtype=torch.float64)
    bounce = torch.stack([(time - 7).abs(), time], dim=-1)[None]
    assert metrics.motion_residual(bounce).item() == 0
    shaking = torch.stack([time % 2, time], dim=-1)[None]
    assert metrics.motion_residual(shaking).item() == pytest.approx(4 / 20**0.5)


def test_a_frozen_object_has_a_perfect_path_and_no_speed(shapes):
    held = shapes[0][:8, :1].expand(-1, 16, -1, -1, -1)
    path = metrics.track(held).positions
    assert metrics.motion_residual(path).max() < 1e-9
    assert metrics.speed(path).max() < 1e-9
    real = metrics.track(shapes[0]).positions
    assert metrics.motion_residual(real).mean() < 0.1 and metrics.speed(real).mean() > 1
