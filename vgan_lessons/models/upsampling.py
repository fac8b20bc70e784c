"""Upsampling: how evenly it overlaps; layers whose look a style sets."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class StyledUpsample(nn.Module):
    """Double height and width with a transposed convolution, then let a style set the scale.

    The features of each sample are normalised over channels and space together, then every
    channel gets the gain and offset that the style asks for. No statistic of the batch is
    used: a clip never depends on the others it is drawn with, in training or afterwards.

    Args:
        in_channels: channels coming in.
        out_channels: channels going out.
        style_dim: size of the style vector.

    Lesson 05. Huang and Belongie 2017, AdaIN, arXiv:1703.06868, with the statistics of a
    whole sample (GroupNorm of one group) in the place of those of each channel.
    """

    def __init__(self, in_channels: int, out_channels: int, *, style_dim: int) -> None:
        super().__init__()
        self.upsample = raising_convolution(in_channels, out_channels)
        self.norm = nn.GroupNorm(1, out_channels, affine=False)
        self.gain_and_offset = _gain_and_offset(style_dim, out_channels)

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        """Upsample.

        Args:
            features: (B, in_channels, H, W).
            style: (B, style_dim).

        Returns:
            (B, out_channels, 2 H, 2 W).
        """
        gain, offset = self.gain_and_offset(style)[:, :, None, None].chunk(2, dim=1)
        return F.leaky_relu(self.norm(self.upsample(features)) * (1 + gain) + offset, 0.2)


class StyledConvolution(nn.Module):
    """A 3x3 convolution that keeps height and width, its scale set by a style.

    Args:
        in_channels: channels coming in.
        out_channels: channels going out.
        style_dim: size of the style vector.

    Lesson 05. The style acts as in `StyledUpsample`.
    """

    def __init__(self, in_channels: int, out_channels: int, *, style_dim: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        nn.init.kaiming_normal_(self.convolution.weight, a=0.2)
        nn.init.zeros_(self.convolution.bias)
        self.norm = nn.GroupNorm(1, out_channels, affine=False)
        self.gain_and_offset = _gain_and_offset(style_dim, out_channels)

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        """Convolve.

        Args:
            features: (B, in_channels, H, W).
            style: (B, style_dim).

        Returns:
            (B, out_channels, H, W).
        """
        gain, offset = self.gain_and_offset(style)[:, :, None, None].chunk(2, dim=1)
        return F.leaky_relu(self.norm(self.convolution(features)) * (1 + gain) + offset, 0.2)


def _gain_and_offset(style_dim: int, channels: int) -> nn.Linear:
    layer = nn.Linear(style_dim, 2 * channels)
    nn.init.normal_(layer.weight, std=0.12)
    nn.init.zeros_(layer.bias)
    return layer


def raising_convolution(in_channels: int, out_channels: int) -> nn.ConvTranspose2d:
    """A transposed convolution that doubles height and width, every pixel seeing four taps.

    Args:
        in_channels: channels coming in.
        out_channels: channels going out.

    Returns:
        A layer with kernel 4, stride 2 and weights of standard deviation 0.02.

    Lesson 05. Radford et al. 2016, DCGAN, arXiv:1511.06434.
    """
    return _started_small(nn.ConvTranspose2d(in_channels, out_channels, 4, stride=2, padding=1))


def _started_small(layer: nn.ConvTranspose2d) -> nn.ConvTranspose2d:
    nn.init.normal_(layer.weight, std=0.02)
    nn.init.zeros_(layer.bias)
    return layer


def overlap_map(kernel: int, stride: int, n_in: int) -> Tensor:
    """Count how many input places reach each output place of a transposed convolution.

    Along one axis and without padding. Uneven counts in the interior are the seed of a
    checkerboard: places with more summands come out stronger.

    Args:
        kernel: width of the kernel.
        stride: distance on the output between neighbouring inputs.
        n_in: input places.

    Returns:
        int64, ((n_in - 1) * stride + kernel,): in the interior 2, 1, 2, 1 for kernel 3 at
        stride 2, and 2 everywhere for kernel 4.

    Example:
        >>> overlap_map(3, 2, 3).tolist()
        [1, 1, 2, 1, 2, 1, 1]

    Lesson 05. Odena et al. 2016, Deconvolution and checkerboard artifacts,
    doi:10.23915/distill.00003.
    """
    counts = torch.zeros((n_in - 1) * stride + kernel, dtype=torch.int64)
    for first in range(0, n_in * stride, stride):
        counts[first : first + kernel] += 1
    return counts
