"""The published way to feed a video GAN: every item opens and decodes a whole film strip."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from benchmarks.mocogan_game import RealBatch
from vgan_lessons import layout
from vgan_lessons.datasets import VideoBank
from vgan_lessons.runtime import new_rng

_MOST_STRIPS = 256  # more would cost time to write and change nothing: one item opens one file
Draw = tuple[int, float]  # which strip, and how far into it, in [0, 1)


def write_strips(bank: VideoBank, folder: Path) -> list[Path]:
    """Lay the videos out as PNG strips, a frame beside the other, one file a video.

    Args:
        bank: at most 256 of its videos are written.
        folder: where.
    """
    paths = []
    firsts = bank.first_frames[:_MOST_STRIPS].tolist()
    for first, length in zip(firsts, bank.lengths.tolist(), strict=False):
        frames = bank.frames[first : first + length].cpu().numpy()  # (T, 3, H, W)
        paths.append(folder / f"{len(paths):05d}.png")
        Image.fromarray(np.concatenate(frames.transpose(0, 2, 3, 1), axis=1)).save(paths[-1])
    return paths


class StripItems(Dataset):
    """Clips or single frames out of strips, decoded anew for every item.

    Args:
        paths: of the strips.
        n_frames: T; None gives single frames.
    """

    def __init__(self, paths: list[Path], n_frames: int | None) -> None:
        self.paths, self.n_frames = paths, n_frames

    def __getitem__(self, draw: Draw) -> Tensor:
        """Open, decode, cut and scale.

        Args:
            draw: which strip and where in it.

        Returns:
            (T, 3, H, W), or (3, H, W) of a single frame, float32 in [-1, 1].
        """
        index, place = draw
        with Image.open(self.paths[index]) as strip:
            pixels = np.array(strip.convert("RGB"))  # (H, F * W, 3)
        side = pixels.shape[0]
        n_there, n_wanted = pixels.shape[1] // side, self.n_frames or 1
        first = int(place * (n_there - n_wanted + 1)) * side
        cut = torch.from_numpy(pixels[:, first : first + n_wanted * side])
        frames = cut.unflatten(1, (n_wanted, side)).permute(1, 3, 0, 2).contiguous()
        clip = layout.from_uint8(frames)
        return clip if self.n_frames else clip[0]


def strip_batches(
    paths: list[Path], *, n_frames: int, batch_size: int, n_workers: int, seed: int
) -> Iterator[RealBatch]:
    """Batches without an end, from two loaders as published: one of frames, one of clips.

    Args:
        paths: of the strips.
        n_frames: T of the clips.
        batch_size: B of each.
        n_workers: processes that decode, for each loader; 0 decodes in the loop.
        seed: of the choice of strips and places.
    """
    loaders = [
        DataLoader(
            StripItems(paths, wanted),
            batch_size=batch_size,
            sampler=_Draws(len(paths), 2 * seed + k),
            num_workers=n_workers,
        )
        for k, wanted in enumerate((None, n_frames))
    ]
    for frames, clips in zip(*loaders, strict=True):
        yield RealBatch(frames, clips)


class _Draws:
    """An endless sampler."""

    def __init__(self, n: int, seed: int) -> None:
        self.n, self.rng = n, new_rng(seed)

    def __iter__(self) -> Iterator[Draw]:
        while True:
            which, place = torch.rand(2, generator=self.rng, dtype=torch.float64).tolist()
            yield int(which * self.n), place
