"""Reals and fakes altered by one law: a draw a clip, the same on all its frames."""

import torch
from torch import Tensor

from vgan_lessons.augment.alterations import (
    cut_out,
    scale_contrast,
    scale_saturation,
    shift_brightness,
    translate,
)

_BRIGHTNESS = 0.5  # most that is added to a pixel or taken from it, of the range of 2
_SATURATION = (0.0, 2.0)  # factors of colour: grey to twice as strong
_CONTRAST = (0.5, 1.5)
_SHIFT = 1 / 8  # of the side, most that a clip is moved
_HOLE = 1 / 2  # of the side, width of the square that is cut out


def diff_augment(clips: Tensor, probability: float, rng: torch.Generator) -> Tensor:
    """Alter the colours of clips, move them and cut a hole: one draw a clip for all frames.

    Each of the three is applied to a clip or not by a coin of its own. Brightness is moved by
    up to a quarter of the range, saturation scaled by 0 to 2, contrast by 0.5 to 1.5; a shift
    is at most an eighth of the side, the hole half of it wide.

    Args:
        clips: (B, T, C, H, W) in [-1, 1], float32 or float64.
        probability: of each of the three, for each clip; 0 changes nothing. Below about 0.8
            nothing is known to leak into what G paints.
        rng: every draw comes from here, on its own device; equal ones alter alike, whatever
            the clips' dtype.

    Returns:
        As clips, differentiable in them; values may leave [-1, 1].

    Raises:
        ValueError: if clips are not (B, T, C, H, W), or probability is not in [0, 1].

    Example:
        >>> rng = torch.Generator().manual_seed(0)
        >>> still = torch.rand(2, 1, 3, 8, 8).expand(2, 4, 3, 8, 8)
        >>> altered = diff_augment(still, 1.0, rng)
        >>> bool((altered == altered[:, :1]).all())  # still a still
        True

    Lesson 10. Zhao et al. 2020, arXiv:2006.10738; ours has a coin for each of the three.
    """
    if clips.ndim != 5:
        raise ValueError(f"clips must be (B, T, C, H, W), got {tuple(clips.shape)}")
    if not 0 <= probability <= 1:
        raise ValueError(f"probability must be from 0 to 1, got {probability}")
    B, _, _, H, W = clips.shape
    draws = torch.rand(10, B, generator=rng, device=rng.device).to(clips.device)
    colour, shift, hole = (draws[:3] < probability).to(draws)  # the coins, 1 or 0
    bright, saturation, contrast, down, right, top, left = draws[3:]
    clips = shift_brightness(clips, colour * _BRIGHTNESS * (2 * bright - 1))
    clips = scale_saturation(clips, 1 + colour * (_between(*_SATURATION, saturation) - 1))
    clips = scale_contrast(clips, 1 + colour * (_between(*_CONTRAST, contrast) - 1))
    by = [(shift * (2 * part - 1) * _SHIFT * n).round() for part, n in ((down, H), (right, W))]
    clips = translate(clips, *(part.long() for part in by))
    size = (hole * _HOLE * min(H, W)).long()
    corner = [(part * (n + 1)).long() - size // 2 for part, n in ((top, H), (left, W))]
    return cut_out(clips, *corner, size)


def augment_both(
    real: Tensor, fake: Tensor, probability: float, rng: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Alter reals and fakes by the same law, each clip by a draw of its own.

    Both are used in D's turn (the fakes detached) and in G's, where the gradient of the fakes
    runs back through the alteration.

    Args:
        real: (B, T, C, H, W) in [-1, 1].
        fake: (M, T, C, H, W), painted by G.
        probability: see `diff_augment`.
        rng: see `diff_augment`.

    Returns:
        The two, altered; the reals are drawn first and get no gradient from the fakes.

    Lesson 10.
    """
    return diff_augment(real, probability, rng), diff_augment(fake, probability, rng)


def _between(low: float, high: float, share: Tensor) -> Tensor:
    return low + (high - low) * share
