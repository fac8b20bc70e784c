"""The video generators by name, and clips made by them.

A generator draws its latents in `draw_latents(n, n_frames, rng)` and is called as
`generator(latents, frame_index=None)`; it returns videos (B, T, C, H, W) in (-1, 1).
"""

from functools import partial

import torch
from torch import Tensor, nn

from vgan_lessons import layout
from vgan_lessons.models.conv3d import Conv3dGenerator
from vgan_lessons.models.lstm_gan import VideoGenerator

MODELS = {
    "lstm": partial(VideoGenerator, memory=True),
    "independent": partial(VideoGenerator, memory=False),
    "conv3d": Conv3dGenerator,
}


def build(model: str, **sizes: object) -> nn.Module:
    """Make a generator by name.

    Args:
        model: "lstm" (the course's), "independent" (i.i.d. frames) or "conv3d".
        sizes: what the generator's constructor takes.

    Returns:
        An untrained generator on the CPU; weights from torch's global random source.

    Raises:
        ValueError: if the name is unknown.
    """
    if model not in MODELS:
        raise ValueError(f"unknown model {model!r}: expected one of {', '.join(MODELS)}")
    return MODELS[model](**sizes)


@torch.no_grad()
def generate(
    generator: nn.Module, n: int, *, n_frames: int, rng: torch.Generator, batch_size: int = 32
) -> Tensor:
    """Sample videos as they are stored and shown.

    Args:
        generator: from `build`, on any device.
        n: N, how many videos.
        n_frames: T, frames of each; may exceed what was trained on where a path allows it.
        rng: the random source, on the generator's device.
        batch_size: videos made at a time; sets the memory needed, nothing else.

    Returns:
        (N, T, 3, H, W) uint8 on the CPU.

    Example:
        >>> rng = torch.Generator().manual_seed(0)
        >>> generate(build("lstm"), 3, n_frames=20, rng=rng).shape
        torch.Size([3, 20, 3, 32, 32])

    Lesson 08.
    """
    made = []
    for first in range(0, n, batch_size):
        latents = generator.draw_latents(min(batch_size, n - first), n_frames, rng)
        made.append(layout.to_uint8(generator(latents)).cpu())
    return torch.cat(made)
