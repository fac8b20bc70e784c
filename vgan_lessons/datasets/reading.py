"""From files to frames: films, animated pictures, film strips and numbered stills."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from vgan_lessons.datasets.films import UnreadableClip, read_film

FILMS = (".mp4", ".avi", ".mov", ".webm", ".mkv", ".m4v", ".mpg", ".mpeg")
PICTURES = (".gif", ".webp", ".png", ".jpg", ".jpeg", ".bmp")


_DECODING_ERRORS = (  # what Pillow raises on damaged files, as met in practice
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    EOFError,
    Image.DecompressionBombError,
)


class ClipFiles(NamedTuple):
    """Where one clip lives: one file, or the numbered stills of one folder."""

    name: str  # relative to the data set's folder; what messages call it
    paths: tuple[Path, ...]  # in order of time


def find_clips(folder: Path) -> list[ClipFiles]:
    """List the clips below a folder, in the order of their names.

    A film, an animated picture or a film strip is a clip; two or more stills in one folder are
    the frames of one clip, in the order of the numbers in their names. Names that begin with a
    dot are left alone.

    Args:
        folder: searched with all its sub-folders.
    """
    found = []
    inside = [folder, *(p for p in folder.rglob("*") if p.is_dir())]
    for place in sorted(p for p in inside if not _is_hidden(p, folder)):
        stills = []
        for path in sorted(place.iterdir(), key=_by_number):
            kind = path.suffix.lower()
            if path.name.startswith(".") or not path.is_file():
                continue
            if kind in PICTURES and _is_still(path):
                stills.append(path)
            elif kind in FILMS + PICTURES:
                found.append(ClipFiles(path.relative_to(folder).as_posix(), (path,)))
        if stills:
            named = place if len(stills) > 1 else stills[0]
            name = named.relative_to(folder).as_posix()
            found.append(ClipFiles(folder.name if name == "." else name, tuple(stills)))
    return found


def read_frames(clip: ClipFiles, image_size: int) -> Iterator[np.ndarray]:
    """Decode a clip frame by frame, each cut to its middle square and resized.

    Args:
        clip: what to read.
        image_size: S, the side of the frames in pixels.

    Yields:
        (S, S, 3) uint8, red, green and blue; transparent parts become black.

    Raises:
        UnreadableClip: if the file is damaged or ends early.
        DataError: if a film needs a decoder that is not installed.
    """
    if len(clip.paths) == 1 and clip.paths[0].suffix.lower() in FILMS:
        yield from read_film(clip.paths[0], image_size)
        return
    try:
        for picture in _read_pictures(clip.paths):
            yield np.asarray(_square(picture, image_size))
    except _DECODING_ERRORS as error:
        raise UnreadableClip(str(error) or repr(error)) from error


def _read_pictures(paths: tuple[Path, ...]) -> Iterator[Image.Image]:
    for path in paths:
        with Image.open(path) as picture:
            n_animated = getattr(picture, "n_frames", 1)
            if n_animated > 1:
                for place in range(n_animated):
                    picture.seek(place)
                    yield _over_black(picture)
            elif (n_strip := _strip_frames(picture.size)) > 1:
                yield from _cut_strip(_over_black(picture), n_strip)
            else:
                yield _over_black(picture)


def _cut_strip(strip: Image.Image, n_frames: int) -> Iterator[Image.Image]:
    side = min(strip.size)
    for place in range(n_frames):
        left, top = (place * side, 0) if strip.width > strip.height else (0, place * side)
        yield strip.crop((left, top, left + side, top + side))


def _strip_frames(size: tuple[int, int]) -> int:
    """How many squares lie side by side (or one below the other); 1 if they do not fit."""
    short, long = sorted(size)
    return long // short if short and long % short == 0 else 1


def _is_still(path: Path) -> bool:
    try:
        with Image.open(path) as picture:
            return getattr(picture, "n_frames", 1) == 1 and _strip_frames(picture.size) == 1
    except _DECODING_ERRORS:
        return False  # a damaged picture is listed as a clip, so that reading it names it


def _over_black(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        black = Image.new("RGBA", clear.size, (0, 0, 0, 255))
        return Image.alpha_composite(black, clear).convert("RGB")
    return picture.convert("RGB")


def _square(picture: Image.Image, image_size: int) -> Image.Image:
    """The middle square, resized; averages where it shrinks."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    middle = picture.crop((left, top, left + side, top + side))  # resizing must not look beyond
    return middle.resize((image_size, image_size), Image.Resampling.LANCZOS)


def _by_number(path: Path) -> tuple:
    """Order names as people count: frame2 before frame10."""
    parts = re.split(r"(\d+)", path.name.lower())
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
