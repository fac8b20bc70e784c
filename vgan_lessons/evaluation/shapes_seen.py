"""What the clips of `shapes` show: a shape that can be named, one object, a colour of the data.

FVD-small rates clips whose object changes form in every frame as well as clips in which a
stranger names every shape. Here each frame is held against drawings of the three shapes.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons.datasets.shapes import COLOURS, SHAPES, shape_cover
from vgan_lessons.layout import frames_from_videos

_LEAST_OVERLAP = 0.88  # of the best drawing with the object
_LEAST_LEAD = 0.05  # of the best shape over the second
_NUDGES = (-0.4, 0.0, 0.4)  # pixels tried around the centre, along both axes
_SCALES = (0.9, 0.95, 1.0, 1.05, 1.12)  # tried around the size of the object's area
_NEAR_COLOUR = 25.0  # of 255, distance from a colour of the data


def see_shapes(clips: Tensor) -> dict[str, Tensor]:
    """Look at clips as a stranger would who knows the three shapes and the six colours.

    Args:
        clips: (N, T, 3, H, W) uint8.

    Returns:
        For every clip, (N,): `named`, whether one and the same shape fits all its frames and
        no other comes near; `rarest_shape`, the place of that shape in SHAPES, -1 for none;
        `one_object`, whether every frame holds exactly one; `colour`, whether its mean colour
        is close to one of the data's.

    Lesson 09.
    """
    N, T = clips.shape[:2]
    parts = [_see_frames(part.float()) for part in frames_from_videos(clips).split(512)]
    overlap, colour, single = (torch.cat(seen) for seen in zip(*parts, strict=True))
    (best, second), (which, _) = (part.T for part in overlap.topk(2, dim=1))
    sure = (best >= _LEAST_OVERLAP) & (best - second >= _LEAST_LEAD)
    which, sure = which.view(N, T), sure.view(N, T)
    named = (sure & (which == which[:, :1])).all(1)
    palette = torch.tensor(list(COLOURS.values()), dtype=torch.float32)
    off = torch.cdist(colour.view(N, T, 3).mean(1), palette).amin(1)
    return {
        "named": named,
        "rarest_shape": which[:, 0].masked_fill(~named, -1),
        "one_object": single.view(N, T).all(1),
        "colour": off < _NEAR_COLOUR,
    }


def rarest_share(which: Tensor) -> Tensor:
    """How often the shape that is named least often is named.

    Args:
        which: (N,) int64, place in SHAPES, -1 where no shape was named.

    Returns:
        Scalar; a third at best, 0 if a shape never comes.
    """
    return (which[:, None] == torch.arange(len(SHAPES))).double().mean(0).amin()


def _see_frames(frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(M, 3, H, W) in 0...255 -> overlaps (M, 3), colours (M, 3), one object (M,)."""
    brightness = frames.amax(1)  # (M, H, W)
    peak = brightness.flatten(1).amax(1).clamp(min=1)
    core = (brightness > 0.6 * peak[:, None, None]).float()
    colour = (frames * core[:, None]).sum((2, 3)) / core.sum((1, 2)).clamp(min=1)[:, None]
    along = (frames * colour[:, :, None, None]).sum(1)  # how much of that colour there is
    cover = (along / colour.square().sum(1).clamp(min=1)[:, None, None]).clamp(0, 1)
    overlap = _overlaps(cover * (cover > 0.1))
    return overlap, colour, _is_single(brightness > 51)


def _overlaps(cover: Tensor) -> Tensor:
    """Best overlap (intersection over union) of each shape with (M, S, S) covers; (M, 3)."""
    M, S, _ = cover.shape
    weight = cover * (cover > 0.15)
    total = weight.sum((1, 2)).clamp(min=1e-6)
    pixels = torch.arange(S, dtype=torch.float32)
    x, y = (weight.sum(1) @ pixels) / total, (weight.sum(2) @ pixels) / total
    area = cover.sum((1, 2))
    size = (area / math.pi).sqrt().clamp(2, S / 2.9)
    best = torch.zeros(M, len(SHAPES))
    for shape in range(len(SHAPES)):
        for nudge_x in _NUDGES:
            for nudge_y in _NUDGES:
                dx = (pixels - (x + nudge_x)[:, None])[:, None, :]
                dy = (pixels - (y + nudge_y)[:, None])[:, :, None]
                for scale in _SCALES:
                    drawn = shape_cover(shape, dx, dy, (scale * size)[:, None, None])
                    both = torch.minimum(drawn, cover).sum((1, 2))
                    either = drawn.sum((1, 2)) + area - both
                    fit = both / either.clamp(min=1e-6)
                    best[:, shape] = torch.maximum(best[:, shape], fit)
    return best


def _is_single(lit: Tensor) -> Tensor:
    """Whether (M, H, W) bool masks are one connected thing of 20 pixels, bar specks."""
    H, W = lit.shape[1:]
    everything = lit[:, None].float()
    crowd = F.avg_pool2d(everything, 3, stride=1, padding=1) * everything
    first = crowd.flatten(1).argmax(1)  # a lit pixel among lit ones: no speck
    reached = F.one_hot(first, H * W).view(-1, 1, H, W).float()
    if not everything.any():
        return torch.zeros(len(lit), dtype=torch.bool)
    while True:  # spread from one lit pixel to its lit neighbours, diagonals included
        spread = F.max_pool2d(reached, 3, stride=1, padding=1) * everything
        if torch.equal(spread, reached):
            break
        reached = spread
    size = reached.sum((1, 2, 3))
    rest = everything - reached  # specks: single pixels without a lit neighbour
    neighbours = F.avg_pool2d(rest, 3, stride=1, padding=1) * 9 * rest
    no_second = (neighbours < 1.5).flatten(1).all(1)
    return (size >= 20) & no_second
