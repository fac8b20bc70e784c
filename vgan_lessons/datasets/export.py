"""Drawn clips as ordinary files: one film strip a clip, and a table of what made each."""

import csv
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from vgan_lessons import storage
from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.pictures import SURE_STRIP


def write_strips(
    bank: VideoBank, folder: Path, *, progress: Callable[[int], object] = lambda n_clips: None
) -> int:
    """Write every video of a bank as a film strip that `folder:PATH` reads back bit for bit.

    Beside the strips, `truth.csv` has a row for each clip and `card.json` the card and
    the bank's fingerprint. Strips that
    are there already with the right pixels are left alone, so a broken run is gone on with.

    Args:
        bank: what to write.
        folder: where to; made if missing.
        progress: called with the number of clips done since the last call.

    Returns:
        How many strips were written.
    """
    n_new = 0
    for place in range(bank.n_videos):
        path = folder / strip_name(place, int(bank.lengths[place]))
        strip = _strip(bank, place)
        if not _shows(path, strip):
            with storage.whole_file(path) as draft:
                Image.fromarray(strip).save(draft, format="PNG", compress_level=1)
            n_new += 1
        progress(1)
    _write_truth(bank, folder / "truth.csv")
    storage.write_json(
        folder / "card.json", asdict(bank.card) | {"fingerprint": bank.fingerprint()}
    )
    return n_new


def strip_name(place: int, n_frames: int) -> str:
    """The file of one clip.

    Args:
        place: of the video in its bank.
        n_frames: of the video; a few squares are a strip only where the name says so.

    Example:
        >>> strip_name(7, 16), strip_name(7, 4)
        ('00007.png', 'strip_00007.png')
    """
    return f"{'' if n_frames >= SURE_STRIP else 'strip_'}{place:05d}.png"


def _strip(bank: VideoBank, place: int) -> np.ndarray:
    frames = bank.video(place).cpu().numpy()  # (T, 3, H, W)
    return np.ascontiguousarray(np.concatenate(list(frames.transpose(0, 2, 3, 1)), axis=1))


def _shows(path: Path, strip: np.ndarray) -> bool:
    """Whether the file holds just these pixels; a damaged one does not."""
    try:
        with Image.open(path) as picture:
            return picture.mode == "RGB" and np.array_equal(np.asarray(picture), strip)
    except (OSError, SyntaxError, ValueError):
        return False


def _write_truth(bank: VideoBank, path: Path) -> None:
    lengths = enumerate(bank.lengths.tolist())
    columns = {"file": [strip_name(place, n_frames) for place, n_frames in lengths]}
    for name, values in bank.truth.items():
        columns |= _columns(name, values)
    with (
        storage.whole_file(path) as draft,
        open(draft, "w", newline="", encoding="utf-8") as out,
    ):
        table = csv.writer(out)
        table.writerow(columns)
        table.writerows(zip(*columns.values(), strict=True))


def _columns(name: str, values: Tensor) -> dict[str, list]:
    """(N,) is one column; (N, T, 2) is x and y of every frame."""
    if values.ndim == 1:
        return {name: values.tolist()}
    return {
        f"{name}_{axis}{t}": values[:, t, k].tolist()
        for t in range(values.shape[1])
        for k, axis in enumerate("xy")
    }
