"""The video GAN's loop, handed out step by step so that the caller keeps the wheel.

A round is D's step and G's step of lesson 04 with two discriminators, made cheaper in two ways
that change no weight: one pass of G serves both steps, and reals and fakes pass through each
discriminator together. A test plays both forms side by side.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from vgan_lessons.datasets import VideoBank
from vgan_lessons.losses.relativistic import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.penalties import lazy_penalty, squared_gradient_norm
from vgan_lessons.runtime import autocast, full_precision
from vgan_lessons.training.config import VideoTrainConfig
from vgan_lessons.training.ema import ema_decay_at, ema_update
from vgan_lessons.training.state import VideoGan
from vgan_lessons.training.windows import Window, draw_window

AverageGradients = Callable[[list[Tensor]], None]


@dataclass(frozen=True)
class StepLog:
    """The state of the game after `step` updates of G, as plain floats. Used in lesson 08."""

    step: int
    d_loss: float  # both discriminators together: 2 ln 2 = 1.386 when neither can tell
    g_loss: float
    clip_margin: float  # mean real minus mean fake logit of the clip discriminator; 0: a draw
    frame_margin: float  # the same of the frame discriminator

    def words(self) -> str:
        """What a progress bar shows."""
        return f"D {self.d_loss:.2f} G {self.g_loss:.2f}"


def train_video_gan(
    gan: VideoGan,
    bank: VideoBank,
    config: VideoTrainConfig,
    *,
    n_processes: int = 1,
    average_gradients: AverageGradients | None = None,
    stopping: Callable[[], bool] | None = None,
) -> Iterator[StepLog]:
    """Train from where `gan` stands to `config.n_steps`.

    The caller iterates, so plots, checkpoints and early stops are ordinary loop code.

    Args:
        gan: changed in place; `gan.step` says how far it is.
        bank: real videos on the device of the networks, `config.image_size` pixels.
        config: the numbers.
        n_processes: how many processes share the batch, each with its own `gan.rng`.
        average_gradients: called on each side's gradients before its update, to make them
            those of the whole batch; None for a single process.
        stopping: asked after every step; at a yes a log comes at once, so that a caller who
            was told to stop need not wait for the next.

    Yields:
        StepLog every `log_every` steps, and at the last.

    Raises:
        ValueError: if the videos have another size or other labels than configured, or the
            batch cannot be shared evenly.

    Lesson 08. Tulyakov et al. 2018, MoCoGAN, arXiv:1707.04993 (two discriminators);
    Jolicoeur-Martineau 2018, arXiv:1807.00734 (the relativistic pairing).
    """
    n_clips = clips_a_process(bank, config, n_processes)
    while gan.step < config.n_steps:
        gan.step += 1
        for optim, lr in ((gan.g_optim, config.g_lr), (gan.d_optim, config.d_lr)):
            optim.param_groups[0]["lr"] = lr * config.rate_at(gan.step)
        window = draw_window(config, gan.step, n_clips, gan.rng)
        real, labels = bank.sample_labelled(
            n_clips, n_frames=config.window_frames, stride=window.stride, rng=gan.rng
        )
        real, told = _as_shown(config, gan.rng, real, labels)
        latents = gan.generator.draw_latents(n_clips, config.n_frames, gan.rng, **told)
        players = gan.told(labels, config.single_frames) if config.n_classes else gan
        shown = real, latents, window
        *losses, margins = video_gan_round(players, config, *shown, average_gradients)
        due = gan.step % config.log_every == 0 or gan.step == config.n_steps
        if due or (stopping and stopping()):
            yield StepLog(gan.step, *(loss.item() for loss in losses), *margins.tolist())


def clips_a_process(bank: VideoBank, config: VideoTrainConfig, n_processes: int) -> int:
    """The share of a batch that one process draws.

    Args:
        bank: real videos.
        config: of the training.
        n_processes: that share each batch.

    Returns:
        `config.batch_size / n_processes`.

    Raises:
        ValueError: if the videos have another size or other labels than configured, or the
            batch cannot be shared evenly.
    """
    if bank.image_size != config.image_size:
        raise ValueError(
            f"videos of {config.image_size} pixels expected, got {bank.image_size} pixels"
        )
    if config.batch_size % n_processes:
        raise ValueError(
            f"a batch of {config.batch_size} cannot be shared by {n_processes} processes"
        )
    if config.n_classes not in ((), bank.n_classes):
        raise ValueError(
            f"labels of {config.n_classes} classes expected, the videos' have {bank.n_classes}"
        )
    return config.batch_size // n_processes


def video_gan_round(
    gan: VideoGan,
    config: VideoTrainConfig,
    real: Tensor,
    latents: tuple[Tensor, ...],
    window: Window,
    average_gradients: AverageGradients | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Play one step of both discriminators, one of G, and one of the moving average.

    Args:
        gan: changed in place; `gan.step` is the number of this round.
        config: the numbers.
        real: (B, K, C, H, W) in [-1, 1], frames at the window's stride.
        latents: of B paths, from the generator's `draw_latents`.
        window: which frames of the paths are painted and looked at.
        average_gradients: as in `train_video_gan`.

    Returns:
        d_loss and g_loss, scalars before their steps and without the penalty, and the
        margins (2,): mean real minus mean fake logit of the clip and the frame discriminator.

    Lesson 08.
    """
    average = average_gradients or (lambda gradients: None)
    with autocast(gan.device):
        painted = gan.generator(latents, window.index)
    real, fake = _altered(config.augment, gan.rng, real, full_precision(painted))
    still = fake.detach()  # the discriminators' turn: G stands still
    clips = torch.cat([real, still])
    frames = torch.cat([window.pick(real), window.pick(still)])
    due = gan.step % config.penalty_every == 0
    for seen in (clips, frames):  # a gradient by the inputs costs, so only when it is due
        seen.requires_grad_(due)
    both = _score(gan, clips, frames, window.stride)
    halves = [logits.chunk(2) for logits in both]  # real, fake
    d_loss = sum(relativistic_d_loss(*half) for half in halves)

    def slopes() -> Tensor:
        return sum(map(partial(_slope_penalty, config), both, (clips, frames)))

    gan.d_optim.zero_grad()
    (d_loss + lazy_penalty(slopes, gan.step, config.penalty_every)).backward()
    _step(gan.d_optim, average)

    with torch.no_grad():  # a relativistic G compares itself with the reals' scores
        real_logits = _score(gan, real, window.pick(real), window.stride)
    fake_logits = _score(gan, fake, window.pick(fake), window.stride)
    g_loss = sum(map(relativistic_g_loss, real_logits, fake_logits))
    gan.g_optim.zero_grad()
    g_loss.backward(inputs=_weights_of(gan.g_optim))  # G's turn: D collects no gradient
    _step(gan.g_optim, average)
    ema_update(gan.generator_ema, gan.generator, ema_decay_at(gan.step, config.ema_decay))
    margins = torch.stack([(r.mean() - f.mean()).detach() for r, f in halves])
    return d_loss.detach(), g_loss.detach(), margins


