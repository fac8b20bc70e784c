"""What a user should know of a folder that was read: what was left out, what the times are."""

from vgan_lessons.datasets.cards import DataError
from vgan_lessons.datasets.clip_cache import DecodedClips, Wanted
from vgan_lessons.datasets.listing import ClipFiles

MOST_NAMED = 20  # files that a message names; the rest is counted


def left_out(
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
    line = "; ".join(f"{name} ({why})" for name, why in list(reasons.items())[:MOST_NAMED])
    more = f"; and {len(reasons) - MOST_NAMED} more" if len(reasons) > MOST_NAMED else ""
    return line + more


def times(decoded: DecodedClips, fps: float | None) -> list[str]:
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


def looks(decoded: DecodedClips) -> list[str]:
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
