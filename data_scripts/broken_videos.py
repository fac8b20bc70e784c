"""Video GANs on small `shapes`, right and broken: what can be slipped into each, and the loop.

Every slip is code that runs; `make_recorded_videos.py` stores its text beside the run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from unittest.mock import patch

import torch
from torch import Tensor, nn

from vgan_lessons import layout, runtime
from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.evaluation.symptoms import symptoms
from vgan_lessons.losses import non_saturating_d_loss, non_saturating_g_loss
from vgan_lessons.models.generators import generate
from vgan_lessons.models.lstm_gan import VideoGenerator
from vgan_lessons.training import (
    VideoGan,
    VideoTrainConfig,
    new_video_gan,
    train_video_gan,
    video,
)

N_MEASURED = 64  # clips behind each row of the log
N_SHOWN = 4  # clips whose strips are kept


class BlindToClips(nn.Module):
    """A clip discriminator that gives every clip the same logit."""

    def forward(self, clips: Tensor, *, stride: int = 1) -> Tensor:
        """(B, K, C, H, W) -> (B,)."""
        return 0 * clips.flatten(1).sum(1)


class FirstFrames(VideoGenerator):
    """Paints the first frame of each path, whichever it is asked for, while it trains."""

    def forward(self, latents, frame_index=None):
        """Videos, or a window of them."""
        if frame_index is not None:
            frame_index = 0 * frame_index
        return super().forward(latents, frame_index)


class Drifting(VideoGenerator):
    """Lets the content slide towards another clip's along the path."""

    def forward(self, latents, frame_index=None):
        """Videos, or a window of them."""
        z_motion, _ = self.motion(latents.noise)
        n_frames = z_motion.shape[1]
        share = torch.linspace(0, 1, n_frames)[:, None]
        begin, end = latents.z_content[:, None], latents.z_content.roll(1, 0)[:, None]
        content = (1 - share) * begin + share * end
        if frame_index is not None:
            rows = torch.arange(len(frame_index))[:, None]
            z_motion, content = z_motion[rows, frame_index], content[rows, frame_index]
        frames = self.painter(content.flatten(0, 1), z_motion.flatten(0, 1)[:, None])
        return layout.videos_from_frames(frames[:, 0], z_motion.shape[1])


class Looping(VideoGenerator):
    """Starts the LSTM again after every few frames."""

    period = 5

    def forward(self, latents, frame_index=None):
        """Videos, or a window of them."""
        n_frames = latents.noise.shape[1]
        z_motion, _ = self.motion(latents.noise[:, : self.period])
        z_motion = z_motion.repeat(1, -(-n_frames // self.period), 1)[:, :n_frames]
        if frame_index is not None:
            rows = torch.arange(len(frame_index))[:, None]
            z_motion = z_motion[rows, frame_index]
        return self.painter(latents.z_content, z_motion)


class LoopingSooner(Looping):
    """The same, with another period."""

    period = 4


@dataclass(frozen=True, kw_only=True)
class VideoRun:
    """One training: what is broken in it, and for how long; the defaults train well."""

    label: str = "healthy"
    seed: int = 0
    n_steps: int = 800
    log_every: int = 50
    generator: type[VideoGenerator] = VideoGenerator
    blind: bool = False
    logistic: bool = False  # the game without pairs
    settings: Mapping[str, object] = field(default_factory=dict)
    slip: str = ""

    def config(self) -> VideoTrainConfig:
        """Its numbers."""
        return VideoTrainConfig(
            **SETTINGS | self.settings,
            n_steps=self.n_steps,
            log_every=self.log_every,
            seed=self.seed,
        )


SETTINGS = {
    "image_size": 16,
    "painter": "moving",
    "generator_channels": (32, 32),
    "batch_size": 16,
    "window_frames": 4,
    "max_stride": 3,
    "frame_channels": 24,
    "clip_channels": 32,
    "ema_decay": 0.99,
    "r1_gamma": 0.05,
    "r2_gamma": 0.05,
}


@dataclass
class Trained:
    """What is kept of a run: rows of numbers, and strips at a few logs."""

    rows: list[dict[str, float]]
    clips: dict[int, Tensor]  # step -> (N_SHOWN, 16, 3, 16, 16) uint8


@cache
def _bank() -> VideoBank:
    return load_videos("shapes", image_size=16, n_videos=2000)


def _set_up(run: VideoRun) -> VideoGan:
    gan = new_video_gan(run.config(), on=torch.device("cpu"))
    for network in (gan.generator, gan.generator_ema):
        network.__class__ = run.generator  # the same weights, walked another way
    if run.blind:
        gan.clip_discriminator = BlindToClips()
    return gan


def train(run: VideoRun, moments: tuple[int, ...] = ()) -> Trained:
    """Train to the end and log it.

    Args:
        run: the numbers and the code.
        moments: steps at which strips are kept.

    Returns:
        One row every log_every steps.
    """
    if run.logistic:
        with patch.multiple(
            video,
            relativistic_d_loss=non_saturating_d_loss,
            relativistic_g_loss=non_saturating_g_loss,
        ):
            return train(replace(run, logistic=False), moments)
    gan, trained = _set_up(run), Trained([], {})
    real = _bank().sample_clips(N_MEASURED, n_frames=16, rng=runtime.new_rng(7))
    for log in train_video_gan(gan, _bank(), run.config()):
        clips = generate(
            gan.generator_ema,
            N_MEASURED,
            n_frames=16,
            rng=runtime.new_rng(3),
            batch_size=N_MEASURED,
        )
        seen = symptoms(layout.from_uint8(clips), real)
        trained.rows.append(vars(log) | seen._asdict())
        if log.step in moments:
            trained.clips[log.step] = clips[:N_SHOWN]
    return trained
