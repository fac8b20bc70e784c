"""Pixels put side by side: clips in a grid that moves, frames in a strip that does not.

The gaps are one middle grey, which parts black frames from a black page and white frames
from a white one, and on which white labels can be read.
"""

from collections.abc import Sequence

import numpy as np
import torch
from einops import rearrange
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from vgan_lessons.layout import to_uint8

GAP_GREY = 107  # white on it has a contrast of 5.3 : 1
FARTHEST_FLOAT = 16  # noise may leave [-1, 1]; pixels passed as floats 0..255 go far beyond


def as_pixels(videos: Tensor) -> np.ndarray:
    """Check that these are videos and bring them to the form in which files keep them.

    Args:
        videos: (B, T, C, H, W) with C 1 or 3, no axis empty; float in [-1, 1], of which the
            outside is clipped, or uint8.

    Returns:
        uint8 (B, T, H, W, 3); grey is repeated over the three colours.

    Raises:
        TypeError: if videos is not a tensor of floats or of uint8.
        ValueError: if an axis is missing, empty or misplaced, or a value is not a pixel.
    """
    if not isinstance(videos, Tensor):
        raise TypeError(f"videos must be a torch tensor, got {type(videos).__name__}")
    _check_axes(tuple(videos.shape))
    videos = videos.detach().cpu()
    if videos.is_floating_point():
        _check_range(videos)
        videos = to_uint8(videos)
    elif videos.dtype != torch.uint8:
        raise TypeError(f"videos must be float in [-1, 1] or uint8, got {videos.dtype}")
    if videos.shape[2] == 1:
        videos = videos.expand(-1, -1, 3, -1, -1)
    return rearrange(videos, "b t c h w -> b t h w c").numpy()


def tiled_grid(pixels: np.ndarray, *, columns: int) -> np.ndarray:
    """Lay clips out row by row, so that one moving picture holds them all.

    Args:
        pixels: (B, T, H, W, 3) uint8.
        columns: clips in a row; fewer clips make a shorter row, places left over stay grey.

    Returns:
        (T, H', W', 3) uint8: frame t of every clip, with thin gaps.

    Raises:
        ValueError: if columns is less than 1.
    """
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got {columns}")
    n_clips, n_frames, height, width, _ = pixels.shape
    columns = min(columns, n_clips)
    rows = -(-n_clips // columns)
    gap = gap_for(height)
    grid = _grey(n_frames, rows * (height + gap) - gap, columns * (width + gap) - gap, 3)
    for clip in range(n_clips):
        top = (clip // columns) * (height + gap)
        left = (clip % columns) * (width + gap)
        grid[:, top : top + height, left : left + width] = pixels[clip]
    return grid


def film_strip(
    videos: Tensor, *, row_labels: Sequence[str] | None = None, scale: int = 1
) -> np.ndarray:
    """Lay a clip out as a strip, so that its motion can be read standing still.

    Args:
        videos: (B, T, C, H, W), float in [-1, 1] or uint8.
        row_labels: B short words written left of the rows; None leaves no room for them.
        scale: each pixel becomes a block of scale x scale.

    Returns:
        (H', W', 3) uint8: one row a clip, one column a frame, thin grey gaps.

    Raises:
        ValueError: if the labels do not match the rows, or scale is less than 1.

    Example:
        >>> film_strip(torch.zeros(2, 3, 1, 8, 10)).shape  # two gaps of 1 beside 3 x 10
        (17, 32, 3)
    """
    pixels = as_pixels(videos)
    if row_labels is not None and len(row_labels) != len(pixels):
        raise ValueError(f"{len(pixels)} rows need as many labels, got {len(row_labels)}")
    frames_side_by_side = rearrange(pixels, "b t h w c -> (b t) 1 h w c")
    strip = tiled_grid(frames_side_by_side, columns=pixels.shape[1])[0]
    strip = enlarge(strip[None], scale)[0]
    if row_labels is None:
        return strip
    height = pixels.shape[2] * scale
    tops = [row * (height + gap_for(pixels.shape[2]) * scale) for row in range(len(pixels))]
    return np.concatenate([_label_column(row_labels, tops, height, len(strip)), strip], axis=1)


def enlarge(frames: np.ndarray, scale: int) -> np.ndarray:
    """Make every pixel a block of scale x scale: crisp, with nothing invented between.

    Args:
        frames: (T, H, W, 3).
        scale: at least 1; 1 changes nothing.

    Returns:
        (T, H * scale, W * scale, 3).

    Raises:
        ValueError: if scale is not a whole number of at least 1.
    """
    if not isinstance(scale, int) or scale < 1:
        raise ValueError(f"scale must be a whole number of at least 1, got {scale}")
    return frames.repeat(scale, axis=1).repeat(scale, axis=2)


def gap_for(height: int) -> int:
    """Pixels between frames of this height: about a thirtieth."""
    return max(1, round(height / 32))


def _check_axes(shape: tuple[int, ...]) -> None:
    if len(shape) != 5:
        raise ValueError(f"videos must be (B, T, C, H, W), got {len(shape)} axes: {shape}")
    if 0 in shape:
        raise ValueError(f"videos must not have an empty axis, got {shape}")
    if shape[2] not in (1, 3):
        hint = "; these look like volumes (B, C, T, H, W)" if shape[1] in (1, 3) else ""
        raise ValueError(f"C of (B, T, C, H, W) must be 1 or 3, got {shape}{hint}")


def _check_range(videos: Tensor) -> None:
    if not videos.isfinite().all():
        raise ValueError("videos hold values that are not finite (NaN or infinity)")
    farthest = videos.abs().max().item()
    if farthest > FARTHEST_FLOAT:
        raise ValueError(
            f"float videos must be in [-1, 1], got a value of size {farthest:g}; "
            "pixels 0 to 255 must be uint8"
        )


def _label_column(
    labels: Sequence[str], tops: list[int], height: int, total: int
) -> np.ndarray:
    font = ImageFont.load_default(size=min(16, max(9, height // 3)))
    boxes = [font.getbbox(label) for label in labels]  # (left, top, right, bottom)
    margin = 6
    width = 2 * margin + round(max(box[2] for box in boxes))
    column = Image.fromarray(_grey(total, width, 3))
    pen = ImageDraw.Draw(column)
    for label, top in zip(labels, tops, strict=True):
        pen.text(
            (width - margin, top + height / 2), label, fill="white", font=font, anchor="rm"
        )
    return np.asarray(column)


def _grey(*shape: int) -> np.ndarray:
    return np.full(shape, GAP_GREY, dtype=np.uint8)
