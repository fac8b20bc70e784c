"""What changes from frame to frame, and what should not: one number per video.

None of these numbers knows what a good video looks like. A frozen clip has no motion, no
flicker and perfect content: read them together, and always beside the value of real clips.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def motion_energy(videos: Tensor) -> Tensor:
    r"""How much changes between neighbouring frames.

    .. math:: E_t |x_{t+1} - x_t|^2 \quad \text{per pixel and channel}

    Neither higher nor lower is better: it should match real clips. Noise and jitter raise
    it, freezing ends it. It is blind to playing backwards and to swapping whole videos.

    Args:
        videos: (B, T, ...) with T >= 2; pixels in [-1, 1], or any other signal.

    Returns:
        (B,), each >= 0: 0 for a frozen clip, 2 (1 - rho) on average for a unit-variance
        signal whose neighbouring frames correlate by rho.

    Raises:
        ValueError: if there are fewer than two frames.

    Example:
        >>> motion_energy(torch.tensor([[[0.0], [1.0], [0.0]]])).item()
        1.0

    Lesson 06.
    """
    _need_frames(videos, 2)
    return videos.diff(dim=1).square().flatten(1).mean(1)


def flicker(videos: Tensor) -> Tensor:
    """How restlessly the colour of the whole frame trembles.

    Each frame's mean colour is compared with the middle of its two neighbours, so that a slow
    fade costs nothing. Lower is better down to the value of real clips. It is blind to
    everything that keeps the mean colour: jumps, shuffling, blur; a frozen clip wins.

    Args:
        videos: (B, T, C, H, W) in [-1, 1] with T >= 3.

    Returns:
        (B,) in [0, 1], a share of the pixel range: 0 for a fade, 1 for frames that go black,
        white, black.

    Raises:
        ValueError: if there are fewer than three frames.

    Lesson 06.
    """
    _need_frames(videos, 3)
    colour = videos.double().mean(dim=(-2, -1))  # (B, T, C); in float64: differences are small
    middle = (colour[:, :-2] + colour[:, 2:]) / 2
    return ((colour[:, 1:-1] - middle).abs() / 2).mean(dim=(1, 2))


def content_consistency(frame_features: Tensor) -> Tensor:
    """Do all frames of a video show the same thing?

    The mean cosine similarity over all pairs of frames of one video. It ignores the order of
    the frames, and freezing or blurring *raises* it: compare its distribution with the real
    one (`wasserstein_1d`), not its height.

    Args:
        frame_features: (B, T, d) with T >= 2, features of single frames, centred on real data.

    Returns:
        (B,) in [-1 / (T - 1), 1]: 1 for a frozen clip, about 0 when frames are unrelated.

    Raises:
        ValueError: if there are fewer than two frames.

    Lesson 08.
    """
    _need_frames(frame_features, 2)
    T = frame_features.shape[1]
    unit = F.normalize(frame_features.double(), dim=-1)
    all_pairs = unit.sum(1).square().sum(-1)  # (B,): T pairs of a frame with itself included
    return (all_pairs - T) / (T * (T - 1))


def wasserstein_1d(first: Tensor, second: Tensor) -> Tensor:
    """How far one has to move the values of one sample to make them the other sample.

    Args:
        first: (N,), any numbers, such as the content consistency of N real videos.
        second: (M,); M may differ from N.

    Returns:
        Scalar float64 >= 0 in the unit of the values, lower is better: 0 for the same values in
        any order, 3 for samples that lie 3 apart.

    Example:
        >>> wasserstein_1d(torch.tensor([0.0, 1.0]), torch.tensor([4.0, 3.0])).item()
        3.0

    Lesson 08.
    """
    first, second = first.double().sort().values, second.double().sort().values
    N, M = len(first), len(second)
    # Both quantile functions are steps; between two neighbouring edges both are constant.
    edges = torch.cat([torch.arange(N + 1) * M, torch.arange(M + 1) * N]).unique()  # in 1/(NM)
    first_at = first[(edges[:-1] // M).to(first.device)]
    second_at = second[(edges[:-1] // N).to(second.device)]
    widths = edges.diff().to(first) / (N * M)
    return ((first_at - second_at).abs() * widths).sum()


def _need_frames(videos: Tensor, least: int) -> None:
    if videos.ndim < 3 or videos.shape[1] < least:
        raise ValueError(f"need (B, T, ...) with T >= {least}, got {tuple(videos.shape)}")
