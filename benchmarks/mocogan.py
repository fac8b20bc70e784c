"""A rival: MoCoGAN, written from the paper's description in this course's idiom.

Tulyakov et al. 2018, arXiv:1707.04993: a content code per clip, a motion path from a GRU, an
action that stays the same, a DCGAN-like generator of frames; a discriminator of frames and
one of clips with 3-D convolutions, both of which score patches. At 64x64 and 16 frames these
have 3.28 M, 0.66 M and 11.19 M parameters. Other sizes have a layer more or less.
"""

import itertools
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.contestant import Contestant, Setting
from benchmarks.ours import n_weights
from vgan_lessons import layout
from vgan_lessons.datasets import VideoBank
from vgan_lessons.runtime import new_rng

CONTENT_DIM, MOTION_DIM, N_ACTIONS = 50, 10, 4
_MOST = 8  # times the width: where the doubling of channels ends
_ADAM = {"lr": 2e-4, "betas": (0.5, 0.999), "weight_decay": 1e-5}


class MocoLatents(NamedTuple):
    """What a clip is made from, drawn outside the network and handed in."""

    z_content: Tensor  # (B, 50) standard normal, one per clip
    noise: Tensor  # (B, T, 10) standard normal, fresh in every frame
    state: Tensor  # (B, 10) standard normal: where the path starts
    action: Tensor  # (B,) int64, below N_ACTIONS


class MocoGenerator(nn.Module):
    """Frames from content, action and a random walk that a GRU makes of noise.

    The GRU runs in one call over time, which favours the rival.

    Args:
        image_size: height and width; a power of two, at least 16.
        width: channels before the last layer; they double towards the first.
    """

    def __init__(self, *, image_size: int = 64, width: int = 64) -> None:
        super().__init__()
        widths = _widths(image_size, width)[::-1]
        self.motion = nn.GRU(MOTION_DIM, MOTION_DIM, batch_first=True)
        code_dim = CONTENT_DIM + N_ACTIONS + MOTION_DIM
        layers: list[nn.Module] = [nn.ConvTranspose2d(code_dim, widths[0], 4, bias=False)]
        for c_in, c_out in itertools.pairwise((*widths, 3)):
            layers += [nn.BatchNorm2d(c_in), nn.ReLU()]
            layers += [nn.ConvTranspose2d(c_in, c_out, 4, stride=2, padding=1, bias=False)]
        self.render = nn.Sequential(*layers, nn.Tanh())
        _initialise(self.render)

    def draw_latents(self, n: int, n_frames: int, rng: torch.Generator) -> MocoLatents:
        """What n clips of n_frames are made from, on the device of `rng`."""
        draw = {"generator": rng, "device": rng.device}
        return MocoLatents(
            z_content=torch.randn(n, CONTENT_DIM, **draw),
            noise=torch.randn(n, n_frames, MOTION_DIM, **draw),
            state=torch.randn(n, MOTION_DIM, **draw),
            action=torch.randint(N_ACTIONS, (n,), **draw),
        )

    def forward(self, latents: MocoLatents, frame_index: Tensor | None = None) -> Tensor:
        """Make clips.

        Args:
            latents: from `draw_latents`.
            frame_index: (B, K) int64, which frames to render; None renders all.

        Returns:
            (B, T or K, 3, image_size, image_size) in (-1, 1).
        """
        z_motion, _ = self.motion(latents.noise, latents.state[None])  # (B, T, 10)
        if frame_index is not None:
            rows = torch.arange(len(frame_index), device=frame_index.device)[:, None]
            z_motion = z_motion[rows, frame_index]
        K = z_motion.shape[1]
        action = F.one_hot(latents.action, N_ACTIONS).to(z_motion.dtype)
        fixed = torch.cat([latents.z_content, action], dim=1)[:, None].expand(-1, K, -1)
        codes = torch.cat([fixed, z_motion], dim=-1).flatten(0, 1)  # (B * K, 64)
        return layout.videos_from_frames(self.render(codes[:, :, None, None]), K)


class MocoFrameDiscriminator(nn.Module):
    """Scores the patches of single frames: (B, 3, H, W) to logits (B, 1, 4, 4).

    Args:
        image_size: height and width; a power of two, at least 16.
        width: channels after the first layer.
    """

    def __init__(self, *, image_size: int = 64, width: int = 64) -> None:
        super().__init__()
        step = {"kernel_size": 4, "stride": 2, "padding": 1, "bias": False}
        widths = _widths(image_size, width)[:-1]
        self.score = _discriminator(nn.Conv2d, nn.BatchNorm2d, widths, 1, step)

    def forward(self, frames: Tensor) -> Tensor:
        """Score each patch of frames (B, 3, H, W)."""
        return self.score(frames)


