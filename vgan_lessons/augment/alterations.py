"""What can be done to clips: one number a clip says how much, the same for all its frames."""

import torch
from torch import Tensor


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

    Used in lesson 10.
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

    Used in lesson 10.
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

    Used in lesson 10.
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

    Used in lesson 10.
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

    Used in lesson 10.
    """
    inside = []
    for first, length in zip((top, left), clips.shape[-2:], strict=True):
        place = torch.arange(length, device=first.device)
        inside.append((place >= first[:, None]) & (place < (first + size)[:, None]))
    hole = inside[0][:, :, None] & inside[1][:, None, :]  # (B, H, W)
    return clips * (~hole)[:, None, None].to(clips)


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

    Used in lesson 10.
    """
    coins = torch.rand(len(clips), generator=rng, device=rng.device).to(clips.device) < 0.5
    return torch.where(coins[:, None, None, None, None], clips.flip(-1), clips)


def _a_clip(numbers: Tensor, clips: Tensor) -> Tensor:
    """(B,) -> (B, 1, 1, 1, 1), of the clips' dtype."""
    return numbers.to(clips)[:, None, None, None, None]


def _shift_matrices(by: Tensor, size: int) -> Tensor:
    """(B,) -> (B, size, size) bool: row i is taken from column i - by, or from nowhere."""
    place = torch.arange(size, device=by.device)
    return place[:, None] == place[None, :] + by[:, None, None]
