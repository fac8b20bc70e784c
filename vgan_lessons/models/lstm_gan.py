"""The course's video generator: a content code, a motion path, and a painter of frames."""

import itertools
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vgan_lessons import layout
from vgan_lessons.models.first_features import DenseFeatures, MovingGrid, VideoCodes
from vgan_lessons.models.motion import IndependentMotion, MotionLSTM, join_content_and_motion
from vgan_lessons.models.trunk import check_image_size
from vgan_lessons.models.upsampling import StyledUpsample, raising_convolution


class VideoLatents(NamedTuple):
    """What a video is made from, drawn outside the network and handed in."""

    z_content: Tensor  # (B, content_dim) standard normal, one per video
    noise: Tensor  # (B, T, noise_dim) standard normal, what drives the motion


class VideoGenerator(nn.Module):
    """Paint every frame from one content code and that frame's place on a motion path.

    The LSTM walks the whole path; only the frames asked for are painted. In the default
    one draw of noise is repeated over time: it is then the name of a motion, and the LSTM
    unfolds it for as long as the caller likes.

    Args:
        image_size: height and width; a power of two, at least 8.
        content_dim: size of z_content.
        noise_dim: size of each frame's noise.
        motion_dim: size of each frame's z_motion.
        style_dim: width of the style vector that content and motion are mixed into.
        channels_per_layer: channels entering each upsampling layer; the length sets the
            size of the first grid, image_size / 2**length.
        moving_grid: paint on coordinates that the motion shifts, for one object on an
            empty background; False paints on features made by a dense layer, for scenes.
        memory: whether an LSTM links the frames; False is the i.i.d. baseline, with fresh
            noise and an independent code at every frame.

    Raises:
        ValueError: if image_size is not a power of two, or too small for the layers.

    Lesson 08. Tulyakov et al. 2018, MoCoGAN, arXiv:1707.04993, section 3.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        content_dim: int = 32,
        noise_dim: int = 16,
        motion_dim: int = 16,
        style_dim: int = 128,
        channels_per_layer: tuple[int, ...] = (32, 32),
        moving_grid: bool = True,
        memory: bool = True,
    ) -> None:
        super().__init__()
        check_image_size(image_size)
        self.content_dim, self.noise_dim, self.memory = content_dim, noise_dim, memory
        self.grid_size = image_size // 2 ** len(channels_per_layer)
        if self.grid_size < 2:
            raise ValueError(
                f"{len(channels_per_layer)} upsampling layers need image_size of at least "
                f"{2 ** (len(channels_per_layer) + 1)}, got {image_size}"
            )
        motion = MotionLSTM if memory else IndependentMotion
        self.motion = motion(noise_dim=noise_dim, motion_dim=motion_dim)
        self.mix = nn.Sequential(nn.Linear(content_dim, style_dim), nn.LeakyReLU(0.2))
        grid = {"size": self.grid_size, "n_features": channels_per_layer[0]}
        if moving_grid:
            self.first_features = MovingGrid(**grid, motion_dim=motion_dim, style_dim=style_dim)
        else:
            code_dim = content_dim + motion_dim
            self.first_features = DenseFeatures(**grid, code_dim=code_dim, hidden_dim=style_dim)
        self.layers = nn.ModuleList(
            StyledUpsample(c_in, c_out, style_dim=style_dim)
            for c_in, c_out in itertools.pairwise(channels_per_layer)
        )
        self.to_colour = raising_convolution(channels_per_layer[-1], 3)

    def draw_latents(self, n: int, n_frames: int, rng: torch.Generator) -> VideoLatents:
        """Draw what n videos are made from.

        Args:
            n: B, how many videos.
            n_frames: T, frames of each; may exceed what was trained on.
            rng: the random source; draws on its own device.

        Returns:
            Latents for `forward`.
        """
        draw = {"generator": rng, "device": rng.device}
        z_content = torch.randn(n, self.content_dim, **draw)
        n_draws = 1 if self.memory else n_frames
        noise = torch.randn(n, n_draws, self.noise_dim, **draw)
        return VideoLatents(z_content, noise.expand(-1, n_frames, -1))

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
        return self.paint(latents.z_content, z_motion)

    def paint(self, z_content: Tensor, z_motion: Tensor) -> Tensor:
        """Paint frames; each depends on its own codes alone.

        Args:
            z_content: (B, content_dim).
            z_motion: (B, T, motion_dim).

        Returns:
            (B, T, 3, image_size, image_size) in (-1, 1).
        """
        n_frames = z_motion.shape[1]
        style = self.mix(z_content)  # (B, style_dim), once a video: looks stay constant
        z = join_content_and_motion(z_content, z_motion)
        features = self.first_features(VideoCodes(z, style))
        features = features.contiguous(memory_format=torch.channels_last)  # (B * T, C, h, w)
        style = style.repeat_interleave(n_frames, dim=0)  # (B * T, style_dim)
        for layer in self.layers:
            features = layer(features, style)
        frames = torch.tanh(self.to_colour(features))
        return layout.videos_from_frames(frames, n_frames)
