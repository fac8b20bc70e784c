"""Pictures read by imageio: stills, film strips, and animated ones with their durations."""

from collections.abc import Iterator
from pathlib import Path

import imageio.v3 as iio
import numpy as np
from imageio.core.v3_plugin_api import PluginV3
from PIL import Image

from vgan_lessons.datasets.framing import Frame, UnreadableClip, over_black, turned

ANIMATED = (".gif", ".webp", ".png", ".apng", ".avif", ".tif", ".tiff")  # these may move
PICTURES = (*ANIMATED, ".jpg", ".jpeg", ".bmp")
SURE_STRIP = 8  # squares in a row that no camera takes; fewer need "strip" in the name
UNSAID_MS = 100  # what every browser makes of a duration of 10 ms or less
_TURNS = {  # EXIF orientation -> transpose, flip rows, flip columns
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}


def is_still(path: Path) -> bool:
    """Whether a file is one picture and no strip; so is a damaged one, until it is read.

    Args:
        path: of one of PICTURES; only its header is read.
    """
    try:
        with Image.open(path) as picture:  # a tenth of the time of asking through imageio
            size, n_frames = picture.size, getattr(picture, "n_frames", 1)
    except Exception:  # whatever Pillow meets in a damaged file; reading it says what
        return True
    if n_frames > 1 and path.suffix.lower() in ANIMATED:  # a .jpg may hold a small copy
        return False
    return strip_frames(size, path.name) == 1


def strip_frames(size: tuple[int, int], name: str) -> int:
    """How many squares lie side by side, or one below the other, in a film strip.

    Args:
        size: width and height in pixels, in any order.
        name: of the file; fewer than 8 squares are a strip only if it has the word "strip".

    Returns:
        At least 2, or 1 for a picture that is no strip.

    Example:
        >>> strip_frames((512, 32), "a.png"), strip_frames((64, 32), "a.png")
        (16, 1)
        >>> strip_frames((64, 32), "strip_1.png")
        2
    """
    short, long = sorted(size)
    if short == 0 or long % short:
        return 1
    n_frames = long // short
    return n_frames if n_frames >= SURE_STRIP or "strip" in name.lower() else 1


def read_picture(path: Path) -> Iterator[Frame]:
    """Read the frames of a still, a film strip or an animated picture, all upright.

    Args:
        path: any picture that Pillow knows; 16 bits are scaled to 8.

    Yields:
        Frames over black; those of an animated picture with their time stamps.

    Raises:
        UnreadableClip: if the file is damaged, or its pixels have no known white.
    """
    try:
        with iio.imopen(path, "r", plugin="pillow") as file:
            n_frames = file.properties(index=...).n_images
            if n_frames > 1 and path.suffix.lower() in ANIMATED:
                yield from _animation(file, n_frames)
            else:
                yield from _still(_pixels(file, 0), path.name)
    except UnreadableClip:
        raise
    except Exception as error:  # Pillow's decoders raise many kinds on damaged files
        raise UnreadableClip(_in_plain_words(error, path)) from error


def _in_plain_words(error: Exception, path: Path) -> str:
    """What imageio and Pillow say of a damaged file, without the words of their insides."""
    hidden = "initializing plugin" in str(error)  # imageio's words for the decoder's own
    first = error.__cause__ if hidden and error.__cause__ else error
    said = (str(first) or repr(first)).splitlines()[0]
    if "can not handle the given uri" in said or "cannot identify image file" in said:
        return f"no {path.suffix[1:].upper()} that can be read: damaged, or of another kind"
    return said


def _still(pixels: np.ndarray, name: str) -> Iterator[Frame]:
    height, width = pixels.shape[:2]
    axis = 1 if width > height else 0
    for square in np.split(pixels, strip_frames((width, height), name), axis=axis):
        yield Frame(square)


def _animation(file: PluginV3, n_frames: int) -> Iterator[Frame]:
    begin = 0.0
    for place in range(n_frames):
        pixels = _pixels(file, place)
        about = file.metadata(index=place)
        if place == 0 and about.get("default_image"):
            continue  # of an APNG: for viewers that know no motion
        duration = about.get("duration") or 0
        seconds = (duration if duration > 10 else UNSAID_MS) / 1000
        yield Frame(pixels, begin, seconds)
        begin += seconds


def _pixels(file: PluginV3, place: int) -> np.ndarray:
    """(H, W, 3) uint8, upright and over black."""
    mode = file.metadata(index=place)["mode"]
    if mode.startswith("I;16"):
        grey = file.read(index=place).astype(np.uint32)
        pixels = np.repeat(((grey + 128) // 257).astype(np.uint8)[..., None], 3, axis=2)
    elif mode[0] in "IF":  # 32 bits or a float: its largest number means nothing
        raise UnreadableClip(f"pixels of kind {mode}: no known white")
    else:
        pixels = over_black(file.read(index=place, mode="RGBA"))
    about = file.metadata(index=place, exclude_applied=False)  # a TIFF is upright by now
    return turned(pixels, *_TURNS.get(about.get("Orientation"), (False, False, False)))
