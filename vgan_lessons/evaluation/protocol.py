"""How clips are made comparable before anything is measured, written down with every number.

The same model can score 577 under one protocol and 1630 under another. So both sides go
through the same door here: 16 frames, 32x32, bytes; and the settings travel with the card.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons.evaluation.features import CLIP_SHAPE, features_card
from vgan_lessons.layout import (
    frames_from_videos,
    from_uint8,
    to_uint8,
    videos_from_frames,
)

N_FRAMES, _, SIZE, _ = CLIP_SHAPE


def make_protocol(
    data: str, *, n: int, seed: int, stride: int, own_size: int = 0
) -> dict[str, object]:
    """Everything that changes a value without changing the model.

    Args:
        data: name of the real data.
        n: clips on each side.
        seed: of the choice of real clips, of windows, and of the intervals.
        stride: every stride-th frame of the real clips is shown.
        own_size: pixels of the clips, where they are measured at that size as well; else 0.

    Returns:
        A flat dict that fits into JSON.

    Lesson 09.
    """
    full = {"full_size": f"the same network on clips of {own_size}x{own_size}"}
    return {
        "data": data,
        "n": n,
        "seed": seed,
        "n_frames": N_FRAMES,
        "stride": stride,
        "image_size": SIZE,
        "resize": "bilinear, antialiased",
        "pixels": "uint8 on both sides, after resizing",
        "features": features_card()["sha256"][:16],
        "layer": "dense, before any activation, in standard deviations of the real sample",
        "neighbours": 5,
        **(full if own_size else {}),
    }


def prepare(videos: Tensor, *, rng: torch.Generator | None = None) -> Tensor:
    """Bring clips of any size and length into the one form that is measured.

    Args:
        videos: (N, T, C, H, W), float in [-1, 1] or uint8, T >= 16, C of 3 or 1 (grey).
        rng: draws where each longer clip's window begins; None takes the beginning.

    Returns:
        (N, 16, 3, 32, 32) uint8.

    Raises:
        ValueError: if the shape is another one, or clips are too short.

    Lesson 09.
    """
    if videos.ndim != 5 or videos.shape[2] not in (1, 3):
        raise ValueError(f"clips must be (N, T, 3, H, W), got {tuple(videos.shape)}")
    N, T = videos.shape[:2]
    if T < N_FRAMES:
        raise ValueError(f"the protocol needs clips of {N_FRAMES} frames, got {T}")
    start = torch.zeros(N, dtype=torch.long)
    if rng is not None and T > N_FRAMES:
        start = torch.randint(T - N_FRAMES + 1, (N,), generator=rng)
    times = (start[:, None] + torch.arange(N_FRAMES)).to(videos.device)
    rows = torch.arange(N, device=videos.device)[:, None]
    parts = [
        _resized(videos[row, time])
        for row, time in zip(rows.split(64), times.split(64), strict=True)
    ]
    return torch.cat(parts).expand(-1, -1, 3, -1, -1)


def _resized(clips: Tensor) -> Tensor:
    """uint8 clips of the protocol's size; clips that have it already keep every byte."""
    stored = clips if clips.dtype == torch.uint8 else to_uint8(clips)
    if stored.shape[-2:] == (SIZE, SIZE):
        return stored
    frames = frames_from_videos(from_uint8(stored))
    small = F.interpolate(frames, (SIZE, SIZE), mode="bilinear", antialias=True)
    return to_uint8(videos_from_frames(small, N_FRAMES))
