"""Every change of axis order in the course, each spelled as an einops pattern.

Videos are (B, T, C, H, W) wherever a person meets them: batch, time, channel, height,
width. Two-dimensional layers want frames (B, C, H, W), three-dimensional ones want volumes
(B, C, T, H, W). `view` would accept a wrong order without a word; a pattern does not.
"""

import torch
from einops import rearrange
from torch import Tensor


def frames_from_videos(videos: Tensor) -> Tensor:
    """Fold time into the batch, so that a 2-D layer sees every frame.

    Args:
        videos: (B, T, C, H, W).

    Returns:
        (B * T, C, H, W): frame t of video b stands at row b * T + t.

    Example:
        >>> frames_from_videos(torch.zeros(2, 3, 1, 4, 5)).shape
        torch.Size([6, 1, 4, 5])

    Lesson 06.
    """
    return rearrange(videos, "b t c h w -> (b t) c h w")


def videos_from_frames(frames: Tensor, n_frames: int) -> Tensor:
    """Undo `frames_from_videos`.

    Args:
        frames: (B * T, C, H, W), the frames of one video side by side.
        n_frames: T; must divide the number of frames.

    Returns:
        (B, T, C, H, W).

    Raises:
        ValueError: if the frames do not make whole videos.

    Lesson 06.
    """
    if n_frames < 1 or len(frames) % n_frames:
        raise ValueError(f"{len(frames)} frames do not make whole videos of {n_frames} frames")
    return rearrange(frames, "(b t) c h w -> b t c h w", t=n_frames)


def volumes_from_videos(videos: Tensor) -> Tensor:
    """Put time beside height and width, where a 3-D convolution looks for it.

    Args:
        videos: (B, T, C, H, W).

    Returns:
        (B, C, T, H, W).

    Lesson 06.
    """
    return rearrange(videos, "b t c h w -> b c t h w")


def videos_from_volumes(volumes: Tensor) -> Tensor:
    """Undo `volumes_from_videos`.

    Args:
        volumes: (B, C, T, H, W).

    Returns:
        (B, T, C, H, W).

    Lesson 06.
    """
    return rearrange(volumes, "b c t h w -> b t c h w")


def stack_frames_as_channels(videos: Tensor) -> Tensor:
    """Lay the frames of a clip over one another, so that a 2-D layer can compare them.

    Args:
        videos: (B, T, C, H, W).

    Returns:
        (B, T * C, H, W): channel c of frame t stands at channel t * C + c.

    Lesson 06.
    """
    return rearrange(videos, "b t c h w -> b (t c) h w")


def change_layout(clips: Tensor, given: str, wanted: str, n_frames: int) -> Tensor:
    """Carry clips from any layout of the course to any other.

    Args:
        clips: "videos" (B, T, C, H, W), "frames" (B * T, C, H, W) or "volumes"
            (B, C, T, H, W), as `given` says.
        given: the name of the layout they have.
        wanted: the name of the layout to bring them into; it may be the same.
        n_frames: T, which frames alone do not tell.

    Returns:
        The same numbers in the wanted layout.

    Raises:
        ValueError: if frames do not make whole videos.

    Lesson 06.
    """
    if given == "frames":
        clips = videos_from_frames(clips, n_frames)
    if given == "volumes":
        clips = videos_from_volumes(clips)
    if wanted == "frames":
        return frames_from_videos(clips)
    return volumes_from_videos(clips) if wanted == "volumes" else clips


def to_uint8(videos: Tensor) -> Tensor:
    """Store pixels in a quarter of the space.

    Args:
        videos: any shape, in [-1, 1]; values outside are clipped.

    Returns:
        uint8 of the same shape: -1 becomes 0, 0 becomes 128, +1 becomes 255.

    Lesson 06.
    """
    return ((videos.float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)


def from_uint8(stored: Tensor) -> Tensor:
    """Undo `to_uint8` as closely as 256 levels allow.

    Args:
        stored: uint8, any shape.

    Returns:
        float32 of the same shape in [-1, 1]; `to_uint8` brings back the same bytes.

    Raises:
        TypeError: if the pixels are not uint8.

    Lesson 00.
    """
    if stored.dtype != torch.uint8:
        raise TypeError(f"stored pixels must be uint8, got {stored.dtype}")
    return stored.float() / 127.5 - 1
