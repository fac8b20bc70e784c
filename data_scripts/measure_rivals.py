"""Race a GAN, a VAE and a diffusion model on `shapes`, and write what they are worth.

    python data_scripts/measure_rivals.py [--seconds 240] [--n 128] [--seeds 0 1 2]
        [--one | --timing] [--folder runs/rivals] [--out FILE] [--report FILE]

Each trains for the same CPU seconds with as many weights on the same clips, one thread. The
same command goes on where it was stopped; `--one` does the next training and ends. Last comes
the time of sampling, all in turns in one process; `--timing` does it alone.
"""

import argparse
import base64
import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median

import torch
from PIL import Image
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).parents[1]))  # for benchmarks

from benchmarks.clock import in_turns
from benchmarks.contestant import Setting, load_bank
from benchmarks.lineup import LINEUP
from benchmarks.machine import machine, versions
from benchmarks.ours import n_weights
from benchmarks.race import planned_steps, training_seconds
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation import measure_real, quick_card, recorded
from vgan_lessons.evaluation.content import CONTENT_ROWS, read_content
from vgan_lessons.metrics import pareto
from vgan_lessons.models.generators import generate
from vgan_lessons.runtime import new_rng
from vgan_lessons.storage import whole_file, write_json
from vgan_lessons.training import new_generator

MODELS = {"gan": "ours", "vae": "vae", "diffusion": "diffusion", "conv3d": "conv3d"}
RACED = ("gan", "vae", "diffusion")
DDIM_STEPS = (5, 10, 25)
SETTING = Setting(image_size=32, batch_size=None, budget="cpu")
N_SHOWN, N_TIMED, N_ROUNDS = 3, 4, 5


def arms_of(model: str) -> dict[str, int | None]:
    """The ways in which a model is sampled: name -> passes of DDIM."""
    if model != "diffusion":
        return {model: None}
    return {f"diffusion, {n} steps": n for n in DDIM_STEPS}


def train(model: str, seed: int, seconds: float, bank: VideoBank) -> dict[str, object]:
    """Train one contestant for so many CPU seconds.

    Returns:
        What to keep: the averaged weights, the recipe, steps and seconds.
    """
    setting = replace(SETTING, seed=seed)
    n_steps = planned_steps(MODELS[model], setting, bank, seconds, n_periods=2)
    racer = LINEUP[MODELS[model]].build(replace(setting, n_steps=n_steps), bank)
    spent, before = 0.0, -1
    while spent < seconds and racer.steps > before:
        before = racer.steps
        spent += training_seconds(setting, lambda: racer.train(racer.period))
    facts = {"steps": racer.steps, "training_seconds": round(spent, 1)}
    facts["weights"] = n_weights(racer.networks())
    weights = racer.sampled_from().state_dict()
    return {"facts": facts, "weights": weights, "seed": seed, "seconds": seconds}


def put_back(model: str, kept: dict[str, object]) -> nn.Module:
    """The generator of a finished training."""
    racer = LINEUP[MODELS[model]].build(replace(SETTING, n_steps=8), None)
    generator = new_generator(racer.config)
    generator.load_state_dict(kept["weights"])
    return generator.requires_grad_(False).eval()


def measure(model: str, kept: dict[str, object], unseen: VideoBank, n: int) -> list[dict]:
    """Quality of a finished training, one row a way of sampling."""
    generator, real, rows = put_back(model, kept), measure_real(unseen, n=n, quick=True), []
    for arm, n_steps in arms_of(model).items():
        if n_steps:
            generator.n_sampling_steps = n_steps
        clips = generate(generator, n, n_frames=16, rng=new_rng(12345))
        card = {row.metric: row for row in quick_card(clips, real).rows}
        seen, moved = read_content("shapes", clips), card["motion_energy"]
        rows.append(
            {"arm": arm, "model": model, "seed": kept["seed"], **kept["facts"]}
            | {"fvd_small": round(card["fvd_small"].value, 4)}
            | {"floor": round(card["fvd_small"].floor, 4)}
            | {"motion": round(moved.value / moved.floor, 3)}  # of real clips
            | {k: round(CONTENT_ROWS[k](seen[k]).item(), 3) for k in ("named", "one_object")}
        )
        if kept["seed"] == 0:
            rows[-1]["clips"] = packed(clips[:N_SHOWN])
    return rows


def time_sampling(generators: dict[str, tuple[nn.Module, int | None]]) -> dict[str, dict]:
    """CPU seconds of one clip, and of each of several: all arms in turns.

    Args:
        generators: arm -> its generator and passes of DDIM.
    """

    def sampling(arm: str, n: int):
        def work() -> None:
            generator, n_steps = generators[arm]
            if n_steps:
                generator.n_sampling_steps = n_steps
            generate(generator, n, n_frames=16, rng=new_rng(0))

        return work

    found: dict[str, dict] = {arm: {} for arm in generators}
    for n, name in ((1, "seconds_of_one"), (N_TIMED, "seconds_of_each")):
        works = {arm: sampling(arm, n) for arm in generators}
        for work in works.values():
            work()
        turns = in_turns(works, SETTING.on, seconds=600, most_rounds=N_ROUNDS)
        for arm, spent in turns.items():
            found[arm][name] = [float(f"{one.cpu / n:.4g}") for one in spent]
    return found


def packed(clips: Tensor) -> dict[str, object]:
    """Clips as one picture, a row a clip and a column a frame; small, not lossless."""
    n, n_frames = clips.shape[:2]
    pixels = clips.permute(0, 3, 1, 4, 2).flatten(0, 1).flatten(1, 2)  # (n H, T W, 3)
    store = io.BytesIO()
    Image.fromarray(pixels.numpy()).save(store, "WEBP", quality=85)
    picture = base64.b64encode(store.getvalue()).decode()
    return {"picture": picture, "n_clips": n, "n_frames": n_frames}


