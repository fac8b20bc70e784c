"""Decode once: the frames of many clips in one file of bytes, written clip by clip."""

import contextlib
import errno
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from vgan_lessons import storage
from vgan_lessons.datasets.cards import DataError
from vgan_lessons.datasets.framing import (
    Frame,
    Gap,
    UnreadableClip,
    middle_square,
    resampled,
    stored_rate,
)
from vgan_lessons.datasets.pictures import read_picture

FILMS = (
    *(".mp4", ".m4v", ".mov", ".3gp", ".3g2", ".avi", ".mkv", ".webm", ".ogv", ".wmv", ".asf"),
    *(".flv", ".mpg", ".mpeg", ".m2v", ".vob", ".ts", ".m2ts", ".mts", ".mxf", ".y4m"),
)
MEMORY_LIMIT = 2 * 2**30  # bytes of pixels held in memory; bigger sets are memory-mapped
FORMAT = 5  # part of every cache's name; raise it when decoding changes


class ClipFiles(NamedTuple):
    """Where one clip lives: one file, or numbered stills."""

    name: str  # relative to the data set's folder; what messages call it
    paths: tuple[Path, ...]  # in order of time
    numbers: tuple[int, ...] = ()  # of stills, rising where their names count; () else
    place: tuple[str, ...] = ()  # the sub-folders it lies in; stills alone in one are not in it


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What clips are to be read as."""

    image_size: int  # H and W in pixels
    n_frames: int  # clips shorter than this are left out
    fps: float | None = None  # resampled to, by the time stamps; None: each frame as stored
    stride: int = 1  # a video is every stride-th frame; a film gives one from each of the first
    strict: bool = False  # whatever is left out is an error instead of a warning
    memory_limit: int = MEMORY_LIMIT  # most bytes of pixels to hold in memory

    @property
    def span(self) -> int:
        """How many frames of a film the shortest clip takes."""
        return (self.n_frames - 1) * self.stride + 1


class DecodedClips(NamedTuple):
    """What came out of the files, and what did not."""

    frames: Tensor  # (F, 3, S, S) uint8
    lengths: Tensor  # (M,) int64, of unbroken runs of frames
    clip_of: Tensor  # (M,) int64, which clip each run is from; a damaged clip has none
    broken: dict[str, str]  # name of an unreadable clip -> reason
    stills: dict[str, str]  # name of an unreadable still -> reason; its clip ends before it
    gaps: dict[str, str]  # name of a clip of stills -> where numbers are missing
    rates: list[float | None]  # of each clip: frames a second as stored; None: no time stamps
    uneven: list[str]  # names of clips whose frames are not evenly spaced in time
    odd: dict[str, str]  # name of a clip -> what a reader should know of how it looks


def decode_clips(clips: list[ClipFiles], wanted: Wanted, label: str) -> DecodedClips:
    """Bring clips into memory, or into a memory-mapped file if they are too many.

    The first call decodes into a cache below the data folder, one clip at a time; later calls
    with the same, unchanged files read the cache. Changed files make a new cache and remove
    the old one.

    Args:
        clips: N clips.
        wanted: the size, the frame rate and the memory limit; above it the file is mapped.
        label: begins the cache's file name.

    Raises:
        DataError: if the cache cannot be written.
    """
    image_size, fps = wanted.image_size, wanted.fps
    stem = f"{label}-{f'{fps:g}fps-' if fps else ''}{image_size}px"
    facts = _fingerprint(clips, image_size, fps)
    cache = storage.data_folder() / "cache" / f"{stem}-{facts}.clips"
    index = cache.with_suffix(".json")
    contents = _read_index(index, cache, image_size)
    if contents is None:
        contents = _build(clips, image_size, fps, cache)
        storage.write_json(index, contents)
        _remove_older(cache, f"{stem}-")
    numbers = (torch.tensor(contents.pop(k), dtype=torch.int64) for k in ("lengths", "clip_of"))
    lengths, clip_of = numbers
    frames = _open(cache, int(lengths.sum()), image_size, wanted.memory_limit)
    return DecodedClips(frames, lengths, clip_of, **contents)


def _build(clips: list[ClipFiles], image_size: int, fps: float | None, cache: Path) -> dict:
    told = {
        "lengths": [],
        "clip_of": [],
        "broken": {},
        "stills": {},
        "gaps": {},
        "rates": [],
        "uneven": [],
        "odd": {},
    }
    try:
        with storage.whole_file(cache) as draft, open(draft, "wb") as out, _bar() as bar:
            for place, clip in enumerate(clips):
                begin, run = out.tell(), _Run(clip)
                bar.set_description(f"reading clip {place + 1} of {len(clips)}", refresh=False)
                try:
                    for _ in run.write(image_size, fps, out):
                        bar.update()
                except UnreadableClip as error:
                    run = _Run(clip)
                    told["broken"][clip.name] = str(error)
                    out.seek(begin)
                    out.truncate()
                run.tell(told, place)
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or error
        raise DataError(
            f"cannot write the decoded clips to {cache.parent}: {reason}; "
            "set VGAN_DATA to a folder with room"
        ) from error
    return told


def _bar() -> tqdm:
    """Frames read so far, for a person who has waited two seconds; a log gets no bar."""
    return tqdm(unit=" frames", delay=2, leave=False, disable=None)


class _Run:
    """One clip on its way into the cache, and what is learned about it there."""

    def __init__(self, clip: ClipFiles) -> None:
        self.clip = clip
        self.lengths = [0]
        self.begins: list[float] = []
        self.stills: dict[str, str] = {}
        self.gaps: list[str] = []
        self.oddity = ""

    def write(self, image_size: int, fps: float | None, out: BinaryIO) -> Iterator[Frame]:
        frames = self._small(image_size)
        for frame in resampled(frames, fps) if fps else frames:
            out.write(np.ascontiguousarray(frame.pixels.transpose(2, 0, 1)).tobytes())
            self.lengths[-1] += 1
            yield frame

    def _small(self, image_size: int) -> Iterator[Frame]:
        for frame in _read_frames(self.clip, image_size):
            if isinstance(frame, Gap):
                self._note(frame)
                continue
            if frame.begin is not None:
                self.begins.append(frame.begin)
            self.oddity = self.oddity or frame.oddity
            yield frame._replace(pixels=middle_square(frame, image_size))

    def _note(self, gap: Gap) -> None:
        if gap.damaged:
            where = self.clip.paths[0].parent.name
            self.stills[f"{where}/{gap.damaged}"] = gap.why
        else:
            self.gaps.append(gap.why)
        if self.lengths[-1]:
            self.lengths.append(0)

    def tell(self, told: dict, place: int) -> None:
        lengths = [length for length in self.lengths if length]
        rate, uneven = stored_rate(self.begins)
        told["lengths"] += lengths
        told["clip_of"] += [place] * len(lengths)
        told["stills"] |= self.stills
        told["rates"].append(rate)
        if self.gaps:
            told["gaps"][self.clip.name] = ", ".join(self.gaps)
        if self.oddity:
            told["odd"][self.clip.name] = self.oddity
        if uneven:
            told["uneven"].append(self.clip.name)


def _read_frames(clip: ClipFiles, image_size: int) -> Iterator[Frame | Gap]:
    """Decode a clip frame by frame.

    Args:
        clip: what to read.
        image_size: to which frames will be shrunk; those of films may come half done.

    Yields:
        Frames, upright and over black; between stills a gap where one is missing or damaged.

    Raises:
        UnreadableClip: if the file is damaged or ends early.
        DataError: if a film needs a decoder that is not installed.
    """
    if len(clip.paths) > 1:
        yield from _stills(clip)
    elif not clip.paths[0].stat().st_size:
        raise UnreadableClip("it is empty")
    elif clip.paths[0].suffix.lower() in FILMS:
        from vgan_lessons.datasets.films import read_film  # not before a film is met

        yield from read_film(clip.paths[0], enough=image_size)
    else:
        yield from read_picture(clip.paths[0])


def _stills(clip: ClipFiles) -> Iterator[Frame | Gap]:
    step = _usual_step(clip.numbers)
    last, last_path = None, None
    for number, path in zip(clip.numbers, clip.paths, strict=True):
        if last is not None and step is not None and number - last > step:
            missing = round((number - last) / step) - 1
            yield Gap(f"{missing} missing after {last_path.name}")
        last, last_path = number, path
        try:
            yield next(read_picture(path))
        except UnreadableClip as error:
            yield Gap(str(error), damaged=path.name)


def _remove_older(cache: Path, prefix: str) -> None:
    """Free the room of caches of the same clips as they were before."""
    for path in cache.parent.iterdir():
        if path.name.startswith(prefix) and path.stem != cache.stem:
            with contextlib.suppress(OSError):  # another process may have it open or be quicker
                path.unlink()


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


def _usual_step(numbers: tuple[int, ...]) -> int | None:
    """By how much the numbers of stills rise from one to the next.

    Args:
        numbers: rising.

    Returns:
        The commonest difference if at least half of them have it, else None: no rule to break.

    Example:
        >>> _usual_step((1, 2, 3, 7, 8)), _usual_step((3, 10, 11, 40))
        (1, None)
    """
    steps = [after - before for before, after in pairwise(numbers)]
    if not steps:
        return None
    step, count = Counter(steps).most_common(1)[0]
    return step if 2 * count >= len(steps) else None


def _fingerprint(clips: list[ClipFiles], image_size: int, fps: float | None) -> str:
    """Changes when a file appears, disappears, grows or is written again."""
    facts = [
        (os.path.abspath(path), path.stat().st_size, path.stat().st_mtime_ns)
        for clip in clips
        for path in clip.paths
    ]
    told = json.dumps([FORMAT, image_size, fps, facts])
    return hashlib.sha256(told.encode()).hexdigest()[:12]
