"""One door to every data set: its name, its card, its videos.

What reads a data set is imported when its videos are asked for: drawing shapes waits neither
for film readers nor for digits.
"""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch

from vgan_lessons import runtime, storage
from vgan_lessons.datasets import cards
from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import Card, DataError

N_DRAWN = 3072  # clips of a drawn data set, unless asked otherwise


class _DataSet(NamedTuple):
    card: Card
    fetched: bool  # whether its files must be brought first


_DATA_SETS = {
    name: _DataSet(card, fetched=name in ("mnist", "weizmann"))
    for name, card in cards.CARDS.items()
}


def data_names() -> list[str]:
    """The words `load_videos` takes; `folder:PATH` stands for any folder of clips.

    Example:
        >>> data_names()
        ['shapes', 'digits', 'mnist', 'weizmann', 'folder:PATH']
    """
    return list(_DATA_SETS)


def card(name: str) -> Card:
    """What is known about a data set.

    Args:
        name: one of `data_names()`, or `folder:` and any path.

    Raises:
        DataError: if there is no such data set; the message lists those there are.
    """
    key = "folder:PATH" if _path_in(name) is not None else name
    if key not in _DATA_SETS:
        raise DataError(f"unknown data set {name!r}; there are {', '.join(_DATA_SETS)}")
    return _DATA_SETS[key].card


def is_present(name: str) -> bool:
    """Whether a data set can be loaded now, without fetching.

    Args:
        name: one of `data_names()`.
    """
    if not _DATA_SETS[card(name).name].fetched:
        return True
    place = storage.data_folder() / name
    return all((place / file.path).exists() for file in cards.files_of(name))


def load_videos(
    name: str,
    *,
    image_size: int = 32,
    n_frames: int = 16,
    n_videos: int | None = None,
    seed: int = 0,
    fps: float | None = None,
    stride: int = 1,
    strict: bool = False,
) -> VideoBank:
    """Bring a data set into memory as bytes, ready to cut clips from.

    Args:
        name: one of `data_names()`; for your own clips `folder:` and a path, or the path of a
            folder that exists.
        image_size: H and W in pixels.
        n_frames: length of drawn clips; least length of clips from files.
        n_videos: how many; None means 3072 of a drawn set, all of a set of files. Fewer than
            all are chosen by `seed`.
        seed: drawn sets of different seeds share no clip; equal seeds give equal bytes.
        fps: frames a second into which films are resampled by their time stamps; None: every
            frame as it was stored.
        stride: a video is every stride-th frame of its film, begun at each of the first stride.
        strict: whatever is left out is an error instead of a warning.

    Returns:
        A bank of (N videos), 3 channels, with what is known about each video in `truth`.

    Raises:
        DataError: unknown name, missing or unusable data; the message says what to do.

    Example:
        >>> bank = load_videos("shapes", n_videos=8)
        >>> bank.n_videos, bank.channels, bank.image_size
        (8, 3, 32)

    Lesson 06.
    """
    about = card(name)
    _refuse_nonsense(
        image_size=image_size, n_frames=n_frames, n_videos=n_videos, stride=stride, fps=fps
    )
    rng = runtime.new_rng(zlib.crc32(f"{name} {seed}".encode()))
    if name in _DRAWN:
        if fps is not None or stride != 1:
            raise DataError(
                f"fps and stride are for films; {about.name} is drawn as it is wanted"
            )
        return _DRAWN[name](n_videos or N_DRAWN, n_frames, image_size, rng)
    bank = _from_files(
        name, image_size=image_size, n_frames=n_frames, fps=fps, stride=stride, strict=strict
    )
    if n_videos is None:
        return bank
    if n_videos > bank.n_videos:
        raise DataError(f"{about.name} has {bank.n_videos} videos; {n_videos} were asked for")
    return bank.select(torch.randperm(bank.n_videos, generator=rng)[:n_videos].sort().values)


def _shapes(n: int, n_frames: int, image_size: int, rng: torch.Generator) -> VideoBank:
    from vgan_lessons.datasets.shapes import draw_shapes

    return draw_shapes(n, n_frames=n_frames, image_size=image_size, rng=rng)


def _digits(n: int, n_frames: int, image_size: int, rng: torch.Generator) -> VideoBank:
    from vgan_lessons.datasets import digits, sprites

    sizes = {"n_videos": n, "n_frames": n_frames, "image_size": image_size, "rng": rng}
    return sprites.bounce_digits(*digits.bundled_digits(), card=cards.CARDS["digits"], **sizes)


def _mnist(n: int, n_frames: int, image_size: int, rng: torch.Generator) -> VideoBank:
    from vgan_lessons.datasets import digits, sprites

    sizes = {"n_videos": n, "n_frames": n_frames, "image_size": image_size, "rng": rng}
    found = digits.mnist_digits(storage.data_folder() / "mnist")
    return sprites.bounce_digits(*found, card=cards.CARDS["mnist"], **sizes)


def _from_files(name: str, **how: object) -> VideoBank:
    from vgan_lessons.datasets.clip_cache import Wanted

    wanted = Wanted(**how)
    if name != "weizmann":
        from vgan_lessons.datasets import folder

        return folder.load_folder(_path_in(name), wanted)
    from vgan_lessons.datasets import weizmann

    if wanted.fps is not None:
        raise DataError("the strips of weizmann carry no time stamps: leave out fps")
    return weizmann.load_weizmann(wanted)


_DRAWN: dict[str, Callable[[int, int, int, torch.Generator], VideoBank]] = {
    "shapes": _shapes,
    "digits": _digits,
    "mnist": _mnist,
}


def _path_in(name: str) -> str | None:
    """The path if `name` speaks of a folder, else None."""
    if name == "folder:":
        raise DataError("folder: needs the path of a folder of clips after the colon")
    if name.startswith("folder:"):
        return name.removeprefix("folder:")
    return name if name and name not in _DATA_SETS and Path(name).is_dir() else None


def _refuse_nonsense(**numbers: float | None) -> None:
    least = {"image_size": 16, "n_frames": 1, "n_videos": 1, "stride": 1, "fps": 0.01}
    for name, number in numbers.items():
        if number is not None and number < least[name]:
            raise DataError(f"{name} must be at least {least[name]}, got {number}")