def next_one(asked: argparse.Namespace) -> tuple[str, int] | None:
    """The first training that is not in the folder yet: all models of a seed, then the next."""
    for seed in asked.seeds:
        for model in asked.models:
            if not _home(asked, model, seed).exists():
                return model, seed
    return None


def do_one(asked: argparse.Namespace, model: str, seed: int) -> None:
    """Train, measure, and keep both in the folder."""
    bank = load_bank(SETTING)
    kept = train(model, seed, asked.seconds, bank)
    unseen = load_bank(SETTING, n_videos=2 * asked.n, seed=1000)
    kept["rows"] = measure(model, kept, unseen, asked.n)
    path = _home(asked, model, seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as draft:
        torch.save(kept, draft)
    for row in kept["rows"]:
        print({name: value for name, value in row.items() if name != "clips"}, flush=True)


def write(asked: argparse.Namespace, *, timing: bool) -> None:
    """All that is in the folder as one file; the time of sampling stays, or is taken anew."""
    before = json.loads(asked.out.read_text(encoding="utf-8")) if asked.out.exists() else {}
    rows, clips, generators = [], {}, {}
    for seed in asked.seeds:
        for model in asked.models:
            path = _home(asked, model, seed)
            if not path.exists():
                continue
            kept = torch.load(path, weights_only=True)
            rows += kept["rows"]
            if seed == asked.seeds[0]:
                both = put_back(model, kept)
                generators |= {arm: (both, n) for arm, n in arms_of(model).items()}
    for row in rows:
        clips |= {row["arm"]: row.pop("clips")} if "clips" in row else {}
    told = {
        "data": f"shapes, {SETTING.label}",
        "n": asked.n,
        "seconds": asked.seconds,
        "machine": before.get("machine", machine(SETTING.on) | versions()),
        "runs": rows,
        "sampling": time_sampling(generators) if timing else before.get("sampling", {}),
        "clips": clips,
    }
    write_json(asked.out, told)
    if asked.report and told["sampling"]:
        asked.report.write_text(as_page(told), encoding="utf-8")


def as_page(told: dict) -> str:
    """The study as a report: who is best at what, with intervals, and on which machine."""
    arms = list(told["sampling"])
    runs = {arm: [row for row in told["runs"] if row["arm"] == arm] for arm in arms}
    distances = torch.tensor([[row["fvd_small"] for row in runs[arm]] for arm in arms])
    each = [median(told["sampling"][arm]["seconds_of_each"]) for arm in arms]
    low, high, on_front = pareto(distances, torch.tensor(each))
    names = ["rival", "FVD-small", "95 % interval", "by seed", "steps", "clips a second"]
    names += ["on the front", "named", "one object", "motion"]
    lines = ["# GAN, VAE and diffusion at equal time and weights", ""]
    lines += [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for k, arm in enumerate(arms):
        cells = [f"{distances[k].mean():.2f}", f"{low[k]:.2f} to {high[k]:.2f}"]
        cells += [", ".join(f"{row['fvd_small']:.2f}" for row in runs[arm])]
        cells += [", ".join(str(row["steps"]) for row in runs[arm]), f"{1 / each[k]:.3g}"]
        cells += ["yes" if on_front[k] else "no"]
        for name in ("named", "one_object", "motion"):
            cells.append(", ".join(f"{row[name]:.2f}" for row in runs[arm]))
        lines.append(f"| {arm} | {' | '.join(cells)} |")
    seeds = ", ".join(str(row["seed"]) for row in runs[arms[0]])
    lines += [
        "",
        f"- {told['data']}; {told['seconds']:g} CPU seconds of training each, one thread, "
        f"seeds {seeds}; {told['n']} clips on each side of a distance, against clips that "
        f"nobody trained on; real against real {told['runs'][0]['floor']:.2f}.",
        "- Intervals are those of a mean over the seeds (Student's t). Clips a second: one "
        "thread, the median of rounds in turns within one process; compare their ratios.",
        "- Named and one object: shares by seed; a frame full of noise passes for one object. "
        "Motion: change over one frame, as a share of that of real clips.",
        "",
        "| machine | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in told["machine"].items()),
        "",
        "Made by `python data_scripts/measure_rivals.py --report FILE`.",
        "",
    ]
    return "\n".join(lines)


def _home(asked: argparse.Namespace, model: str, seed: int) -> Path:
    return asked.folder / f"{model}-{seed}-{asked.seconds:g}.pt"


def main() -> None:
    """Do what is missing, and write the file as a whole after each training."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    file = Path(recorded.__file__).parent / "recordings" / "rivals.json"
    parser.add_argument("--seconds", type=float, default=240, help="of CPU for each training")
    parser.add_argument("--n", type=int, default=128, help="clips on each side of a distance")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--models", nargs="+", choices=MODELS, default=RACED)
    parser.add_argument("--folder", type=Path, default=Path("runs/rivals"))
    parser.add_argument("--out", type=Path, default=file)
    parser.add_argument("--report", type=Path, help="a Markdown page of the whole study")
    parser.add_argument("--one", action="store_true", help="the next training, and end")
    parser.add_argument("--timing", action="store_true", help="the time of sampling alone")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    while not asked.timing and (due := next_one(asked)):
        do_one(asked, *due)
        write(asked, timing=False)
        if asked.one:
            return
    if asked.timing or not asked.one:
        write(asked, timing=True)


if __name__ == "__main__":
    main()
