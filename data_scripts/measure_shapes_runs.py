"""Train lesson 08's run on `shapes` on several seeds, with memory and without, and measure it.

    python data_scripts/measure_shapes_runs.py [--out FILE] [--runs MODEL:SEED ...]

One thread, seeded; about 40 seconds a run on one quiet CPU core.
"""

import argparse
import time
from pathlib import Path

import torch

from vgan_lessons import runtime, storage
from vgan_lessons.datasets import load_videos
from vgan_lessons.evaluation import measure_real, quick_card, recorded
from vgan_lessons.evaluation.content import CONTENT_ROWS, read_content
from vgan_lessons.models.generators import generate
from vgan_lessons.training import new_video_gan, recipe, train_video_gan

N_STEPS = 600  # as on the page
N_MEASURED = 200
RUNS = ("independent:0", "lstm:1", "lstm:2", "lstm:0")


def measured(model: str, seed: int) -> dict[str, object]:
    """Train one run and say what its clips are worth.

    Args:
        model: "lstm" or "independent".
        seed: of weights and draws.

    Returns:
        The clip distance, the motion energy as a share of the real clips', what is named.
    """
    began, bank = time.process_time(), load_videos("shapes")
    config = recipe("shapes", "cpu", n_steps=N_STEPS, seed=seed, model=model)
    gan = new_video_gan(config, on=torch.device("cpu"))
    for _ in train_video_gan(gan, bank, config):
        pass
    seconds = round(time.process_time() - began)
    clips = generate(gan.generator_ema, N_MEASURED, n_frames=16, rng=runtime.new_rng(1))
    card = quick_card(clips, measure_real(bank, n=N_MEASURED, quick=True))
    rows = {row.metric: row for row in card.rows}
    seen = read_content("shapes", clips)
    energy = rows["motion_energy"]
    return {
        "model": model,
        "seed": seed,
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
    asked = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for model, seed in (run.split(":") for run in asked.runs):
        rows.append(measured(model, int(seed)))
        print(rows[-1], flush=True)
        storage.write_json(asked.out, {"n_steps": N_STEPS, "n": N_MEASURED, "runs": rows})


if __name__ == "__main__":
    main()
