"""Does a generator repeat its training films? Held against films that nobody trained on.

Copies are looked for in coarse pixels, not in the features of the card: these are made to see
grain and softness, and a copy that is a little soft lies far from its film in them.
"""

from dataclasses import dataclass
from functools import cached_property, partial

import torch
from torch import Tensor, nn

from vgan_lessons import metrics
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation.features import in_batches
from vgan_lessons.evaluation.measures import (
    Reading,
    coarse_pixels,
    in_real_units,
    interval_about,
)
from vgan_lessons.evaluation.real_clips import choose_real, draw_real
from vgan_lessons.metrics import Interval


@dataclass(frozen=True, kw_only=True)
class TrainingFilms:
    """Clips of the films that were trained on, beside films that were not. Lesson 09."""

    trained: tuple[Tensor, Tensor]  # features (n, d) and coarse pixels (n, p) of clips
    copied: tuple[Tensor, Tensor]  # the same of other clips of the same films
    held_out: Tensor  # (n, p) coarse pixels of clips of other films
    films: Tensor  # (n,) which film each of `held_out` comes from

    def rows(
        self, features: Tensor, pixels: Tensor, *, rng: torch.Generator, n_resamples: int
    ) -> dict[str, Interval]:
        """The rows that see copies.

        Args:
            features: (N, d) of generated clips.
            pixels: (N, p) coarse pixels of them.
            rng: for the intervals.
            n_resamples: 0 leaves the intervals out.

        Returns:
            `fvd_trained`, the distance to the films that were trained on, and `memorisation`.
        """
        about = partial(interval_about, rng=rng, n_resamples=n_resamples)
        seen = in_real_units(self.trained[0], features)
        ratios = metrics.memorisation(self.trained[1], self.held_out, pixels)
        return {
            "fvd_trained": about(metrics.feature_frechet, *seen),
            "memorisation": about(torch.median, ratios),
        }

    @cached_property
    def floor(self) -> dict[str, float]:
        """What stands in the column of real clips.

        Returns:
            `fvd_trained` of other clips of the same films, `memorisation` of new films.
        """
        new = [
            metrics.memorisation(self.trained[1], self.held_out[~own], self.held_out[own])
            for own in (self.films == film for film in self.films.unique())
        ]
        seen = in_real_units(self.trained[0], self.copied[0])
        return {
            "fvd_trained": float(metrics.feature_frechet(*seen)),
            "memorisation": float(torch.cat(new).median()),
        }

    def verdict(self, memorisation: float) -> str:
        """What the ratio says, in a sentence.

        Args:
            memorisation: the median of the generated clips.
        """
        ratios = metrics.memorisation(self.trained[1], self.held_out, self.copied[1])
        copy, new = float(ratios.median()), self.floor["memorisation"]
        scale = f"memorisation {memorisation:.2f}; copies {copy:.2f}, new films {new:.2f}"
        if memorisation < (copy + new) / 2:
            return f"These clips repeat the films that were trained on ({scale})."
        return f"These clips are no copies of the films that were trained on ({scale})."


def read_training_films(
    trained_on: VideoBank,
    held_out: VideoBank,
    network: nn.Module,
    readings: tuple[Reading, Reading],
    *,
    stride: int,
    seed: int,
) -> TrainingFilms:
    """Look at the films that were trained on, and at films that were not.

    Args:
        trained_on: the films that were trained on.
        held_out: films that were not, at least two.
        network: the feature network, on the device that should compute.
        readings: of n clips of `held_out`, the first of the seed, and of n of `trained_on`.
        stride: take every stride-th frame.
        seed: that the readings were drawn with.

    Returns:
        TrainingFilms.

    Raises:
        ValueError: if fewer than two films were held out.
    """
    if held_out.n_films < 2:
        raise ValueError(f"at least two films have to be held out, got {held_out.n_films}")
    new, seen = readings
    n, how = len(new.energy), {"stride": stride, "n_samples": 1}
    index, _ = choose_real(held_out, n, seed=seed, **how)
    (again,) = draw_real(trained_on, n, seed=seed + 1, **how)
    on = next(network.parameters()).device
    return TrainingFilms(
        trained=(seen.clip_features, seen.coarse),
        copied=(in_batches(network, again.to(on)).cpu(), coarse_pixels(again)),
        held_out=new.coarse,
        films=held_out.films.cpu()[index],
    )
