"""Recorded trainings of small video GANs: one that went well, and five that a slip broke.

`data_scripts/make_recorded_videos.py` trained and wrote them. Nothing is made up: each broken
run comes from the code that its `slip` shows.
"""

import json
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import torch
from PIL import Image
from torch import Tensor

VIDEO_LABELS = {  # what a run can be called, and what that means
    "healthy": "objects move as the real ones do and stay what they are",
    "frozen": "next to nothing moves",
    "flicker": "the next frame has as little to do with this one as any other",
    "drift": "an object turns into another on its way",
    "loop": "the same few frames come again and again",
    "collapse": "all clips show the same thing",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class VideoCurves:
    """What was logged while a video GAN was trained: columns of equal length, (n_logs,) each.

    The last five are `symptoms` of 64 clips of the averaged generator.
    """

    step: Tensor  # updates of G so far
    d_loss: Tensor  # both discriminators together: 1.386 when neither can tell
    g_loss: Tensor
    clip_margin: Tensor  # mean real minus mean fake logit of the clip discriminator
    frame_margin: Tensor  # the same of the frame discriminator
    motion: Tensor  # change over one frame, as a share of the real clips'
    restless: Tensor  # change over one frame, as a share of the most over any time
    comes_back: Tensor  # least change over 3 or more frames, as a share of that over one
    content_change: Tensor  # of colour from the beginning of a clip to its end
    variety: Tensor  # of the colours of different clips, as a share of the real clips'


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordedVideoRun:
    """One stored training: its curves, clips of its end, and what was wrong with it."""

    curves: VideoCurves
    clips: Tensor  # (B, 16, 3, 16, 16) uint8, of the averaged generator at the end
    label: str  # one of VIDEO_LABELS
    slip: str  # the code that broke it, "" for the healthy one


@cache
def recorded_video_runs() -> dict[str, RecordedVideoRun]:
    """The six stored trainings, one of each label, under names that do not give it away.

    Returns:
        "A" to "F" -> run.

    Example:
        >>> runs = recorded_video_runs()
        >>> list(runs), runs["A"].clips.shape[1:]
        (['A', 'B', 'C', 'D', 'E', 'F'], torch.Size([16, 3, 16, 16]))
    """
    return {
        name: RecordedVideoRun(
            curves=_curves(stored["curves"]),
            clips=stored_clips(stored["clips"]),
            label=stored["label"],
            slip=stored["slip"],
        )
        for name, stored in read_recording("six_video_runs.json").items()
    }


@cache
def held_out_video_curves() -> tuple[tuple[str, VideoCurves], ...]:
    """Curves of further broken trainings: other seeds, lengths and slips.

    Returns:
        (label, curves) pairs, one of each label but "healthy".
    """
    stored = read_recording("held_out_video_runs.json")
    return tuple((one["label"], _curves(one["curves"])) for one in stored)


@cache
def measured_shapes_runs() -> dict[str, object]:
    """What lesson 08's training on `shapes` gave on several seeds, with memory and without.

    Written by `data_scripts/measure_shapes_runs.py`.

    Returns:
        n (clips measured), and runs: model, seed, n_steps, clip_distance, motion, named ...
    """
    return read_recording("shapes_runs.json")


def read_recording(name: str) -> object:
    """What a script measured and stored with the package.

    Args:
        name: of a JSON file in `evaluation/recordings`.
    """
    path = files("vgan_lessons.evaluation") / "recordings" / name
    return json.loads(path.read_text(encoding="utf-8"))


def _curves(stored: dict[str, list[float]]) -> VideoCurves:
    return VideoCurves(**{name: torch.tensor(column) for name, column in stored.items()})


def stored_clips(stored: dict) -> Tensor:
    """A losslessly stored picture, a row a clip and a column a frame, cut apart."""
    pixels = torch.from_numpy(np.array(Image.open(BytesIO(b64decode(stored["picture"])))))
    rows = pixels.unflatten(0, (stored["n_clips"], -1)).unflatten(2, (stored["n_frames"], -1))
    return rows.permute(0, 2, 4, 1, 3).contiguous()
