"""`sample --out FOLDER`: one file a clip, for whoever wants clips and not a wall of them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from vgan_lessons.cli.trained import Trained
from vgan_lessons.display.files import check_clip, save_clip
from vgan_lessons.models.generators import generate

AT_A_TIME = 32  # clips in memory


def is_folder(out: Path) -> bool:
    """Whether a path asks for a folder of files: it is one, or its name has no suffix.

    Args:
        out: of `sample --out`.
    """
    return out.is_dir() or not out.suffix


def write_clips(
    out: Path,
    trained: Trained,
    *,
    n: int,
    n_frames: int,
    rng: torch.Generator,
    labels: Tensor | None,
    first_frames: Tensor | None,
    suffix: str,
    fps: float,
) -> None:
    """Make clips and write each into a file of its own, named by number and classes.

    Args:
        out: the folder; made if missing. Files of the same names are replaced.
        trained: whose generator is on the device that should compute.
        n: how many clips.
        n_frames: of each.
        rng: on that device; equal ones make the clips of one file of `sample`.
        labels: (n, K) int64, or None.
        first_frames: (n, 3, H, W), how the clips of a continuation begin, or None.
        suffix: .webp, .gif or .mp4.
        fps: frames a second.

    Raises:
        ValueError: if the format cannot hold such a clip.
    """
    check_clip(Path(f"clip{suffix}"), 1, trained.train.image_size, fps=fps, columns=1, scale=1)
    for first in range(0, n, AT_A_TIME):
        some = slice(first, first + AT_A_TIME)
        told, begun = (None if x is None else x[some] for x in (labels, first_frames))
        many = min(AT_A_TIME, n - first)
        given = {"labels": told, "first_frames": begun}
        clips = generate(trained.generator, many, n_frames=n_frames, rng=rng, **given)
        for place, clip in enumerate(clips):
            words = () if told is None else _words(told[place], trained.labels)
            name = "-".join([f"{first + place:0{len(str(n - 1))}d}", *words])
            save_clip(out / f"{name}{suffix}", clip[None], fps=fps, columns=1, scale=1)


def _words(label: Tensor, names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for place, classes in zip(label.tolist(), names.values(), strict=True):
        yield "".join(c if c.isalnum() else "_" for c in classes[place])
