"""Whether a continuation goes on as the films went on that it never saw, or better stood still.

    python data_scripts/measure_continuation.py runs/weizmann-continuation --machine "2 cores"

From frames of the films that were held out: eight futures of each, the first frame repeated (a
copy), and what happened. Distances in pixels, and in the features of the metric card.
"""

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor

from vgan_lessons import runtime, storage
from vgan_lessons.cli.trained import load_trained
from vgan_lessons.datasets import DataError, load_videos
from vgan_lessons.evaluation import clip_features
from vgan_lessons.layout import from_uint8
from vgan_lessons.metrics import beats_copy, feature_frechet, motion_energy
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import RunError

N_FRAMES = 16
N_WINDOWS = 24  # of each held-out film
N_FUTURES = 8
STORED = Path("vgan_lessons/evaluation/recordings/continuation.json")


def measured(run: str, seed: int) -> dict[str, object]:
    """Everything about a run.

    Args:
        run: a folder of a continuation that held films out.
        seed: of windows and noise.

    Raises:
        RunError: if it is none.
    """
    trained = load_trained(run)
    if not trained.train.sees_first_frame or not trained.held_out:
        raise RunError(f"{run} is no continuation that held films out")
    seen, held = load_videos(trained.data, image_size=trained.train.image_size).part(
        trained.held_out
    )
    rng = runtime.new_rng(seed)
    n = N_WINDOWS * held.n_videos // 2
    real = held.sample_clips(n, n_frames=N_FRAMES, rng=rng)
    first = real[:, 0].repeat_interleave(N_FUTURES, dim=0)
    made = generate(
        trained.generator, len(first), n_frames=N_FRAMES, rng=rng, first_frames=first
    )
    futures = from_uint8(made).unflatten(0, (n, N_FUTURES))
    sides = {
        "continuation": futures[:, 0],
        "copy": real[:, :1].expand_as(real),
        "other windows of these films": held.sample_clips(n, n_frames=N_FRAMES, rng=rng),
        "films trained on": seen.sample_clips(n, n_frames=N_FRAMES, rng=rng),
    }
    return {
        "steps": trained.train.n_steps,
        "held_out": list(trained.held_out),
        "n_windows": n,
        "n_futures": N_FUTURES,
        "seed": seed,
        "feature_frechet": {name: _distance(real, clips) for name, clips in sides.items()},
        "motion_energy": {
            "real": _motion(real),
            "continuation": _motion(futures.flatten(0, 1)),
        },
        "beats_copy": {
            "pixels": _shares(futures, real, lambda clips: clips.flatten(1)),
            "features": _shares(futures, real, clip_features),
        },
        "spread_of_futures": round(float(futures[:, :, -1].std(1).mean()), 4),
    }


def _distance(real: Tensor, clips: Tensor) -> float:
    return round(float(feature_frechet(clip_features(real), clip_features(clips))), 4)


def _motion(films: Tensor) -> float:
    return round(float(motion_energy(films).mean()), 5)


def _shares(futures: Tensor, real: Tensor, see: object) -> dict[str, float]:
    typical, best = beats_copy(futures, real, see)
    return {"typical": round(float(typical), 3), "best": round(float(best), 3)}


def main() -> int:
    """Print what was measured, and write it where lesson 11 reads it.

    Returns:
        0, or 1 with a sentence on stderr.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", help="a run folder that trained a continuation")
    parser.add_argument("--machine", required=True, help="what computed, in words")
    parser.add_argument("--date", required=True, help="of the measurement")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="of draws")
    parser.add_argument("--out", type=Path, default=STORED, help="a JSON file")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    try:
        rows = [measured(asked.run, seed) for seed in asked.seeds]
    except (RunError, DataError) as error:
        print(f"measure_continuation: {error}", file=sys.stderr)
        return 1
    for row in rows:
        print(
            {
                name: row[name]
                for name in ("seed", "feature_frechet", "motion_energy", "beats_copy")
            }
        )
    storage.write_json(asked.out, {"machine": asked.machine, "date": asked.date, "runs": rows})
    return 0


if __name__ == "__main__":
    sys.exit(main())
