"""Videos from files: any folder of clips, and the reader that `weizmann` shares."""

import hashlib
import warnings
from dataclasses import replace
from pathlib import Path

import torch

from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import FOLDER_CARD, Card, DataError, DataWarning
from vgan_lessons.datasets.clip_cache import decode_clips
from vgan_lessons.datasets.reading import FILMS, PICTURES, ClipFiles, find_clips

MEMORY_LIMIT = 2 * 2**30  # bytes of pixels held in memory; bigger sets are memory-mapped
MOST_NAMED = 20  # left-out clips that a message names; the rest is counted


def load_folder(
    path: str | Path,
    *,
    image_size: int,
    n_frames: int,
    strict: bool = False,
    memory_limit: int = MEMORY_LIMIT,
) -> VideoBank:
    """Read every clip below a folder.

    Args:
        path: the folder; sub-folders are searched too.
        image_size: H and W in pixels.
        n_frames: clips shorter than this are left out.
        strict: a damaged or too short clip is an error instead of a warning.
        memory_limit: most bytes of pixels to hold in memory.

    Returns:
        A bank; its card counts and names what was left out. Where every clip lies in one of
        several sub-folders, these are its label "folder"; else it has none.

    Raises:
        DataError: if there is no such folder, no clip in it, or none is left.

    Warns:
        DataWarning: names and counts the clips that were left out.
    """
    folder = Path(path).expanduser()
    if not folder.exists():
        raise DataError(f"there is no folder {folder}")
    if not folder.is_dir():
        raise DataError(f"{folder} is a file; folder:PATH takes a folder of clips")
    clips = find_clips(folder)
    if not clips:
        raise DataError(f"{folder} holds no clip; it may hold {' '.join(FILMS + PICTURES)}")
    place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:6]
    bank, kept = bank_from_clips(
        clips,
        card=replace(FOLDER_CARD, name=f"folder:{path}", source=str(folder)),
        label=f"{folder.resolve().name}-{place}",
        image_size=image_size,
        n_frames=n_frames,
        strict=strict,
        memory_limit=memory_limit,
    )
    places = [Path(clip.name).parts for clip in kept]
    names = tuple(sorted({place[0] for place in places}))
    if len(names) < 2 or any(len(place) < 2 for place in places):
        return bank
    values = torch.tensor([names.index(place[0]) for place in places])
    return replace(bank, truth={"folder": values}, label_names={"folder": names})


def bank_from_clips(
    clips: list[ClipFiles],
    *,
    card: Card,
    label: str,
    image_size: int,
    n_frames: int,
    strict: bool,
    memory_limit: int = MEMORY_LIMIT,
) -> tuple[VideoBank, list[ClipFiles]]:
    """Decode listed clips and leave out those that cannot serve.

    Args:
        clips: what to read.
        card: completed with counts and with what was left out.
        label: names the cache of decoded frames.
        image_size: H and W in pixels.
        n_frames: clips shorter than this are left out.
        strict: leaving one out is an error.
        memory_limit: most bytes of pixels to hold in memory.

    Returns:
        The bank, and the clips it holds, in the same order.

    Raises:
        DataError: if a clip cannot serve and `strict`, or none can.

    Warns:
        DataWarning: names and counts the clips that were left out.
    """
    decoded = decode_clips(
        clips, image_size=image_size, label=label, memory_limit=memory_limit, strict=strict
    )
    lengths = decoded.lengths.tolist()
    short = {
        clip.name: f"{length} frames, {n_frames} wanted"
        for clip, length in zip(clips, lengths, strict=True)
        if length < n_frames and clip.name not in decoded.broken
    }
    if short and strict:
        raise DataError("{} is too short: {}".format(*next(iter(short.items()))))
    left_out = _left_out_sentence({**decoded.broken, **short}, len(clips))
    kept = [i for i, length in enumerate(lengths) if length >= max(n_frames, 1)]
    if not kept:
        raise DataError(f"{card.source}: no clip can be used. {left_out}")
    if left_out:
        warnings.warn(left_out, DataWarning, stacklevel=3)
    card = replace(
        card,
        size=f"{len(kept)} clips of {min(lengths[i] for i in kept)} to {max(lengths)} frames",
        notes=card.notes + ((left_out,) if left_out else ()),
    )
    bank = VideoBank(frames=decoded.frames, lengths=decoded.lengths, card=card)
    return bank.select(torch.tensor(kept)), [clips[i] for i in kept]


def _left_out_sentence(reasons: dict[str, str], n_clips: int) -> str:
    if not reasons:
        return ""
    named = "; ".join(f"{name} ({why})" for name, why in list(reasons.items())[:MOST_NAMED])
    more = f"; and {len(reasons) - MOST_NAMED} more" if len(reasons) > MOST_NAMED else ""
    return f"{len(reasons)} of {n_clips} clips left out: {named}{more}"
