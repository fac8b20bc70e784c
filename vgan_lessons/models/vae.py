"""A video squeezed through a short code: an encoder that guesses it, a decoder that paints it.

Nothing is drawn here but latents: an encoder's code is spread by noise that comes from outside.
"""

import itertools
from typing import NamedTuple

import torch
from einops import rearrange
from torch import Tensor, nn

from vgan_lessons import layout
from vgan_lessons.models.trunk import check_image_size
from vgan_lessons.models.upsampling import raising_convolution

_FRAME_DIM = 32  # numbers that the encoder keeps of each frame
_HIDDEN_DIM = 112  # of all frames together
_FIRST_LOG_VARIANCE, _FIRST_PIXEL = -4.0, -1.0  # of a code; before tanh, so a dark picture


class Codes(NamedTuple):
    """For each video a normal law of codes, its axes independent."""

    mean: Tensor  # (B, D)
    log_variance: Tensor  # (B, D), natural logarithm


def draw_code(codes: Codes, noise: Tensor) -> Tensor:
    r"""One code of each law, so that gradients reach the law: the reparametrisation trick.

    .. math:: z = \mu + \sigma \epsilon

    Args:
        codes: (B, D) each.
        noise: standard normal, (B, D).

    Returns:
        (B, D): the mean itself where the noise is 0.

    Lesson 13. Kingma and Welling 2014, Auto-encoding variational Bayes, arXiv:1312.6114,
    section 2.4.
    """
    return codes.mean + (codes.log_variance / 2).exp() * noise


def kl_to_standard_normal(codes: Codes) -> Tensor:
    r"""What a code tells of its video: the Kullback-Leibler divergence from the prior, in nats.

    .. math:: \tfrac12 \sum_d (\mu_d^2 + \sigma_d^2 - 1 - \ln \sigma_d^2)

    Args:
        codes: (B, D) each.

    Returns:
        (B,), at least 0: 0 for mean 0 and variance 1, half of the squared mean for variance 1.

    Example:
        >>> codes = Codes(torch.tensor([[0.0, 3.0], [0.0, 0.0]]), torch.zeros(2, 2))
        >>> kl_to_standard_normal(codes)
        tensor([4.5000, 0.0000])

    Lesson 13. Kingma and Welling 2014, arXiv:1312.6114, appendix B.
    """
    mean, log_variance = codes
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1)


