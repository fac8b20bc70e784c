"""Decode once: the frames of many clips in one file of bytes, written clip by clip."""

import contextlib
import errno
import hashlib
import json
import os
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import torch
from torch import Tensor

from vgan_lessons import storage
from vgan_lessons.datasets.cards import DataError
from vgan_lessons.datasets.films import UnreadableClip
from vgan_lessons.datasets.reading import ClipFiles, read_frames

FORMAT = 2  # part of every cache's name; raise it when decoding changes


class DecodedClips(NamedTuple):
    """What came out of the files, and what did not."""

    frames: Tensor  # (F, 3, S, S) uint8
    lengths: Tensor  # (N,) int64; 0 for a clip that could not be read
    broken: dict[str, str]  # name of an unreadable clip -> reason


def decode_clips(
    clips: list[ClipFiles], *, image_size: int, label: str, memory_limit: int, strict: bool
) -> DecodedClips:
    """Bring clips into memory, or into a memory-mapped file if they are too many.

    The first call decodes into a cache below the data folder, one clip at a time; later calls
    with the same, unchanged files read the cache. Changed files make a new cache and remove
    the old one.

    Args:
        clips: N clips.
        image_size: S, the side of the frames in pixels.
        label: begins the cache's file name.
        memory_limit: most bytes of pixels to hold in memory; above, the file is mapped.
        strict: an unreadable clip is an error.

    Raises:
        DataError: if a clip is unreadable and `strict`, or the cache cannot be written.
    """
    stem = f"{label}-{image_size}px"
    cache = storage.data_folder() / "cache" / f"{stem}-{_fingerprint(clips, image_size)}.clips"
    index = cache.with_suffix(".json")
    contents = _read_index(index, cache, image_size)
    if contents is None:
        contents = _build(clips, image_size, cache, strict)
        storage.write_json(index, contents)
        _remove_older(cache, f"{stem}-")
    if strict and contents["broken"]:
        name, reason = next(iter(contents["broken"].items()))
        raise DataError(f"{name} cannot be read: {reason}")
    lengths = torch.tensor(contents["lengths"], dtype=torch.int64)
    frames = _open(cache, int(lengths.sum()), image_size, memory_limit)
    return DecodedClips(frames, lengths, contents["broken"])


def _build(clips: list[ClipFiles], image_size: int, cache: Path, strict: bool) -> dict:
    lengths, broken = [], {}
    try:
        with storage.whole_file(cache) as draft, open(draft, "wb") as out:
            for clip in clips:
                begin = out.tell()
                try:
                    lengths.append(_append(clip, image_size, out))
                except UnreadableClip as error:
                    if strict:
                        raise DataError(f"{clip.name} cannot be read: {error}") from error
                    broken[clip.name] = str(error)
                    lengths.append(0)
                    out.seek(begin)
                    out.truncate()
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or error
        raise DataError(
            f"cannot write the decoded clips to {cache.parent}: {reason}; "
            "set VGAN_DATA to a folder with room"
        ) from error
    return {"lengths": lengths, "broken": broken}


def _remove_older(cache: Path, prefix: str) -> None:
    """Free the room of caches of the same clips as they were before."""
    for path in cache.parent.iterdir():
        if path.name.startswith(prefix) and path.stem != cache.stem:
            with contextlib.suppress(OSError):  # another process may have it open or be quicker
                path.unlink()


def _append(clip: ClipFiles, image_size: int, out: BinaryIO) -> int:
    n_frames = 0
    for frame in read_frames(clip, image_size):
        out.write(np.ascontiguousarray(frame.transpose(2, 0, 1)).tobytes())
        n_frames += 1
    return n_frames


def _open(cache: Path, n_frames: int, image_size: int, memory_limit: int) -> Tensor:
    shape = (n_frames, 3, image_size, image_size)
    n_bytes = int(np.prod(shape))
    if n_bytes == 0:
        return torch.empty(shape, dtype=torch.uint8)
    if n_bytes > memory_limit:
        return torch.from_file(str(cache), shared=False, size=n_bytes, dtype=torch.uint8).view(
            shape
        )
    return torch.from_numpy(np.fromfile(cache, np.uint8)).view(shape)


def _read_index(index: Path, cache: Path, image_size: int) -> dict | None:
    """What a finished cache says it holds; None if there is none, or it is damaged."""
    try:
        contents = json.loads(index.read_text(encoding="utf-8"))
        expected = sum(contents["lengths"]) * 3 * image_size**2
        return contents if cache.stat().st_size == expected else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _fingerprint(clips: list[ClipFiles], image_size: int) -> str:
    """Changes when a file appears, disappears, grows or is written again."""
    facts = [
        (os.path.abspath(path), path.stat().st_size, path.stat().st_mtime_ns)
        for clip in clips
        for path in clip.paths
    ]
    return hashlib.sha256(json.dumps([FORMAT, image_size, facts]).encode()).hexdigest()[:12]
