"""The discriminator of single frames."""

from torch import Tensor, nn

from vgan_lessons.models.trunk import DiscriminatorTrunk


class FrameDiscriminator(nn.Module):
    """Score single frames: does this look like a frame of a real video?

    Args:
        image_size: height and width; a power of two, at least 8.
        channels: colours.
        base_channels: channels after the first layer; they double at every halving.

    Lesson 05. Radford et al. 2016, DCGAN, arXiv:1511.06434, without its batch norm.
    """

    def __init__(
        self, *, image_size: int = 32, channels: int = 3, base_channels: int = 24
    ) -> None:
        super().__init__()
        self.trunk = DiscriminatorTrunk(channels, base_channels, image_size)

    def forward(self, frames: Tensor) -> Tensor:
        """Score each frame by itself.

        Args:
            frames: (B, C, H, W) in [-1, 1].

        Returns:
            Logits, (B,).
        """
        return self.trunk(frames)
