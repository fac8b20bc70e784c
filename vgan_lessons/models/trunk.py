"""The convolutional network that every discriminator of the course is built on."""

import torch
from torch import Tensor, nn

_LEAK = 0.2  # slope of an activation below 0: a D that is silent there teaches G nothing


class DiscriminatorTrunk(nn.Module):
    """Halve the picture down to 4x4 while the channels double, then score it.

    No normalisation: a discriminator under a gradient penalty must score each sample alone.
    The last layer always works in float32: objectives compare scores, and bfloat16 keeps
    three digits of them.

    Args:
        in_channels: channels of the picture.
        base_channels: channels after the first layer; they double at every halving.
        image_size: height and width; a power of two, at least 8.
        pooled: score the mean of the last features over the picture, through one hidden
            layer; False scores them place by place.

    Raises:
        ValueError: if image_size is not a power of two of at least 8.

    Lesson 05. Radford et al. 2016, DCGAN, arXiv:1511.06434, without its batch norm.
    """

    def __init__(
        self, in_channels: int, base_channels: int, image_size: int, *, pooled: bool = False
    ) -> None:
        super().__init__()
        check_image_size(image_size)
        layers: list[nn.Module] = []
        channels = base_channels
        while image_size > 4:
            layers += [nn.Conv2d(in_channels, channels, 4, stride=2, padding=1)]
            layers += [nn.LeakyReLU(_LEAK)]
            in_channels, channels, image_size = channels, channels * 2, image_size // 2
        self.pooled = pooled
        self.n_features = in_channels if pooled else in_channels * 16
        if pooled:
            self.features = nn.Sequential(*layers)
            self.score = nn.Sequential(
                nn.Linear(in_channels, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1)
            )
        else:
            self.features = nn.Sequential(*layers, nn.Flatten())
            self.score = nn.Linear(in_channels * 16, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Score each picture by itself.

        Args:
            pictures: (B, in_channels, H, W) in [-1, 1].

        Returns:
            Logits, (B,), float32.
        """
        return self.logits(self.read(pictures))

    def read(self, pictures: Tensor) -> Tensor:
        """The last features, from which `logits` scores.

        Args:
            pictures: (B, in_channels, H, W) in [-1, 1].

        Returns:
            (B, n_features), float32.
        """
        features = self.features(pictures.contiguous(memory_format=torch.channels_last))
        features = features.to(next(self.score.parameters()).dtype)
        if self.pooled:  # times 4: as large as a sum over 16 places with random signs
            features = 4 * features.mean(dim=(2, 3))
        return features

    def logits(self, features: Tensor) -> Tensor:
        """Score features.

        Args:
            features: (B, n_features), from `read`.

        Returns:
            (B,), float32.
        """
        with torch.autocast(features.device.type, enabled=False):
            return self.score(features).squeeze(1)


def check_image_size(image_size: int) -> None:
    """Refuse a picture that cannot be halved down to 4x4.

    Args:
        image_size: height and width in pixels.

    Raises:
        ValueError: if it is not a power of two of at least 8.
    """
    if image_size < 8 or image_size & (image_size - 1):
        raise ValueError(f"image_size must be a power of two of at least 8, got {image_size}")


def check_grid(image_size: int, n_layers: int) -> int:
    """The side of the grid from which so many doublings lead to the picture.

    Args:
        image_size: height and width in pixels.
        n_layers: doublings.

    Returns:
        image_size / 2**n_layers.

    Raises:
        ValueError: if that is less than 2, or image_size is not a power of two.
    """
    check_image_size(image_size)
    if (size := image_size // 2**n_layers) < 2:
        raise ValueError(
            f"{n_layers} upsampling layers need image_size of at least {2 ** (n_layers + 1)}, "
            f"got {image_size}"
        )
    return size
