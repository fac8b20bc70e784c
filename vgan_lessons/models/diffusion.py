"""Videos out of noise, step by step: the schedule, adding noise, and taking it away by DDIM.

Time runs from 0, a clean video, to 1, pure noise. A denoiser is any function
`denoise(noisy, time)` that guesses the clean videos.
"""

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vgan_lessons.models.denoiser import SpaceTimeDenoiser
from vgan_lessons.models.trunk import check_grid

Denoise = Callable[[Tensor, Tensor], Tensor]


def alpha_bar(time: Tensor) -> Tensor:
    r"""The share of the clean video's variance that is left, by the cosine schedule.

    .. math:: \bar\alpha(t) = \cos^2(\pi t / 2)

    Args:
        time: any shape, from 0 to 1.

    Returns:
        The same shape: 1 at time 0, 0.5 at 0.5, 0 at 1.

    Used in lesson 13. Nichol and Dhariwal 2021, Improved denoising diffusion probabilistic
    models, arXiv:2102.09672, section 3.2, without its small offset.
    """
    return torch.cos(math.pi / 2 * time).square()


def q_sample(clean: Tensor, abar: Tensor, noise: Tensor) -> Tensor:
    r"""Add noise at once, as much as many small steps would have added.

    .. math:: x_t = \sqrt{\bar\alpha} x_0 + \sqrt{1 - \bar\alpha} \epsilon

    Args:
        clean: x_0, (B, ...).
        abar: (B,), from 0 to 1; see `alpha_bar`.
        noise: standard normal, as `clean`.

    Returns:
        As `clean`: `clean` itself where abar is 1, `noise` where it is 0. Of data with variance
        1 the sum has variance 1 at every abar.

    Lesson 13. Ho et al. 2020, Denoising diffusion probabilistic models, arXiv:2006.11239,
    equation 4.
    """
    abar = abar.view(-1, *[1] * (clean.ndim - 1))
    return abar.sqrt() * clean + (1 - abar).sqrt() * noise


def posterior_mean(noisy: Tensor, abar: Tensor, centres: Tensor, variance: float) -> Tensor:
    r"""The best guess of the clean data where their law is known.

    The law is a mixture of normal clouds of equal weight and width around some centres. With
    variance 0 it is a finite set, such as the clips that a network is trained on.

    .. math:: E[x_0 | x_t] = \sum_k w_k \Big(c_k +
        \frac{\sqrt{\bar\alpha} s^2}{v} (x_t - \sqrt{\bar\alpha} c_k)\Big), \quad
        w_k \propto e^{-|x_t - \sqrt{\bar\alpha} c_k|^2 / 2 v}, \quad
        v = \bar\alpha s^2 + 1 - \bar\alpha

    Args:
        noisy: x_t, (B, ...); see `q_sample`.
        abar: (B,), from 0 to 1; below 1 where the variance is 0.
        centres: c_k, (K, ...), the shape of one sample each.
        variance: s^2 of every axis around a centre, at least 0.

    Returns:
        As `noisy`: the mean of the centres where abar is 0. For one centre at 0 and variance 1
        it is sqrt(abar) x_t.

    Example:
        >>> posterior_mean(torch.tensor([[1.7]]), torch.tensor([0.3]), torch.zeros(1, 1), 4.0)
        tensor([[1.9603]])

    Lesson 13. Ho et al. 2020, arXiv:2006.11239, equation 7 is its step for one known centre.
    """
    shape, noisy, centres = noisy.shape, noisy.flatten(1), centres.flatten(1)
    abar = abar[:, None]
    left, spread = abar.sqrt(), abar * variance + 1 - abar  # (B, 1)
    gaps = noisy[:, None] - left[:, None] * centres  # (B, K, D)
    weights = (-gaps.square().sum(2) / (2 * spread)).softmax(1)  # (B, K)
    guesses = centres + (left * variance / spread)[:, None] * gaps
    return (weights[:, :, None] * guesses).sum(1).view(shape)


