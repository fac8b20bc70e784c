"""What a person looks for in film strips, as five numbers beside those of real clips."""

from typing import NamedTuple

import torch
from torch import Tensor

_ENDS = 4  # frames at either end of a clip whose colour is compared


class Symptoms(NamedTuple):
    """How clips move and what they show; a healthy generator's are near the real ones'."""

    motion: float  # change over one frame, as a share of the real clips'
    restless: float  # change over one frame, as a share of the most over any time: 1 for noise
    comes_back: float  # least change over 3 or more frames, as a share of that over one
    content_change: float  # of colour from beginning to end: 1 for another clip's colour
    variety: float  # of the colours of different clips, as a share of the real clips'


def symptoms(videos: Tensor, real: Tensor) -> Symptoms:
    """Read off clips of one bright object on black what their strips show.

    Args:
        videos: (B, T, 3, H, W) in [-1, 1] with B >= 2 and T >= 8.
        real: (B', T', 3, H, W) likewise, the measure of motion and variety.

    Returns:
        Five numbers of at least 0. Real clips have motion 1 and variety 1.

    Raises:
        ValueError: if there are too few clips or frames.

    Example:
        >>> still = torch.rand(4, 1, 3, 8, 8).expand(-1, 8, -1, -1, -1)
        >>> symptoms(still, torch.rand(4, 8, 3, 8, 8)).motion
        0.0

    Used in lesson 08.
    """
    for clips in (videos, real):
        if clips.ndim != 5 or len(clips) < 2 or clips.shape[1] < 8:
            raise ValueError(
                f"need (B, T, 3, H, W) with B >= 2 and T >= 8, got {tuple(clips.shape)}"
            )
    changes, colours = _changes(videos), _colours(videos)
    real_change, real_variety = _changes(real)[0], _variety(_colours(real))
    begin, end = colours[:, :_ENDS].mean(1), colours[:, -_ENDS:].mean(1)
    return Symptoms(
        motion=(changes[0] / real_change).item(),
        restless=(changes[0] / changes.max().clamp(min=1e-9)).item(),
        comes_back=(changes[2:].min() / changes[0].clamp(min=1e-9)).item(),
        content_change=((begin - end).square().sum(1).mean() / real_variety).item(),
        variety=(_variety(colours) / real_variety).item(),
    )


def looks(videos: Tensor) -> Tensor:
    """Describe what clips of one bright object on black show, wherever it is.

    Args:
        videos: (B, T, 3, H, W) in [-1, 1].

    Returns:
        (B, 8), each the mean over the clip's frames: colour (3), 0 to 1; size, as a share of
        the frame's width; and form, by four moments about the object's middle, of order 1.

    Used in lesson 08.
    """
    light = ((videos + 1) / 2).amax(2)  # (B, T, H, W)
    H, W = light.shape[-2:]
    mass = light.sum((-2, -1)).clamp(min=1e-6)
    down, right = torch.arange(H).to(light), torch.arange(W).to(light)
    y = ((light.sum(-1) @ down) / mass)[..., None, None]
    x = ((light.sum(-2) @ right) / mass)[..., None, None]
    size = mass.sqrt()[..., None, None]
    v, u = (down[:, None] - y) / size, (right - x) / size
    moments = [
        (light * term).sum((-2, -1)) / mass
        for term in (u**2 - v**2, u**2 + v**2, v**3, u**4 + v**4)
    ]
    form = torch.stack([size[..., 0, 0] / W, *moments], dim=-1)
    return torch.cat([_colours(videos), form], dim=-1).mean(1)


def _changes(videos: Tensor) -> Tensor:
    """(T // 2,) mean squared change over 1, 2, ... frames."""
    lags = range(1, videos.shape[1] // 2 + 1)
    return torch.stack([(videos[:, k:] - videos[:, :-k]).square().mean() for k in lags])


def _colours(videos: Tensor) -> Tensor:
    """(B, T, 3) colour of what is bright in each frame, 0 to 1."""
    light = (videos + 1) / 2
    weight = light.amax(2, keepdim=True).square()
    return (light * weight).sum((-2, -1)) / weight.sum((-2, -1)).clamp(min=1e-6)


def _variety(colours: Tensor) -> Tensor:
    """Mean squared distance of the colours of two different clips."""
    return 2 * colours.mean(1).var(0).sum()
