"""The loop of a model without a game: one network, one loss, and a moving average."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vgan_lessons.augment import mirror_half
from vgan_lessons.datasets import VideoBank
from vgan_lessons.runtime import autocast, new_rng
from vgan_lessons.training.config import VideoTrainConfig
from vgan_lessons.training.ema import ema_decay_at, ema_update
from vgan_lessons.training.state import new_generator
from vgan_lessons.training.video import AverageGradients, clips_a_process


@dataclass(kw_only=True)
class OneNetwork:
    """The network in training and all its state; saving all of it makes a run resumable."""

    generator: nn.Module
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


def new_one_network(config: VideoTrainConfig, *, on: torch.device, rank: int = 0) -> OneNetwork:
    """Set up a training before its first step; the same seed sets up the same one.

    Args:
        config: sizes, rates and the seed; `model` is "diffusion" or "vae".
        on: the device of the networks.
        rank: which of several processes this is; each draws its own data and noise.

    Returns:
        A fresh network (equal on every rank), its average, Adam, step 0.

    Lesson 13.
    """
    with torch.random.fork_rng(devices=[]):  # initial weights come from the global source
        torch.manual_seed(config.seed)
        generator = new_generator(config)
    generator.to(on)
    if all(weight.ndim < 5 for weight in generator.parameters()):  # a 2-D layout only
        generator.to(memory_format=torch.channels_last)
    adam = {"lr": config.g_lr, "betas": config.betas, "fused": True}
    return OneNetwork(
        generator=generator,
        generator_ema=copy.deepcopy(generator).requires_grad_(False).eval(),
        g_optim=torch.optim.Adam(generator.parameters(), **adam),
        device=on,
        rng=new_rng(config.seed * 1000 + rank, on),
    )


def minimise(
    loss_of: Callable[[Tensor], tuple[Tensor, ...]],
    training: OneNetwork,
    bank: VideoBank,
    config: VideoTrainConfig,
    *,
    n_processes: int = 1,
    average_gradients: AverageGradients | None = None,
    stopping: Callable[[], bool] | None = None,
) -> Iterator[tuple[int, list[float]]]:
    """Train from where `training` stands to `config.n_steps`; arguments of `train_video_gan`.

    Args:
        loss_of: real clips (B, T, 3, H, W) -> the loss, and further scalars for the log. It
            draws what noise it needs from `training.rng`.
        training: changed in place; `training.step` says how far it is.
        bank: real videos on the device of the networks, `config.image_size` pixels.
        config: the numbers.
        n_processes: how many processes share the batch, each with its own random source.
        average_gradients: called on the gradients before each update; None for one process.
        stopping: asked after every step; at a yes a log comes at once.

    Yields:
        The step and these scalars, every `log_every` steps, and at the last.

    Raises:
        ValueError: if the videos have another size than configured, or the batch cannot be
            shared evenly.

    Lesson 13.
    """
    n = clips_a_process(bank, config, n_processes)
    weights = list(training.generator.parameters())
    while training.step < config.n_steps:
        training.step += 1
        for group in training.g_optim.param_groups:
            group["lr"] = config.g_lr * config.rate_at(training.step)
        clips = bank.sample_clips(n, n_frames=config.n_frames, rng=training.rng)
        if config.mirror:
            clips = mirror_half(clips, training.rng)
        with autocast(training.device):
            scalars = loss_of(clips)
        training.g_optim.zero_grad()
        scalars[0].backward()
        if average_gradients:
            average_gradients([weight.grad for weight in weights])
        training.g_optim.step()
        decay = ema_decay_at(training.step, config.ema_decay)
        ema_update(training.generator_ema, training.generator, decay)
        last = training.step == config.n_steps or (stopping is not None and stopping())
        if last or training.step % config.log_every == 0:
            yield training.step, [scalar.item() for scalar in scalars]
