"""Which real clips stand on a card: the same ones for the same seed, whatever is measured."""

from collections.abc import Iterator

import torch
from torch import Tensor

from vgan_lessons import runtime
from vgan_lessons.datasets import Card, VideoBank
from vgan_lessons.evaluation.protocol import N_FRAMES, prepare
from vgan_lessons.layout import frames_from_videos, to_uint8


def draw_real(
    real: VideoBank, n: int, *, stride: int = 1, seed: int, n_samples: int = 2
) -> tuple[Tensor, ...]:
    """Samples of real clips: one to compare with, one to show what "perfect" scores.

    Args:
        real: at least n_samples * n videos give samples without a common video; fewer are cut
            into windows at random starts, and the samples share videos.
        n: clips in each sample.
        stride: take every stride-th frame.
        seed: of the choice.
        n_samples: how many samples.

    Returns:
        As many tensors (n, 16, 3, 32, 32) uint8.

    Raises:
        ValueError: if no video is long enough.

    Lesson 09.
    """
    cuts = cut_real(real, n, stride=stride, seed=seed, n_samples=n_samples)
    return torch.cat([prepare(cut).cpu() for cut in cuts]).split(n)


def choose_real(
    real: VideoBank, n: int, *, stride: int, seed: int, n_samples: int
) -> tuple[Tensor, Tensor]:
    """Which videos `draw_real` takes, and from which frame on.

    Args:
        real: the videos.
        n: clips in each sample.
        stride: take every stride-th frame.
        seed: of the choice.
        n_samples: how many samples, one after the other.

    Returns:
        index and start, each (n * n_samples,) int64.

    Raises:
        ValueError: if no video is long enough.
    """
    rng = runtime.new_rng(seed)
    span = (N_FRAMES - 1) * stride + 1
    lengths = real.lengths.cpu()
    fitting = (lengths >= span).nonzero().squeeze(1)
    if not len(fitting):
        raise ValueError(f"no real video holds {N_FRAMES} frames at stride {stride}")
    order = fitting[torch.randperm(len(fitting), generator=rng)]
    index = order.repeat(-(-n_samples * n // len(order)))[: n_samples * n]
    start = (torch.rand(len(index), generator=rng) * (lengths[index] - span + 1)).long()
    return index, start


def cut_real(
    real: VideoBank, n: int, *, stride: int, seed: int, n_samples: int
) -> Iterator[Tensor]:
    """The clips that `draw_real` draws, as they are, some at a time.

    Args:
        real: the videos.
        n: clips in each sample.
        stride: take every stride-th frame.
        seed: of the choice.
        n_samples: how many samples, one after the other.

    Yields:
        (B, 16, C, H, W) float32 in [-1, 1], at the size of the videos.
    """
    index, start = choose_real(real, n, stride=stride, seed=seed, n_samples=n_samples)
    for rows, begin in zip(index.split(64), start.split(64), strict=True):
        yield real.clips(rows, begin, n_frames=N_FRAMES, stride=stride)


def as_bank(clips: Tensor) -> VideoBank:
    """Real clips given as a tensor, for whoever has no bank.

    Args:
        clips: (N, T, C, H, W), float in [-1, 1] or uint8.

    Returns:
        A bank whose card is called "clips".
    """
    stored = clips if clips.dtype == torch.uint8 else to_uint8(clips)
    fields = ("what", "source", "licence", "size", "shape", "how_made")
    card = Card(name="clips", **dict.fromkeys(fields, "clips handed in as a tensor"))
    N, T = clips.shape[:2]
    return VideoBank(frames=frames_from_videos(stored), lengths=torch.full((N,), T), card=card)
