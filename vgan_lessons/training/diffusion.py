"""The loop of a video diffusion model: one network, one loss, no game."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons.augment import mirror_half
from vgan_lessons.datasets import VideoBank
from vgan_lessons.models.diffusion import alpha_bar, q_sample
from vgan_lessons.runtime import autocast, full_precision, new_rng
from vgan_lessons.training.config import VideoTrainConfig
from vgan_lessons.training.ema import ema_decay_at, ema_update
from vgan_lessons.training.state import new_generator
from vgan_lessons.training.video import AverageGradients, clips_a_process


@dataclass(frozen=True)
class DiffusionLog:
    """How far a training is, as plain floats. Lesson 13."""

    step: int
    loss: float  # mean square error of the velocity, per pixel and channel

    def words(self) -> str:
        """What a progress bar shows."""
        return f"loss {self.loss:.3f}"


@dataclass(kw_only=True)
class VideoDiffusion:
    """The network in training and all its state; saving all of it makes a run resumable."""

    generator: nn.Module  # holds the denoiser
    generator_ema: nn.Module  # the moving average: this one is sampled from
    g_optim: torch.optim.Optimizer
    device: torch.device  # where the network lives and the loop computes
    rng: torch.Generator  # every draw of the loop comes from here, on that device
    step: int = 0  # updates made so far

    def networks(self) -> dict[str, nn.Module]:
        """Both networks by the names their weights are saved under."""
        return {"generator": self.generator, "generator_ema": self.generator_ema}

    def state(self, rng_states: list[Tensor]) -> dict[str, object]:
        """All but the weights, as `VideoGan.state`."""
        return {"step": self.step, "rng": rng_states, "g_optim": self.g_optim.state_dict()}

    def restore(self, state: dict[str, object], *, rank: int = 0) -> None:
        """Go back to a saved state, as `VideoGan.restore`.

        Raises:
            ValueError: if the state was saved by fewer processes.
        """
        if rank >= len(state["rng"]):
            raise ValueError(f"the run has {len(state['rng'])} processes, this is rank {rank}")
        self.g_optim.load_state_dict(state["g_optim"])
        self.rng.set_state(state["rng"][rank])
        self.step = state["step"]


def new_video_diffusion(
    config: VideoTrainConfig, *, on: torch.device, rank: int = 0
) -> VideoDiffusion:
    """Set up a training before its first step; the same seed sets up the same one.

    Args:
        config: sizes, rates and the seed; `model` is "diffusion".
        on: the device of the networks.
        rank: which of several processes this is; each draws its own data and noise.

    Returns:
        A fresh network (equal on every rank), its average, Adam, step 0.

    Lesson 13.
    """
    with torch.random.fork_rng(devices=[]):  # initial weights come from the global source
        torch.manual_seed(config.seed)
        generator = new_generator(config)
    generator.to(device=on, memory_format=torch.channels_last)
    adam = {"lr": config.g_lr, "betas": config.betas, "fused": True}
    return VideoDiffusion(
        generator=generator,
        generator_ema=copy.deepcopy(generator).requires_grad_(False).eval(),
        g_optim=torch.optim.Adam(generator.parameters(), **adam),
        device=on,
        rng=new_rng(config.seed * 1000 + rank, on),
    )


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
    diffusion: VideoDiffusion,
    bank: VideoBank,
    config: VideoTrainConfig,
    *,
    n_processes: int = 1,
    average_gradients: AverageGradients | None = None,
    stopping: Callable[[], bool] | None = None,
) -> Iterator[DiffusionLog]:
    """Train from where `diffusion` stands to `config.n_steps`; arguments of `train_video_gan`.

    Args:
        diffusion: changed in place; `diffusion.step` says how far it is.
        bank: real videos on the device of the networks, `config.image_size` pixels.
        config: the numbers.
        n_processes: how many processes share the batch, each with its own random source.
        average_gradients: called on the gradients before each update; None for one process.
        stopping: asked after every step; at a yes a log comes at once.

    Yields:
        DiffusionLog every `log_every` steps, and at the last.

    Raises:
        ValueError: if the videos have another size than configured, or the batch cannot be
            shared evenly.

    Lesson 13. Ho et al. 2022, Video diffusion models, arXiv:2204.03458.
    """
    n, rng = clips_a_process(bank, config, n_processes), diffusion.rng
    weights = list(diffusion.generator.parameters())
    draw = {"generator": rng, "device": rng.device}
    while diffusion.step < config.n_steps:
        diffusion.step += 1
        for group in diffusion.g_optim.param_groups:
            group["lr"] = config.g_lr * config.rate_at(diffusion.step)
        clean = bank.sample_clips(n, n_frames=config.n_frames, rng=rng)
        if config.mirror:
            clean = mirror_half(clean, rng)
        # times spread evenly over a batch: a steadier loss than independent ones
        time = (torch.arange(n, device=rng.device) + torch.rand(n, **draw)) / n
        noise = torch.randn(clean.shape, **draw)
        with autocast(diffusion.device):
            loss = diffusion_loss(diffusion.generator.denoiser, clean, time, noise)
        diffusion.g_optim.zero_grad()
        loss.backward()
        if average_gradients:
            average_gradients([weight.grad for weight in weights])
        diffusion.g_optim.step()
        decay = ema_decay_at(diffusion.step, config.ema_decay)
        ema_update(diffusion.generator_ema, diffusion.generator, decay)
        last = diffusion.step == config.n_steps or (stopping is not None and stopping())
        if last or diffusion.step % config.log_every == 0:
            yield DiffusionLog(diffusion.step, loss.item())
