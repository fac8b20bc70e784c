"""The motion oracle: find the one object on a dark background and measure its path in pixels.

It knows the truth only of clips like `shapes`: one bright object, black background. No single
number tells a good path: a frozen object has no residual and no acceleration, so read the
residual together with the speed and with the share of frames in which the object was lost.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons.layout import frames_from_videos, videos_from_frames


class Track(NamedTuple):
    """Where the object is, frame by frame. Lesson 06."""

    positions: Tensor  # (B, T, 2) float64, (x, y) of its centre in pixels; NaN where lost
    lost: Tensor  # (B, T) bool: nothing bright, or no single thing


def track(videos: Tensor, *, threshold: float = 0.25, least_mass: float = 4.0) -> Track:
    """Find the object's centre as the centre of brightness above a threshold.

    Args:
        videos: (B, T, C, H, W) in [-1, 1], a bright object on black.
        threshold: brightness in [0, 1] below which a pixel is background, after a 3x3 mean
            that calms noise.
        least_mass: pixels of full brightness that make an object; below it is lost.

    Returns:
        Track; the object is also lost where brightness is spread wider than a fifth of the
        frame's side in each direction: two objects, a smear, a lit background.

    Raises:
        ValueError: if videos is not (B, T, C, H, W).

    Lesson 06.
    """
    if videos.ndim != 5:
        raise ValueError(f"videos must be (B, T, C, H, W), got {tuple(videos.shape)}")
    T, H, W = videos.shape[1], videos.shape[3], videos.shape[4]
    brightness = (frames_from_videos(videos).float().amax(1, keepdim=True) + 1) / 2
    calmed = F.avg_pool2d(brightness, 3, stride=1, padding=1).squeeze(1)  # (B * T, H, W)
    weight = (calmed - threshold).clamp(min=0).double()
    mass = weight.sum(dim=(1, 2)) / (1 - threshold)
    total = weight.sum(dim=(1, 2)).clamp(min=1e-9)
    x, y = torch.arange(W).to(weight), torch.arange(H).to(weight)
    columns, rows = weight.sum(1) / total[:, None], weight.sum(2) / total[:, None]
    centre = torch.stack([columns @ x, rows @ y], dim=1)  # (B * T, 2)
    spread = (columns @ x.square() + rows @ y.square() - centre.square().sum(1)) / 2
    lost = (mass < least_mass) | (spread.clamp(min=0).sqrt() > min(H, W) / 5)
    positions = centre.masked_fill(lost[:, None], torch.nan)
    as_video = videos_from_frames(positions[:, :, None, None], T)
    return Track(as_video.flatten(2), lost.view(-1, T))


def speed(positions: Tensor) -> Tensor:
    """How fast the object goes; should match real clips.

    Args:
        positions: (B, T, 2) in pixels, NaN where lost.

    Returns:
        (B,) mean distance between neighbouring frames in pixels per frame: 0 when frozen, NaN
        if no two neighbouring frames show the object.

    Lesson 06.
    """
    return positions.diff(dim=1).norm(dim=-1).nanmean(1)


def acceleration(positions: Tensor) -> Tensor:
    """How hard the path is bent on average; sees jitter, and every bounce as well.

    Args:
        positions: (B, T, 2) in pixels, NaN where lost.

    Returns:
        (B,) mean length of the second difference, pixels per frame squared: 0 on a straight
        path at constant speed and when frozen; should match real clips.

    Lesson 06.
    """
    return positions.diff(n=2, dim=1).norm(dim=-1).nanmean(1)


def motion_residual(positions: Tensor) -> Tensor:
    r"""How far the object strays from a smooth path.

    .. math:: \mathrm{median}_t\; |p_{t+3} - 3 p_{t+2} + 3 p_{t+1} - p_t| / \sqrt{20}

    A path of constant acceleration has third difference 0. The median forgives a few kinks
    (a bounce spoils three windows); the root turns independent jitter of s pixels on each
    axis into about 1.2 s. Lower is better down to real clips; 0 when frozen, so pair it with
    `speed`. It is blind to playing backwards and to any smooth path, likely or not.

    Args:
        positions: (B, T, 2) in pixels, NaN where lost; T >= 4.

    Returns:
        (B,) pixels: 0 for lines and parabolas, NaN if no four neighbouring frames show the
        object.

    Lesson 06.
    """
    return positions.diff(n=3, dim=1).norm(dim=-1).nanmedian(1).values / 20**0.5
