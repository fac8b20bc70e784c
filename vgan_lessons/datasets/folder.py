"""Videos from files: any folder of clips, and the reader that `weizmann` shares."""

import hashlib
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from vgan_lessons.datasets import remarks
from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import FOLDER_CARD, Card, DataError, DataWarning
from vgan_lessons.datasets.clip_cache import DecodedClips, Wanted, decode_clips
from vgan_lessons.datasets.listing import FILMS, ClipFiles, list_clips
from vgan_lessons.datasets.pictures import PICTURES


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
        told = f" ({remarks.named(others)})" if others else ""
        raise DataError(
            f"{folder} holds no clip{told}; it may hold {' '.join(FILMS + PICTURES)}"
        )
    place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:6]
    bank = bank_from_clips(
        clips,
        wanted,
        card=replace(FOLDER_CARD, name=f"folder:{path}", source=str(folder)),
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


def bank_from_clips(
    clips: list[ClipFiles],
    wanted: Wanted,
    *,
    card: Card,
    label: str,
    others: dict[str, str] | None = None,
) -> VideoBank:
    """Decode listed clips and leave out those that cannot serve.

    Args:
        clips: what to read.
        wanted: as what.
        card: completed with counts and with what was left out.
        label: names the cache of decoded frames.
        others: what was found and is no clip, with the reason.

    Returns:
        A bank whose `films` are places in `clips`, named as these.

    Raises:
        DataError: if something cannot serve and `wanted.strict`, or nothing can.

    Warns:
        DataWarning: names and counts what was left out.
    """
    decoded = decode_clips(clips, wanted, label)
    told = remarks.left_out(decoded, clips, wanted, others or {})
    first_frames, lengths, films = _videos(decoded, wanted)
    if not len(lengths):
        raise DataError(f"{card.source}: no clip can be used. {' '.join(told)}")
    if wanted.fps and not any(decoded.rates):
        raise DataError(f"{card.source}: no clip has time stamps to resample by; use a stride")
    if told:
        warnings.warn("\n  ".join(told), DataWarning, stacklevel=3)
    size = f"{len(lengths)} clips of {lengths.min()} to {lengths.max()} frames"
    n_films = len(films.unique())
    told += [*remarks.times(decoded, wanted.fps), *remarks.looks(decoded)]
    return VideoBank(
        frames=decoded.frames,
        lengths=lengths,
        first_frames=first_frames,
        films=films,
        film_names=tuple(clip.name for clip in clips),
        step=wanted.stride,
        card=replace(
            card,
            size=size if n_films == len(lengths) else f"{size}, from {n_films} films",
            notes=(*card.notes, *told),
        ),
    )


def _videos(decoded: DecodedClips, wanted: Wanted) -> tuple[Tensor, Tensor, Tensor]:
    """First frames, lengths and films: of each unbroken run one video for each phase."""
    begins = decoded.lengths.cumsum(0) - decoded.lengths
    runs = torch.stack([begins, decoded.lengths, decoded.clip_of], dim=1).tolist()
    rows = [
        (begin + phase, -(-(length - phase) // wanted.stride), film)
        for begin, length, film in runs
        for phase in range(wanted.stride)
        if length - phase >= wanted.span
    ]
    return torch.tensor(rows, dtype=torch.int64).view(-1, 3).unbind(1)
