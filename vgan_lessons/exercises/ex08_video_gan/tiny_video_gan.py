"""A video GAN of a few numbers, for whole rounds that can be worked out or played twice."""

import copy

import torch
from torch import Tensor, nn

from vgan_lessons.exercises.tiny_players import Descent, with_stale_gradient
from vgan_lessons.models.lstm_gan import VideoLatents
from vgan_lessons.training import VideoGan


class _PixelGenerator(nn.Module):
    """Each frame is one pixel: the noise of its time, times one number."""

    def __init__(self, slope: float) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(slope))

    def draw_latents(self, n: int, n_frames: int, rng: torch.Generator) -> VideoLatents:
        """The same latents whatever rng says."""
        noise = torch.arange(n * n_frames, dtype=torch.float32).view(n, n_frames, 1)
        return VideoLatents(torch.zeros(n, 1), noise / 10)

    def forward(self, latents: VideoLatents, frame_index: Tensor) -> Tensor:
        """Clips (B, K, 1, 1, 1)."""
        rows = torch.arange(len(frame_index))[:, None]
        return (self.slope * latents.noise[rows, frame_index])[..., None, None]


class _Sum(nn.Module):
    """A discriminator: the sum over all pixels of a sample, times one number."""

    def __init__(self, slope: float) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(slope))
        self.strides: list[int] = []  # that it was asked with

    def forward(self, clips: Tensor, *, stride: int = 1) -> Tensor:
        """(B,)."""
        self.strides.append(stride)
        return self.slope * clips.flatten(1).sum(1)


class _Bent(nn.Module):
    """A generator or discriminator whose slope differs from place to place."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.enter, self.leave = nn.Linear(n_in, 4), nn.Linear(4, n_out)

    def forward(self, rows: Tensor) -> Tensor:
        """(N, n_in) -> (N, n_out)."""
        return self.leave(torch.tanh(self.enter(rows)))


class _BentGenerator(_Bent):
    """Frames of 1x2x2 from two content numbers and three of noise."""

    def __init__(self) -> None:
        super().__init__(5, 4)

    def forward(self, latents: VideoLatents, frame_index: Tensor) -> Tensor:
        """Clips (B, K, 1, 2, 2)."""
        rows = torch.arange(len(frame_index))[:, None]
        noise = latents.noise[rows, frame_index]
        content = latents.z_content[:, None].expand(-1, noise.shape[1], -1)
        pixels = super().forward(torch.cat([content, noise], 2).flatten(0, 1))
        return torch.tanh(pixels).view(*noise.shape[:2], 1, 2, 2)


class _BentJudge(_Bent):
    """Scores samples, and takes notice of the stride."""

    def __init__(self, n_pixels: int) -> None:
        super().__init__(n_pixels + 1, 1)

    def forward(self, clips: Tensor, *, stride: int = 1) -> Tensor:
        """(B,)."""
        pace = torch.full_like(clips.flatten(1)[:, :1], stride / 4)
        return super().forward(torch.cat([clips.flatten(1), pace], 1)).squeeze(1)


def pixel_gan(step: int) -> VideoGan:
    """G paints 2 noise, both discriminators add up pixels; the average stands at 5.

    Args:
        step: number of the round that comes next.
    """
    players = _PixelGenerator(2.0), _Sum(1.0), _Sum(1.0)
    average = _PixelGenerator(5.0).requires_grad_(False)
    return _assembled(*players, average, step)


def bent_gan(seed: int, window_frames: int, step: int) -> VideoGan:
    """Small networks in float64; equal seeds make equal games.

    Args:
        seed: of all weights.
        window_frames: K, frames of a clip.
        step: number of the round that comes next.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        players = _BentGenerator(), _BentJudge(4), _BentJudge(4 * window_frames)
        average = _BentGenerator().requires_grad_(False)
    for network in (*players, average):
        network.double()
    return _assembled(*players, average, step)


def _assembled(
    generator: nn.Module, frame: nn.Module, clip: nn.Module, average: nn.Module, step: int
) -> VideoGan:
    """Stale gradients everywhere: whoever forgets zero_grad adds to them."""
    for network in (generator, frame, clip):
        with_stale_gradient(network)
    return VideoGan(
        generator=generator,
        generator_ema=average,
        frame_discriminator=frame,
        clip_discriminator=clip,
        g_optim=Descent(generator),
        d_optim=Descent(nn.ModuleList([frame, clip])),
        device=torch.device("cpu"),
        rng=torch.Generator().manual_seed(0),
        step=step,
    )


def bent_inputs(seed: int, n_clips: int, window_frames: int) -> tuple[Tensor, VideoLatents]:
    """Reals (B, K, 1, 2, 2) and latents of paths of 9 frames, in float64.

    Args:
        seed: of both.
        n_clips: B.
        window_frames: K.
    """
    draw = {"generator": torch.Generator().manual_seed(seed), "dtype": torch.float64}
    real = torch.rand(n_clips, window_frames, 1, 2, 2, **draw) * 2 - 1
    content = torch.randn(n_clips, 2, **draw)
    return real, VideoLatents(content, torch.randn(n_clips, 9, 3, **draw))


def weights_of(gan: VideoGan) -> Tensor:
    """Every weight of the four networks in one row."""
    networks = gan.networks().values()
    return torch.cat([w.detach().flatten() for net in networks for w in net.parameters()])


def twin_of(gan: VideoGan) -> VideoGan:
    """A copy that shares nothing, for a second player of the same game.

    Args:
        gan: made by this module.
    """
    return copy.deepcopy(gan)
