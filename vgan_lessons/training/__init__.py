"""Adversarial loops, as iterators of small logs, and the state they work on."""

from vgan_lessons.training.config import VideoTrainConfig, recipe
from vgan_lessons.training.ema import ema_decay_at, ema_update
from vgan_lessons.training.state import VideoGan, new_generator, new_video_gan
from vgan_lessons.training.video import StepLog, train_video_gan, video_gan_round

__all__ = [
    "StepLog",
    "VideoGan",
    "VideoTrainConfig",
    "d_step",
    "ema_decay_at",
    "ema_update",
    "g_step",
    "new_generator",
    "new_video_gan",
    "recipe",
    "train_video_gan",
    "video_gan_round",
]


def __getattr__(name: str) -> object:
    """The steps of lesson 04 are imported when asked for: a video GAN plays its own."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name!r}")
    from vgan_lessons.training import steps

    return getattr(steps, name)
