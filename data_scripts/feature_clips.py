"""What the feature network learns from: clips of three kinds, and what is true of each.

Only `train_features.py` uses it. Beside shapes and digits there are figures that wave over a
texture: they keep the network from believing that every background is black and every object
rigid.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons import layout, runtime
from vgan_lessons.datasets import load_videos
from vgan_lessons.evaluation.features import CLIP_SHAPE

N_FRAMES, _, SIZE, _ = CLIP_SHAPE
N_CLIPS = 3072  # of each kind
CLASSES = {"shape": 3, "colour": 6, "motion": 4, "label": 10}  # truths that are classes


def draw_clips(seed: int) -> dict[str, tuple[Tensor, dict[str, Tensor]]]:
    """Draw every clip of the training.

    Args:
        seed: of all three kinds.

    Returns:
        For each kind the videos (N, T, C, H, W) as uint8 and a dict of targets.
    """
    clips = {}
    for kind in ("shapes", "digits"):
        bank = load_videos(kind, n_videos=N_CLIPS, seed=1000 + seed)
        clips[kind] = (bank.frames.view(N_CLIPS, *CLIP_SHAPE), _targets(bank.truth))
    rng = runtime.new_rng(seed)
    parts = [draw_scenes(N_CLIPS // 16, rng) for _ in range(16)]  # in parts, to save memory
    path = (torch.cat([part.positions for part in parts]).flatten(1) - 15.5) / 8
    colours = torch.cat([part.colours for part in parts])
    videos = torch.cat([layout.to_uint8(part.videos) for part in parts])
    clips["scenes"] = (videos, {"path": path, "colours": colours})
    return clips


def _targets(truth: dict[str, Tensor]) -> dict[str, Tensor]:
    targets = {name: truth[name] for name in CLASSES if name in truth}
    targets["path"] = (truth["positions"].flatten(1).float() - 15.5) / 8
    for name, middle, spread in (("size", 6.75, 0.7), ("speed", 1.6, 0.4)):
        if name in truth:
            targets[name] = (truth[name].float()[:, None] - middle) / spread
    return targets


class Scenes(NamedTuple):
    """Clips with what made them."""

    videos: Tensor  # (N, 16, 3, 32, 32) float32 in [-1, 1]
    positions: Tensor  # (N, 16, 2) where the moving hand is, (x, y) in pixels
    colours: Tensor  # (N, 6) of the figure and of the background, each RGB in [-1, 1]


def draw_scenes(n_videos: int, rng: torch.Generator) -> Scenes:
    """Draw static smooth backgrounds, a body that drifts a little, and one or two waving arms.

    Args:
        n_videos: N.
        rng: source of randomness.

    Returns:
        Scenes; the arms swing as a sine with a random range, rate and phase.
    """

    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(n_videos, *shape, generator=rng)

    background_colour, figure_colour = uniform(-0.9, 0.9, 3), uniform(-0.9, 0.9, 3)
    coarse = torch.randn(n_videos, 3, 5, 5, generator=rng) * uniform(0.05, 0.4, 1, 1, 1)
    texture = F.interpolate(coarse, SIZE, mode="bicubic", align_corners=True)
    background = (background_colour[:, :, None, None] + texture).clamp(-1, 1)  # (N, 3, H, W)

    time = torch.arange(N_FRAMES)
    hips = uniform(11, 21, 1, 2) + uniform(-0.25, 0.25, 1, 2) * time[:, None]  # (N, T, 2)
    lean = uniform(-0.3, 0.3, 1) + uniform(0, 0.8, 1) * _swing(uniform, time)
    shoulders = hips + uniform(6, 10, 1, 1) * torch.stack([lean.sin(), -lean.cos()], dim=-1)
    arm_length = uniform(5, 9, 1, 1)
    swing, side = uniform(0.2, 1.3, 1) * _swing(uniform, time), uniform(0.3, 2.5, 1)
    hand = shoulders + arm_length * torch.stack(
        [(side + swing).sin(), (side + swing).cos()], -1
    )
    both = (uniform(0, 1, 1) < 0.5).float()  # the second arm mirrors the first, or hangs
    other = -(side * both + 0.3 * (1 - both) + swing * both)
    other_hand = shoulders + arm_length * torch.stack([other.sin(), other.cos()], dim=-1)

    width = uniform(1.2, 2.6, 1, 1, 1)
    mask = _capsule(hips, shoulders, 1.3 * width)
    for end in (hand, other_hand):
        mask = torch.maximum(mask, _capsule(shoulders, end, 0.7 * width))
    mask = mask[:, :, None]  # (N, T, 1, H, W)
    figure = figure_colour[:, None, :, None, None]
    videos = background[:, None] * (1 - mask) + figure * mask
    return Scenes(videos, hand, torch.cat([figure_colour, background_colour], dim=1))


def _swing(uniform, time: Tensor) -> Tensor:
    """(N, T) in [-1, 1]: between a half and two and a half swings in the clip."""
    rate = uniform(0.5, 2.5, 1) * 2 * math.pi / N_FRAMES
    return torch.sin(rate * time + uniform(0, 2 * math.pi, 1))


def _capsule(start: Tensor, end: Tensor, width: Tensor) -> Tensor:
    """Soft masks (N, T, H, W) of thick lines from start to end, both (N, T, 2)."""
    axis = torch.arange(SIZE, dtype=torch.float32)
    pixel = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=-1)  # (H, W, 2) as x, y
    along = (end - start)[:, :, None, None]  # (N, T, 1, 1, 2)
    out = pixel - start[:, :, None, None]  # (N, T, H, W, 2)
    share = ((out * along).sum(-1) / along.square().sum(-1).clamp(min=1e-6)).clamp(0, 1)
    return (width + 0.5 - (out - share[..., None] * along).norm(dim=-1)).clamp(0, 1)
