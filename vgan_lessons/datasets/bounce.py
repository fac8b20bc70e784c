"""The smallest film: one sprite on black, travelling by whole pixels from wall to wall."""

import torch
from torch import Tensor

from vgan_lessons.datasets.paths import fold
from vgan_lessons.layout import to_uint8


def bounce(
    sprite: Tensor,
    start: tuple[int, int],
    velocity: tuple[int, int],
    n_frames: int,
    image_size: int,
) -> Tensor:
    """Let a sprite travel at constant speed over black and bounce off the walls.

    Args:
        sprite: (C, h, w) in [-1, 1]; smaller than the frame.
        start: x and y of its upper left pixel in the first frame, both inside the walls.
        velocity: pixels a frame to the right and downwards, until the first wall.
        n_frames: T.
        image_size: H and W.

    Returns:
        (T, C, H, W) uint8, as `to_uint8` stores it: 0 around the sprite.

    Raises:
        ValueError: if the sprite leaves no room to move.

    Example:
        >>> film = bounce(torch.ones(1, 1, 1), (3, 0), (2, 0), n_frames=4, image_size=6)
        >>> [frame.flatten().argmax().item() for frame in film]
        [3, 5, 3, 1]

    Lesson 06. After Srivastava et al. 2015, arXiv:1502.04681, who bounced MNIST digits.
    """
    C, height, width = sprite.shape
    room = torch.tensor([image_size - width, image_size - height])
    if room.min() < 1:
        raise ValueError(f"a sprite of {height}x{width} has no room in {image_size} pixels")
    ways = torch.arange(n_frames)[:, None] * torch.tensor(velocity)  # (T, 2)
    corners = fold(torch.tensor(start) + ways, room)
    frames = -torch.ones(n_frames, C, image_size, image_size)
    for t in range(n_frames):
        x, y = corners[t]
        frames[t, :, y : y + height, x : x + width] = sprite
    return to_uint8(frames)
