"""From the clips of a data set to a bank, and a word on whatever was left out."""

import warnings
from dataclasses import replace

import torch
from torch import Tensor

from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import Card, DataError, DataWarning
from vgan_lessons.datasets.clip_cache import ClipFiles, DecodedClips, Wanted, decode_clips

_MOST_NAMED = 20  # files that a message names; the rest is counted


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
    told = _left_out(decoded, clips, wanted, others or {})
    first_frames, lengths, films = _videos(decoded, wanted)
    if not len(lengths):
        raise DataError(f"{card.source}: no clip can be used. {' '.join(told)}")
    if wanted.fps and not any(decoded.rates):
        raise DataError(f"{card.source}: no clip has time stamps to resample by; use a stride")
    if told:
        warnings.warn("\n  ".join(told), DataWarning, stacklevel=3)
    size = f"{len(lengths)} clips of {lengths.min()} to {lengths.max()} frames"
    n_films = len(films.unique())
    told += [*_times(decoded, wanted.fps), *_looks(decoded)]
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


def _left_out(
    decoded: DecodedClips, clips: list[ClipFiles], wanted: Wanted, others: dict[str, str]
) -> list[str]:
    """Name and count whatever was not read, sentence by sentence.

    Args:
        decoded: what came out of the clips.
        clips: what was to be read.
        wanted: as what.
        others: what was found and is no clip, with the reason.

    Raises:
        DataError: if anything was left out and `wanted.strict`.
    """
    whole, parts = _too_short(decoded, clips, wanted.span)
    if wanted.strict:
        _refuse(decoded.broken | decoded.stills, "cannot be read")
        _refuse(whole | parts, "is too short")
        _refuse(others, "is no clip")
    lost = decoded.broken | whole
    told = [
        (lost, f"{len(lost)} of {len(clips)} clips left out: {{}}."),
        (decoded.stills, "Damaged stills, where a clip ends and another begins: {}."),
        (decoded.gaps, "Numbers of stills are missing, each part is a clip: {}."),
        (parts, "Parts too short for a clip: {}."),
        (others, f"{len(others)} left alone: {{}}."),
    ]
    return [sentence.format(named(reasons)) for reasons, sentence in told if reasons]


def named(reasons: dict[str, str]) -> str:
    """Names with their reasons, in one line; many are counted.

    Args:
        reasons: name -> why.

    Example:
        >>> named({"a.mp4": "damaged", "b.txt": "of unknown kind"})
        'a.mp4 (damaged); b.txt (of unknown kind)'
    """
    line = "; ".join(f"{name} ({why})" for name, why in list(reasons.items())[:_MOST_NAMED])
    more = f"; and {len(reasons) - _MOST_NAMED} more" if len(reasons) > _MOST_NAMED else ""
    return line + more


def _times(decoded: DecodedClips, fps: float | None) -> list[str]:
    """What the time stamps say, where that is not the same for all.

    Args:
        decoded: what came out of the clips.
        fps: into which clips were resampled, if they were.
    """
    rates = [rate for rate in decoded.rates if rate]
    if not rates:
        return []
    untimed = len(decoded.rates) - len(decoded.broken) - len(rates)
    if fps:
        told = [f"resampled to {fps:g} frames a second by the time stamps"]
        return told + [f"{untimed} clips without time stamps: read as they are"] * (untimed > 0)
    if max(rates) < 1.05 * min(rates) and not decoded.uneven:
        return []
    uneven = f", {len(decoded.uneven)} of {len(rates)} unevenly" if decoded.uneven else ""
    return [
        f"stored at {min(rates):.3g} to {max(rates):.3g} frames a second{uneven}, and read "
        "frame by frame; fps makes them alike"
    ]


def _looks(decoded: DecodedClips) -> list[str]:
    """What was read as it was stored, though a viewer would show it otherwise.

    Args:
        decoded: what came out of the clips.
    """
    return [f"read as stored: {named(decoded.odd)}"] if decoded.odd else []


def _too_short(
    decoded: DecodedClips, clips: list[ClipFiles], span: int
) -> tuple[dict[str, str], dict[str, str]]:
    """Clips of which nothing can be used, and clips of which a part cannot."""
    runs = {clip.name: [] for clip in clips if clip.name not in decoded.broken}
    for length, place in zip(decoded.lengths.tolist(), decoded.clip_of.tolist(), strict=True):
        runs[clips[place].name].append(length)
    whole, parts = {}, {}
    for name, lengths in runs.items():
        short = [length for length in lengths if length < span]
        if short or not lengths:
            found = " and ".join(map(str, short)) or "0"
            where = whole if len(short) == len(lengths) else parts
            where[name] = f"{found} frames, {span} wanted"
    return whole, parts


def _refuse(reasons: dict[str, str], verdict: str) -> None:
    for name, why in reasons.items():
        raise DataError(f"{name} {verdict}: {why}")