def _as_shown(
    config: VideoTrainConfig, rng: torch.Generator, real: Tensor, labels: Tensor
) -> tuple[Tensor, dict[str, Tensor]]:
    """Real clips, mirrored if wanted, and what G is told of them: labels, or how they begin."""
    if config.mirror:
        from vgan_lessons.augment import mirror_half  # only where clips are altered

        real = mirror_half(real, rng)
    if config.sees_first_frame:  # every window begins with the first frame of its path
        return real, {"first_frames": real[:, 0]}
    return real, {"labels": labels} if config.n_classes else {}


def _altered(
    probability: float, rng: torch.Generator, real: Tensor, fake: Tensor
) -> tuple[Tensor, Tensor]:
    """What both discriminators see in both turns of a round."""
    if not probability:
        return real, fake
    from vgan_lessons.augment import augment_both

    return augment_both(real, fake, probability, rng)


def _score(gan: VideoGan, clips: Tensor, frames: Tensor, stride: int) -> tuple[Tensor, Tensor]:
    """Logits of both discriminators: (B,) of the clips, (B * n,) of single frames."""
    with autocast(gan.device):
        clip_logits = gan.clip_discriminator(clips, stride=stride)
        frame_logits = gan.frame_discriminator(frames)
    return full_precision(clip_logits), full_precision(frame_logits)


def _slope_penalty(config: VideoTrainConfig, logits: Tensor, inputs: Tensor) -> Tensor:
    """R1 and R2 of lesson 03 for one discriminator, on logits that are there already."""
    at_real, at_fake = squared_gradient_norm(logits, inputs).chunk(2)
    return config.r1_gamma / 2 * at_real.mean() + config.r2_gamma / 2 * at_fake.mean()


def _step(optim: torch.optim.Optimizer, average: AverageGradients) -> None:
    average([weight.grad for weight in _weights_of(optim)])
    optim.step()


def _weights_of(optim: torch.optim.Optimizer) -> list[nn.Parameter]:
    return [weight for group in optim.param_groups for weight in group["params"]]
