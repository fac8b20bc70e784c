"""What takes part in a benchmark: a video GAN in training, built from a setting and a bank.

Everything that is measured goes through `Contestant`; a new rival provides one class of that
form, which takes `(setting, bank)`, and an `Entry` in `benchmarks.lineup`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import nn

from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.runtime import BudgetName

DRAWN = ("shapes", "digits", "mnist")  # any number of videos can be had of these


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What all contestants of a table share: the data, the sizes, the device, the seed."""

    data: str = "shapes"
    image_size: int = 64
    n_frames: int = 16
    batch_size: int | None = 32  # None: each contestant's own
    n_steps: int = 10**9  # of the whole run; endless where only the time of a step counts
    seed: int = 0
    device: str = "cpu"
    budget: BudgetName = "gpu"  # whose recipe our networks take: 64x64 is a GPU's size
    smoke: bool = False  # networks of a few channels, to exercise the lines only

    @property
    def label(self) -> str:
        """The size as it is written in the report."""
        return f"{self.image_size}x{self.image_size}x{self.n_frames}"

    @property
    def on(self) -> torch.device:
        """The device."""
        return torch.device(self.device)


class Contestant(Protocol):
    """A model in training: it can be trained on, and sampled from, at any time."""

    period: int  # steps that belong together: `train` takes multiples of it
    says: str  # what one step renders and scores, a line of the report
    steps: int  # made so far
    batch_size: int  # clips a step

    def train(self, n_steps: int) -> None:
        """Make steps, or fewer where the run of `setting.n_steps` ends."""

    def sampled_from(self) -> nn.Module:
        """The generator in the mode its clips are drawn in.

        See `generate` for its form: `draw_latents(n, n_frames, rng)`, then
        `generator(latents)` gives (B, T, 3, H, W).
        """

    def networks(self) -> dict[str, nn.Module]:
        """All that is trained, and "generator_ema" where there is an average."""

    def state(self) -> dict[str, object]:
        """All that `restore` needs: tensors, plain values and containers of them."""

    def restore(self, state: dict[str, object]) -> None:
        """Go back to where `state` was taken."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the line-up."""

    title: str
    build: Callable[[Setting, VideoBank], Contestant]
    planned: bool = False  # its rates follow from `setting.n_steps`: a race has to set it
    needs_bfloat16: bool = False  # left out on machines that only emulate it
    twin_of: str = ""  # the same contestant once more, to see the noise


def load_bank(setting: Setting, *, n_videos: int | None = None, seed: int = 0) -> VideoBank:
    """The videos of a setting, as bytes on its device.

    Args:
        setting: data, size and device.
        n_videos: how many of a drawn set; None takes its usual number, 64 in a smoke run.
            Sets of files come whole.
        seed: of a drawn set.
    """
    if n_videos is None and setting.smoke:
        n_videos = 64
    bank = load_videos(
        setting.data,
        image_size=setting.image_size,
        n_frames=setting.n_frames,
        n_videos=n_videos if setting.data in DRAWN else None,
        seed=seed,
    )
    return bank.to(setting.on)
