"""Videos from files: any folder of clips."""

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import torch

from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import CARDS, DataError
from vgan_lessons.datasets.clip_cache import FILMS, Wanted
from vgan_lessons.datasets.listing import list_clips
from vgan_lessons.datasets.pictures import PICTURES
from vgan_lessons.datasets.reading import bank_from_clips, named


def load_folder(path: str | Path, wanted: Wanted) -> VideoBank:
    """Read every clip below a folder.

    Args:
        path: the folder; sub-folders are searched too.
        wanted: as what.

    Returns:
        A bank; its card counts and names what was left out. Where every clip lies in one of
        several sub-folders and some of these hold two, they are its label "folder".

    Raises:
        DataError: if there is no such folder, no clip in it, or none is left.

    Warns:
        DataWarning: names and counts what was left out.
    """
    folder = Path(path).expanduser()
    if not folder.exists():
        raise DataError(f"there is no folder {folder}")
    if not folder.is_dir():
        raise DataError(f"{folder} is a file; folder:PATH takes a folder of clips")
    clips, others = list_clips(folder)
    if not clips:
        told = f" ({named(others)})" if others else ""
        raise DataError(
            f"{folder} holds no clip{told}; it may hold {' '.join(FILMS + PICTURES)}"
        )
    place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:6]
    bank = bank_from_clips(
        clips,
        wanted,
        card=replace(CARDS["folder:PATH"], name=f"folder:{path}", source=str(folder)),
        label=f"{folder.resolve().name}-{place}",
        others=others,
    )
    return _with_labels(bank, [clips[film].place[:1] for film in bank.films.tolist()])


def _with_labels(bank: VideoBank, tops: list[tuple[str, ...]]) -> VideoBank:
    """Sub-folders as classes, if every film lies in one and a class may have two."""
    films_of = Counter(dict(zip(bank.films.tolist(), tops, strict=True)).values())
    if () in films_of or len(films_of) < 2 or max(films_of.values()) < 2:
        return bank
    names = tuple(sorted(top[0] for top in films_of))
    values = torch.tensor([names.index(top[0]) for top in tops])
    return replace(bank, truth={"folder": values}, label_names={"folder": names})
