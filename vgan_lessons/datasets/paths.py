"""Closed-form paths of a point inside a box: where it is at frame t, for any t.

Every law keeps one speed; only the direction changes. A path can therefore be asked for 16
frames or for 64, and the first 16 are the same.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

MOTIONS = ("line", "bounce", "circle", "zigzag")
N_DRAWS = 6  # uniform numbers that one path needs


class Box(NamedTuple):
    """Where the centre of a moving thing may be; the centre of a pixel is a whole number."""

    low: Tensor  # (N, 2) least x and y
    high: Tensor  # (N, 2) greatest x and y


def fold(unfolded: Tensor, room: Tensor | float) -> Tensor:
    """Turn free travel into travel between two walls, at 0 and at `room`.

    The triangle wave: out of the mirror image behind a wall comes the reflected way.

    Args:
        unfolded: where a thing would be without walls, any shape.
        room: distance of the walls, positive, broadcasts.

    Returns:
        The same shape, in [0, room].

    Example:
        >>> fold(torch.tensor([3.0, 5.0, 6.0, -1.0]), 5.0).tolist()
        [3.0, 5.0, 4.0, 1.0]

    Lesson 06.
    """
    return room - (unfolded % (2 * room) - room).abs()


def draw_paths(motion: Tensor, speed: Tensor, box: Box, draws: Tensor, n_frames: int) -> Tensor:
    """Lay one path per video into its box, by the law that `motion` names.

    Args:
        motion: (N,) int64, places in MOTIONS.
        speed: (N,) pixels per frame; between turns every law keeps it.
        box: what the path must not leave.
        draws: (N, N_DRAWS) uniform in [0, 1): direction, place, phase and the like.
        n_frames: T.

    Returns:
        (N, T, 2): x and y of the centre in every frame.

    Lesson 06.
    """
    time = torch.arange(n_frames, dtype=draws.dtype)
    ways = torch.stack([law(speed, box, draws, time) for law in LAWS])  # (4, N, T, 2)
    return ways[motion, torch.arange(len(motion))]


def _line(speed: Tensor, box: Box, draws: Tensor, time: Tensor) -> Tensor:
    """To and fro on one straight line from wall to wall."""
    room = box.high - box.low
    middle = box.low + room * (0.3 + 0.4 * draws[:, 0:2])
    direction = _direction(draws[:, 2])
    reach = torch.where(direction > 0, box.high - middle, middle - box.low) / direction.abs()
    ahead = reach.min(dim=1).values  # until the first wall
    reach = torch.where(direction > 0, middle - box.low, box.high - middle) / direction.abs()
    behind = reach.min(dim=1).values
    length = ahead + behind
    along = 2 * length * draws[:, 3]  # both ways are equally likely
    along = fold(along[:, None] + speed[:, None] * time, length[:, None]) - behind[:, None]
    return middle[:, None] + direction[:, None] * along[..., None]


def _bounce(speed: Tensor, box: Box, draws: Tensor, time: Tensor) -> Tensor:
    """Straight on until a wall, then off it as a ball would."""
    room = box.high - box.low
    velocity = _direction(draws[:, 2]) * speed[:, None]
    free = (room * draws[:, 0:2])[:, None] + velocity[:, None] * time[:, None]  # (N, T, 2)
    return box.low[:, None] + fold(free, room[:, None])


def _circle(speed: Tensor, box: Box, draws: Tensor, time: Tensor) -> Tensor:
    """Round and round, either way."""
    room = box.high - box.low
    radius = room.min(dim=1).values / 2 * (0.5 + 0.45 * draws[:, 3])
    middle = box.low + radius[:, None] + (room - 2 * radius[:, None]) * draws[:, 0:2]
    turn = torch.where(draws[:, 4] < 0.5, -1.0, 1.0) * speed / radius  # radians per frame
    angle = 2 * math.pi * draws[:, 2, None] + turn[:, None] * time
    ring = torch.stack([angle.cos(), angle.sin()], dim=-1)  # (N, T, 2)
    return middle[:, None] + radius[:, None, None] * ring


def _zigzag(speed: Tensor, box: Box, draws: Tensor, time: Tensor) -> Tensor:
    """Along one axis from wall to wall, swinging quickly across it."""
    room = box.high - box.low
    lean = math.radians(52) + math.radians(16) * draws[:, 2]  # away from the long axis
    along_axis, across_axis = room, room.min(dim=1).values * (0.3 + 0.15 * draws[:, 3])
    along = (
        along_axis[..., None] * draws[:, 0, None, None]
        + (speed * lean.cos() * torch.where(draws[:, 5] < 0.5, -1.0, 1.0))[:, None, None] * time
    )  # (N, 2, T)
    along = fold(along, along_axis[..., None])
    across = across_axis[:, None] * 2 * draws[:, 1, None] + (speed * lean.sin())[:, None] * time
    across = fold(across, across_axis[:, None])[:, None]  # (N, 1, T)
    across = across + ((room - across_axis[:, None]) * draws[:, 4, None])[..., None]
    upright = (draws[:, 5] * 2 % 1 < 0.5)[:, None]
    x = torch.where(upright, across[:, 0], along[:, 0])
    y = torch.where(upright, along[:, 1], across[:, 1])
    return box.low[:, None] + torch.stack([x, y], dim=-1)


def _direction(draw: Tensor) -> Tensor:
    """A unit vector (N, 2); never exactly along an axis, where a wall would be out of reach."""
    angle = 2 * math.pi * draw + 1e-3
    return torch.stack([angle.cos(), angle.sin()], dim=-1)


LAWS = (_line, _bounce, _circle, _zigzag)
