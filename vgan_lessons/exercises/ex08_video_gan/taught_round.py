"""A whole round put together from the steps of lesson 04, the penalties of 03, the losses of 02.

Slower than `video_gan_round`, and its witness: nothing of it is called by that function.
"""

from collections.abc import Callable

from torch import Tensor, nn

from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.penalties import lazy_penalty, r1_penalty, r2_penalty
from vgan_lessons.training import (
    VideoGan,
    VideoTrainConfig,
    d_step,
    ema_decay_at,
    ema_update,
    g_step,
)
from vgan_lessons.training.windows import Window


class _WindowedGenerator(nn.Module):
    """Latents in, the clips of one window out."""

    def __init__(self, generator: nn.Module, window: Window) -> None:
        super().__init__()
        self.generator, self.window = generator, window

    def forward(self, latents: tuple[Tensor, ...]) -> Tensor:
        """Clips (B, K, C, H, W)."""
        return self.generator(latents, self.window.index)


class _BothDiscriminators(nn.Module):
    """Clips (B, K, C, H, W) in, the logits of each discriminator out, (B,) and (B * n,).

    Reals and fakes of a round share their labels, so that they belong to it as the window does.
    """

    def __init__(self, gan: VideoGan, window: Window, labels: Tensor | None) -> None:
        super().__init__()
        self.clip, self.frame = gan.clip_discriminator, gan.frame_discriminator
        self.window, self.labels = window, () if labels is None else (labels,)

    def score_clips(self, clips: Tensor) -> Tensor:
        """(B,)."""
        return self.clip(clips, *self.labels, stride=self.window.stride)

    def score_frames(self, frames: Tensor) -> Tensor:
        """(B * n, C, H, W) -> (B * n,)."""
        n_each = self.window.picked.shape[1]
        return self.frame(frames, *(part.repeat_interleave(n_each, 0) for part in self.labels))

    def forward(self, clips: Tensor) -> tuple[Tensor, Tensor]:
        """Both columns of logits."""
        return self.score_clips(clips), self.score_frames(self.window.pick(clips))


def _on_each(loss: Callable) -> Callable:
    return lambda real, fake: loss(real[0], fake[0]) + loss(real[1], fake[1])


def taught_round(
    gan: VideoGan,
    config: VideoTrainConfig,
    real: Tensor,
    latents: tuple[Tensor, ...],
    window: Window,
) -> tuple[Tensor, Tensor]:
    """One round; arguments as those of `video_gan_round`, real (B, K, C, H, W) among them.

    Returns:
        d_loss and g_loss, scalars.
    """
    generator, both = (
        _WindowedGenerator(gan.generator, window),
        _BothDiscriminators(gan, window, getattr(latents, "labels", None)),
    )

    def slopes(both: _BothDiscriminators, real: Tensor, fake: Tensor) -> Tensor:
        parts = (
            (both.score_clips, real, fake),
            (both.score_frames, window.pick(real), window.pick(fake)),
        )
        return sum(
            r1_penalty(score, r, config.r1_gamma) + r2_penalty(score, f, config.r2_gamma)
            for score, r, f in parts
        )

    def penalty(both: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        return lazy_penalty(lambda: slopes(both, real, fake), gan.step, config.penalty_every)

    d_loss = d_step(
        generator, both, gan.d_optim, _on_each(relativistic_d_loss), real, latents, penalty
    )
    g_loss = g_step(generator, both, gan.g_optim, _on_each(relativistic_g_loss), real, latents)
    ema_update(gan.generator_ema, gan.generator, ema_decay_at(gan.step, config.ema_decay))
    return d_loss, g_loss
