"""Time stamps: what they say of a clip, and frames at even times."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from statistics import median

from vgan_lessons.datasets.framing import Frame


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


def rate(begins: list[float]) -> tuple[float | None, bool]:
    """How many frames a second the stamps of a clip say, and whether at uneven times.

    Args:
        begins: seconds, rising.

    Returns:
        One over the middle interval, None for fewer than two stamps; and whether an interval
        is more than half as long again as the middle one, or less than half of it.

    Example:
        >>> rate([0.0, 0.1, 0.2, 2.2]), rate([0.0])
        ((10.0, True), (None, False))
    """
    intervals = [after - before for before, after in pairwise(begins)]
    if not intervals or (middle := median(intervals)) <= 0:
        return None, False
    uneven = max(intervals) > 1.5 * middle or min(intervals) < 0.5 * middle
    return 1 / middle, uneven


def _turn(seconds: float, fps: float) -> int:
    return int(seconds * fps + 0.5 + 1e-6)
