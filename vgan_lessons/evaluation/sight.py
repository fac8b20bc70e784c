"""Measure what every metric sees: spoil real clips in each way and compare with the table."""

from dataclasses import dataclass

import torch

from vgan_lessons import runtime
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation.card import in_columns
from vgan_lessons.evaluation.features import load_features
from vgan_lessons.evaluation.measures import measure_rows, read_clips
from vgan_lessons.evaluation.protocol import prepare
from vgan_lessons.evaluation.real_clips import draw_real
from vgan_lessons.layout import from_uint8
from vgan_lessons.metrics import CORRUPTIONS, N_LEVELS, corrupt
from vgan_lessons.metrics.table import BANDS, TABLE, Word, verdict

_SIGNS = {"rises": "+", "stays": ".", "falls": "-", "unclear": "?"}


@dataclass(frozen=True, kw_only=True)
class SightTable:
    """Every metric of real clips, untouched and spoiled. Lesson 09."""

    untouched: dict[str, float]  # metric -> value
    spoiled: dict[str, dict[str, float]]  # corruption -> metric -> value
    title: str

    def word(self, metric: str, corruption: str) -> Word:
        """What was measured, as the table would put it."""
        return verdict(metric, self.untouched[metric], self.spoiled[corruption][metric])

    @property
    def surprises(self) -> list[str]:
        """Where the measurement differs from the table: one line a cell."""
        return [
            f"{metric} of {name} clips: declared {TABLE[metric][name]}, but went from "
            f"{self.untouched[metric]:.3g} to {self.spoiled[name][metric]:.3g}"
            for metric in self.untouched
            for name in self.spoiled
            if self.word(metric, name) != TABLE[metric][name]
        ]

    def text(self) -> str:
        """The values with their words as a table of plain text, and a legend."""
        table = [("metric", "untouched", *self.spoiled)]
        for metric, real in self.untouched.items():
            cells = [self._cell(metric, name) for name in self.spoiled]
            table.append((metric, f"{real:.2g}", *cells))
        legend = "+ rises, . stays, - falls, ? between two words, ! not as the table declares"
        return "\n".join([self.title, *in_columns(table), legend, *self.surprises])

    def _cell(self, metric: str, corruption: str) -> str:
        word = self.word(metric, corruption)
        mark = "" if word == TABLE[metric][corruption] else " !"
        return f"{self.spoiled[corruption][metric]:.2g} {_SIGNS[word]}{mark}"


def sight_table(
    real: VideoBank, *, n: int = 256, level: int = N_LEVELS, seed: int = 0
) -> SightTable:
    """Spoil real clips in every way and take every metric.

    Args:
        real: clips; the table is declared for `shapes` at n=256 and the worst level.
        n: clips on each side; for lost modes a fifth of 5 n clips is kept.
        level: 1 to 5.
        seed: of the choice of clips and of the corruptions.

    Returns:
        SightTable; without the motion oracle if the clips are not `shapes`.

    Lesson 09.
    """
    network = load_features()
    oracle = real.card.name == "shapes"
    first, second = draw_real(real, n, seed=seed)
    (pool,) = draw_real(real, 5 * n, seed=seed + 1, n_samples=1)
    compare_with = read_clips(first, network, oracle=oracle)

    def take(clips: torch.Tensor) -> dict[str, float]:
        reading = read_clips(clips, network, oracle=oracle)
        rows = measure_rows(compare_with, reading, rng=runtime.new_rng(0), n_resamples=0)
        return {metric: rows[metric].value for metric in BANDS if metric in rows}

    spoiled = {}
    for name in CORRUPTIONS:
        clips = from_uint8(pool if name == "modes dropped" else second)
        made = corrupt(name, clips, level, runtime.new_rng(seed))
        spoiled[name] = take(prepare(made[:n]))
    title = f"real clips of {real.card.name} spoiled at level {level} of 5, n={n}, seed {seed}"
    return SightTable(untouched=take(second), spoiled=spoiled, title=title)
