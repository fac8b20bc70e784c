"""The loss of a video diffusion model: one network, no game."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons.datasets import VideoBank
from vgan_lessons.models.diffusion import alpha_bar, q_sample
from vgan_lessons.runtime import full_precision
from vgan_lessons.training.config import VideoTrainConfig
from vgan_lessons.training.one_network import OneNetwork, minimise


@dataclass(frozen=True)
class DiffusionLog:
    """How far a training is, as plain floats. Lesson 13."""

    step: int
    loss: float  # mean square error of the velocity, per pixel and channel

    def words(self) -> str:
        """What a progress bar shows."""
        return f"loss {self.loss:.3f}"


def diffusion_loss(
    denoiser: Callable[[Tensor, Tensor], Tensor], clean: Tensor, time: Tensor, noise: Tensor
) -> Tensor:
    r"""How far the predicted velocity is from the true one.

    .. math:: v = \sqrt{\bar\alpha} \epsilon - \sqrt{1 - \bar\alpha} x_0

    Args:
        denoiser: (noisy videos, time) -> velocity.
        clean: x_0, (B, ...) in [-1, 1].
        time: (B,) from 0 to 1.
        noise: standard normal, as `clean`.

    Returns:
        The mean square, a scalar: that of the clean videos for a silent denoiser at time 1, and
        1 for one at time 0.

    Lesson 13. Salimans and Ho 2022, Progressive distillation, arXiv:2202.00512.
    """
    abar = alpha_bar(time)
    velocity = q_sample(noise, abar, -clean)  # sqrt(a) noise - sqrt(1 - a) clean
    predicted = denoiser(q_sample(clean, abar, noise), time)
    return F.mse_loss(full_precision(predicted), velocity)


def train_video_diffusion(
    training: OneNetwork, bank: VideoBank, config: VideoTrainConfig, **how: object
) -> Iterator[DiffusionLog]:
    """Train a video diffusion model; arguments, logs and errors of `minimise`.

    Args:
        training: its generator holds the denoiser.
        bank: real videos.
        config: the numbers.
        how: the rest, as in `minimise`.

    Yields:
        DiffusionLog every `log_every` steps, and at the last.

    Lesson 13. Ho et al. 2022, Video diffusion models, arXiv:2204.03458.
    """
    draw = {"generator": training.rng, "device": training.rng.device}

    def loss_of(clean: Tensor) -> tuple[Tensor]:
        n = len(clean)
        # times spread evenly over a batch: a steadier loss than independent ones
        time = (torch.arange(n, device=clean.device) + torch.rand(n, **draw)) / n
        noise = torch.randn(clean.shape, **draw)
        return (diffusion_loss(training.generator.denoiser, clean, time, noise),)

    for step, scalars in minimise(loss_of, training, bank, config, **how):
        yield DiffusionLog(step, *scalars)
