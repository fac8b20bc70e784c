r"""Differentiable augmentation: both sides are altered alike, so that few films last longer.

A discriminator that has seen every film a thousand times knows them by heart, and its gradient
says nothing more. Alter what it sees, a new alteration each time, and it has to look at what
stays the same. Three rules make that safe:

- **reals and fakes, in D's turn and in G's**: altered reals alone teach G to paint alterations;
- **one draw a clip, the same on all its frames**: a draw a frame would be flicker, and G would
  learn to flicker;
- **differentiable**: G's gradient runs back through the alteration.

What may still leak into G's clips: an alteration is safe as long as only one law of clips
gives these altered clips, for then G has to match it. Where a share of the clips stays as it
is, that is so. Where all are altered, it need not be: if every film is turned by 0, 90, 180 or
270 degrees, the altered clips are the same whether G's own stand upright or on their heads.
Hence a probability, and a value below 1.

Zhao et al. 2020, Differentiable augmentation for data-efficient GAN training,
arXiv:2006.10738; Karras et al. 2020, Training GANs with limited data, arXiv:2006.06676 (leaks).
"""

import torch
from torch import Tensor

_BRIGHTNESS = 0.5  # most that is added to a pixel or taken from it, of the range of 2
_SATURATION = (0.0, 2.0)  # factors of colour: grey to twice as strong
_CONTRAST = (0.5, 1.5)
_SHIFT = 1 / 8  # of the side, most that a clip is moved
_HOLE = 1 / 2  # of the side, width of the square that is cut out


def shift_brightness(clips: Tensor, amount: Tensor) -> Tensor:
    """Add one number a clip to all its pixels.

    Args:
        clips: (B, T, C, H, W) in [-1, 1].
        amount: (B,) what is added; 0 changes nothing.

    Returns:
        As clips, beyond [-1, 1] where it comes to that: clamping would cut the gradient.

    Example:
        >>> shift_brightness(torch.zeros(1, 1, 1, 1, 2), torch.tensor([0.25])).tolist()
        [[[[[0.25, 0.25]]]]]

    Lesson 10.
    """
    return clips + _a_clip(amount, clips)


def scale_saturation(clips: Tensor, factor: Tensor) -> Tensor:
    """Move every pixel's colours away from its grey, or towards it.

    Args:
        clips: (B, T, C, H, W).
        factor: (B,), 0 leaves the grey (the mean over C), 1 changes nothing, 2 doubles.

    Returns:
        As clips.

    Example:
        >>> pixel = torch.tensor([0.0, 0.5, 1.0]).view(1, 1, 3, 1, 1)
        >>> scale_saturation(pixel, torch.tensor([0.0])).flatten().tolist()
        [0.5, 0.5, 0.5]

    Lesson 10.
    """
    grey = clips.mean(dim=2, keepdim=True)
    return grey + (clips - grey) * _a_clip(factor, clips)


def scale_contrast(clips: Tensor, factor: Tensor) -> Tensor:
    """Move every pixel away from its clip's mean, or towards it.

    The mean is taken over the whole clip: that of each frame would be another number from
    frame to frame, and the clip would flicker where the film does not.

    Args:
        clips: (B, T, C, H, W).
        factor: (B,), 0 leaves one even colour, 1 changes nothing.

    Returns:
        As clips; the mean over each clip stays.

    Example:
        >>> scale_contrast(torch.tensor([0.0, 1.0]).view(1, 2, 1, 1, 1), torch.tensor([2.0])
        ... ).flatten().tolist()
        [-0.5, 1.5]

    Lesson 10.
    """
    mean = clips.mean(dim=(1, 2, 3, 4), keepdim=True)
    return mean + (clips - mean) * _a_clip(factor, clips)


def translate(clips: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Move every clip by whole pixels; what comes in from outside is grey (0).

    Written as two products with matrices of zeros and ones, a row of which says where an
    output row comes from: a product has a gradient.

    Args:
        clips: (B, T, C, H, W).
        down: (B,) int64, rows; negative moves up.
        right: (B,) int64, columns; negative moves left.

    Returns:
        As clips.

    Example:
        >>> row = torch.tensor([1.0, 2.0, 3.0]).view(1, 1, 1, 1, 3)
        >>> translate(row, torch.tensor([0]), torch.tensor([1])).flatten().tolist()
        [0.0, 1.0, 2.0]

    Lesson 10.
    """
    rows, columns = (
        _shift_matrices(by, size).to(clips)
        for by, size in zip((down, right), clips.shape[-2:], strict=True)
    )
    return torch.einsum("bij,btcjk,blk->btcil", rows, clips, columns)


def cut_out(clips: Tensor, top: Tensor, left: Tensor, size: Tensor) -> Tensor:
    """Put a grey square (0) over every clip, at one place in all its frames.

    Args:
        clips: (B, T, C, H, W).
        top: (B,) int64, first row of the square; it may lie partly outside.
        left: (B,) int64, first column.
        size: (B,) int64, its side in pixels; 0 cuts nothing.

    Returns:
        As clips.

    Lesson 10.
    """
    inside = []
    for first, length in zip((top, left), clips.shape[-2:], strict=True):
        place = torch.arange(length, device=first.device)
        inside.append((place >= first[:, None]) & (place < (first + size)[:, None]))
    hole = inside[0][:, :, None] & inside[1][:, None, :]  # (B, H, W)
    return clips * (~hole)[:, None, None].to(clips)


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


def mirror_half(clips: Tensor, rng: torch.Generator) -> Tensor:
    """Flip each clip left to right with probability one half: films count twice.

    For real clips only, and no augmentation in the sense above: G learns to paint mirrored
    clips too. It is wrong where left and right differ: writing, clocks and dials, traffic that
    keeps to one side, hands (nearly all violins would turn left-handed half of the time), and
    classes called "left" and "right".

    Args:
        clips: (B, T, C, H, W).
        rng: one coin a clip, the same for all its frames.

    Returns:
        As clips.

    Lesson 10.
    """
    coins = torch.rand(len(clips), generator=rng, device=rng.device).to(clips.device) < 0.5
    return torch.where(coins[:, None, None, None, None], clips.flip(-1), clips)


def _a_clip(numbers: Tensor, clips: Tensor) -> Tensor:
    """(B,) -> (B, 1, 1, 1, 1), of the clips' dtype."""
    return numbers.to(clips)[:, None, None, None, None]


def _between(low: float, high: float, share: Tensor) -> Tensor:
    return low + (high - low) * share


def _shift_matrices(by: Tensor, size: int) -> Tensor:
    """(B,) -> (B, size, size) bool: row i is taken from column i - by, or from nowhere."""
    place = torch.arange(size, device=by.device)
    return place[:, None] == place[None, :] + by[:, None, None]
