"""The one setting that all contestants of a table share."""

from dataclasses import asdict, dataclass

import torch

from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.runtime import BudgetName

DRAWN = ("shapes", "digits", "mnist")  # any number of videos can be had of these


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is trained on, at which size, where; plain values, so that a child can be told."""

    data: str = "shapes"
    image_size: int = 64
    n_frames: int = 16
    batch_size: int = 32
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

    def to_json(self) -> dict[str, object]:
        """Plain values; `Setting(**values)` undoes it."""
        return asdict(self)


def load_bank(setting: Setting, *, n_videos: int | None = None, seed: int = 0) -> VideoBank:
    """The videos of a setting, as bytes on its device.

    Args:
        setting: data, size and device.
        n_videos: how many of a drawn set; None takes its usual number. Sets of files come
            whole.
        seed: of a drawn set.
    """
    bank = load_videos(
        setting.data,
        image_size=setting.image_size,
        n_frames=setting.n_frames,
        n_videos=n_videos if setting.data in DRAWN else None,
        seed=seed,
    )
    return bank.to(setting.on)
