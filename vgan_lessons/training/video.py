"""The video GAN's loop, handed out step by step so that the caller keeps the wheel."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from vgan_lessons.datasets import VideoBank
from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.penalties import squared_gradient_norm
from vgan_lessons.runtime import autocast
from vgan_lessons.training.config import VideoTrainConfig
from vgan_lessons.training.ema import ema_decay_at, ema_update
from vgan_lessons.training.state import VideoGan


@dataclass(frozen=True)
class StepLog:
    """The state of the game after `step` updates of G, as plain floats. Lesson 08."""

    step: int
    d_loss: float  # both discriminators together: 2 ln 2 = 1.386 when neither can tell
    g_loss: float
    clip_margin: float  # mean real minus mean fake logit of the clip discriminator; 0: a draw
    frame_margin: float  # the same of the frame discriminator


class _Window(NamedTuple):
    """What one step looks at: some frames of each path, and one frame of those."""

    stride: int
    index: Tensor  # (B, K) which frames of the path are rendered
    picked: Tensor  # (B,) which of the K frames the frame discriminator sees


def train_video_gan(
    gan: VideoGan,
    bank: VideoBank,
    config: VideoTrainConfig,
    *,
    n_processes: int = 1,
    average_gradients: Callable[[list[Tensor]], None] | None = None,
) -> Iterator[StepLog]:
    """Play the game from where `gan` stands to `config.n_steps`.

    The caller iterates, so plots, checkpoints and early stops are ordinary loop code. One
    generator pass serves both updates; one pass of each judge sees reals and fakes.

    Args:
        gan: changed in place; `gan.step` says how far it is.
        bank: real videos on the device of the networks, `config.image_size` pixels.
        config: the numbers.
        n_processes: how many processes share the batch, each with its own `gan.rng`.
        average_gradients: called on each side's gradients before its update, to make them
            those of the whole batch; None for a single process.

    Yields:
        StepLog every `log_every` steps, and at the last.

    Raises:
        ValueError: if the videos have another size, or the batch cannot be shared evenly.

    Lesson 08. Tulyakov et al. 2018, MoCoGAN, arXiv:1707.04993 (two judges); Jolicoeur-
    Martineau 2019, arXiv:1807.00734 (the relativistic pairing).
    """
    if bank.image_size != config.image_size:
        raise ValueError(
            f"videos of {config.image_size} pixels expected, got {bank.image_size} pixels"
        )
    if config.batch_size % n_processes:
        raise ValueError(
            f"a batch of {config.batch_size} cannot be shared by {n_processes} processes"
        )
    n_clips = config.batch_size // n_processes
    average = average_gradients or (lambda gradients: None)
    while gan.step < config.n_steps:
        gan.step += 1
        for optim, lr in ((gan.g_optim, config.g_lr), (gan.d_optim, config.d_lr)):
            optim.param_groups[0]["lr"] = lr * config.rate_at(gan.step)
        window = _draw_window(gan, config, n_clips)
        real = bank.sample_clips(
            n_clips, n_frames=config.window_frames, stride=window.stride, rng=gan.rng
        )
        fake = _generate(gan, config, window)
        d_loss, margins = _update_discriminators(gan, config, real, fake, window, average)
        g_loss = _update_generator(gan, real, fake, window, average)
        ema_update(gan.generator_ema, gan.generator, ema_decay_at(gan.step, config.ema_decay))
        if gan.step % config.log_every == 0 or gan.step == config.n_steps:
            yield StepLog(gan.step, d_loss.item(), g_loss.item(), *margins.tolist())


def _draw_window(gan: VideoGan, config: VideoTrainConfig, n_clips: int) -> _Window:
    """Strides take turns, not draws: a drawn number would have to come back from the GPU."""
    stride = 1 + gan.step % config.max_stride
    span = (config.window_frames - 1) * stride + 1
    draw = {"generator": gan.rng, "device": gan.rng.device}
    start = torch.randint(0, config.n_frames - span + 1, (n_clips, 1), **draw)
    steps = torch.arange(config.window_frames, device=gan.rng.device) * stride
    picked = torch.randint(0, config.window_frames, (n_clips,), **draw)
    return _Window(stride, start + steps, picked)


def _generate(gan: VideoGan, config: VideoTrainConfig, window: _Window) -> Tensor:
    latents = gan.generator.draw_latents(len(window.index), config.n_frames, gan.rng)
    with autocast(gan.rng.device):
        return gan.generator(latents, window.index).float()


def _judge(gan: VideoGan, clips: Tensor, frames: Tensor, stride: int) -> tuple[Tensor, Tensor]:
    """Logits of both judges, each (B,)."""
    with autocast(gan.rng.device):
        clip_logits = gan.clip_discriminator(clips, stride=stride)
        frame_logits = gan.frame_discriminator(frames)
    return clip_logits.float(), frame_logits.float()


def _pick(clips: Tensor, picked: Tensor) -> Tensor:
    return clips[torch.arange(len(clips), device=clips.device), picked]  # (B, C, H, W)


def _update_discriminators(
    gan: VideoGan,
    config: VideoTrainConfig,
    real: Tensor,
    fake: Tensor,
    window: _Window,
    average: Callable[[list[Tensor]], None],
) -> tuple[Tensor, Tensor]:
    fake = fake.detach()  # the judges' turn: G stands still
    clips = torch.cat([real, fake])
    frames = torch.cat([_pick(real, window.picked), _pick(fake, window.picked)])
    with_penalty = gan.step % config.penalty_every == 0
    clips.requires_grad_(with_penalty)
    frames.requires_grad_(with_penalty)
    by_judge = _judge(gan, clips, frames, window.stride)
    halves = [logits.chunk(2) for logits in by_judge]  # real, fake
    d_loss = sum(relativistic_d_loss(*half) for half in halves)
    objective = d_loss
    if with_penalty:
        for logits, inputs in zip(by_judge, (clips, frames), strict=True):
            r1, r2 = squared_gradient_norm(logits, inputs).chunk(2)
            penalty = config.r1_gamma / 2 * r1.mean() + config.r2_gamma / 2 * r2.mean()
            objective = objective + config.penalty_every * penalty
    gan.d_optim.zero_grad()
    objective.backward()
    _step(gan.d_optim, average)
    margins = torch.stack([(r.mean() - f.mean()).detach() for r, f in halves])
    return d_loss.detach(), margins


def _update_generator(
    gan: VideoGan,
    real: Tensor,
    fake: Tensor,
    window: _Window,
    average: Callable[[list[Tensor]], None],
) -> Tensor:
    judges = (gan.clip_discriminator, gan.frame_discriminator)
    for judge in judges:
        judge.requires_grad_(False)  # G's turn: the judges stand still
    with torch.no_grad():  # a relativistic G compares itself with the reals' scores
        real_logits = _judge(gan, real, _pick(real, window.picked), window.stride)
    fake_logits = _judge(gan, fake, _pick(fake, window.picked), window.stride)
    g_loss = sum(
        relativistic_g_loss(r, f) for r, f in zip(real_logits, fake_logits, strict=True)
    )
    gan.g_optim.zero_grad()
    g_loss.backward()
    _step(gan.g_optim, average)
    for judge in judges:
        judge.requires_grad_(True)
    return g_loss.detach()


def _step(optim: torch.optim.Optimizer, average: Callable[[list[Tensor]], None]) -> None:
    average([p.grad for group in optim.param_groups for p in group["params"]])
    optim.step()
