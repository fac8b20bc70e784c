"""Ways to spoil what a frame looks like; two of them only show over time.

Signature and ranges as in `corrupt_time`: (videos, severity, rng) -> videos.
"""

import torch
from torch import Tensor


def blurred(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Smear every frame with a Gaussian.

    Args:
        videos: (B, T, C, H, W).
        severity: the Gaussian's standard deviation is severity * 2.5 pixels.
        rng: not used.

    Returns:
        (B, T, C, H, W).

    Lesson 09.
    """
    H, W = videos.shape[-2:]
    down, across = (_smear(side, 2.5 * severity).to(videos) for side in (H, W))
    return down @ videos @ across.T


def _smear(side: int, sigma: float) -> Tensor:
    """(side, side) matrix that blurs a line of pixels; beyond the ends the last one repeats."""
    reach = round(3 * sigma)
    offsets = torch.arange(-reach, reach + 1)
    bell = torch.exp(-offsets.double().square() / (2 * max(sigma, 1e-9) ** 2))
    sources = (torch.arange(side)[:, None] + offsets).clamp(0, side - 1)  # (side, n_offsets)
    weights = (bell / bell.sum()).expand(side, -1)
    return torch.zeros(side, side, dtype=torch.float64).scatter_add(1, sources, weights)


def noisy(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Add fresh Gaussian noise to every pixel of every frame.

    Args:
        videos: (B, T, C, H, W).
        severity: the noise's standard deviation is severity * 0.4; the pixel range is 2.
        rng: draws the noise.

    Returns:
        (B, T, C, H, W), clipped to [-1, 1].

    Lesson 09.
    """
    noise = torch.randn(videos.shape, generator=rng).to(videos)
    return (videos + 0.4 * severity * noise).clamp(-1, 1)


def jittered(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Shake the camera: every frame is shifted by its own whole number of pixels.

    Args:
        videos: (B, T, C, H, W).
        severity: shifts are uniform up to severity * 3 pixels in each direction, then rounded.
        rng: draws the shifts.

    Returns:
        (B, T, C, H, W); the border is repeated outwards.

    Lesson 09.
    """
    B, T, _, H, W = videos.shape
    shift = (3 * severity * (2 * torch.rand(2, B, T, generator=rng) - 1)).round().long()
    rows = (torch.arange(H) - shift[0, ..., None]).clamp(0, H - 1)  # (B, T, H)
    columns = (torch.arange(W) - shift[1, ..., None]).clamp(0, W - 1)  # (B, T, W)
    b, t = torch.arange(B)[:, None, None, None], torch.arange(T)[:, None, None]
    moved = videos.movedim(2, -1)[b, t, rows[..., :, None], columns[..., None, :]]
    return moved.movedim(-1, 2)


def flickering(videos: Tensor, severity: float, rng: torch.Generator) -> Tensor:
    """Let the light tremble: every frame is made darker by its own factor.

    Args:
        videos: (B, T, C, H, W).
        severity: factors are uniform in [1 - severity * 0.8, 1], black staying black.
        rng: draws the factors.

    Returns:
        (B, T, C, H, W).

    Lesson 09.
    """
    B, T = videos.shape[:2]
    factor = 1 - 0.8 * severity * torch.rand(B, T, 1, 1, 1, generator=rng).to(videos)
    return (videos + 1) * factor - 1