class MocoClipDiscriminator(nn.Module):
    """Scores the patches of clips, and guesses which action made them.

    Args:
        image_size: height and width; a power of two, at least 16.
        width: channels after the first layer.
    """

    def __init__(self, *, image_size: int = 64, width: int = 64) -> None:
        super().__init__()
        step = {"kernel_size": 4, "stride": (1, 2, 2), "padding": (0, 1, 1), "bias": False}
        widths = _widths(image_size, width)
        self.score = _discriminator(nn.Conv3d, nn.BatchNorm3d, widths, 1 + N_ACTIONS, step)

    def forward(self, clips: Tensor) -> tuple[Tensor, Tensor]:
        """Score each patch; no layer pads time, each takes three frames off it.

        Args:
            clips: (B, T, 3, H, W) in [-1, 1].

        Returns:
            logits: (B, 1, t, 2, 2); t is 1 for 16 frames of 64x64.
            action_logits: (B, N_ACTIONS), the mean over the patches.
        """
        scores = self.score(layout.volumes_from_videos(clips))
        return scores[:, :1], scores[:, 1:].mean(dim=(2, 3, 4))


class Mocogan:
    """MoCoGAN in training as the paper has it: each update draws fakes of its own.

    Args:
        setting: data, size, batch and seed.
        bank: real videos on the device.
        bfloat16: whether products are taken in it.
        as_large_as: another contestant; its number of weights to train sets the width. None
            takes the paper's.
    """

    period = 1

    def __init__(
        self,
        setting: Setting,
        bank: VideoBank,
        *,
        bfloat16: bool = False,
        as_large_as: Callable[[Setting, VideoBank], Contestant] | None = None,
    ) -> None:
        sizes = {"image_size": setting.image_size, "width": 4 if setting.smoke else 64}
        if as_large_as and not setting.smoke:
            wanted = n_weights(as_large_as(setting, bank).networks())
            sizes["width"] = _width_of(wanted, setting.image_size)
        self.batch_size = setting.batch_size or 32
        with torch.random.fork_rng(devices=[]):  # initial weights come from the global source
            torch.manual_seed(setting.seed)
            self.generator = MocoGenerator(**sizes).to(setting.on)
            self.frame_discriminator = MocoFrameDiscriminator(**sizes).to(setting.on)
            self.clip_discriminator = MocoClipDiscriminator(**sizes).to(setting.on)
        networks = (self.generator, self.frame_discriminator, self.clip_discriminator)
        self.g_optim, self.frame_optim, self.clip_optim = (
            torch.optim.Adam(network.parameters(), **_ADAM) for network in networks
        )
        self.setting, self.bank, self.bfloat16, self.steps = setting, bank, bfloat16, 0
        self.rng = new_rng(setting.seed, setting.on)

    @property
    def says(self) -> str:
        """What a step renders and scores."""
        B, T = self.batch_size, self.setting.n_frames
        return f"renders {T} frames of {B} clips and {B} lone frames, twice; scores all"

    def train(self, n_steps: int) -> None:
        """Make so many steps."""
        B, T, kind = self.batch_size, self.setting.n_frames, self.setting.on.type
        # no cache: it would hold weights from before the updates inside the step
        mixed = {"enabled": self.bfloat16, "dtype": torch.bfloat16, "cache_enabled": False}
        self.generator.train()
        for _ in range(n_steps):
            clips = self.bank.sample_clips(B, n_frames=T, rng=self.rng)
            frames = self.bank.sample_clips(B, n_frames=1, rng=self.rng)[:, 0]
            with torch.autocast(kind, **mixed):
                self.step(frames, clips)
            self.steps += 1

    def sampled_from(self) -> nn.Module:
        """The generator itself, with the statistics it gathered: the paper has no average."""
        return self.generator.eval()

    def networks(self) -> dict[str, nn.Module]:
        """All three; the paper has no average."""
        return {
            "generator": self.generator,
            "frame_discriminator": self.frame_discriminator,
            "clip_discriminator": self.clip_discriminator,
        }

    def state(self) -> dict[str, object]:
        """Weights, optimisers, random state, step."""
        optims = (self.g_optim, self.frame_optim, self.clip_optim)
        return {
            "weights": {name: net.state_dict() for name, net in self.networks().items()},
            "optims": [optim.state_dict() for optim in optims],
            "rng": self.rng.get_state(),
            "steps": self.steps,
        }

    def restore(self, state: dict[str, object]) -> None:
        """Go back to where `state` was taken."""
        for name, network in self.networks().items():
            network.load_state_dict(state["weights"][name])
        optims = (self.g_optim, self.frame_optim, self.clip_optim)
        for optim, saved in zip(optims, state["optims"], strict=True):
            optim.load_state_dict(saved)
        self.rng.set_state(state["rng"])
        self.steps = state["steps"]

    def step(self, frames: Tensor, clips: Tensor) -> None:
        """Update the frame discriminator, the clip discriminator, the generator.

        Args:
            frames: (B, 3, H, W) in [-1, 1], each of another video.
            clips: (B, T, 3, H, W).
        """
        B, T = clips.shape[:2]
        fakes = self._lone_frames(B, T).detach()
        loss = _d_loss(self.frame_discriminator(frames), self.frame_discriminator(fakes))
        _update(self.frame_optim, loss)

        latents = self.generator.draw_latents(B, T, self.rng)
        fakes = self.generator(latents).detach()
        real_logits, _ = self.clip_discriminator(clips)
        fake_logits, guess = self.clip_discriminator(fakes)
        loss = _d_loss(real_logits, fake_logits) + F.cross_entropy(guess, latents.action)
        _update(self.clip_optim, loss)

        fakes = self._lone_frames(B, T)
        latents = self.generator.draw_latents(B, T, self.rng)
        fake_logits, guess = self.clip_discriminator(self.generator(latents))
        loss = _g_loss(self.frame_discriminator(fakes)) + _g_loss(fake_logits)
        _update(self.g_optim, loss + F.cross_entropy(guess, latents.action))

    def _lone_frames(self, n: int, n_frames: int) -> Tensor:
        """One frame each of n clips of their own, (n, 3, H, W)."""
        latents = self.generator.draw_latents(n, n_frames, self.rng)
        index = torch.randint(n_frames, (n, 1), generator=self.rng, device=self.rng.device)
        return self.generator(latents, index)[:, 0]


