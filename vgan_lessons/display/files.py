"""Clips and film strips as files: WebP, GIF and PNG by Pillow, MP4 by PyAV.

The same videos make the same bytes. Files appear whole or not at all.

Pillow stores equal frames as one. Here a frame that repeats the one before is stored as a
single transparent pixel, so a clip of T frames reads back as T frames at even times,
everywhere, and is hardly larger.
"""

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from types import ModuleType

import numpy as np
from PIL import Image
from torch import Tensor

from vgan_lessons.display.strips import (
    as_pixels,
    enlarge,
    film_strip,
    gap_for,
    tiled_grid,
)
from vgan_lessons.storage import whole_file

_LONGEST_SIDE = {".webp": 16_383, ".gif": 65_535, ".mp4": 16_384}  # pixels that a format holds
_CLEAR_VP8L = bytes.fromhex("2f00000010071011118888fe07")  # one clear pixel, lossless WebP
_CLEAR_GIF = bytes.fromhex("2c00000000010001008000000000000002024401 00")  # 1 x 1, 2 colours
WEBP_QUALITY = 80  # a sixteenth of a GIF on lightly noisy clips, and no difference to the eye


class MissingCoder(RuntimeError):
    """No program that writes MP4; the message says what to install."""


def save_clip(
    path: str | Path, videos: Tensor, *, fps: float = 8, columns: int = 4, scale: int = 2
) -> None:
    """Write all clips as one moving picture, tiled in a grid.

    Args:
        path: ends in .webp, .gif or .mp4; missing folders are made.
        videos: (B, T, C, H, W), float in [-1, 1] or uint8.
        fps: frames a second, 1 to 50; a GIF keeps it to a hundredth of a second a frame.
        columns: clips in a row.
        scale: each pixel becomes a block of scale x scale.

    Raises:
        ValueError: if the suffix is another one, or fps, columns or scale are out of range.
        MissingCoder: if MP4 is asked for and PyAV is not installed.
    """
    path, pixels = Path(path), as_pixels(videos)
    check_clip(path, *pixels.shape[:3:2], fps=fps, columns=columns, scale=scale)
    frames = enlarge(tiled_grid(pixels, columns=columns), scale)
    suffix = path.suffix.lower()
    if suffix == ".mp4":
        _save_mp4(path, frames, fps)
        return
    if suffix == ".webp":
        moves = len(frames) < 2 or (frames != frames[0]).any()
        picture = animated_webp(frames, fps) if moves else _standing_webp(frames, fps)
        picture = _repeat_in_webp(picture, round(1000 / fps))
    else:
        picture = _animated_gif(frames, fps)
    with whole_file(path) as draft:
        draft.write_bytes(picture)


def check_clip(
    path: str | Path,
    n: int,
    image_size: int,
    *,
    fps: float = 8,
    columns: int = 4,
    scale: int = 2,
) -> None:
    """Refuse a file that `save_clip` could not write, before its clips are made.

    Args:
        path: as `save_clip` takes it.
        n: B, how many clips.
        image_size: H of each, and about its W.
        fps: frames a second.
        columns: clips in a row.
        scale: each pixel becomes a block of scale x scale.

    Raises:
        ValueError: if the suffix is another one, fps, columns or scale are out of range, or the
            grid is larger than the format holds.
        MissingCoder: if MP4 is asked for and PyAV is not installed.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _LONGEST_SIDE:
        raise ValueError(f"a clip must end in .webp, .gif or .mp4, got {Path(path).name!r}")
    check_fps(fps)
    side = (image_size + gap_for(image_size)) * scale
    rows, columns = -(-n // max(1, columns)), min(columns, n)
    longest, most = max(rows, columns) * side, _LONGEST_SIDE[suffix]
    if longest > most:
        raise ValueError(
            f"{n} clips in {columns} columns are {longest} pixels long, and {suffix} holds "
            f"{most}: make fewer"
        )
    if suffix == ".mp4":
        _coder()


def save_film_strip(
    path: str | Path, videos: Tensor, *, row_labels: Sequence[str] | None = None, scale: int = 2
) -> None:
    """Write a film strip: one row a clip, one column a frame.

    Args:
        path: ends in .png or .webp (lossless); missing folders are made.
        videos: (B, T, C, H, W), float in [-1, 1] or uint8.
        row_labels: B short words written left of the rows.
        scale: each pixel becomes a block of scale x scale.

    Raises:
        ValueError: if the suffix is another one, the labels do not match or scale is below 1.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in (".png", ".webp"):
        raise ValueError(f"a film strip must end in .png or .webp, got {path.name!r}")
    picture = still_picture(film_strip(videos, row_labels=row_labels, scale=scale), suffix[1:])
    with whole_file(path) as draft:
        draft.write_bytes(picture)


def still_picture(pixels: np.ndarray, form: str) -> bytes:
    """One picture (H, W, 3) as lossless "png" or "webp", or as a light "page" WebP."""
    store = BytesIO()
    options = {
        "png": {"format": "PNG", "optimize": True},
        "webp": {"format": "WEBP", "lossless": True},
        "page": {"format": "WEBP", "quality": 90},
    }
    Image.fromarray(pixels).save(store, **options[form])
    return store.getvalue()


def animated_webp(frames: np.ndarray, fps: float) -> bytes:
    """Frames (T, H, W, 3) as an endless WebP."""
    return _animated(frames, fps, "WEBP", quality=WEBP_QUALITY)


def check_fps(fps: float) -> None:
    """Refuse frame rates that players do not honour."""
    if not 1 <= fps <= 50:
        raise ValueError(f"fps must be between 1 and 50, got {fps}")


