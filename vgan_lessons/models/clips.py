"""The discriminators of motion: does this short run of frames belong together?"""

import torch
from torch import Tensor, nn

from vgan_lessons import layout
from vgan_lessons.models.trunk import DiscriminatorTrunk


class ClipDiscriminator(nn.Module):
    """Score clips of a few frames laid over one another as channels.

    A 2-D network that sees all frames at once can compare them pixel by pixel from its
    first layer on, at a fraction of the cost of 3-D convolutions.

    Args:
        n_frames: K, frames of the clips it scores.
        image_size: height and width; a power of two, at least 8.
        channels: colours.
        base_channels: channels after the first layer; they double at every halving.

    Raises:
        ValueError: if image_size is not a power of two of at least 8.

    Lesson 06.
    """

    def __init__(
        self,
        *,
        n_frames: int = 6,
        image_size: int = 32,
        channels: int = 3,
        base_channels: int = 48,
    ) -> None:
        super().__init__()
        self.trunk = DiscriminatorTrunk(n_frames * channels, base_channels, image_size)

    def forward(self, clips: Tensor) -> Tensor:
        """Score each clip by itself.

        Args:
            clips: (B, K, C, H, W) in [-1, 1].

        Returns:
            Logits, (B,).
        """
        return self.trunk(layout.stack_frames_as_channels(clips))


class StridedClipDiscriminator(nn.Module):
    """A `ClipDiscriminator` that is told the pace: frames of the video per frame of the clip.

    The pace stands in one more plane beside the frames, the same number at every pixel.

    Args:
        n_frames: K, frames of the clips it scores.
        image_size: height and width; a power of two, at least 8.
        channels: colours.
        base_channels: channels after the first layer; they double at every halving.
        black_is_zero: see the pictures on a scale from 0 to 2.

    Lesson 08.
    """

    def __init__(
        self,
        *,
        n_frames: int = 6,
        image_size: int = 32,
        channels: int = 3,
        base_channels: int = 48,
        black_is_zero: bool = False,
    ) -> None:
        super().__init__()
        self.black = -1.0 if black_is_zero else 0.0
        self.n_frames = n_frames
        self.trunk = DiscriminatorTrunk(n_frames * channels + 1, base_channels, image_size)

    def forward(self, clips: Tensor, *, stride: int = 1) -> Tensor:
        """Score each clip by itself.

        Args:
            clips: (B, K, C, H, W) in [-1, 1].
            stride: frames of the video per frame of the clip.

        Returns:
            Logits, (B,).

        Raises:
            ValueError: if the clips do not have K frames.
        """
        return self.trunk(self.planes(clips, stride))

    def planes(self, clips: Tensor, stride: int) -> Tensor:
        """What the trunk looks at.

        Args:
            clips: (B, K, C, H, W) in [-1, 1].
            stride: frames of the video per frame of the clip.

        Returns:
            (B, K * C + 1, H, W): the frames as channels, and the stride.

        Raises:
            ValueError: if the clips do not have K frames.
        """
        if clips.shape[1] != self.n_frames:
            raise ValueError(f"clips of {self.n_frames} frames expected, got {clips.shape[1]}")
        planes = layout.stack_frames_as_channels(clips - self.black)  # (B, K * C, H, W)
        pace = torch.full_like(planes[:, :1], stride / 4)
        return torch.cat([planes, pace], dim=1)