def _width_of(n: int, image_size: int) -> int:
    """The width at which the three networks have about n weights together."""
    kinds = {"g": MocoGenerator, "f": MocoFrameDiscriminator, "c": MocoClipDiscriminator}

    def apart(width: int) -> int:
        with torch.device("meta"):
            made = {k: kind(image_size=image_size, width=width) for k, kind in kinds.items()}
        return abs(n_weights(made) - n)

    return min(range(4, 65), key=apart)


def _widths(image_size: int, width: int) -> list[int]:
    """Channels after each halving down to 4x4: 64, 128, 256, 512 for 64 pixels."""
    return [width * min(2**k, _MOST) for k in range(image_size.bit_length() - 3)]


def _discriminator(
    conv: type, norm: type, widths: list[int], n_scores: int, step: dict
) -> nn.Sequential:
    """Halve the picture with every layer."""
    layers: list[nn.Module] = [conv(3, widths[0], **step), nn.LeakyReLU(0.2)]
    for c_in, c_out in itertools.pairwise(widths):
        layers += [conv(c_in, c_out, **step), norm(c_out), nn.LeakyReLU(0.2)]
    network = nn.Sequential(*layers, conv(widths[-1], n_scores, **step))
    _initialise(network)
    return network


def _initialise(network: nn.Module) -> None:
    """DCGAN's start: every convolution from N(0, 0.02)."""
    for name, weight in network.named_parameters():
        if weight.ndim > 1 and name.endswith("weight"):
            nn.init.normal_(weight, std=0.02)


def _d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Cross-entropy over patches: real ones are 1, fakes are 0."""
    return F.softplus(-real_logits.float()).mean() + F.softplus(fake_logits.float()).mean()


def _g_loss(fake_logits: Tensor) -> Tensor:
    return F.softplus(-fake_logits.float()).mean()


def _update(optim: torch.optim.Optimizer, loss: Tensor) -> None:
    optim.zero_grad(set_to_none=True)
    loss.backward()
    optim.step()