def ddim(denoise: Denoise, noise: Tensor, n_steps: int) -> Tensor:
    """Turn noise into videos without drawing any more: the same noise, the same videos.

    Each step asks for the clean videos, works out which noise must then have been added, and
    adds that same noise again, less of it.

    Args:
        denoise: (noisy (B, ...), time (B,)) -> its guess of the clean videos, (B, ...).
        noise: (B, ...) standard normal, the state at time 1.
        n_steps: how many times `denoise` is asked, at evenly spaced times; at least 1.

    Returns:
        As `noise`: the last guess.

    Raises:
        ValueError: if n_steps is below 1.

    Example:
        >>> ddim(lambda noisy, time: torch.full_like(noisy, 0.5), torch.randn(2, 3), 4)
        tensor([[0.5000, 0.5000, 0.5000],
                [0.5000, 0.5000, 0.5000]])

    Lesson 13. Song et al. 2021, Denoising diffusion implicit models, arXiv:2010.02502,
    equation 12 with sigma 0.
    """
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, got {n_steps}")
    times = torch.linspace(1, 0, n_steps + 1, dtype=noise.dtype, device=noise.device)
    noisy = noise
    for now, then in itertools.pairwise(times):
        abar = alpha_bar(now)
        clean = denoise(noisy, now.expand(len(noisy)))
        added = (noisy - abar.sqrt() * clean) / (1 - abar).sqrt()
        noisy = q_sample(clean, alpha_bar(then)[None], added)
    return noisy


class NoiseLatents(NamedTuple):
    """What a video is made from, drawn outside the network and handed in."""

    noise: Tensor  # (B, T, 3, H, W) standard normal


class DiffusionGenerator(nn.Module):
    """A denoiser in the form of the course's generators: latents in, videos out.

    Args:
        image_size: height and width; a power of two, at least 8.
        channels_per_layer: of the denoiser, see there.
        n_sampling_steps: how many times a video passes through it; the cost of a video.

    Raises:
        ValueError: if image_size is not a power of two, or too small for the layers.

    Used in lesson 13. Ho et al. 2022, Video diffusion models, arXiv:2204.03458.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        channels_per_layer: tuple[int, ...] = (32, 48, 88),
        n_sampling_steps: int = 25,
    ) -> None:
        super().__init__()
        check_grid(image_size, len(channels_per_layer))
        self.image_size, self.n_sampling_steps = image_size, n_sampling_steps
        self.denoiser = SpaceTimeDenoiser(channels_per_layer=channels_per_layer)

    def draw_latents(self, n: int, n_frames: int, rng: torch.Generator) -> NoiseLatents:
        """Draw what n videos are made from.

        Args:
            n: B, how many videos.
            n_frames: T, frames of each; may exceed what was trained on.
            rng: the random source; draws on its own device.

        Returns:
            Latents for `forward`: as many numbers as the videos have.
        """
        shape = n, n_frames, 3, self.image_size, self.image_size
        return NoiseLatents(torch.randn(shape, generator=rng, device=rng.device))

    def denoise(self, noisy: Tensor, time: Tensor) -> Tensor:
        """Guess the clean videos; no pixel of a guess is darker than black or above white.

        Args:
            noisy: (B, T, 3, H, W).
            time: (B,) from 0 to 1.

        Returns:
            (B, T, 3, H, W) in [-1, 1].
        """
        abar = alpha_bar(time)
        velocity = self.denoiser(noisy, time)
        return q_sample(noisy, abar, -velocity).clamp(-1, 1)  # x_0 = sqrt(a) x_t - sqrt(1-a) v

    def forward(self, latents: NoiseLatents) -> Tensor:
        """Make videos.

        Args:
            latents: from `draw_latents`.

        Returns:
            (B, T, 3, image_size, image_size) in [-1, 1].
        """
        return ddim(self.denoise, latents.noise, self.n_sampling_steps)
