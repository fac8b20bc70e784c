"""Handwritten digits that drift over black and bounce off the walls."""

import torch
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import Card
from vgan_lessons.datasets.paths import MOTIONS, N_DRAWS, Box, draw_paths


def bounce_digits(
    images: Tensor,
    labels: Tensor,
    *,
    card: Card,
    n_videos: int,
    n_frames: int,
    image_size: int,
    rng: torch.Generator,
) -> VideoBank:
    """Let one digit per clip travel at constant speed and bounce off the walls.

    Args:
        images: (M, P, P) in [0, 1], the digits; each clip draws one, with replacement.
        labels: (M,) int64, which digit each shows.
        card: goes into the bank.
        n_videos: N.
        n_frames: T; a longer clip begins with the same frames.
        image_size: H and W; a digit is 7/16 of it wide, as on MNIST's usual 64-pixel canvas.
        rng: the random source.

    Returns:
        A bank with truth: label, source (place in `images`), speed (N,), positions (N, T, 2),
        the x and y of the middle of the digit's square.

    Raises:
        ValueError: if the frame is too small for a readable digit.

    Lesson 06. After Srivastava et al. 2015, arXiv:1502.04681, who bounced MNIST digits.
    """
    if image_size < 16 or n_frames < 1:
        raise ValueError(
            f"digits need image_size >= 16 and n_frames >= 1, got {image_size} and {n_frames}"
        )
    draws = torch.rand(n_videos, 2 + N_DRAWS, generator=rng)
    source = (draws[:, 0] * len(images)).long()
    speed = (0.7 + 0.9 * draws[:, 1]) * image_size / 32
    side = round(image_size * 7 / 16)
    edge = (side - 1) / 2  # from the middle of the digit's square to its outermost pixel
    walls = torch.tensor([edge, image_size - 1 - edge]).view(2, 1, 1).expand(2, n_videos, 2)
    bounce = torch.full((n_videos,), MOTIONS.index("bounce"))
    positions = draw_paths(bounce, speed, Box(*walls), draws[:, 2:], n_frames)
    # Twice as fine as the frame, so that shifting by parts of a pixel blurs little.
    sprites = _smooth_resize(_smooth_resize(images, side), 2 * side)
    frames = torch.empty(n_videos, n_frames, image_size, image_size, dtype=torch.uint8)
    for chosen in torch.arange(n_videos).split(64):
        frames[chosen] = _place(sprites[source[chosen]], positions[chosen], image_size)
    truth = {"label": labels[source], "source": source, "speed": speed, "positions": positions}
    return VideoBank(
        frames=frames.flatten(0, 1)[:, None].expand(-1, 3, -1, -1).contiguous(),
        lengths=torch.full((n_videos,), n_frames),
        truth=truth,
        label_names={"label": tuple(str(digit) for digit in range(10))},
        card=card,
    )


def _smooth_resize(images: Tensor, size: int) -> Tensor:
    """Averaged where it shrinks, interpolated smoothly where it grows; (M, size, size)."""
    resized = F.interpolate(
        images[:, None].float(), size=(size, size), mode="bicubic", antialias=True
    )
    return resized[:, 0].clamp(0, 1)


def _place(sprites: Tensor, positions: Tensor, image_size: int) -> Tensor:
    """Put (n, P, P) sprites, drawn twice as fine, at (n, T, 2) on black; (n, T, S, S) uint8.

    Shifting is separable: a matrix of weights for the rows, another for the columns.
    """
    fine = sprites.shape[-1]
    pixels = torch.arange(image_size, dtype=torch.float32)
    from_middle = pixels - positions[..., None]  # (n, T, 2, S)
    place = (2 * from_middle + (fine - 1) / 2)[..., None]  # where a pixel looks in its sprite
    # A tent as wide as two pixels of the frame: wherever the sprite is, its ink is the same.
    weights = (0.5 - (place - torch.arange(fine)).abs() / 4).clamp(min=0)  # (n, T, 2, S, P)
    columns, rows = weights.unbind(dim=2)
    placed = rows @ sprites[:, None] @ columns.transpose(-1, -2)
    return (placed * 255 + 0.5).to(torch.uint8)