def _animated_gif(frames: np.ndarray, fps: float) -> bytes:
    hundredths = int(100 / fps)  # a GIF knows no finer time
    # disposal 1 keeps the frame before, so that only what changed is stored
    return _repeat_in_gif(_animated(frames, 100 / hundredths, "GIF", disposal=1), hundredths)


def _animated(frames: np.ndarray, fps: float, form: str, **options: int) -> bytes:
    store = BytesIO()
    first, *rest = [Image.fromarray(frame) for frame in frames]
    options |= {"save_all": True, "append_images": rest, "loop": 0}
    first.save(store, form, duration=round(1000 / fps), **options)
    return store.getvalue()


def _coder() -> ModuleType:
    try:
        import av  # 100 MB, so optional
    except ImportError as error:
        raise MissingCoder(
            "MP4 needs an extra package: pip install av (WebP and GIF work without it)"
        ) from error
    return av


def _save_mp4(path: Path, frames: np.ndarray, fps: float) -> None:
    av = _coder()
    height, width = frames.shape[1:3]  # H.264 wants both even
    frames = np.pad(frames, ((0, 0), (0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    with (
        whole_file(path) as draft,
        av.open(str(draft), "w", options={"fflags": "bitexact"}) as film,
    ):
        # one thread and bitexact: the same clips make the same bytes on any number of cores
        coded = {"crf": "18", "threads": "1", "flags": "+bitexact"}
        stream = film.add_stream("libx264", Fraction(fps).limit_denominator(1000), coded)
        stream.height, stream.width, stream.pix_fmt = *frames.shape[1:3], "yuv420p"
        for frame in frames:
            film.mux(stream.encode(av.VideoFrame.from_ndarray(frame)))
        film.mux(stream.encode(None))


def _standing_webp(frames: np.ndarray, fps: float) -> bytes:
    """An animation of equal frames, which Pillow would store as a still: one long frame."""
    two = animated_webp(np.stack([frames[0], frames[0] ^ 128]), fps)
    (_, first), (_, second) = (part for part in _chunks(two) if part[0] == b"ANMF")
    duration = (len(frames) * round(1000 / fps)).to_bytes(3, "little")
    body = two[8:].replace(_chunk(b"ANMF", second), b"")
    body = body.replace(first, first[:12] + duration + first[15:])
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _repeat_in_webp(picture: bytes, duration: int) -> bytes:
    """Give a pause in a WebP one frame for each of the frames it was made from.

    Args:
        picture: an animated WebP in which each frame lasts a multiple of `duration`.
        duration: of one frame, milliseconds.

    Returns:
        The same animation with frames of equal duration; a still is returned as it is.
    """
    clear = struct.pack("<4sI", b"VP8L", len(_CLEAR_VP8L)) + _CLEAR_VP8L + b"\0"
    again = (
        bytes(12) + duration.to_bytes(3, "little") + b"\0" + clear
    )  # at 0, 0; 1 x 1; blended
    body, n_added = b"WEBP", 0
    for name, content in _chunks(picture):
        n_frames = 1
        if name == b"ANMF":
            n_frames = max(1, round(int.from_bytes(content[12:15], "little") / duration))
            content = content[:12] + duration.to_bytes(3, "little") + content[15:]
        body += _chunk(name, content) + (n_frames - 1) * _chunk(b"ANMF", again)
        n_added += n_frames - 1
    if not n_added:
        return picture
    flags = body.index(b"VP8X") + 8
    body = body[:flags] + bytes([body[flags] | 0x10]) + body[flags + 1 :]  # "has opacity"
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _repeat_in_gif(picture: bytes, duration: int) -> bytes:
    """Give a pause in a GIF one frame for each of the frames it was made from.

    Args:
        picture: a GIF in which each frame lasts a multiple of `duration`.
        duration: of one frame, hundredths of a second.

    Returns:
        The same animation with frames of equal duration.
    """
    told = struct.pack(
        "<HBBHBB", 0xF921, 4, 0b00000101, duration, 0, 0
    )  # stays; colour 0 is clear
    place, parts, n_frames = _end_of_table(picture, 10, 13), [], 1
    parts.append(picture[:place])
    while picture[place] != 0x3B:  # the end
        if picture[place] == 0x2C:  # an image
            end = _end_of_blocks(picture, _end_of_table(picture, place + 9, place + 10) + 1)
            parts.append(picture[place:end] + (n_frames - 1) * (told + _CLEAR_GIF))
            n_frames = 1
        else:
            end = _end_of_blocks(picture, place + 2)
            block = picture[place:end]
            if block[1] == 0xF9:  # how long the next image is shown
                n_frames = max(1, round(int.from_bytes(block[4:6], "little") / duration))
                block = block[:4] + duration.to_bytes(2, "little") + block[6:]
            parts.append(block)
        place = end
    return b"".join(parts) + picture[place:]


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each part of a WebP."""
    place = 12
    while place < len(picture):
        name, size = struct.unpack_from("<4sI", picture, place)
        yield name, picture[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)


def _end_of_table(picture: bytes, flags: int, place: int) -> int:
    """Where a GIF goes on behind a table of colours, if there is one at `place`."""
    has_table, size = picture[flags] & 0x80, 3 * 2 ** ((picture[flags] & 7) + 1)
    return place + (size if has_table else 0)


def _end_of_blocks(picture: bytes, place: int) -> int:
    """Where a GIF goes on behind blocks that each begin with their length; 0 ends them."""
    while picture[place]:
        place += picture[place] + 1
    return place + 1
