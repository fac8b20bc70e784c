"""What every metric sees and what it misses: one table, kept as data and held by a test.

A cell says what becomes of a metric when real clips of `shapes` are spoiled as far as a
corruption goes: it rises, it stays, or it falls. The cells that stay are the lesson: a metric
that does not move has nothing to say about that fault, however good its value looks.
"""

from typing import Literal, NamedTuple

from vgan_lessons.metrics.corruptions import CORRUPTIONS

Word = Literal["rises", "stays", "falls", "unclear"]


class Band(NamedTuple):
    """How much change counts as which word. Lesson 09."""

    ratio: bool  # change is spoiled / untouched; else spoiled - untouched
    falls: float  # at most this: falls
    stays: tuple[float, float]  # within: stays; between the words: unclear
    rises: float  # at least this: rises


_MOTION = Band(True, 0.8, (0.85, 1.15), 1.2)
_SMALL = Band(True, 0.7, (0.75, 1.55), 1.65)
BANDS = {  # set from three seeds at n=256; wide where the untouched value itself is uncertain
    "fvd_small": Band(True, 0.4, (0.5, 2.0), 2.5),
    "frame_distance": Band(True, 0.3, (0.4, 3.0), 4.0),
    "precision": Band(False, -0.12, (-0.1, 0.1), 0.12),
    "recall": Band(False, -0.05, (-0.03, 0.03), 0.05),
    "density": Band(False, -0.13, (-0.1, 0.25), 0.3),
    "coverage": Band(False, -0.1, (-0.05, 0.05), 0.1),
    "content_distance": Band(False, -0.15, (-0.13, 0.13), 0.15),
    "motion_energy": _MOTION,
    "flicker": _SMALL,
    "residual": Band(True, 0.7, (0.75, 1.5), 1.55),
    "speed": _MOTION,
    "acceleration": _MOTION,
    "lost": Band(False, -0.1, (-0.02, 0.02), 0.1),
}
_WORDS: dict[str, Word] = {"+": "rises", ".": "stays", "-": "falls"}
_ROWS = """
metric           shuffled frozen slowed backward blurred noisy jittered flicker switched dropped
fvd_small           +       +      +       .        +      +      +        +       +        +
frame_distance      .       .      .       .        +      +      .        +       .        +
precision           -       -      -       .        -      -      -        -       .        .
recall              -       -      -       .        -      -      -        -       -        -
density             -       -      -       .        -      -      -        -       -        .
coverage            -       -      -       .        -      -      -        -       -        -
content_distance    .       +      +       .        .      +      .        .       +        .
motion_energy       +       -      -       .        -      +      +        -       +        .
flicker             .       -      -       .        +      +      +        +       +        .
residual            +       -      -       .        .      +      +        .       +        .
speed               +       -      -       .        .      .      +        .       +        .
acceleration        +       -      -       .        .      +      +        .       +        .
lost                .       .      .       .        .      .      .        +       .        .
"""


def verdict(metric: str, untouched: float, spoiled: float) -> Word:
    """Put a measured change into a word.

    Args:
        metric: a key of BANDS.
        untouched: its value for real clips.
        spoiled: its value for the same clips, spoiled; NaN if nothing was left to measure.

    Returns:
        "rises", "stays", "falls", or "unclear" where the change lies between two words.

    Example:
        >>> verdict("recall", 0.98, 0.31), verdict("speed", 1.70, 1.71)
        ('falls', 'stays')

    Lesson 09.
    """
    band = BANDS[metric]
    change = spoiled / max(untouched, 1e-12) if band.ratio else spoiled - untouched
    if change >= band.rises:
        return "rises"
    if change <= band.falls:
        return "falls"
    return "stays" if band.stays[0] <= change <= band.stays[1] else "unclear"


def _read_table() -> dict[str, dict[str, Word]]:
    (_, *headings), *rows = (line.split() for line in _ROWS.strip().splitlines())
    for name, heading in zip(CORRUPTIONS, headings, strict=True):
        if not name.split()[-1].startswith(heading):
            raise ValueError(f"the column of {name} is headed {heading}")
    return {
        metric: {name: _WORDS[mark] for name, mark in zip(CORRUPTIONS, marks, strict=True)}
        for metric, *marks in rows
    }


TABLE = _read_table()
