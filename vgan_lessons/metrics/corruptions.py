"""Every way to spoil clips that the metric table speaks of, by name and by level.

Two more corruptions live here: they need the other videos of the batch. Signature and ranges
as in `corrupt_time`: (videos, severity, rng) -> videos.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.metrics.corrupt_pixels import blurred, flickering, jittered, noisy
from vgan_lessons.metrics.corrupt_time import frozen, played_backwards, shuffled, slowed

N_LEVELS = 5  # level 5 is severity 1


def switched(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Change who is in the video: in the middle half, one video goes on as another one.

    Args:
        videos: (B, T, C, H, W) with B >= 2.
        severity: the share of videos this happens to.
        rng: draws which videos, and at which frame.

    Returns:
        (B, T, C, H, W).

    Lesson 09.
    """
    B, T = videos.shape[:2]
    at = torch.randint(T // 4, max(T // 4, T - T // 4) + 1, (B, 1), generator=rng)
    happens = torch.rand(B, 1, generator=rng) < severity
    after = (torch.arange(T) >= at) & happens  # (B, T)
    return torch.where(
        after[:, :, None, None, None].to(videos.device), videos.roll(1, 0), videos
    )


def dropped(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Lose modes: videos of some colours are never made.

    Args:
        videos: (B, T, C, H, W); hand in a larger pool and cut the result to the size you need.
        severity: 1 - 0.8 * severity of the pool is kept, lying together in mean colour.
        rng: not used.

    Returns:
        (B', T, C, H, W) with B' <= B, in their old order; every single video is untouched.

    Lesson 09.
    """
    colour = videos.mean(dim=(1, 3, 4)).double()  # (B, C)
    colour = colour - colour.mean(0)
    strongest = torch.linalg.eigh(colour.T @ colour).eigenvectors[:, -1]
    strongest = strongest * strongest.sum().sign()  # an eigenvector's sign is anybody's
    n_kept = max(1, round((1 - 0.8 * severity) * len(videos)))
    kept = (colour @ strongest).argsort()[:n_kept].sort().values
    return videos[kept]


CORRUPTIONS: dict[str, Callable[[Tensor, float, torch.Generator], Tensor]] = {
    "shuffled": shuffled,
    "frozen": frozen,
    "slowed": slowed,
    "played backwards": played_backwards,
    "blurred": blurred,
    "noisy": noisy,
    "jittered": jittered,
    "flickering": flickering,
    "identity switched": switched,
    "modes dropped": dropped,
}


def corrupt(name: str, videos: Tensor, level: int, rng: torch.Generator) -> Tensor:
    """Spoil videos by name.

    Args:
        name: a key of CORRUPTIONS.
        videos: (B, T, C, H, W) in [-1, 1].
        level: 0 (untouched) to 5 (as bad as this corruption gets).
        rng: source of randomness, on the CPU.

    Returns:
        (B, T, C, H, W); fewer videos if modes are dropped.

    Raises:
        ValueError: if the name is unknown or the level is outside 0 to 5.

    Lesson 09.
    """
    if name not in CORRUPTIONS:
        raise ValueError(
            f"unknown corruption {name!r}: expected one of {', '.join(CORRUPTIONS)}"
        )
    if not 0 <= level <= N_LEVELS:
        raise ValueError(f"level must lie in 0 to {N_LEVELS}, got {level}")
    return CORRUPTIONS[name](videos, level / N_LEVELS, rng)
