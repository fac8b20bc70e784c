"""One distance, measured twice: of single frames, and of whole clips."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.layout import frames_from_videos


@torch.no_grad()
def frame_and_clip_distance(
    real: Tensor,
    fake: Tensor,
    features: Callable[[Tensor], Tensor],
    distance: Callable[[Tensor, Tensor], Tensor | float],
) -> tuple[float, float]:
    """How far apart two sets of films are, frame by frame and clip by clip.

    The first number cannot know in which order frames come; shuffling or freezing changes the
    second alone. Every frame is shown as a clip of one frame, so that the same network looks.

    Args:
        real: (N, T, C, H, W) in [-1, 1].
        fake: (M, T, C, H, W), likewise; take M = N.
        features: (K, T', C, H, W) -> (K, d), for T' = T and T' = 1.
        distance: two clouds of features -> a number, such as `feature_frechet`.

    Returns:
        (frame distance, clip distance): 0 and 0 for a set against itself; 0 and more against
        the same films shuffled.

    Lesson 06.
    """
    stills = [features(frames_from_videos(videos).unsqueeze(1)) for videos in (real, fake)]
    clips = [features(videos) for videos in (real, fake)]
    return float(distance(*stills)), float(distance(*clips))
