"""One judge for both sides of the race: the same real clips, latents' seed and protocol."""

from torch import Tensor, nn

from benchmarks.setting import DRAWN, Setting, load_bank
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation import (
    MetricCard,
    RealSide,
    measure_real,
    metric_card,
    quick_card,
)
from vgan_lessons.models.generators import generate
from vgan_lessons.runtime import new_rng

_LATENTS_SEED = 12345  # of every snapshot, on both sides


class Judge:
    """Scores generators by FVD-small along the way and by the whole card at the end.

    Real clips of a drawn data set are drawn anew, so that nobody has trained on them; those
    of files are the ones trained on, for both sides alike.

    Args:
        setting: data, size, device.
        bank: what is trained on.
        n: clips on each side of the card; a snapshot takes at most 256 of them.
    """

    def __init__(self, setting: Setting, bank: VideoBank, *, n: int) -> None:
        self.setting, self.n, self.n_quick = setting, n, min(n, 256)
        unseen = bank
        if setting.data in DRAWN:
            unseen = load_bank(setting, n_videos=2 * n, seed=setting.seed + 1000)
        how = {"seed": setting.seed, "device": setting.on}
        self.real: RealSide = measure_real(unseen, n=n, **how)
        self.real_quick: RealSide = measure_real(unseen, n=self.n_quick, quick=True, **how)

    @property
    def floor(self) -> float:
        """FVD-small of real clips at the number of a snapshot: perfection scores this."""
        return self.real_quick.floor["fvd_small"]

    def fvd_small(self, generator: nn.Module) -> float:
        """A snapshot's FVD-small; infinity if its clips cannot be measured.

        Args:
            generator: in the mode it is sampled from in.
        """
        card = quick_card(self._clips(generator, self.n_quick), self.real_quick)
        value = card["fvd_small"].value
        return float("inf") if value is None else value

    def card(self, generator: nn.Module, name: str) -> MetricCard:
        """The whole panel.

        Args:
            generator: in the mode it is sampled from in.
            name: title of the card.
        """
        return metric_card(self._clips(generator, self.n), self.real, name=name, n_resamples=0)

    def _clips(self, generator: nn.Module, n: int) -> Tensor:
        rng = new_rng(_LATENTS_SEED, self.setting.on)
        return generate(generator, n, n_frames=self.setting.n_frames, rng=rng)