class VideoEncoder(nn.Module):
    """Guess the code of a video: every frame in space first, then all of them along time.

    Args:
        image_size: height and width; a power of two, at least 8.
        n_frames: T.
        code_dim: D, size of the code.
        base_channels: channels after the first layer; they double at every halving.

    Raises:
        ValueError: if image_size is not a power of two of at least 8.

    Lesson 13.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        n_frames: int = 16,
        code_dim: int = 48,
        base_channels: int = 24,
    ) -> None:
        super().__init__()
        check_image_size(image_size)
        self.n_frames, layers, channels = n_frames, [], [3]
        for k in range((image_size // 4).bit_length() - 1):
            channels.append(base_channels * 2**k)
            layers.append(nn.Conv2d(*channels[-2:], 4, stride=2, padding=1))
            layers += [nn.GroupNorm(1, channels[-1]), nn.LeakyReLU(0.2)]
        self.in_space = nn.Sequential(
            *layers, nn.Flatten(), nn.Linear(16 * channels[-1], _FRAME_DIM), nn.LeakyReLU(0.2)
        )
        self.in_time = nn.Sequential(
            nn.Linear(n_frames * _FRAME_DIM, _HIDDEN_DIM),
            nn.LeakyReLU(0.2),
            nn.Linear(_HIDDEN_DIM, 2 * code_dim),
        )
        with torch.no_grad():  # it begins almost sure, so that something reaches the decoder
            self.in_time[-1].bias[code_dim:] = _FIRST_LOG_VARIANCE

    def forward(self, videos: Tensor) -> Codes:
        """Guess codes.

        Args:
            videos: (B, T, 3, H, W) in [-1, 1].

        Returns:
            Their laws, (B, D) each.

        Raises:
            ValueError: if the videos have another number of frames.
        """
        if videos.shape[1] != self.n_frames:
            raise ValueError(f"videos of {self.n_frames} frames expected, got {len(videos[0])}")
        frames = layout.frames_from_videos(videos)
        frames = frames.contiguous(memory_format=torch.channels_last)
        seen = rearrange(self.in_space(frames), "(b t) d -> b (t d)", t=self.n_frames)
        return Codes(*self.in_time(seen).chunk(2, dim=1))


class VideoDecoder(nn.Module):
    """Paint a code, the encoder's way back: along time first, then every frame in space.

    Args:
        image_size: height and width; a power of two, at least 8.
        n_frames: T.
        code_dim: D, size of the code.
        base_channels: channels before the last layer; they double at every layer before it.

    Raises:
        ValueError: if image_size is not a power of two of at least 8.

    Lesson 13.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        n_frames: int = 16,
        code_dim: int = 48,
        base_channels: int = 24,
    ) -> None:
        super().__init__()
        check_image_size(image_size)
        n_layers = (image_size // 4).bit_length() - 1
        channels = [base_channels * 2**k for k in reversed(range(n_layers))]
        self.n_frames, layers = n_frames, [nn.Unflatten(1, (channels[0], 4, 4))]
        for c_in, c_out in itertools.pairwise([*channels, 3]):
            layers += [nn.GroupNorm(1, c_in), nn.LeakyReLU(0.2)]
            layers.append(raising_convolution(c_in, c_out))
        nn.init.constant_(layers[-1].bias, _FIRST_PIXEL)
        self.in_time = nn.Sequential(
            nn.Linear(code_dim, _HIDDEN_DIM),
            nn.LeakyReLU(0.2),
            nn.Linear(_HIDDEN_DIM, n_frames * _FRAME_DIM),
            nn.LeakyReLU(0.2),
        )
        self.in_space = nn.Sequential(
            nn.Linear(_FRAME_DIM, 16 * channels[0]), *layers, nn.Tanh()
        )

    def forward(self, codes: Tensor) -> Tensor:
        """Paint codes.

        Args:
            codes: (B, D).

        Returns:
            (B, T, 3, image_size, image_size) in (-1, 1): the mean of each pixel.
        """
        frames = rearrange(self.in_time(codes), "b (t d) -> (b t) d", t=self.n_frames)
        return layout.videos_from_frames(self.in_space(frames), self.n_frames)


class CodeLatents(NamedTuple):
    """What a video is made from, drawn outside the network and handed in."""

    code: Tensor  # (B, D) standard normal


class VideoVae(nn.Module):
    """An encoder and a decoder; as a generator it is the decoder alone, fed with the prior.

    Args:
        image_size: height and width; a power of two, at least 8.
        n_frames: T; the length is fixed when it is built.
        code_dim: D, size of the code.
        base_channels: of the encoder's first layer and before the decoder's last.

    Raises:
        ValueError: if image_size is not a power of two of at least 8.

    Used in lesson 13. Kingma and Welling 2014, Auto-encoding variational Bayes,
    arXiv:1312.6114.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        n_frames: int = 16,
        code_dim: int = 48,
        base_channels: int = 24,
    ) -> None:
        super().__init__()
        sizes = {"image_size": image_size, "n_frames": n_frames, "code_dim": code_dim}
        self.n_frames, self.code_dim = n_frames, code_dim
        self.encoder = VideoEncoder(**sizes, base_channels=base_channels)
        self.decode = VideoDecoder(**sizes, base_channels=base_channels)

    def draw_latents(self, n: int, n_frames: int, rng: torch.Generator) -> CodeLatents:
        """Draw codes from the prior.

        Args:
            n: B, how many videos.
            n_frames: T, must be the length the network was built for.
            rng: the random source; draws on its own device.

        Returns:
            Latents for `forward`.

        Raises:
            ValueError: if another length is asked for.
        """
        if n_frames != self.n_frames:
            raise ValueError(
                f"a VAE makes videos of the length it was built for, {self.n_frames} frames, "
                f"not {n_frames}"
            )
        return CodeLatents(torch.randn(n, self.code_dim, generator=rng, device=rng.device))

    def forward(self, latents: CodeLatents) -> Tensor:
        """Make videos.

        Args:
            latents: from `draw_latents`.

        Returns:
            (B, T, 3, image_size, image_size) in (-1, 1).
        """
        return self.decode(latents.code)
