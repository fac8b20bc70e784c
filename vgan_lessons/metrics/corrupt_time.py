"""Ways to spoil when things happen, while every single frame stays perfect.

All corruptions share one signature, (videos, severity, rng) -> videos: videos are float in
[-1, 1], (B, T, C, H, W), untouched by the call; severity runs from 0 (nothing happens) to 1;
rng lives on the CPU. The same rng seed spoils in the same way.
"""

import torch
from torch import Tensor


def shuffled(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Put a share of each video's frames into random order, the others stay where they are.

    Args:
        videos: (B, T, C, H, W).
        severity: the share of frames that is reordered.
        rng: draws which frames, and their new order.

    Returns:
        (B, T, C, H, W), the same frames.

    Lesson 09.
    """
    B, T = videos.shape[:2]
    n_moved = round(severity * T)
    places = torch.rand(B, T, generator=rng).argsort(1)[:, :n_moved]  # random, in random order
    order = torch.arange(T).repeat(B, 1)
    order.scatter_(1, places.sort(1).values, places)
    return _pick_frames(videos, order)


def frozen(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Stop the video: the last moving frame is held to the end.

    Args:
        videos: (B, T, C, H, W).
        severity: the share of the video that stands still; 1 repeats the first frame.
        rng: not used.

    Returns:
        (B, T, C, H, W).

    Lesson 09.
    """
    B, T = videos.shape[:2]
    last_moving = round((1 - severity) * (T - 1))
    return _pick_frames(videos, torch.arange(T).clamp(max=last_moving).repeat(B, 1))


def slowed(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Let time run slower; what falls between two frames is their blend.

    Args:
        videos: (B, T, C, H, W).
        severity: time runs at 1 - 0.8 * severity of its speed.
        rng: not used.

    Returns:
        (B, T, C, H, W), showing the beginning of the video only.

    Lesson 09.
    """
    T = videos.shape[1]
    moment = torch.arange(T, dtype=torch.float64) * (1 - 0.8 * severity)
    before = moment.floor().long()
    after = (before + 1).clamp(max=T - 1)
    share = (moment - before).to(videos).view(1, T, 1, 1, 1)
    return torch.lerp(videos[:, before], videos[:, after], share)


def played_backwards(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Turn time round in some of the videos.

    Args:
        videos: (B, T, C, H, W).
        severity: the share of videos that run backwards.
        rng: draws which.

    Returns:
        (B, T, C, H, W).

    Lesson 09.
    """
    B, T = videos.shape[:2]
    backwards = torch.rand(B, 1, generator=rng) < severity
    steps = torch.arange(T).repeat(B, 1)
    return _pick_frames(videos, torch.where(backwards, T - 1 - steps, steps))


def _pick_frames(videos: Tensor, order: Tensor) -> Tensor:
    """Frame order[b, t] of video b becomes frame t; order is (B, T)."""
    rows = torch.arange(len(videos))[:, None]
    return videos[rows, order]
