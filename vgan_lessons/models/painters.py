"""What paints the frames: any look raised from a grid, or one object in one colour on black.

A painter draws its content in `draw_content(n, rng)` and is called as
`painter(z_content, z_motion)`; it returns videos (B, T, 3, H, W) in (-1, 1).
"""

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons import layout
from vgan_lessons.models.first_features import (
    DenseFeatures,
    MovingGrid,
    VideoCodes,
    WindowedGrid,
)
from vgan_lessons.models.motion import join_content_and_motion
from vgan_lessons.models.trunk import check_grid, check_image_size
from vgan_lessons.models.upsampling import (
    StyledConvolution,
    StyledUpsample,
    raising_convolution,
)

_FORM_STRENGTH = 4.0  # of a form's entry beside normal numbers of spread 1
_MASK_SLOPE = 4.0  # of the mask at its edge: a steep one is sharp from early on
_COLOUR_RATE = 4.0  # palette entries move so many times faster than other weights


class FramePainter(nn.Module):
    """Paint frames in full colour by doubling first features until the picture is reached.

    Args:
        image_size: height and width; a power of two, at least 8.
        content_dim: size of z_content.
        motion_dim: size of each frame's z_motion.
        style_dim: width of the style vector that the content is mixed into.
        channels_per_layer: channels entering each upsampling layer; the length sets the
            size of the first grid, image_size / 2**length.
        moving_grid: paint on coordinates that the motion shifts, for one object on an
            empty background; False paints on features made by a dense layer, for scenes.

    Raises:
        ValueError: if image_size is not a power of two, or too small for the layers.

    Lesson 08.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        content_dim: int = 32,
        motion_dim: int = 16,
        style_dim: int = 128,
        channels_per_layer: tuple[int, ...] = (32, 32),
        moving_grid: bool = True,
    ) -> None:
        super().__init__()
        self.content_dim = content_dim
        size = check_grid(image_size, len(channels_per_layer))
        self.mix = nn.Sequential(nn.Linear(content_dim, style_dim), nn.LeakyReLU(0.2))
        grid = {"size": size, "n_features": channels_per_layer[0]}
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

    def draw_content(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw what n videos show.

        Args:
            n: B, how many videos.
            rng: the random source; draws on its own device.

        Returns:
            z_content, (B, content_dim) standard normal.
        """
        return torch.randn(n, self.content_dim, generator=rng, device=rng.device)

    def forward(self, z_content: Tensor, z_motion: Tensor) -> Tensor:
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


class ObjectPainter(nn.Module):
    """Paint a single object: its form from one part of the content, its colour from another.

    The content is three draws side by side: which form (a one-hot code), normal numbers for
    what varies within a form, and which colour of a palette (a one-hot code). A frame is the
    mask times that colour, so that an object has one colour, and the same in every frame.
    Forms and colours carry no names: what they become is learned.

    Args:
        image_size: height and width; a power of two, at least 8.
        motion_dim: size of each frame's z_motion.
        style_dim: width of the style vector that the content is mixed into.
        n_forms: how many forms there are to draw from.
        variation_dim: normal numbers beside the form.
        n_colours: entries of the palette.
        channels_per_layer: waves of the grid, then channels of each 3x3 convolution on it.

    Raises:
        ValueError: if image_size is not a power of two.

    Used in lesson 08.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        motion_dim: int = 16,
        style_dim: int = 128,
        n_forms: int = 6,
        variation_dim: int = 8,
        n_colours: int = 6,
        channels_per_layer: tuple[int, ...] = (32, 24, 24),
    ) -> None:
        super().__init__()
        check_image_size(image_size)
        self.n_forms, self.variation_dim, self.n_colours = n_forms, variation_dim, n_colours
        self.content_dim = n_forms + variation_dim + n_colours
        self.mix = nn.Sequential(
            nn.Linear(n_forms + variation_dim, style_dim),
            nn.LeakyReLU(0.2),
            nn.Linear(style_dim, style_dim),
            nn.LeakyReLU(0.2),
        )
        for layer in self.mix[::2]:
            nn.init.kaiming_normal_(layer.weight, a=0.2)
            nn.init.zeros_(layer.bias)
        self.first_features = WindowedGrid(
            size=image_size // 2,
            n_features=channels_per_layer[0],
            motion_dim=motion_dim,
            style_dim=style_dim,
        )
        self.layers = nn.ModuleList(
            StyledConvolution(c_in, c_out, style_dim=style_dim)
            for c_in, c_out in itertools.pairwise(channels_per_layer)
        )
        self.to_mask = raising_convolution(channels_per_layer[-1], 1)
        self.palette = nn.Parameter(spread_colours(n_colours).atanh() / _COLOUR_RATE)

    def draw_content(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw what n videos show.

        Args:
            n: B, how many videos.
            rng: the random source; draws on its own device.

        Returns:
            z_content, (B, content_dim): which form, variation within it, which colour.
        """
        draw = {"generator": rng, "device": rng.device}
        form = F.one_hot(torch.randint(self.n_forms, (n,), **draw), self.n_forms)
        variation = torch.randn(n, self.variation_dim, **draw)
        colour = F.one_hot(torch.randint(self.n_colours, (n,), **draw), self.n_colours)
        return torch.cat([_FORM_STRENGTH * form, variation, colour], dim=1)

    def forward(self, z_content: Tensor, z_motion: Tensor) -> Tensor:
        """Paint frames; each depends on its own codes alone.

        Args:
            z_content: (B, content_dim).
            z_motion: (B, T, motion_dim).

        Returns:
            (B, T, 3, image_size, image_size) in (-1, 1); -1, black, around the object.
        """
        n_frames = z_motion.shape[1]
        form = z_content[:, : -self.n_colours]
        colour = torch.tanh(_COLOUR_RATE * z_content[:, -self.n_colours :] @ self.palette)
        style = self.mix(form)  # (B, style_dim), once a video
        z = join_content_and_motion(form, z_motion)
        features = self.first_features(VideoCodes(z, style))
        features = features.contiguous(memory_format=torch.channels_last)  # (B * T, C, h, w)
        style = style.repeat_interleave(n_frames, dim=0)  # (B * T, style_dim)
        for layer in self.layers:
            features = layer(features, style)
        mask = torch.sigmoid(_MASK_SLOPE * self.to_mask(features))  # (B * T, 1, H, W)
        masks = layout.videos_from_frames(mask, n_frames)
        return masks * (colour[:, None, :, None, None] + 1) - 1


def spread_colours(n: int) -> Tensor:
    """Colours to start a palette from: evenly spaced hues, the first one anywhere.

    Args:
        n: how many.

    Returns:
        (n, 3) in (-1, 1), bright and of medium saturation; drawn from torch's global source.
    """
    hue = torch.rand(()) + torch.arange(n) / n  # in turns of the colour circle
    apart = hue[:, None] - torch.tensor([0.0, 1 / 3, 2 / 3])
    return 0.1 + 0.7 * torch.cos(2 * torch.pi * apart)
