"""The loss of a video VAE: pixels that come back wrong, and what the code tells."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from vgan_lessons.datasets import VideoBank
from vgan_lessons.models.vae import Codes, VideoVae, draw_code, kl_to_standard_normal
from vgan_lessons.runtime import full_precision
from vgan_lessons.training.config import VideoTrainConfig
from vgan_lessons.training.one_network import OneNetwork, minimise


@dataclass(frozen=True)
class VaeLog:
    """How far a training is, as plain floats. Lesson 13."""

    step: int
    loss: float  # half of the squared error of a clip, plus kl_weight times its nats
    error: float  # mean square of a pixel that came back, in [-1, 1]
    kl: float  # nats that a code tells of its clip

    def words(self) -> str:
        """What a progress bar shows."""
        return f"error {self.error:.4f} KL {self.kl:.0f}"


def vae_loss(
    vae: VideoVae, videos: Tensor, noise: Tensor, kl_weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    r"""The evidence lower bound with its sign turned, for pixels of variance beta, times beta.

    .. math:: \tfrac12 |x - \hat x(z)|^2 + \beta\, KL(q(z|x)\, |\, N(0, 1))

    Args:
        vae: the encoder and the decoder.
        videos: (B, T, 3, H, W) in [-1, 1].
        noise: standard normal, (B, D), as many numbers as a code has.
        kl_weight: beta, above 0; a small one allows long messages and sharp copies.

    Returns:
        Three scalars, means over the batch: the loss, the mean square error of a pixel, and
        the divergence in nats.

    Lesson 13. Kingma and Welling 2014, Auto-encoding variational Bayes, arXiv:1312.6114,
    equation 7; the weight as in Higgins et al. 2017, beta-VAE.
    """
    codes = Codes(*map(full_precision, vae.encoder(videos)))
    made = full_precision(vae.decode(draw_code(codes, noise)))
    wrong = (made - videos).square().flatten(1)  # (B, pixels)
    kl = kl_to_standard_normal(codes).mean()
    return wrong.sum(1).mean() / 2 + kl_weight * kl, wrong.mean(), kl


def train_video_vae(
    training: OneNetwork, bank: VideoBank, config: VideoTrainConfig, **how: object
) -> Iterator[VaeLog]:
    """Train a video VAE; arguments, logs and errors of `minimise`.

    Args:
        training: its generator is a `VideoVae`.
        bank: real videos.
        config: the numbers.
        how: the rest, as in `minimise`.

    Yields:
        VaeLog every `log_every` steps, and at the last.

    Lesson 13. Kingma and Welling 2014, Auto-encoding variational Bayes, arXiv:1312.6114.
    """
    draw = {"generator": training.rng, "device": training.rng.device}

    def loss_of(clips: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        noise = torch.randn(len(clips), training.generator.code_dim, **draw)
        return vae_loss(training.generator, clips, noise, config.kl_weight)

    for step, scalars in minimise(loss_of, training, bank, config, **how):
        yield VaeLog(step, *scalars)
