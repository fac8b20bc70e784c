"""What one round looks at: some frames of each path, and single ones of those."""

from typing import NamedTuple

import torch
from torch import Tensor

from vgan_lessons.training.config import VideoTrainConfig


class Window(NamedTuple):
    """The same choice of frames for reals and fakes; the gradient runs through these alone."""

    stride: int  # frames of the path per frame of the window
    index: Tensor  # (B, K) which frames of the path are painted
    picked: Tensor  # (B, n) which of the K frames the frame discriminator sees

    def pick(self, clips: Tensor) -> Tensor:
        """The single frames of each clip.

        Args:
            clips: (B, K, C, H, W).

        Returns:
            (B * n, C, H, W), clip by clip.
        """
        rows = torch.arange(len(clips), device=clips.device)[:, None]
        return clips[rows, self.picked].flatten(0, 1)


def draw_window(
    config: VideoTrainConfig, step: int, n_clips: int, rng: torch.Generator
) -> Window:
    """Choose a window of every path of a batch.

    Strides take turns, they are not drawn: a drawn number would have to come back from the GPU.

    Args:
        config: the window's length, the largest stride, and the length of a path.
        step: number of this round; its stride is 1 + step % max_stride.
        n_clips: B.
        rng: draws the start of each window and the picked frames, on its own device.

    Returns:
        A window of `config.window_frames` frames of each path; where G goes on from a first
        frame, one that begins with it.

    Lesson 08.
    """
    stride = 1 + step % config.max_stride
    span = (config.window_frames - 1) * stride + 1
    draw = {"generator": rng, "device": rng.device}
    start = _begun(config, torch.randint(0, config.n_frames - span + 1, (n_clips, 1), **draw))
    steps = torch.arange(config.window_frames, device=rng.device) * stride
    if config.single_frames == 1:
        picked = torch.randint(0, config.window_frames, (n_clips, 1), **draw)
    else:  # without repetition
        picked = torch.rand(n_clips, config.window_frames, **draw).argsort(dim=1)
    return Window(stride, start + steps, picked[:, : config.single_frames])


def _begun(config: VideoTrainConfig, start: Tensor) -> Tensor:
    """Where the windows begin: all with the frame that G is shown, if it is shown one."""
    return torch.zeros_like(start) if config.sees_first_frame else start
