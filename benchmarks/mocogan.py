"""The opponent: MoCoGAN, written from the paper's description in this course's idiom.

Tulyakov et al. 2018, arXiv:1707.04993: a content code per clip, a motion path from a GRU, an
action that stays the same, a DCGAN-like painter of frames; one critic of frames and one of
clips with 3-D convolutions, both of which score patches. At 64x64 and 16 frames these are
3.28 M, 0.66 M and 11.19 M parameters. Other sizes have a layer more or less.
"""

import itertools
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vgan_lessons import layout
from vgan_lessons.models.trunk import check_image_size

CONTENT_DIM, MOTION_DIM, N_ACTIONS = 50, 10, 4
_MOST = 8  # times the width: where the doubling of channels ends


class MocoLatents(NamedTuple):
    """What a clip is made from, drawn outside the network and handed in."""

    z_content: Tensor  # (B, 50) standard normal, one per clip
    noise: Tensor  # (B, T, 10) standard normal, fresh in every frame
    state: Tensor  # (1, B, 10) standard normal: where the path starts
    action: Tensor  # (B,) int64, below N_ACTIONS


class MocoGenerator(nn.Module):
    """Paint frames from content, action and a random walk that a GRU makes of noise.

    The GRU runs in one call over time, which favours the baseline.

    Args:
        image_size: height and width; a power of two, at least 8.
        width: channels before the last layer; they double towards the first.
    """

    def __init__(self, *, image_size: int = 64, width: int = 64) -> None:
        super().__init__()
        widths = _widths(image_size, width)[::-1]
        self.motion = nn.GRU(MOTION_DIM, MOTION_DIM, batch_first=True)
        code_dim = CONTENT_DIM + N_ACTIONS + MOTION_DIM
        layers: list[nn.Module] = [nn.ConvTranspose2d(code_dim, widths[0], 4, bias=False)]
        for c_in, c_out in itertools.pairwise(widths):
            layers += [nn.BatchNorm2d(c_in), nn.ReLU(), _doubling(c_in, c_out)]
        layers += [nn.BatchNorm2d(widths[-1]), nn.ReLU(), _doubling(widths[-1], 3), nn.Tanh()]
        self.paint = nn.Sequential(*layers)
        _initialise(self.paint)

    def draw_latents(self, n: int, n_frames: int, rng: torch.Generator) -> MocoLatents:
        """Draw what n clips are made from.

        Args:
            n: B, how many clips.
            n_frames: T, frames of each.
            rng: the random source; draws on its own device.

        Returns:
            Latents for `forward`.
        """
        draw = {"generator": rng, "device": rng.device}
        return MocoLatents(
            z_content=torch.randn(n, CONTENT_DIM, **draw),
            noise=torch.randn(n, n_frames, MOTION_DIM, **draw),
            state=torch.randn(1, n, MOTION_DIM, **draw),
            action=torch.randint(N_ACTIONS, (n,), **draw),
        )

    def forward(self, latents: MocoLatents, frame_index: Tensor | None = None) -> Tensor:
        """Make clips.

        Args:
            latents: from `draw_latents`.
            frame_index: (B, K) int64, which frames to paint; None paints all.

        Returns:
            (B, T or K, 3, image_size, image_size) in (-1, 1).
        """
        z_motion, _ = self.motion(latents.noise, latents.state)  # (B, T, 10)
        if frame_index is not None:
            rows = torch.arange(len(frame_index), device=frame_index.device)[:, None]
            z_motion = z_motion[rows, frame_index]
        K = z_motion.shape[1]
        action = nn.functional.one_hot(latents.action, N_ACTIONS).to(z_motion.dtype)
        fixed = torch.cat([latents.z_content, action], dim=1)[:, None].expand(-1, K, -1)
        codes = torch.cat([fixed, z_motion], dim=-1).flatten(0, 1)  # (B * K, 64)
        return layout.videos_from_frames(self.paint(codes[:, :, None, None]), K)


class MocoFrameCritic(nn.Module):
    """Score the patches of single frames.

    Args:
        image_size: height and width; a power of two, at least 16.
        width: channels after the first layer.
    """

    def __init__(self, *, image_size: int = 64, width: int = 64) -> None:
        super().__init__()
        self.judge = _critic(nn.Conv2d, nn.BatchNorm2d, _widths(image_size, width)[:-1], 1)

    def forward(self, frames: Tensor) -> Tensor:
        """Score each patch.

        Args:
            frames: (B, 3, H, W) in [-1, 1].

        Returns:
            Logits, (B, 1, 4, 4).
        """
        return self.judge(frames)


class MocoClipCritic(nn.Module):
    """Score the patches of clips, and guess which action made them.

    Args:
        image_size: height and width; a power of two, at least 8.
        width: channels after the first layer.
    """

    def __init__(self, *, image_size: int = 64, width: int = 64) -> None:
        super().__init__()
        widths = _widths(image_size, width)
        self.judge = _critic(nn.Conv3d, nn.BatchNorm3d, widths, 1 + N_ACTIONS)

    def forward(self, clips: Tensor) -> tuple[Tensor, Tensor]:
        """Score each patch; no layer pads time, each takes three frames off it.

        Args:
            clips: (B, T, 3, H, W) in [-1, 1].

        Returns:
            logits: (B, 1, t, 2, 2); t is 1 for 16 frames of 64x64.
            action_logits: (B, N_ACTIONS), the mean over the patches.
        """
        scores = self.judge(layout.volumes_from_videos(clips))
        return scores[:, :1], scores[:, 1:].mean(dim=(2, 3, 4))


def _widths(image_size: int, width: int) -> list[int]:
    """Channels after each halving down to 4x4: 64, 128, 256, 512 for 64 pixels."""
    check_image_size(image_size)
    n_layers = image_size.bit_length() - 3
    return [width * min(2**k, _MOST) for k in range(n_layers)]


def _doubling(c_in: int, c_out: int) -> nn.ConvTranspose2d:
    return nn.ConvTranspose2d(c_in, c_out, 4, stride=2, padding=1, bias=False)


def _critic(conv: type, norm: type, widths: list[int], n_scores: int) -> nn.Sequential:
    """Halve the picture with every layer; in 3-D, time shrinks by the kernel alone."""
    in_3d = conv is nn.Conv3d
    step = {
        "kernel_size": 4,
        "stride": (1, 2, 2) if in_3d else 2,
        "padding": (0, 1, 1) if in_3d else 1,
        "bias": False,
    }
    layers: list[nn.Module] = [conv(3, widths[0], **step), nn.LeakyReLU(0.2)]
    for c_in, c_out in itertools.pairwise(widths):
        layers += [conv(c_in, c_out, **step), norm(c_out), nn.LeakyReLU(0.2)]
    critic = nn.Sequential(*layers, conv(widths[-1], n_scores, **step))
    _initialise(critic)
    return critic


def _initialise(network: nn.Module) -> None:
    """DCGAN's start: every convolution from N(0, 0.02)."""
    for name, weight in network.named_parameters():
        if weight.ndim > 1 and name.endswith("weight"):
            nn.init.normal_(weight, std=0.02)
