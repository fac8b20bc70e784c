"""Does a generator repeat its training films? Held against films that nobody trained on."""

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from vgan_lessons import metrics
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation.features import in_batches
from vgan_lessons.evaluation.measures import Reading, in_real_units, interval_about
from vgan_lessons.evaluation.real_clips import choose_real, draw_real
from vgan_lessons.metrics import Interval


@dataclass(frozen=True, kw_only=True)
class TrainingFilms:
    """Clips of the films that were trained on, beside films that were not. Lesson 09."""

    trained: Tensor  # (n, d) features
    held_out: Tensor  # (n, d) features
    films: Tensor  # (n,) which film each of `held_out` comes from
    copied: Tensor  # (n, d) features of other clips of the films that were trained on

    def rows(
        self, fake: Tensor, *, rng: torch.Generator, n_resamples: int
    ) -> dict[str, Interval]:
        """The rows that see copies.

        Args:
            fake: (N, d) features of generated clips.
            rng: for the intervals.
            n_resamples: 0 leaves the intervals out.

        Returns:
            `fvd_trained`, the distance to the films that were trained on, and `memorisation`.
        """
        about = partial(interval_about, rng=rng, n_resamples=n_resamples)
        return {
            "fvd_trained": about(metrics.feature_frechet, *self._seen(fake)),
            "memorisation": about(torch.median, self._ratios(fake)),
        }

    def floor(self) -> dict[str, float]:
        """What stands in the column of real clips.

        Returns:
            `fvd_trained` of other clips of the same films, `memorisation` of new films.
        """
        new = [
            metrics.memorisation(trained, others, own)
            for film in self.films.unique()
            for trained, others in [self._seen(self.held_out[self.films != film])]
            for _, own in [self._seen(self.held_out[self.films == film])]
        ]
        return {
            "fvd_trained": float(metrics.feature_frechet(*self._seen(self.copied))),
            "memorisation": float(torch.cat(new).median()),
        }

    def verdict(self, memorisation: float) -> str:
        """What the ratio says, in a sentence.

        Args:
            memorisation: the median of the generated clips.
        """
        copy, new = float(self._ratios(self.copied).median()), self.floor()["memorisation"]
        scale = (
            f"memorisation {memorisation:.2f}; a copy scores {copy:.2f}, a new film {new:.2f}"
        )
        if memorisation < (copy + new) / 2:
            return f"These clips repeat the films that were trained on ({scale})."
        return f"These clips are no copies of the films that were trained on ({scale})."

    def _ratios(self, clips: Tensor) -> Tensor:
        trained, clips = self._seen(clips)
        return metrics.memorisation(trained, self._seen(self.held_out)[1], clips)

    def _seen(self, clips: Tensor) -> tuple[Tensor, Tensor]:
        """The trained-on clips and others, in standard deviations of the former."""
        return in_real_units(self.trained, clips)


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
    new, seen = (reading.clip_features for reading in readings)
    how = {"stride": stride, "n_samples": 1}
    index, _ = choose_real(held_out, len(new), seed=seed, **how)
    (again,) = draw_real(trained_on, len(seen), seed=seed + 1, **how)
    on = next(network.parameters()).device
    return TrainingFilms(
        trained=seen,
        held_out=new,
        films=held_out.films.cpu()[index],
        copied=in_batches(network, again.to(on)).cpu(),
    )
