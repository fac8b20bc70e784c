"""Lesson 06's table of traps, row by row: what it says happens, happens."""

import numpy as np
import torch
from PIL import Image
from torch import nn

from vgan_lessons.datasets import pictures


def test_every_second_frame_at_the_same_rate_is_twice_as_fast():
    places = 3.0 * torch.arange(24)  # 3 pixels a frame, 24 frames a second
    halved = places[::2]
    assert halved.diff().unique().tolist() == [6.0]  # played at 24, 6 pixels a frame
    assert len(halved) / 24 == 0.5  # and the second is over after half of one


def test_unequal_frames_jerk_and_resampling_by_time_stamps_mends_it(tmp_path):
    stamps = torch.tensor([0.0, 0.1, 0.2, 0.5, 0.6, 0.7, 1.0])
    places = 30 * stamps  # a constant speed in seconds ...
    assert places.diff().max() > 2.9 * places.diff().min()  # ... and not in frames
    ticks = torch.arange(0, 1.01, 0.1)
    newest = torch.searchsorted(stamps, ticks + 1e-6) - 1
    even = places[newest] + 30 * (ticks - stamps[newest])
    assert even.diff().std() < 1e-4 * even.diff().mean()


def test_a_gif_of_a_still_scene_moves(tmp_path):
    """256 colours of its own for each frame: a grey ramp under a passing colour flickers."""
    ramp = np.linspace(0, 255, 64 * 64).reshape(64, 64)
    films = []
    for t in range(8):
        frame = np.stack([ramp, ramp.T, 255 - ramp], axis=2).astype(np.uint8)
        frame[:8, 8 * t : 8 * t + 8] = 8 * t  # something else moves, in the upper rows
        films.append(frame)
    first, *others = map(Image.fromarray, films)
    first.save(tmp_path / "a.gif", save_all=True, append_images=others)
    shown = [frame.pixels for frame in pictures.read_picture(tmp_path / "a.gif")]
    filmed, stored = (np.stack(clip)[:, 16:].astype(float) for clip in (films, shown))
    assert np.abs(np.diff(filmed, axis=0)).max() == 0  # nobody filmed any motion down there
    assert len(np.unique(shown[0].reshape(-1, 3), axis=0)) <= 256
    assert np.abs(np.diff(stored, axis=0)).mean() > 0.5


def test_batch_norm_over_folded_time_lets_one_clip_change_another():
    clips = torch.randn(4, 6, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    others = clips.clone()
    others[1:] *= 3
    norm = nn.BatchNorm2d(3).train()
    first, second = (norm(c.flatten(0, 1)).unflatten(0, (4, 6))[0] for c in (clips, others))
    assert (first - second).abs().max() > 0.1


def test_zero_padding_in_time_shows_where_a_clip_begins():
    """A film in which nothing ever changes: only its first and last frames look different."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer = nn.Conv3d(1, 8, (3, 1, 1), padding=(1, 0, 0), bias=False)
    out = layer(torch.ones(1, 1, 9, 4, 4)).detach()[0, :, :, 0, 0]  # (8, 9)
    apart = (out - out[:, 4:5]).abs().amax(0)
    assert apart[1:-1].max() < 1e-6 and apart[0] > 0.1 and apart[-1] > 0.1
