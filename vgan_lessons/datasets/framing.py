"""From frames as they were stored to those that are wanted: upright, square, at even times."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from statistics import median
from typing import NamedTuple

import numpy as np
from PIL import Image


class UnreadableClip(Exception):
    """One clip cannot be decoded; the message is the reason, without the file's name."""


class Frame(NamedTuple):
    """One picture of a clip, upright and opaque."""

    pixels: np.ndarray  # (H, W, 3) uint8, red, green and blue
    begin: float | None = None  # seconds since the clip's first frame; None: no time is stored
    seconds: float = 0.0  # how long it is shown; 0 if that is not stored
    aspect: float = 1.0  # width of a pixel over its height
    oddity: str = ""  # what a reader should know of how it looks


class Gap(NamedTuple):
    """Where a clip is interrupted; what follows is another clip of the same film."""

    why: str  # for a reader
    damaged: str = ""  # the name of the file that cannot be read, if that is why


def over_black(pixels: np.ndarray) -> np.ndarray:
    """Lay a picture with an opacity over black.

    Args:
        pixels: (H, W, 4) uint8, red, green, blue, opacity; colours not multiplied by it yet.

    Returns:
        (H, W, 3) uint8.

    Example:
        >>> over_black(np.uint8([[[200, 100, 0, 255], [200, 100, 0, 0]]])).tolist()
        [[[200, 100, 0], [0, 0, 0]]]
    """
    opacity = pixels[..., 3:]
    if opacity.min(initial=255) == 255:
        return pixels[..., :3]
    return ((pixels[..., :3] * opacity.astype(np.uint16) + 127) // 255).astype(np.uint8)


def middle_square(frame: Frame, image_size: int) -> np.ndarray:
    """Cut a frame to its middle square as a viewer sees it, and resize that.

    Args:
        frame: its pixels need not be square.
        image_size: S, the side of the result in pixels.

    Returns:
        (S, S, 3) uint8; averages where it shrinks.
    """
    height, width = frame.pixels.shape[:2]
    side = min(height, width * frame.aspect)  # in heights of a pixel
    rows, columns = max(1, round(side)), max(1, round(side / frame.aspect))
    top, left = (height - rows) // 2, (width - columns) // 2
    middle = frame.pixels[top : top + rows, left : left + columns]  # resizing sees no more
    picture = Image.fromarray(np.ascontiguousarray(middle))
    return np.asarray(picture.resize((image_size, image_size), Image.Resampling.LANCZOS))


def turned(
    pixels: np.ndarray, transpose: bool, flip_rows: bool, flip_columns: bool
) -> np.ndarray:
    """Bring a picture upright, by one of the eight ways in which a camera may be held.

    Args:
        pixels: (H, W, 3).
        transpose: first let rows become columns.
        flip_rows: then the last row first.
        flip_columns: and the last column first.

    Returns:
        (H, W, 3) or (W, H, 3), a view.
    """
    upright = pixels.swapaxes(0, 1) if transpose else pixels
    return upright[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1]


def resampled(frames: Iterator[Frame], fps: float) -> Iterator[Frame]:
    """Show a clip at even times: the frame whose turn it is, again in a pause, or left out.

    Args:
        frames: with time stamps; a clip without any passes unchanged.
        fps: frames a second that are wanted.

    Yields:
        Frame n is the one shown n / fps seconds after the first; times are rounded to the
        nearest n, so that stamps in whole milliseconds neither repeat nor drop a frame.
    """
    n, shown, shortest = 0, None, inf
    for frame in frames:
        if frame.begin is None:
            yield frame
            continue
        if shown is not None:
            shortest = min(shortest, frame.begin - shown.begin)
            for _ in range(n, _turn(frame.begin, fps)):
                yield shown
        n, shown = max(n, _turn(frame.begin, fps)), frame
    if shown is not None:  # many films say too little of how long the last one is shown
        lasting = max(shown.seconds, shortest if shortest < inf else 1 / fps)
        for _ in range(n, _turn(shown.begin + lasting, fps)):
            yield shown


def stored_rate(begins: list[float]) -> tuple[float | None, bool]:
    """How many frames a second the stamps of a clip say, and whether at uneven times.

    Args:
        begins: seconds, rising.

    Returns:
        One over the middle interval, None for fewer than two stamps; and whether an interval
        is more than half as long again as the middle one, or less than half of it.

    Example:
        >>> stored_rate([0.0, 0.1, 0.2, 2.2]), stored_rate([0.0])
        ((10.0, True), (None, False))
    """
    intervals = [after - before for before, after in pairwise(begins)]
    if not intervals or (middle := median(intervals)) <= 0:
        return None, False
    uneven = max(intervals) > 1.5 * middle or min(intervals) < 0.5 * middle
    return 1 / middle, uneven


def _turn(seconds: float, fps: float) -> int:
    return int(seconds * fps + 0.5 + 1e-6)
