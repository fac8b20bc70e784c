"""Procedural clips: one coloured shape on black, with everything known that made it."""

import torch
from torch import Tensor

from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import CARDS
from vgan_lessons.datasets.paths import MOTIONS, N_DRAWS, Box, draw_paths

SHAPES = ("square", "circle", "triangle")
COLOURS = {
    "red": (255, 60, 50),
    "yellow": (255, 220, 40),
    "green": (60, 210, 80),
    "cyan": (50, 210, 230),
    "blue": (80, 110, 255),
    "magenta": (235, 80, 220),
}
# Half widths and half heights of the three shapes of area pi: left/right, above, below.
_EXTENTS = torch.tensor([[0.886, 0.886, 0.886], [1.0, 1.0, 1.0], [1.347, 1.555, 0.778]])


def draw_shapes(
    n_videos: int, *, n_frames: int = 16, image_size: int = 32, rng: torch.Generator
) -> VideoBank:
    """Draw clips of one moving shape each, and keep the causes beside them.

    Two calls with equal rngs that differ only in `n_frames` draw the same objects on the same
    paths, one longer than the other; a larger `n_videos` begins with the same videos.

    Args:
        n_videos: N.
        n_frames: T; any length, for the paths never end.
        image_size: H and W; at least 16. Size and speed grow with it.
        rng: the random source.

    Returns:
        A bank with truth: shape, colour, motion (N,) int64; size, speed (N,) in pixels;
        positions (N, T, 2), the x and y of the centroid; shape and colour are its labels.

    Raises:
        ValueError: if the frame is too small to hold a moving shape.

    Example:
        >>> bank = draw_shapes(4, rng=torch.Generator().manual_seed(0))
        >>> bank.frames.shape, bank.truth["positions"].shape
        (torch.Size([64, 3, 32, 32]), torch.Size([4, 16, 2]))

    Lesson 06.
    """
    if image_size < 16 or n_frames < 1:
        raise ValueError(
            f"shapes need image_size >= 16 and n_frames >= 1, got {image_size} and {n_frames}"
        )
    draws = torch.rand(n_videos, 5 + N_DRAWS, generator=rng)
    truth = {
        "shape": (draws[:, 0] * len(SHAPES)).long(),
        "colour": (draws[:, 1] * len(COLOURS)).long(),
        "motion": (draws[:, 2] * len(MOTIONS)).long(),
        "size": (5.5 + 2.5 * draws[:, 3]) * image_size / 32,
        "speed": (1 + 1.5 * draws[:, 4]) * image_size / 32,
    }
    room = _room(truth["shape"], truth["size"], image_size)
    truth["positions"] = draw_paths(
        truth["motion"], truth["speed"], room, draws[:, 5:], n_frames
    )
    return VideoBank(
        frames=render_shapes(truth, image_size=image_size).flatten(0, 1),
        lengths=torch.full((n_videos,), n_frames),
        truth=truth,
        label_names={"shape": SHAPES, "colour": tuple(COLOURS)},
        card=CARDS["shapes"],
    )


def render_shapes(truth: dict[str, Tensor], *, image_size: int) -> Tensor:
    """Draw given shapes at given places: the inverse of looking.

    Args:
        truth: shape, colour, size (N,) and positions (N, T, 2), as `draw_shapes` returns them.
        image_size: H and W in pixels.

    Returns:
        (N, T, 3, H, W) uint8; 0 outside the shape, its colour inside, blended at the edge.

    Lesson 06.
    """
    n_videos, n_frames = truth["positions"].shape[:2]
    videos = torch.empty(n_videos, n_frames, 3, image_size, image_size, dtype=torch.uint8)
    palette = torch.tensor(list(COLOURS.values()), dtype=torch.float32)
    for shape in range(len(SHAPES)):
        for chosen in (truth["shape"] == shape).nonzero().squeeze(1).split(64):
            pixels = torch.arange(image_size, dtype=torch.float32)
            offsets = pixels - truth["positions"][chosen].float()[..., None]  # (n, T, 2, S)
            size = truth["size"][chosen].view(-1, 1, 1, 1)
            mask = shape_cover(
                shape, offsets[:, :, 0, None, :], offsets[:, :, 1, :, None], size
            )
            colour = palette[truth["colour"][chosen]].view(-1, 1, 3, 1, 1)
            videos[chosen] = (mask[:, :, None] * colour + 0.5).to(torch.uint8)
    return videos


def shape_cover(shape: int, dx: Tensor, dy: Tensor, size: Tensor) -> Tensor:
    """How much of each pixel a shape covers.

    Args:
        shape: its place in SHAPES.
        dx: pixels from the centroid to the right; broadcasts with the others.
        dy: pixels from the centroid downwards.
        size: radius of the circle of equal area, in pixels.

    Returns:
        0 outside, 1 inside, between at the blended edge.
    """
    return (_cover_square, _cover_circle, _cover_triangle)[shape](dx, dy, size)


def _room(shape: Tensor, size: Tensor, image_size: int) -> Box:
    """Where a centre may be so that even the blended edge stays inside the frame."""
    aside, above, below = (_EXTENTS[shape] * size[:, None]).unbind(dim=1)
    last = image_size - 1
    return Box(
        low=torch.stack([aside, above], dim=1),
        high=torch.stack([last - aside, last - below], dim=1),
    )


def _cover_square(dx: Tensor, dy: Tensor, size: Tensor) -> Tensor:
    """How much of each pixel the shape covers, 0 to 1; here exactly, axis by axis."""
    half = _EXTENTS[0, 0] * size + 0.5
    return (half - dx.abs()).clamp(0, 1) * (half - dy.abs()).clamp(0, 1)


def _cover_circle(dx: Tensor, dy: Tensor, size: Tensor) -> Tensor:
    return (size + 0.5 - (dx.square() + dy.square()).sqrt_()).clamp_(0, 1)


def _cover_triangle(dx: Tensor, dy: Tensor, size: Tensor) -> Tensor:
    """Equilateral, point up (y grows downwards): inside all three edges."""
    sides = 0.8660254 * dx.abs() - 0.5 * dy
    return (_EXTENTS[2, 2] * size + 0.5 - torch.maximum(sides, dy)).clamp_(0, 1)
