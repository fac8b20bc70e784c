"""What paints a scene before a still camera: one background, and what moves before it."""

import itertools
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vgan_lessons import layout
from vgan_lessons.models.first_features import DenseFeatures, VideoCodes
from vgan_lessons.models.lstm_gan import VideoGenerator, VideoLatents
from vgan_lessons.models.motion import join_content_and_motion
from vgan_lessons.models.trunk import check_grid
from vgan_lessons.models.upsampling import StyledUpsample, raising_convolution


class SceneParts(NamedTuple):
    """The two streams of B videos and what joins them; each can be shown by itself."""

    background: Tensor  # (B, 3, H, W) in (-1, 1), one picture a video
    mask: Tensor  # (B, T, 1, H, W) in (0, 1): 1 shows the foreground
    foreground: Tensor  # (B, T, 3, H, W) in (-1, 1); means nothing where the mask is 0

    def videos(self) -> Tensor:
        """Lay the foreground over the background.

        Returns:
            (B, T, 3, H, W) in (-1, 1): mask * foreground + (1 - mask) * background.
        """
        return torch.lerp(self.background.unsqueeze(1), self.foreground, self.mask)


class ScenePainter(nn.Module):
    """Paint a background once a video, and over it, frame by frame, what moves.

    Background and foreground are painted by networks of their own. The background knows the
    content alone, so it cannot move; the foreground knows content and motion and says by a
    mask where it is seen. Nobody tells the mask what a person is: standing still is free, so
    what need not move ends up in the background.

    It assumes a camera that stands still. Where the whole picture moves the mask has to open
    everywhere, and `FramePainter` paints the same with fewer weights.

    Args:
        image_size: height and width; a power of two, at least 8.
        content_dim: size of z_content.
        motion_dim: size of each frame's z_motion.
        style_dim: width of each stream's style vector.
        channels_per_layer: of the foreground, channels entering each upsampling layer; the
            length sets the size of its first grid, image_size / 2**length.
        background_channels: the same of the background.

    Raises:
        ValueError: if image_size is not a power of two, or too small for the layers.

    Lesson 08. Vondrick et al. 2016, Generating videos with scene dynamics, arXiv:1609.02612,
    section 3; there both streams are convolutional and drawn from one code.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        content_dim: int = 32,
        motion_dim: int = 16,
        style_dim: int = 128,
        channels_per_layer: tuple[int, ...] = (128, 64, 32),
        background_channels: tuple[int, ...] = (64, 32),
    ) -> None:
        super().__init__()
        self.content_dim = content_dim
        sizes = {"image_size": image_size, "style_dim": style_dim}
        self.foreground = _Stream(
            code_dim=content_dim + motion_dim,
            channels_per_layer=channels_per_layer,
            out_channels=4,  # the last one is the mask
            **sizes,
        )
        self.background = _Stream(
            code_dim=content_dim,
            channels_per_layer=background_channels,
            out_channels=3,
            **sizes,
        )

    def draw_content(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw what n videos show.

        Args:
            n: B, how many videos.
            rng: the random source; draws on its own device.

        Returns:
            z_content, (B, content_dim) standard normal.
        """
        return torch.randn(n, self.content_dim, generator=rng, device=rng.device)

    def parts(self, z_content: Tensor, z_motion: Tensor) -> SceneParts:
        """Paint both streams and leave them apart.

        Args:
            z_content: (B, content_dim).
            z_motion: (B, T, motion_dim).

        Returns:
            Background, mask and foreground.

        Example:
            >>> parts = ScenePainter().parts(torch.zeros(2, 32), torch.zeros(2, 5, 16))
            >>> parts.background.shape, parts.mask.shape
            (torch.Size([2, 3, 32, 32]), torch.Size([2, 5, 1, 32, 32]))
        """
        z = join_content_and_motion(z_content, z_motion).flatten(0, 1)  # (B * T, d)
        pictures = []
        for stream, codes in ((self.foreground, z), (self.background, z_content)):
            style = stream.mix(codes)
            features = stream.first_features(VideoCodes(codes, style))
            features = features.contiguous(memory_format=torch.channels_last)
            for layer in stream.layers:
                features = layer(features, style)
            pictures.append(stream.to_picture(features))
        frames = pictures[0].contiguous()  # a plane a channel: tanh of every 4th is slow
        painted = layout.videos_from_frames(frames, z_motion.shape[1])
        return SceneParts(
            background=torch.tanh(pictures[1]),
            mask=torch.sigmoid(painted[:, :, 3:]),
            foreground=torch.tanh(painted[:, :, :3]),
        )

    def forward(self, z_content: Tensor, z_motion: Tensor) -> Tensor:
        """Paint frames; each depends on its own codes alone.

        Args:
            z_content: (B, content_dim).
            z_motion: (B, T, motion_dim).

        Returns:
            (B, T, 3, image_size, image_size) in (-1, 1).
        """
        return self.parts(z_content, z_motion).videos()


def scene_parts(generator: VideoGenerator, latents: VideoLatents) -> SceneParts:
    """Make videos and leave their two streams apart, so that a page can switch each off.

    Args:
        generator: one that paints scenes, such as `load_shipped("weizmann")`.
        latents: from its `draw_latents`.

    Returns:
        Background, mask and foreground; `parts.videos()` are `generator(latents)`.

    Raises:
        ValueError: if the generator paints no scenes.

    Used in lesson 08.
    """
    if not isinstance(generator.painter, ScenePainter):
        raise ValueError(
            f"a ScenePainter has parts, a {type(generator.painter).__name__} has none"
        )
    if hasattr(latents, "labels"):
        latents = generator.told(latents)
    z_motion, _ = generator.motion(latents.noise)
    return generator.painter.parts(latents.z_content, z_motion)


class _Stream(nn.Module):
    """The layers from a code to a picture: dense first features, doubled under its style."""

    def __init__(
        self,
        *,
        image_size: int,
        code_dim: int,
        style_dim: int,
        channels_per_layer: tuple[int, ...],
        out_channels: int,
    ) -> None:
        super().__init__()
        size = check_grid(image_size, len(channels_per_layer))
        self.mix = nn.Sequential(nn.Linear(code_dim, style_dim), nn.LeakyReLU(0.2))
        self.first_features = DenseFeatures(
            size=size,
            n_features=channels_per_layer[0],
            code_dim=code_dim,
            hidden_dim=style_dim,
        )
        self.layers = nn.ModuleList(
            StyledUpsample(c_in, c_out, style_dim=style_dim)
            for c_in, c_out in itertools.pairwise(channels_per_layer)
        )
        self.to_picture = raising_convolution(channels_per_layer[-1], out_channels)
