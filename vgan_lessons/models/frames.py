"""The two players for single frames: from a latent to pixels, and from pixels to a logit."""

from torch import Tensor, nn

from vgan_lessons.models.trunk import DiscriminatorTrunk, check_image_size
from vgan_lessons.models.upsampling import raising_convolution


class FrameGenerator(nn.Module):
    """Turn latents into frames: a dense layer to 4x4, then double until the size is reached.

    No normalisation over the batch: what a latent becomes never depends on its neighbours.
    The features are normalised within each sample instead, which keeps the signal alive
    through any number of layers.

    Args:
        latent_dim: size of a latent.
        image_size: height and width; a power of two, at least 8.
        channels: colours.
        base_channels: channels that the last layer reads; they double towards the latent.

    Raises:
        ValueError: if image_size is not a power of two of at least 8.

    Example:
        >>> import torch
        >>> FrameGenerator(image_size=16)(torch.zeros(2, 64)).shape
        torch.Size([2, 3, 16, 16])

    Lesson 05. Radford et al. 2016, DCGAN, arXiv:1511.06434, with GroupNorm of one group (Wu
    and He 2018, arXiv:1803.08494) in the place of its batch norm.
    """

    def __init__(
        self,
        *,
        latent_dim: int = 64,
        image_size: int = 32,
        channels: int = 3,
        base_channels: int = 24,
    ) -> None:
        super().__init__()
        check_image_size(image_size)
        width = base_channels * image_size // 8
        layers: list[nn.Module] = [
            nn.Linear(latent_dim, width * 16),
            nn.Unflatten(1, (width, 4, 4)),
        ]
        while width > base_channels:
            layers += [nn.GroupNorm(1, width), nn.ReLU()]
            layers += [raising_convolution(width, width // 2)]
            width = width // 2
        layers += [nn.GroupNorm(1, width), nn.ReLU()]
        layers += [raising_convolution(width, channels), nn.Tanh()]
        self.layers = nn.Sequential(*layers)

    def forward(self, z: Tensor) -> Tensor:
        """Paint one frame for each latent.

        Args:
            z: (B, latent_dim), standard normal.

        Returns:
            Frames, (B, channels, image_size, image_size), in (-1, 1).
        """
        return self.layers(z)


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
