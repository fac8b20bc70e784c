"""Everything a video GAN in training consists of: networks, optimisers, randomness, step."""

import copy
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from vgan_lessons.models.clips import StridedClipDiscriminator
from vgan_lessons.models.frames import FrameDiscriminator
from vgan_lessons.models.generators import build
from vgan_lessons.runtime import new_rng
from vgan_lessons.training.config import VideoTrainConfig


@dataclass(kw_only=True)
class VideoGan:
    """The players and the state of their game; saving all of it makes a run resumable."""

    generator: nn.Module
    generator_ema: nn.Module  # the moving average: this one is sampled from
    frame_discriminator: nn.Module
    clip_discriminator: nn.Module
    g_optim: torch.optim.Optimizer
    d_optim: torch.optim.Optimizer
    device: torch.device  # where the networks live and the loop computes
    rng: torch.Generator  # every draw of the loop comes from here, on that device
    step: int = 0  # generator updates made so far

    def networks(self) -> dict[str, nn.Module]:
        """The four networks by the names their weights are saved under."""
        return {
            "generator": self.generator,
            "generator_ema": self.generator_ema,
            "frame_discriminator": self.frame_discriminator,
            "clip_discriminator": self.clip_discriminator,
        }

    def told(self, labels: Tensor, n_each: int) -> "VideoGan":
        """The same game with discriminators that know the labels of one batch.

        Args:
            labels: (B, K) int64, of the reals and of the fakes alike.
            n_each: single frames of each clip that the frame discriminator sees.

        Returns:
            A game that shares networks, optimisers and randomness with this one.
        """
        from vgan_lessons.models.conditional import with_labels

        of_frames = labels.repeat_interleave(n_each, dim=0)
        return replace(
            self,
            clip_discriminator=with_labels(self.clip_discriminator, labels),
            frame_discriminator=with_labels(self.frame_discriminator, of_frames),
        )

    def state(self, rng_states: list[Tensor]) -> dict[str, object]:
        """All but the weights: what a checkpoint keeps beside them.

        Args:
            rng_states: the random state of every process, in order of rank.

        Returns:
            Tensors, numbers and containers of them.
        """
        return {
            "step": self.step,
            "rng": rng_states,
            "g_optim": self.g_optim.state_dict(),
            "d_optim": self.d_optim.state_dict(),
        }

    def restore(self, state: dict[str, object], *, rank: int = 0) -> None:
        """Go back to a saved state; the networks' weights are restored by themselves.

        Args:
            state: from `state`.
            rank: which process's random state to take.

        Raises:
            ValueError: if the state was saved by fewer processes.
        """
        if rank >= len(state["rng"]):
            raise ValueError(f"the run has {len(state['rng'])} processes, this is rank {rank}")
        self.g_optim.load_state_dict(state["g_optim"])
        self.d_optim.load_state_dict(state["d_optim"])
        self.rng.set_state(state["rng"][rank])
        self.step = state["step"]


def new_generator(config: VideoTrainConfig) -> nn.Module:
    """The untrained generator of a configuration, on the CPU.

    Args:
        config: its model and sizes; the weights come from torch's global random source.
    """
    return build(config.model, **config.generator_sizes())


def _new_discriminators(config: VideoTrainConfig) -> tuple[nn.Module, nn.Module]:
    """Of frames and of clips, told the labels if the generator is."""
    kinds, told = (FrameDiscriminator, StridedClipDiscriminator), {}
    if config.n_classes:
        from vgan_lessons.models import conditional as told_kinds

        told = {"n_classes": config.n_classes}
        kinds = (
            told_kinds.ConditionalFrameDiscriminator,
            told_kinds.ConditionalClipDiscriminator,
        )
    shared = {
        "image_size": config.image_size,
        "black_is_zero": config.black_is_zero,
        **told,
    }
    frame_discriminator = kinds[0](
        base_channels=config.frame_channels, pooled=config.frame_pooling, **shared
    )
    clip_discriminator = kinds[1](
        n_frames=config.window_frames, base_channels=config.clip_channels, **shared
    )
    return frame_discriminator, clip_discriminator


def new_video_gan(config: VideoTrainConfig, *, on: torch.device, rank: int = 0) -> VideoGan:
    """Set up a game before its first move; the same seed sets up the same game.

    Args:
        config: sizes, rates and the seed.
        on: the device of the networks.
        rank: which of several processes this is; each draws its own data and latents.

    Returns:
        Fresh networks (equal on every rank), Adam for each side, step 0.

    Used in lesson 08.
    """
    with torch.random.fork_rng(devices=[]):  # initial weights come from the global source
        torch.manual_seed(config.seed)
        generator = new_generator(config)
        frame_discriminator, clip_discriminator = _new_discriminators(config)
    for network in (generator, frame_discriminator, clip_discriminator):
        network.to(on)
        if all(weight.ndim < 5 for weight in network.parameters()):  # a 2-D layout only
            network.to(memory_format=torch.channels_last)
    d_weights = [*frame_discriminator.parameters(), *clip_discriminator.parameters()]
    adam = {"betas": config.betas, "fused": True}
    return VideoGan(
        generator=generator,
        generator_ema=copy.deepcopy(generator).requires_grad_(False).eval(),
        frame_discriminator=frame_discriminator,
        clip_discriminator=clip_discriminator,
        g_optim=torch.optim.Adam(generator.parameters(), lr=config.g_lr, **adam),
        d_optim=torch.optim.Adam(d_weights, lr=config.d_lr, **adam),
        device=on,
        rng=new_rng(config.seed * 1000 + rank, on),
    )
