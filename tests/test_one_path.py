"""The fast loop is the taught one: ten rounds of both in float64 end in the same weights."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from small_gan import SMALL
from vgan_lessons.datasets import load_videos
from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.penalties import lazy_penalty, r1_penalty, r2_penalty
from vgan_lessons.training import (
    d_step,
    ema_decay_at,
    ema_update,
    g_step,
    new_video_gan,
    video_gan_round,
)
from vgan_lessons.training.windows import draw_window

CONFIG = replace(SMALL, penalty_every=3, r1_gamma=2.0, r2_gamma=0.5)


OBJECT = {
    "painter": "object",
    "frame_pooling": True,
    "black_is_zero": True,
    "single_frames": 2,
}


SCENE = {"painter": "scene", "background_channels": (8, 8)}
TOLD = SCENE | {"n_classes": (3, 6), "single_frames": 2}


class WindowedGenerator(nn.Module):
    """Latents in, the clips of one window out."""

    def __init__(self, generator, window):
        super().__init__()
        self.generator, self.window = generator, window

    def forward(self, latents):
        return self.generator(latents, self.window.index)


class BothDiscriminators(nn.Module):
    """Clips (B, K, C, H, W) in, the logits of each discriminator out, (B,) and (B * n,).

    Reals and fakes of a round share their labels, so that they belong to it as the window does.
    """

    def __init__(self, gan, window, labels=None):
        super().__init__()
        self.labels = () if labels is None else (labels,)
        self.clip, self.frame, self.window = (
            gan.clip_discriminator,
            gan.frame_discriminator,
            window,
        )

    def score_clips(self, clips):
        return self.clip(clips, *self.labels, stride=self.window.stride)

    def score_frames(self, frames):
        n_each = self.window.picked.shape[1]
        return self.frame(frames, *(part.repeat_interleave(n_each, 0) for part in self.labels))

    def forward(self, clips):
        return self.score_clips(clips), self.score_frames(self.window.pick(clips))


def on_each(loss):
    return lambda real, fake: loss(real[0], fake[0]) + loss(real[1], fake[1])


def slopes(both, real, fake):
    """R1 and R2 of each discriminator at what it is shown."""
    pick, gammas = both.window.pick, (CONFIG.r1_gamma, CONFIG.r2_gamma)
    return sum(
        r1_penalty(score, r, gammas[0]) + r2_penalty(score, f, gammas[1])
        for score, r, f in (
            (both.score_clips, real, fake),
            (both.score_frames, pick(real), pick(fake)),
        )
    )


def taught_round(gan, real, latents, window):
    """The steps of lesson 04, the penalties of lesson 03, the losses of lesson 02."""
    generator = WindowedGenerator(gan.generator, window)
    both = BothDiscriminators(gan, window, getattr(latents, "labels", None))

    def penalty(discriminator, real, fake):
        return lazy_penalty(
            lambda: slopes(discriminator, real, fake), gan.step, CONFIG.penalty_every
        )

    d_loss = d_step(
        generator, both, gan.d_optim, on_each(relativistic_d_loss), real, latents, penalty
    )
    g_loss = g_step(generator, both, gan.g_optim, on_each(relativistic_g_loss), real, latents)
    ema_update(gan.generator_ema, gan.generator, ema_decay_at(gan.step, CONFIG.ema_decay))
    return d_loss, g_loss


def doubled(latents):
    parts = latents._asdict().items()
    return {name: part.double() for name, part in parts if part.is_floating_point()}


def in_float64(config):
    gan = new_video_gan(config, on=torch.device("cpu"))
    for network in gan.networks().values():
        network.double()
    return gan


@pytest.mark.parametrize(
    "changes",
    [{}, {"painter": "dense"}, {"model": "conv3d"}, OBJECT, SCENE, TOLD],
    ids=["moving", "dense", "3-d", "object", "scene", "told"],
)
def test_ten_rounds_of_the_fast_loop_and_of_the_taught_steps_end_in_the_same_weights(changes):
    config = replace(CONFIG, **changes)
    bank = load_videos("shapes", image_size=16, n_frames=8, n_videos=32)
    fast, taught = in_float64(config), in_float64(config)
    start = {name: p.clone() for name, p in fast.generator.named_parameters()}
    for step in range(1, 11):
        fast.step = taught.step = step
        window = draw_window(config, step, 4, fast.rng)
        clip = {"n_frames": 3, "stride": window.stride, "rng": fast.rng}
        real, labels = bank.sample_labelled(4, **clip)
        told = {"labels": labels} if config.n_classes else {}
        drawn = fast.generator.draw_latents(4, config.n_frames, fast.rng, **told)
        real, latents = real.double(), drawn._replace(**doubled(drawn))
        players = fast.told(labels, config.single_frames) if told else fast
        d_loss, g_loss, _ = video_gan_round(players, config, real, latents, window)
        taught_losses = torch.stack(taught_round(taught, real, latents, window))
        assert torch.allclose(torch.stack([d_loss, g_loss]), taught_losses, rtol=1e-9)
    for name, network in fast.networks().items():
        twin = taught.networks()[name].state_dict()
        for key, value in network.state_dict().items():
            assert torch.allclose(value, twin[key], rtol=1e-9, atol=1e-9), f"{name}.{key}"
    moved = [(p - start[n]).abs().max() for n, p in fast.generator.named_parameters()]
    assert min(moved) > 1e-4  # what never moved would also agree
