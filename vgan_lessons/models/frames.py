"""The discriminator of single frames."""

from torch import Tensor, nn

from vgan_lessons.models.trunk import DiscriminatorTrunk


class FrameDiscriminator(nn.Module):
    """Score single frames: does this look like a frame of a real video?

    Args:
        image_size: height and width; a power of two, at least 8.
        channels: colours.
        base_channels: channels after the first layer; they double at every halving.
        pooled: average the features over the picture before they are scored: it then asks
            what is there, not where.
        black_is_zero: see the pictures on a scale from 0 to 2.

    Lesson 05. Radford et al. 2016, DCGAN, arXiv:1511.06434, without its batch norm.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        channels: int = 3,
        base_channels: int = 24,
        pooled: bool = False,
        black_is_zero: bool = False,
    ) -> None:
        super().__init__()
        self.black = -1.0 if black_is_zero else 0.0
        self.trunk = DiscriminatorTrunk(channels, base_channels, image_size, pooled=pooled)

    def forward(self, frames: Tensor) -> Tensor:
        """Score each frame by itself.

        Args:
            frames: (B, C, H, W) in [-1, 1].

        Returns:
            Logits, (B,).
        """
        return self.trunk(frames - self.black)
