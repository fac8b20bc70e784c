"""One round of the video GAN, cut into its parts so that each can be timed by itself."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from vgan_lessons.datasets import VideoBank
from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.penalties import lazy_penalty, squared_gradient_norm
from vgan_lessons.runtime import autocast, full_precision
from vgan_lessons.training import VideoGan, VideoTrainConfig, ema_decay_at, ema_update
from vgan_lessons.training.windows import Window, draw_window

PARTS = ("data", "generator", "frame D", "clip D", "penalty", "optimisers", "average")


class PartClock:
    """Adds up what each part costs: CPU time on a CPU, elapsed time on a GPU.

    Args:
        on: the device that computes; a GPU is waited for at both ends of a part.
    """

    def __init__(self, on: torch.device) -> None:
        self.on = on
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """Time a block as a share of a part."""
        before = self._now()
        yield
        self.seconds[part] += self._now() - before

    def _now(self) -> float:
        if self.on.type != "cuda":
            return time.process_time()
        torch.cuda.synchronize(self.on)
        return time.perf_counter()


def staged_round(
    gan: VideoGan, bank: VideoBank, config: VideoTrainConfig, clock: PartClock
) -> None:
    """One round, part by part; it moves the weights as `train_video_gan` does.

    Both losses and the penalty go backwards one after the other, not together, and the
    gradient of the fakes' pixels is collected before G takes it on.

    Args:
        gan: changed in place.
        bank: real videos on the device of the networks.
        config: without augmentation and mirror images.
        clock: gets the time of each part.
    """
    gan.step += 1
    with clock.of("data"):
        window = draw_window(config, gan.step, config.batch_size, gan.rng)
        real, labels = bank.sample_labelled(
            config.batch_size,
            n_frames=config.window_frames,
            stride=window.stride,
            rng=gan.rng,
        )
        told = {"labels": labels} if config.n_classes else {}
        latents = gan.generator.draw_latents(
            config.batch_size, config.n_frames, gan.rng, **told
        )
        players = gan.told(labels, config.single_frames) if told else gan
    with clock.of("generator"), autocast(gan.device):
        painted = gan.generator(latents, window.index)
    fake = full_precision(painted)
    _discriminators_turn(players, config, real, fake.detach(), window, clock)
    slope = _slope_at_fakes(players, real, fake.detach(), window, clock)
    with clock.of("generator"):
        gan.g_optim.zero_grad()
        fake.backward(slope)
    with clock.of("optimisers"):
        gan.g_optim.step()
    with clock.of("average"):
        decay = ema_decay_at(gan.step, config.ema_decay)
        ema_update(gan.generator_ema, gan.generator, decay)


def _discriminators_turn(
    gan: VideoGan,
    config: VideoTrainConfig,
    real: Tensor,
    still: Tensor,
    window: Window,
    clock: PartClock,
) -> None:
    due = gan.step % config.penalty_every == 0
    gan.d_optim.zero_grad()
    for name, network, options in _both(gan, window):
        inputs = torch.cat([_seen(name, real, window), _seen(name, still, window)])
        inputs.requires_grad_(due)
        with clock.of(name):
            with autocast(gan.device):
                logits = network(inputs, **options)
            logits = full_precision(logits)
            loss = relativistic_d_loss(*logits.chunk(2))
            loss.backward(retain_graph=due)
        if due:
            with clock.of("penalty"):
                _penalty(config, logits, inputs, gan.step).backward()
    with clock.of("optimisers"):
        gan.d_optim.step()


def _penalty(config: VideoTrainConfig, logits: Tensor, inputs: Tensor, step: int) -> Tensor:
    at_real, at_fake = squared_gradient_norm(logits, inputs).chunk(2)
    weighted = config.r1_gamma / 2 * at_real.mean() + config.r2_gamma / 2 * at_fake.mean()
    return lazy_penalty(lambda: weighted, step, config.penalty_every)


def _slope_at_fakes(
    gan: VideoGan, real: Tensor, still: Tensor, window: Window, clock: PartClock
) -> Tensor:
    """Of G's loss by the pixels of the fakes."""
    pixels = still.clone().requires_grad_()
    for name, network, options in _both(gan, window):
        with clock.of(name), autocast(gan.device):
            with torch.no_grad():
                of_real = network(_seen(name, real, window), **options)
            of_fake = network(_seen(name, pixels, window), **options)
            loss = relativistic_g_loss(full_precision(of_real), full_precision(of_fake))
            loss.backward(inputs=[pixels])
    return pixels.grad


def _both(gan: VideoGan, window: Window) -> tuple[tuple[str, nn.Module, dict], ...]:
    return (
        ("clip D", gan.clip_discriminator, {"stride": window.stride}),
        ("frame D", gan.frame_discriminator, {}),
    )


def _seen(name: str, clips: Tensor, window: Window) -> Tensor:
    return clips if name == "clip D" else window.pick(clips)
