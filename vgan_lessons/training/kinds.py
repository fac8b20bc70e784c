"""Which state and which loop belong to a model; only what trains is imported."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from vgan_lessons.datasets import VideoBank
from vgan_lessons.training.config import VideoTrainConfig
from vgan_lessons.training.state import VideoGan, new_video_gan
from vgan_lessons.training.video import StepLog, train_video_gan

if TYPE_CHECKING:
    from vgan_lessons.training.diffusion import DiffusionLog
    from vgan_lessons.training.one_network import OneNetwork
    from vgan_lessons.training.vae import VaeLog


def new_training(
    config: VideoTrainConfig, *, on: torch.device, rank: int = 0
) -> "VideoGan | OneNetwork":
    """Set up the training of any model before its first step.

    Args:
        config: its model, sizes, rates and the seed.
        on: the device of the networks.
        rank: which of several processes this is.

    Returns:
        Networks, optimisers and randomness, at step 0.
    """
    if config.has_no_d:
        from vgan_lessons.training.one_network import new_one_network

        return new_one_network(config, on=on, rank=rank)
    return new_video_gan(config, on=on, rank=rank)


def given_to(
    config: VideoTrainConfig, bank: VideoBank, n: int, rng: torch.Generator
) -> dict[str, Tensor]:
    """What `generate` has to be given beside a number of clips.

    Args:
        config: of the generator.
        bank: real videos, from whose frames a continuation begins.
        n: how many clips.
        rng: the random source; only a continuation draws from it.

    Returns:
        first_frames (n, 3, H, W) for a continuation, else nothing.
    """
    if not config.sees_first_frame:
        return {}
    return {"first_frames": bank.sample_clips(n, n_frames=1, rng=rng)[:, 0]}


def train_further(
    training: "VideoGan | OneNetwork",
    bank: VideoBank,
    config: VideoTrainConfig,
    **how: object,
) -> "Iterator[StepLog | DiffusionLog | VaeLog]":
    """Train any model from where it stands to `config.n_steps`.

    Args:
        training: from `new_training`, changed in place.
        bank: real videos on the device of the networks.
        config: the numbers.
        how: as in `train_video_gan`.

    Returns:
        An iterator of logs, each with its `step` and the `words` of a progress bar.
    """
    if isinstance(training, VideoGan):
        return train_video_gan(training, bank, config, **how)
    if config.model == "vae":
        from vgan_lessons.training.vae import train_video_vae

        return train_video_vae(training, bank, config, **how)
    from vgan_lessons.training.diffusion import train_video_diffusion

    return train_video_diffusion(training, bank, config, **how)
