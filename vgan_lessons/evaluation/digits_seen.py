"""What the clips of `digits` show: which of the ten digits, and whether it stays that digit.

The features of FVD-small learned to tell ten digits apart and more besides, but coverage
counts neighbourhoods, not classes: a generator that knows a single digit well may score 0.6.
"""

from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons.datasets import load_videos
from vgan_lessons.layout import frames_from_videos

_SIDE = 16  # of the patch around a digit that is compared
_N_KNOWN = 6000  # drawn clips, each giving one labelled patch
_N_VOTES = 5


def see_digits(clips: Tensor) -> dict[str, Tensor]:
    """Read the digit in every frame by its nearest neighbours among the real ones.

    Args:
        clips: (N, T, C, H, W) uint8, a bright digit on black, drawn as in `digits`.

    Returns:
        For every clip, (N,): `identity`, whether all frames are read as the same digit;
        `classes` and `largest_share`, both the digit most frames are read as.

    Lesson 09.
    """
    patches, labels = _known()
    T = clips.shape[1]
    read = []
    for frames in frames_from_videos(clips).split(1024):
        nearest = (_patches(frames) @ patches.T).topk(_N_VOTES, dim=1).indices
        read.append(labels[nearest].mode(dim=1).values)
    frame_digits = torch.cat(read).view(-1, T)
    digit = frame_digits.mode(dim=1).values
    identity = (frame_digits == digit[:, None]).all(1)
    return {"identity": identity, "classes": digit, "largest_share": digit}


def n_classes(digits: Tensor) -> Tensor:
    """How many different digits there are.

    Args:
        digits: (N,) int64.
    """
    return torch.tensor(len(digits.unique()))


def largest_share(digits: Tensor) -> Tensor:
    """The share of the most frequent digit: a tenth at best, 1 if there is only one.

    Args:
        digits: (N,) int64.
    """
    return torch.bincount(digits).max() / len(digits)


@cache
def _known() -> tuple[Tensor, Tensor]:
    """Patches (M, d) of drawn clips, one frame each, and their labels (M,)."""
    bank = load_videos("digits", n_videos=_N_KNOWN, n_frames=1, seed=12345)
    return _patches(bank.frames), bank.truth["label"]


def _patches(frames: Tensor) -> Tensor:
    """Cut frames (M, C, S, S) around their centre of brightness; (M, d) of length 1."""
    ink = (frames.float().amax(1, keepdim=True) / 255 - 0.1).clamp(min=0)  # no faint veil
    size = ink.shape[-1]
    places = torch.arange(size, dtype=torch.float32)
    mass = ink.sum((1, 2, 3)).clamp(min=1e-6)
    x = (ink.sum((1, 2)) @ places) / mass
    y = (ink.sum((1, 3)) @ places) / mass
    window = torch.arange(_SIDE) - (_SIDE - 1) / 2
    columns = (x[:, None] + window + 0.5) / size * 2 - 1  # in grid_sample's units
    rows = (y[:, None] + window + 0.5) / size * 2 - 1
    shape = (len(frames), _SIDE, _SIDE)
    grid = torch.stack([columns[:, None].expand(shape), rows[:, :, None].expand(shape)], dim=-1)
    patches = F.grid_sample(ink, grid, align_corners=False).flatten(1)
    return F.normalize(patches, dim=1)
