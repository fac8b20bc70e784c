"""Adversarial loops, as iterators of small logs, and the state they play with."""

from vgan_lessons.training.config import VideoTrainConfig
from vgan_lessons.training.diagnosing import diagnose
from vgan_lessons.training.ema import ema_decay_at, ema_update
from vgan_lessons.training.gan import GanLog, GanTrainConfig, train_gan
from vgan_lessons.training.recipes import recipe
from vgan_lessons.training.recorded import (
    LABELS,
    RecordedRun,
    RunCurves,
    held_out_curves,
    recorded_runs,
)
from vgan_lessons.training.state import VideoGan, new_video_gan
from vgan_lessons.training.steps import d_step, g_step
from vgan_lessons.training.video import StepLog, train_video_gan

__all__ = [
    "LABELS",
    "GanLog",
    "GanTrainConfig",
    "RecordedRun",
    "RunCurves",
    "StepLog",
    "VideoGan",
    "VideoTrainConfig",
    "d_step",
    "diagnose",
    "ema_decay_at",
    "ema_update",
    "g_step",
    "held_out_curves",
    "new_video_gan",
    "recipe",
    "recorded_runs",
    "train_gan",
    "train_video_gan",
]
