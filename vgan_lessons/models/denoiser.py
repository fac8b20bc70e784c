"""A network that sees a noisy video and says what of it is noise: space and time in turns."""

import itertools
import math

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons import layout

_LEVEL_DIM = 64  # numbers that tell how noisy a video is
_HEAD_DIM = 16  # of the attention over time
_GROUPS = 4


class SpaceTimeDenoiser(nn.Module):
    r"""Predict the velocity of noisy videos, from which the clean ones follow.

    .. math:: v = \sqrt{\bar\alpha} \epsilon - \sqrt{1 - \bar\alpha} x_0

    A U-Net on frames whose blocks also look along time: a 3x3 convolution mixes neighbours in
    space, the next layer each frame with the one before and after it. On the coarsest grid
    every frame sees all others by attention. Cheap, since no layer mixes space and time at
    once; and no layer knows how long a video is.

    Args:
        channels_per_layer: at 1/2, 1/4, ... of the picture's side; multiples of 4, the last
            one of 16.

    Raises:
        ValueError: if the channels are not such multiples.

    Lesson 13. Ho et al. 2022, Video diffusion models, arXiv:2204.03458, section 3; Salimans and
    Ho 2022, Progressive distillation, arXiv:2202.00512, for the velocity.
    """

    def __init__(self, *, channels_per_layer: tuple[int, ...] = (32, 48, 80)) -> None:
        super().__init__()
        first, last = channels_per_layer[0], channels_per_layer[-1]
        if last % _HEAD_DIM or any(c % _GROUPS for c in channels_per_layer):
            raise ValueError(
                f"channels_per_layer must be multiples of {_GROUPS}, the last one of "
                f"{_HEAD_DIM}, got {', '.join(map(str, channels_per_layer))}"
            )
        steps = list(itertools.pairwise(channels_per_layer))
        self.level = nn.Sequential(nn.Linear(_LEVEL_DIM, _LEVEL_DIM), nn.SiLU())
        self.enter = nn.Conv2d(3, first, 4, stride=2, padding=1)
        self.going_down = nn.ModuleList(SpaceTimeBlock(c) for c, _ in steps)
        self.down = nn.ModuleList(
            nn.Conv2d(c, deeper, 4, stride=2, padding=1) for c, deeper in steps
        )
        self.middle = nn.ModuleList([SpaceTimeBlock(last), SpaceTimeBlock(last)])
        self.over_time = TimeAttention(last)
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(deeper, c, 4, stride=2, padding=1) for c, deeper in steps
        )
        self.going_up = nn.ModuleList(SpaceTimeBlock(c) for c, _ in steps)
        self.leave = nn.ConvTranspose2d(first, 3, 4, stride=2, padding=1)
        nn.init.zeros_(self.leave.weight)  # it begins by saying nothing
        nn.init.zeros_(self.leave.bias)

    def forward(self, noisy: Tensor, time: Tensor) -> Tensor:
        """Predict the velocity.

        Args:
            noisy: (B, T, 3, H, W), see `q_sample`.
            time: (B,) from 0, clean, to 1, pure noise.

        Returns:
            (B, T, 3, H, W), any real values; 0 before training.
        """
        n_frames = noisy.shape[1]
        level = self.level(noise_level_code(time, _LEVEL_DIM))  # (B, _LEVEL_DIM)
        frames = layout.frames_from_videos(noisy).contiguous(memory_format=torch.channels_last)
        features, kept = self.enter(frames), []
        for block, down in zip(self.going_down, self.down, strict=True):
            features = block(features, level)
            kept.append(features)
            features = down(features)
        before, after = self.middle
        features = after(self.over_time(before(features, level), n_frames), level)
        for block, up in zip(reversed(self.going_up), reversed(self.up), strict=True):
            features = block(up(features) + kept.pop(), level)
        return layout.videos_from_frames(self.leave(F.silu(features)), n_frames)


class SpaceTimeBlock(nn.Module):
    """Look around in space, then along time, and add what was found.

    Args:
        channels: in and out; a multiple of 4.

    Lesson 13.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(_GROUPS, channels)
        self.in_space = nn.Conv2d(channels, channels, 3, padding=1)
        self.style = nn.Linear(_LEVEL_DIM, 2 * channels)
        self.in_time = nn.Conv2d(3 * channels, channels, 1)  # frame before, this, the next
        nn.init.zeros_(self.in_time.weight)  # a block begins as the identity
        nn.init.zeros_(self.in_time.bias)

    def forward(self, features: Tensor, level: Tensor) -> Tensor:
        """Mix the features of each video.

        Args:
            features: (B * T, C, h, w).
            level: (B, 64), how noisy each video is.

        Returns:
            (B * T, C, h, w).
        """
        n_frames = len(features) // len(level)
        scale, shift = self.style(level).repeat_interleave(n_frames, dim=0).chunk(2, dim=1)
        found = self.in_space(F.silu(self.norm(features)))
        found = F.silu(found * (1 + scale[..., None, None]) + shift[..., None, None])
        return features + self.in_time(with_neighbours(found, n_frames))


class TimeAttention(nn.Module):
    """At each place of the grid, let every frame of a video look at all of its frames.

    Args:
        channels: in and out; a multiple of 16.

    Lesson 13. Vaswani et al. 2017, Attention is all you need, arXiv:1706.03762, section 3.2.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(_GROUPS, channels)
        self.asks = nn.Linear(channels, 3 * channels, bias=False)  # queries, keys, values
        self.answers = nn.Linear(channels, channels)
        nn.init.zeros_(self.answers.weight)

    def forward(self, features: Tensor, n_frames: int) -> Tensor:
        """Add what each frame found in the others.

        Args:
            features: (B * T, C, h, w).
            n_frames: T.

        Returns:
            (B * T, C, h, w).
        """
        h, w = features.shape[-2:]
        tokens = rearrange(self.norm(features), "(b t) c h w -> (b h w) t c", t=n_frames)
        heads = rearrange(self.asks(tokens), "n t (k m d) -> k n m t d", k=3, d=_HEAD_DIM)
        found = rearrange(F.scaled_dot_product_attention(*heads), "n m t d -> n t (m d)")
        found = rearrange(self.answers(found), "(b h w) t c -> (b t) c h w", h=h, w=w)
        return features + found


def with_neighbours(features: Tensor, n_frames: int) -> Tensor:
    """Lay each frame's features beside those of the frame before it and after it.

    Args:
        features: (B * T, C, h, w).
        n_frames: T.

    Returns:
        (B * T, 3 C, h, w); before the first and after the last frame of a video there is 0.

    Lesson 13.
    """
    videos = layout.videos_from_frames(features, n_frames)
    padded = F.pad(videos, (0, 0, 0, 0, 0, 0, 1, 1))  # (B, T + 2, C, h, w)
    three = torch.cat([padded[:, :-2], videos, padded[:, 2:]], dim=2)
    return layout.frames_from_videos(three).contiguous(memory_format=torch.channels_last)


def noise_level_code(time: Tensor, dim: int) -> Tensor:
    """Tell a network a time by waves of many lengths.

    Args:
        time: (B,) from 0 to 1.
        dim: size of the code, even.

    Returns:
        (B, dim) in [-1, 1]: sines, then cosines; the slowest takes half a turn over all times.

    Lesson 13.
    """
    turns = torch.logspace(0, 6, dim // 2, base=2, device=time.device, dtype=time.dtype)
    angles = math.pi * time[:, None] * turns
    return torch.cat([angles.sin(), angles.cos()], dim=1)
