"""Films read by ffmpeg, which cuts and resizes on its own side of the pipe."""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vgan_lessons.datasets.cards import DataError

_SIGNS_OF_A_CUT = ("prematurely", "partial file")  # said by an ffmpeg that ends with 0


class UnreadableClip(Exception):
    """One clip cannot be decoded; the message is the reason, without the file's name."""


def read_film(path: Path, image_size: int) -> Iterator[np.ndarray]:
    """Decode a film at its own frame rate, the middle square of every frame, resized.

    Args:
        path: any film that ffmpeg knows.
        image_size: S, the side of the frames in pixels.

    Yields:
        (S, S, 3) uint8, red, green and blue.

    Raises:
        UnreadableClip: if the film is damaged or cut off, after the frames before the damage.
        DataError: if there is no ffmpeg.
    """
    n_bytes = image_size * image_size * 3
    with tempfile.TemporaryFile() as complaints:
        command = _command(path, image_size)
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
        ) as ffmpeg:
            try:
                while len(pixels := ffmpeg.stdout.read(n_bytes)) == n_bytes:
                    yield np.frombuffer(pixels, np.uint8).reshape(image_size, image_size, 3)
            except BaseException:
                ffmpeg.kill()  # nobody reads on; also when the reader just stops asking
                raise
        complaints.seek(0)
        said = re.sub(r"\[.*?\] ", "", complaints.read().decode(errors="replace")).strip()
    if ffmpeg.returncode or any(sign in said for sign in _SIGNS_OF_A_CUT):
        reason = said.splitlines()[0] if said else f"ffmpeg ended with {ffmpeg.returncode}"
        raise UnreadableClip(reason)


def _command(path: Path, image_size: int) -> list[str]:
    square = "crop='min(iw,ih)':'min(iw,ih)'"
    resize = f"scale={image_size}:{image_size}:flags=lanczos+accurate_rnd+full_chroma_int"
    return [
        _find_ffmpeg(path),
        *("-v", "error", "-xerror", "-nostdin"),
        *("-i", f"file:{path}", "-map", "0:v:0", "-vf", f"{square},{resize}"),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-"),
    ]


def _find_ffmpeg(path: Path) -> str:
    if importlib.util.find_spec("imageio_ffmpeg"):
        from imageio_ffmpeg import get_ffmpeg_exe  # an optional extra, so not at the top

        return get_ffmpeg_exe()
    if found := shutil.which("ffmpeg"):
        return found
    raise DataError(f"{path} needs ffmpeg: pip install imageio-ffmpeg")
