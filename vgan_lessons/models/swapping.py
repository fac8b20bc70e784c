"""Content of one video with the motion of another: a grid of clips, and what it proves."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from einops import rearrange
from torch import Tensor, nn

from vgan_lessons.models.lstm_gan import VideoLatents

Measure = Callable[[Tensor], Tensor]  # videos (N, T, C, H, W) -> (N, d), any numbers


class SwapScores(NamedTuple):
    """How much of what is seen follows from the code that should decide it, each at most 1."""

    content: float  # of the looks, by the content code
    motion: float  # of the paths, by the motion's noise


def crossed(contents: VideoLatents, motions: VideoLatents) -> VideoLatents:
    """Combine every content with every motion.

    Args:
        contents: latents of R videos, of which the content is kept.
        motions: latents of M videos, of which the noise is kept.

    Returns:
        Latents of R * M videos: row r * M + m has content r and motion m. A label goes with
        the content; of several the first one, which moves, goes with the motion.

    Lesson 08.
    """
    R, M = len(contents.z_content), len(motions.noise)
    parts = {
        "z_content": contents.z_content.repeat_interleave(M, dim=0),
        "noise": motions.noise.repeat(R, 1, 1),
    }
    if hasattr(contents, "labels"):
        parts["labels"] = contents.labels.repeat_interleave(M, dim=0)
        if contents.labels.shape[1] > 1:
            parts["labels"][:, 0] = motions.labels[:, 0].repeat(R)  # the label that moves
    return contents._replace(**parts)


@torch.no_grad()
def swap_test(
    generator: nn.Module,
    contents: VideoLatents,
    motions: VideoLatents,
    look: Measure,
    path: Measure,
) -> SwapScores:
    r"""Measure whether content decides the looks and motion the path, by exchanging them.

    .. math:: 1 - \frac{\text{squared distances within a group}}{\text{in all}}

    A group of looks has one content and every motion, a group of paths one motion and every
    content; distances are those to the mean of the group, and to the mean of all.

    Args:
        generator: takes latents, returns videos.
        contents: latents of R >= 2 videos, of which the content is used.
        motions: latents of M >= 2 videos, of which the noise is used.
        look: what videos look like, (N, d).
        path: how they move, (N, e).

    Returns:
        Both scores: 1 where the code decides everything; where it decides nothing, as little
        as 1 / R of the looks and 1 / M of the paths may seem to follow from it.

    Lesson 08.
    """
    R = len(contents.z_content)
    videos = generator(crossed(contents, motions))
    looks = rearrange(look(videos), "(r m) d -> r m d", r=R)
    paths = rearrange(path(videos), "(r m) d -> m r d", r=R)
    return SwapScores(*(_decided(values) for values in (looks, paths)))


def _decided(values: Tensor) -> float:
    """(groups, members, d) -> the share of the spread that is between groups."""
    within = (values - values.mean(1, keepdim=True)).square().sum()
    total = (values - values.mean((0, 1))).square().sum()
    return (1 - within / total).item()
