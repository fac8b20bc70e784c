"""Bouncing digits, and what all drawn sets promise about seeds, lengths and sizes."""

import pytest
import torch
from sklearn.datasets import load_digits
from torch.nn import functional as F

from pixel_tools import as_videos, centroids
from vgan_lessons.datasets import DataError, draw_shapes, load_videos
from vgan_lessons.datasets.digits import bundled_digits


@pytest.fixture(scope="module")
def digit_bank():
    return load_videos("digits", n_videos=200, seed=3)


def test_the_digits_that_come_with_the_course_are_scikit_learns_to_the_bit():
    images, labels = bundled_digits()
    assert torch.equal(images * 16, torch.from_numpy(load_digits().images).float())
    assert torch.equal(labels, torch.from_numpy(load_digits().target))


def test_the_digits_are_the_bundled_ones_in_grey(digit_bank):
    assert torch.equal(digit_bank.frames[:, 0], digit_bank.frames[:, 2])
    target = torch.from_numpy(load_digits().target)
    assert torch.equal(digit_bank.truth["label"], target[digit_bank.truth["source"]])


def test_a_digit_looks_like_its_original(digit_bank):
    originals = torch.from_numpy(load_digits().images).float().flatten(1)
    videos, corner = as_videos(digit_bank)[:, 0, 0].float(), digit_bank.truth["positions"][:, 0]
    for place in range(8):
        left, top = (corner[place] - 6.5).round().long().tolist()
        seen = videos[place, top : top + 14, left : left + 14]
        seen = F.adaptive_avg_pool2d(seen[None], 8).flatten()
        likeness = [torch.corrcoef(torch.stack([seen, o]))[0, 1] for o in originals]
        best = torch.tensor(likeness).topk(20).indices
        assert digit_bank.truth["source"][place] in best  # of 1797


def test_a_digit_keeps_its_looks_and_drifts_smoothly(digit_bank):
    videos = as_videos(digit_bank)[:, :, :1]
    ink = videos.float().sum((2, 3, 4))
    assert (ink / ink.mean(1, keepdim=True) - 1).abs().max() < 0.02
    offset = centroids(videos) - digit_bank.truth["positions"]
    assert (offset - offset.mean(1, keepdim=True)).norm(dim=-1).max() < 0.1
    steps = digit_bank.truth["positions"].diff(dim=1).norm(dim=-1)
    assert (steps <= digit_bank.truth["speed"][:, None] + 1e-3).all()


@pytest.mark.parametrize("name", ["shapes", "digits"])
def test_a_bigger_bank_begins_with_the_smaller_one(name):
    small, big = (load_videos(name, n_videos=n, seed=1) for n in (7, 70))
    assert torch.equal(small.frames, big.frames[: 7 * 16])


@pytest.mark.parametrize("name", ["shapes", "digits"])
def test_equal_seeds_draw_equal_bytes_and_others_share_no_clip(name):
    one, again, other = (load_videos(name, n_videos=50, seed=seed) for seed in (0, 0, 1))
    assert torch.equal(one.frames, again.frames)
    clips = {clip.numpy().tobytes() for clip in as_videos(one)}
    assert len(clips) == 50
    assert not clips & {clip.numpy().tobytes() for clip in as_videos(other)}


@pytest.mark.parametrize("name", ["shapes", "digits"])
def test_size_and_speed_grow_with_the_frame(name):
    small, big = (load_videos(name, n_videos=3, image_size=size) for size in (32, 64))
    assert big.frames.shape == (48, 3, 64, 64)
    assert torch.allclose(big.truth["speed"], 2 * small.truth["speed"])
    bright = [as_videos(b).float().mean((1, 2, 3, 4)) for b in (small, big)]
    assert ((bright[1] / bright[0]).log().abs() < 0.12).all()


def test_a_frame_too_small_for_a_moving_thing_is_refused():
    for name in ("shapes", "digits"):
        with pytest.raises(DataError, match="image_size must be at least 16, got 8"):
            load_videos(name, image_size=8)
    with pytest.raises(ValueError, match="image_size >= 16"):
        draw_shapes(1, image_size=8, rng=torch.Generator())
