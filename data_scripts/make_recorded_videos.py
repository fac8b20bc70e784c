"""Train small video GANs rightly and wrongly, and write down the runs of lesson 08.

    python data_scripts/make_recorded_videos.py [--out FOLDER] [--only NAME ...]

Six runs for the page and five broken ones that only the check of `diagnose_video` sees. One
thread, seeded; about six minutes on one quiet CPU core.
"""

import argparse
import inspect
import json
import re
import textwrap
import time
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from broken_videos import (
    BlindToClips,
    Drifting,
    FirstFrames,
    Looping,
    LoopingSooner,
    Trained,
    VideoRun,
    train,
)
from vgan_lessons import storage
from vgan_lessons.evaluation import recorded

_NO_PAIRS = {"g_lr": 1.6e-3, "d_lr": 2e-4, "r1_gamma": 0.0, "r2_gamma": 0.0}
FROZEN = {"label": "frozen", "blind": True}
FLICKER = {"label": "flicker", "blind": True, "settings": {"model": "independent"}}
LOOP = {"label": "loop", "settings": {"max_stride": 1}}
COLLAPSE = {"label": "collapse", "logistic": True, "settings": _NO_PAIRS}
SHORT = {"n_steps": 600}


def _text(part: object) -> str:
    return textwrap.dedent(inspect.getsource(part))


_BLIND = _text(BlindToClips.forward)
_LOGISTIC = "\n".join(
    (
        "d_loss = non_saturating_d_loss(real_logits, fake_logits)  # of each, not of pairs",
        "config = replace(config, r1_gamma=0.0, r2_gamma=0.0, d_lr=config.g_lr / 8)",
    )
)
PAGE = {  # the names do not give the labels away
    "A": VideoRun(seed=1, label="drift", generator=Drifting, slip=_text(Drifting.forward)),
    "B": VideoRun(seed=0, **FROZEN, slip=_BLIND),
    "C": VideoRun(seed=0),
    "D": VideoRun(seed=0, **LOOP, generator=Looping, slip=_text(Looping.forward)),
    "E": VideoRun(seed=0, **COLLAPSE, slip=_LOGISTIC),
    "F": VideoRun(
        seed=0, **FLICKER, slip=_BLIND + "\ngenerator = VideoGenerator(painter, memory=False)"
    ),
}
HELD_OUT = (
    VideoRun(seed=13, label="frozen", generator=FirstFrames, **SHORT),
    VideoRun(seed=14, **FLICKER, **SHORT),
    VideoRun(seed=15, label="drift", generator=Drifting, **SHORT),
    VideoRun(seed=16, **LOOP, generator=LoopingSooner, **SHORT),
    VideoRun(seed=17, **COLLAPSE, **SHORT),
)


def stored_curves(trained: Trained) -> dict[str, list[float]]:
    """Rows of a log as columns, to four digits."""
    first = trained.rows[0]
    return {name: [float(f"{row[name]:.4g}") for row in trained.rows] for name in first}


def stored_run(run: VideoRun, trained: Trained) -> dict[str, object]:
    """A run for the page: its curves, its clips as one lossless picture, and its slip."""
    clips = trained.clips[run.n_steps]
    return {
        "label": run.label,
        "slip": run.slip,
        "curves": stored_curves(trained),
        "clips": {
            "n_clips": clips.shape[0],
            "n_frames": clips.shape[1],
            "picture": b64encode(_as_png(clips)).decode(),
        },
    }


def _as_png(clips: Tensor) -> bytes:
    """(B, T, 3, H, W) -> a row a clip, a column a frame."""
    B, T, C, H, W = clips.shape
    picture = clips.permute(0, 3, 1, 4, 2).reshape(B * H, T * W, C)
    file = BytesIO()
    Image.fromarray(picture.numpy()).save(file, "PNG", optimize=True)
    return file.getvalue()


def _write(path: Path, content: object) -> None:
    """One line a list, so that the file is small and its differences can be read."""
    text = json.dumps(content, indent=1, allow_nan=False)
    flat = re.sub(r"\[[-+\d\s.,e]*\]", lambda numbers: re.sub(r"\s+", "", numbers[0]), text)
    with storage.whole_file(path) as draft:
        draft.write_text(flat + "\n", encoding="utf-8")


def _told(name: str, run: VideoRun, trained: Trained, began: float) -> None:
    last = "  ".join(f"{key} {value:.3g}" for key, value in trained.rows[-1].items())
    print(f"{name:8} {run.label:9} {time.process_time() - began:5.1f} s  {last}", flush=True)


def main() -> None:
    """Train every run and write the two files, each as a whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    folder = Path(recorded.__file__).parent / "recordings"
    parser.add_argument("--out", type=Path, default=folder, help="folder to write into")
    parser.add_argument("--only", nargs="+", choices=PAGE, help="these runs of the page alone")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    asked.out.mkdir(parents=True, exist_ok=True)
    page, held_out = {}, []
    for name in asked.only or PAGE:
        began = time.process_time()
        trained = train(PAGE[name], (PAGE[name].n_steps,))
        page[name] = stored_run(PAGE[name], trained)
        _told(name, PAGE[name], trained, began)
    _write(asked.out / "six_video_runs.json", page)
    for run in () if asked.only else HELD_OUT:
        began = time.process_time()
        trained = train(run)
        held_out.append({"label": run.label, "curves": stored_curves(trained)})
        _told("held out", run, trained, began)
    if not asked.only:
        _write(asked.out / "held_out_video_runs.json", held_out)


if __name__ == "__main__":
    main()
