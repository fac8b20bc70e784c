"""Train lesson 08's run on `shapes` on several seeds, with and without its parts; measure.

    python data_scripts/measure_shapes_runs.py [--out FILE] [--runs MODEL:SEED ...]
        [--steps N]

"lstm" is the run of the page. "independent" has no memory between frames. "frames only" has a
clip discriminator that says the same of all clips. One thread, seeded; at most two and a half
minutes a run on one quiet CPU core. Runs that are in the file and not asked for stay in it.
"""

import argparse
import json
import time
from pathlib import Path

import torch

from broken_videos import BlindToClips
from vgan_lessons import layout, runtime, storage
from vgan_lessons.datasets import load_videos
from vgan_lessons.evaluation import frame_distance, measure_real, quick_card, recorded
from vgan_lessons.evaluation.content import CONTENT_ROWS, read_content
from vgan_lessons.models.generators import generate
from vgan_lessons.training import new_video_gan, recipe, train_video_gan

N_STEPS = 1980  # as on the page
N_MEASURED = 200
MODELS = ("lstm", "independent", "frames only")
RUNS = tuple(f"{model}:{seed}" for model in MODELS for seed in range(3))


def measured(model: str, seed: int, n_steps: int = N_STEPS) -> dict[str, object]:
    """Train one run and say what its clips are worth.

    Args:
        model: one of MODELS.
        seed: of weights and draws.
        n_steps: updates of G; in the second half of them the learning rates fall.

    Returns:
        Distances by frames and by clips, the motion energy as a share of the real clips', what
        is named.
    """
    began, bank = time.process_time(), load_videos("shapes")
    kind = "independent" if model == "independent" else "lstm"
    config = recipe("shapes", "cpu", n_steps=n_steps, seed=seed, model=kind)
    gan = new_video_gan(config, on=torch.device("cpu"))
    if model == "frames only":
        gan.clip_discriminator = BlindToClips()
    for _ in train_video_gan(gan, bank, config):
        pass
    seconds = round(time.process_time() - began)
    clips = generate(gan.generator_ema, N_MEASURED, n_frames=16, rng=runtime.new_rng(1))
    card = quick_card(clips, measure_real(bank, n=N_MEASURED, quick=True))
    rows = {row.metric: row for row in card.rows}
    seen = read_content("shapes", clips)
    energy = rows["motion_energy"]
    real = bank.sample_clips(N_MEASURED, n_frames=16, rng=runtime.new_rng(0))
    single = [one[:, ::4].flatten(0, 1) for one in (real, layout.from_uint8(clips))]
    return {
        "model": model,
        "seed": seed,
        "n_steps": n_steps,
        "frame_distance": round(frame_distance(*single), 4),
        "clip_distance": round(rows["fvd_small"].value, 4),
        "real_clip_distance": round(rows["fvd_small"].floor, 4),
        "motion": round(energy.value / energy.floor, 3),
        "named": round(CONTENT_ROWS["named"](seen["named"]).item(), 3),
        "one_object": round(CONTENT_ROWS["one_object"](seen["one_object"]).item(), 3),
        "cpu_seconds_busy": seconds,
    }


def main() -> None:
    """Measure every run and write the file as a whole after each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    file = Path(recorded.__file__).parent / "recordings" / "shapes_runs.json"
    parser.add_argument("--out", type=Path, default=file)
    parser.add_argument("--runs", nargs="+", default=RUNS, help="MODEL:SEED of each")
    parser.add_argument("--steps", type=int, default=N_STEPS, help="updates of G")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    rows = {}
    if asked.out.exists():
        stored = json.loads(asked.out.read_text(encoding="utf-8"))
        rows = {f"{row['model']}:{row['seed']}": row for row in stored["runs"]}
    for run in asked.runs:
        model, seed = run.split(":")
        rows[run] = measured(model, int(seed), asked.steps)
        print(rows[run], flush=True)
        kept = [rows[name] for name in RUNS if name in rows]
        storage.write_json(asked.out, {"n": N_MEASURED, "runs": kept})


if __name__ == "__main__":
    main()
