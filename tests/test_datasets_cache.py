"""Decoded once, kept as one file, mapped from disk when it is big."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from film_tools import film, load, write_strip
from vgan_lessons import layout, storage
from vgan_lessons.datasets import DataError, clip_cache, folder


def test_clips_are_decoded_once_and_again_when_a_file_changes(tmp_path, monkeypatch):
    write_strip(tmp_path / "a.png", film(16, 32, 32, red=50))
    first = load(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("vgan_lessons.datasets.clip_cache._read_frames", None)
        assert torch.equal(load(tmp_path).frames, first.frames)
    write_strip(tmp_path / "a.png", film(17, 32, 32, red=150))
    assert load(tmp_path).lengths.tolist() == [17]
    caches = sorted(
        p.suffix for p in (storage.data_folder() / "cache").glob(f"{tmp_path.name}*")
    )
    assert caches == [".clips", ".json"]  # the old one is gone


def test_a_damaged_cache_is_made_again(tmp_path):
    write_strip(tmp_path / "a.png", film(16, 32, 32))
    first = load(tmp_path).frames.clone()
    (cache,) = (storage.data_folder() / "cache").glob(f"{tmp_path.name}*.clips")
    for damage in (lambda: cache.write_bytes(b"half"), cache.with_suffix(".json").unlink):
        damage()
        assert torch.equal(load(tmp_path).frames, first)
    cache.with_suffix(".json").write_text("{ not json")
    assert torch.equal(load(tmp_path).frames, first)


def test_a_big_folder_is_mapped_from_disk_and_built_clip_by_clip(tmp_path):
    for number in range(24):
        write_strip(tmp_path / f"{number:02}.png", film(16, 64, 64, red=10 * number))
    total = 24 * 16 * 3 * 64 * 64
    wanted = clip_cache.Wanted(image_size=64, n_frames=16, memory_limit=total)
    tracemalloc.start()
    mapped = folder.load_folder(tmp_path, replace(wanted, memory_limit=total - 1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < total / 4
    maps = Path("/proc/self/maps")
    if maps.exists():
        assert f"{tmp_path.name}-" in maps.read_text()
    held = folder.load_folder(tmp_path, wanted)
    assert torch.equal(mapped.frames, held.frames)
    a, b = (
        bank.sample_clips(5, n_frames=6, rng=torch.Generator().manual_seed(0))
        for bank in (mapped, held)
    )
    assert torch.equal(a, b) and torch.equal(layout.from_uint8(layout.to_uint8(a)), a)


def test_an_unwritable_cache_is_an_error_that_says_what_to_do(tmp_path, monkeypatch):
    write_strip(tmp_path / "clips" / "a.png", film(16, 32, 32))
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("VGAN_DATA", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"cannot write the decoded clips.*set VGAN_DATA"):
        load(tmp_path / "clips")
