"""Clips as figures of a page, whose alt text says in numbers what the picture shows.

The numbers are rounded to what another machine draws as well, so that a test which leaves the
pixels out can still compare the figure.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from torch import Tensor

from vgan_lessons.display.files import animated_webp, check_fps, still_picture
from vgan_lessons.display.strips import as_pixels, film_strip, tiled_grid
from vgan_lessons.display.words import FOLDED

CLIP_SIDE = 96  # pixels of the page below which a frame is shown enlarged
STRIP_FRAMES = 8  # frames of a strip that are large enough to read side by side
_SEEN = 0.1  # a change of a value in [-1, 1] that the eye sees
_STANDS_OUT = 0.5  # distance from the ground, the middle value of a frame, of an object's pixel
STRIP_WIDTH = 1100  # pixels of the page that a strip may fill; narrow pages shrink it


@dataclass(frozen=True)
class ClipFigure:
    """A figure that a notebook shows as the last value of a cell, or through `display`."""

    alt: str  # what the picture shows, for whoever cannot see it move
    html: str = field(repr=False)  # the <figure>, pixels included

    def _repr_html_(self) -> str:
        return f"{FOLDED}\n{self.html}"


def show_clips(
    videos: Tensor, *, caption: str, columns: int = 4, fps: float = 8, strip_rows: int = 2
) -> ClipFigure:
    """Show clips moving side by side, and the first of them once more as a film strip.

    Args:
        videos: (B, T, C, H, W), float in [-1, 1] or uint8.
        caption: one sentence under the figure; plain text.
        columns: clips in a row.
        fps: frames a second, 1 to 50.
        strip_rows: how many clips the film strip repeats; 0 leaves it out.

    Returns:
        A figure: animated WebP, film strip of at most 8 frames, caption, alt texts. Folding it
        pauses it, and whoever asked the system for less motion sees the first frames instead
        (JupyterLab lets only trusted outputs make that choice; folding works everywhere).
    """
    check_fps(fps)
    pixels = as_pixels(videos)
    frames = tiled_grid(pixels, columns=columns)
    alt = describe(pixels)
    zoom = max(1, round(CLIP_SIDE / pixels.shape[2]))
    moving = _image(animated_webp(frames, fps), alt, frames.shape[2] * zoom)
    images = [_pausable(moving, still_picture(frames[0], "page"))]
    if strip_rows > 0:
        every = -(-pixels.shape[1] // STRIP_FRAMES)
        images.append(_strip(videos[:strip_rows, ::every], None))
        caption += f" Below: {_first(strip_rows, len(pixels))}, {_which_frames(every)}."
    return ClipFigure(alt, _figure(images, caption))


def show_film_strip(
    videos: Tensor, *, caption: str, row_labels: Sequence[str] | None = None
) -> ClipFigure:
    """Show every frame of every clip, standing still: one row a clip, one column a frame.

    Args:
        videos: (B, T, C, H, W), float in [-1, 1] or uint8; up to about 16 frames stay readable.
        caption: one sentence under the figure; plain text.
        row_labels: B short words written left of the rows.

    Returns:
        A figure: picture, caption, alt text.
    """
    alt = describe(as_pixels(videos), row_labels)
    return ClipFigure(alt, _figure([_strip(videos, row_labels)], caption))


def describe(pixels: np.ndarray, row_labels: Sequence[str] | None = None) -> str:
    """Say shape, mean, motion energy of videos, and what moves how, in words.

    Args:
        pixels: (B, T, H, W, 3) uint8.
        row_labels: what the rows are called.

    Returns:
        One line; the mean and the motion energy are those of values in [-1, 1]: the mean to
        two digits after the point, the energy (mean squared change from frame to frame) to two
        digits in all, 0 for clips that stand still.
    """
    n_clips, n_frames, height, width, _ = pixels.shape
    values = pixels.astype(np.float64) / 127.5 - 1
    energy = np.square(np.diff(values, axis=1)).mean() if n_frames > 1 else 0.0
    clips = "1 clip" if n_clips == 1 else f"{n_clips} clips"
    frames = "1 frame" if n_frames == 1 else f"{n_frames} frames"
    rows = f", rows: {', '.join(row_labels)}" if row_labels is not None else ""
    mean = round(values.mean(), 2) + 0.0  # adding 0 turns -0.0 into 0.0
    return (
        f"{clips} of {frames}, {height} x {width} pixels{rows}; "
        f"mean {mean:.2f}, motion energy {energy:.2g}; {_motion_in_words(values)}"
    )


def _motion_in_words(values: np.ndarray) -> str:
    """Say how much changes from frame to frame, and how far the object goes."""
    changed = np.abs(np.diff(values, axis=1)).max(axis=-1) > _SEEN  # (B, T - 1, H, W)
    if not changed.any():
        return "nothing moves"
    share = f"{float(f'{100 * changed.mean():.2g}'):g} % of the pixels change a frame"
    ground = np.median(values, axis=(2, 3), keepdims=True)
    weights = np.abs(values - ground).max(axis=-1)
    weights = np.where(weights > _STANDS_OUT, weights, 0.0)  # the object, without noise
    mass = weights.sum(axis=(2, 3))
    if not mass.all():
        return f"{share}, and no object stands out in every frame"
    down, right = np.indices(weights.shape[2:])
    places = [(weights * axis).sum(axis=(2, 3)) / mass for axis in (down, right)]
    vertical, horizontal = (np.diff(place, axis=1) for place in places)  # (B, T - 1) each
    speed = np.hypot(vertical, horizontal).mean()
    up_down, sideways = np.abs(vertical).mean(), np.abs(horizontal).mean()
    how = "mostly up and down" if up_down > 2 * sideways else "in all directions"
    how = "mostly sideways" if sideways > 2 * up_down else how
    return f"{share}; what stands out from the ground moves {speed:.1f} pixels a frame, {how}"


def _pausable(moving: str, still: bytes) -> str:
    """A moving picture in a fold, still where the system asks for less motion."""
    less = f'media="(prefers-reduced-motion: reduce)" srcset="{_webp_address(still)}"'
    picture = f"<picture><source {less}>{moving}</picture>"
    return f"<details open><summary>Moving; fold to pause</summary>{picture}</details>"


def _webp_address(picture: bytes) -> str:
    return f"data:image/webp;base64,{b64encode(picture).decode()}"


def _strip(videos: Tensor, row_labels: Sequence[str] | None) -> str:
    pixels = as_pixels(videos)
    zoom = STRIP_WIDTH // film_strip(videos).shape[1]
    zoom = min(max(1, zoom), max(1, round(CLIP_SIDE / pixels.shape[2])))
    # labels want the page's own pixels; without them the page can enlarge the bare frames
    scale = zoom if row_labels is not None else 1
    strip = film_strip(videos, row_labels=row_labels, scale=scale)
    alt = f"film strip of {describe(pixels, row_labels)}"
    width = strip.shape[1] * zoom // scale
    return _image(still_picture(strip, "page"), alt, width, crisp=scale < zoom)


def _image(picture: bytes, alt: str, width: int, *, crisp: bool = True) -> str:
    style = f"width: {width}px; max-width: 100%"
    if crisp:
        style += "; image-rendering: pixelated"
    source = _webp_address(picture)
    return f'<img alt="{escape(alt)}" width="{width}" style="{style}" src="{source}">'


def _figure(images: list[str], caption: str) -> str:
    body = "\n".join(f'<div style="margin-bottom: 6px">{image}</div>' for image in images)
    text = f'<figcaption style="font-size: 90%">{escape(caption)}</figcaption>'
    return f'<figure style="margin: 4px 0">\n{body}\n{text}\n</figure>'


def _first(n_rows: int, n_clips: int) -> str:
    if n_rows >= n_clips:
        return "the same clip" if n_clips == 1 else "the same clips"
    return "the first clip" if n_rows == 1 else f"the first {n_rows} clips"


def _which_frames(every: int) -> str:
    return {1: "every frame", 2: "every second frame", 3: "every third frame"}.get(
        every, f"every {every}th frame"
    )
