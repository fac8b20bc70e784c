"""Clips and film strips as files: every frame at its time, whole, the same bytes again."""

import sys

import numpy as np
import pytest
import torch

from clip_tools import durations_of, frames_of, index_coded, mp4_frames, sliding_square
from vgan_lessons.display import files, strips


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda v, at: files.save_clip(at / "a.avi", v),
            r"\.webp, \.gif or \.mp4, got 'a\.avi'",
        ),
        (
            lambda v, at: files.save_clip(at / "a.gif", v, fps=0),
            "fps must be between 1 and 50",
        ),
        (
            lambda v, at: files.save_clip(at / "a.gif", v, columns=0),
            "columns must be at least 1",
        ),
        (
            lambda v, at: files.save_clip(at / "a.gif", v, scale=0),
            "whole number of at least 1",
        ),
        (lambda v, at: files.save_film_strip(at / "a.jpg", v), r"\.png or \.webp"),
        (
            lambda v, at: files.save_film_strip(at / "a.png", v, row_labels="ab"),
            "1 rows need",
        ),
    ],
)
def test_wrong_arguments_are_refused_before_a_file_appears(call, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        call(torch.zeros(1, 2, 1, 8, 8), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", ["webp", "gif", "mp4"])
def test_a_saved_clip_reads_back_frame_by_frame(suffix, tmp_path):
    videos = sliding_square()
    path = tmp_path / "new_folder" / f"clip.{suffix}"
    files.save_clip(path, videos, scale=2, columns=1)
    frames = np.stack(mp4_frames(path, 64) if suffix == "mp4" else frames_of(path.read_bytes()))
    wanted = [strips.film_strip(videos[:, t : t + 1], scale=2) for t in range(6)]
    wanted = np.stack(wanted).astype(int)
    assert frames.shape == wanted.shape == (6, 64, 64, 3)
    assert (
        np.abs(frames.astype(int) - wanted).mean() < 4
    )  # lossy, but the same picture at the same time


def with_pauses():
    """A square that stands still for four frames, moves, and stands still at the end."""
    return sliding_square()[:, [0, 0, 0, 0, 1, 2, 2, 3, 4, 5, 5, 5]]


@pytest.mark.parametrize("fps, fast", [(8, 0.125), (3, 0.333), (30, 0.033)])
@pytest.mark.parametrize("suffix", ["webp", "gif"])
def test_a_pause_keeps_its_frames_and_their_times(suffix, fps, fast, tmp_path):
    files.save_clip(tmp_path / f"clip.{suffix}", with_pauses(), fps=fps, scale=1, columns=1)
    picture = (tmp_path / f"clip.{suffix}").read_bytes()
    frames = np.stack(frames_of(picture)).astype(int)
    wanted = strips.as_pixels(with_pauses())[0].astype(int)
    assert frames.shape == (12, 32, 32, 3) and np.abs(frames - wanted).mean() < 4
    durations = durations_of(picture)
    assert len(set(durations)) == 1 and abs(durations[0] / 1000 - fast) < 0.01


@pytest.mark.parametrize("suffix", ["webp", "gif"])
def test_a_clip_that_never_moves_keeps_its_length(suffix, tmp_path):
    files.save_clip(tmp_path / f"clip.{suffix}", sliding_square()[:, [0] * 7], scale=1)
    picture = (tmp_path / f"clip.{suffix}").read_bytes()
    frames = np.stack(frames_of(picture)).astype(int)
    assert len(frames) == 7 and len(set(durations_of(picture))) == 1
    assert np.abs(frames - strips.as_pixels(sliding_square())[0, 0]).mean() < 4


def test_a_grid_of_odd_size_makes_an_mp4_too(tmp_path):
    files.save_clip(tmp_path / "clip.mp4", index_coded(1, 3, height=33, width=35), scale=1)
    assert len(mp4_frames(tmp_path / "clip.mp4", 34, 36)) == 3


def test_mp4_without_pyav_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)  # what a missing one looks like
    with pytest.raises(RuntimeError, match="pip install av"):
        files.save_clip(tmp_path / "clip.mp4", torch.zeros(1, 2, 1, 8, 8))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["strip.png", "strip.webp"])
def test_a_saved_film_strip_keeps_every_pixel(name, tmp_path):
    videos = torch.randint(0, 256, (2, 3, 3, 8, 8), dtype=torch.uint8)
    files.save_film_strip(tmp_path / name, videos, scale=1)
    assert (frames_of((tmp_path / name).read_bytes())[0] == strips.film_strip(videos)).all()


@pytest.mark.parametrize("name", ["a.webp", "a.gif", "a.mp4", "a.png"])
def test_the_same_clips_make_the_same_bytes(name, tmp_path):
    save = files.save_film_strip if name.endswith("png") else files.save_clip
    save(tmp_path / name, sliding_square())
    save(tmp_path / f"again_{name}", sliding_square())
    assert (tmp_path / name).read_bytes() == (tmp_path / f"again_{name}").read_bytes()
