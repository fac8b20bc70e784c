"""The course's video generator: a motion path, and a painter that paints along it."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vgan_lessons.models.motion import IndependentMotion, MotionLSTM


class VideoLatents(NamedTuple):
    """What a video is made from, drawn outside the network and handed in."""

    z_content: Tensor  # (B, content_dim), one per video; the painter says how it is drawn
    noise: Tensor  # (B, T, noise_dim) standard normal, what drives the motion


def sample_latents(
    draw_content: Callable[[int, torch.Generator], Tensor],
    n: int,
    n_frames: int,
    noise_dim: int,
    rng: torch.Generator,
    fresh: bool = False,
) -> VideoLatents:
    """Draw what n videos are made from: who is in them, and what drives their motion.

    Args:
        draw_content: (n, rng) -> (B, content_dim); called once.
        n: B, how many videos.
        n_frames: T, frames of each; any number.
        noise_dim: size of each frame's noise.
        rng: the random source; draws on its own device.
        fresh: whether every frame gets noise of its own; False repeats one draw a video over
            all of its frames: it is then the name of a motion.

    Returns:
        z_content (B, content_dim) and noise (B, T, noise_dim).

    Lesson 08. Tulyakov et al. 2018, MoCoGAN, arXiv:1707.04993 (content and motion apart).
    """
    z_content = draw_content(n, rng)
    n_draws = n_frames if fresh else 1
    noise = torch.randn(n, n_draws, noise_dim, generator=rng, device=rng.device)
    return VideoLatents(z_content, noise.expand(n, n_frames, noise_dim))


class VideoGenerator(nn.Module):
    """Paint every frame from one content code and that frame's place on a motion path.

    The LSTM walks the whole path; only the frames asked for are painted. In the default
    one draw of noise is repeated over time: it is then the name of a motion, and the LSTM
    unfolds it for as long as the caller likes.

    Args:
        painter: paints frames from content and motion; see `painters`.
        noise_dim: size of each frame's noise.
        motion_dim: size of each frame's z_motion, as the painter expects it.
        memory: whether an LSTM links the frames; False is the i.i.d. baseline, with fresh
            noise and an independent code at every frame.

    Lesson 08. Tulyakov et al. 2018, MoCoGAN, arXiv:1707.04993, section 3.
    """

    def __init__(
        self,
        painter: nn.Module,
        *,
        noise_dim: int = 16,
        motion_dim: int = 16,
        memory: bool = True,
    ) -> None:
        super().__init__()
        self.noise_dim, self.memory = noise_dim, memory
        motion = MotionLSTM if memory else IndependentMotion
        self.motion = motion(noise_dim=noise_dim, motion_dim=motion_dim)
        self.painter = painter

    def draw_latents(self, n: int, n_frames: int, rng: torch.Generator) -> VideoLatents:
        """Draw what n videos are made from.

        Args:
            n: B, how many videos.
            n_frames: T, frames of each; may exceed what was trained on.
            rng: the random source; draws on its own device.

        Returns:
            Latents for `forward`.
        """
        draw_content, fresh = self.painter.draw_content, not self.memory
        return sample_latents(draw_content, n, n_frames, self.noise_dim, rng, fresh)

    def forward(self, latents: VideoLatents, frame_index: Tensor | None = None) -> Tensor:
        """Make videos.

        Args:
            latents: from `draw_latents`, or mixed by hand.
            frame_index: (B, K) int64, which frames of each path to paint; None paints all.

        Returns:
            (B, T or K, 3, image_size, image_size) in (-1, 1).
        """
        z_motion, _ = self.motion(latents.noise)
        if frame_index is not None:
            rows = torch.arange(len(frame_index), device=frame_index.device)[:, None]
            z_motion = z_motion[rows, frame_index]  # (B, K, motion_dim)
        return self.painter(latents.z_content, z_motion)
