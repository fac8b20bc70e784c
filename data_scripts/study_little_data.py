"""Train people from 9, 18 and 27 films, with and without augmentation; measure as they train.

    python data_scripts/study_little_data.py [--out FILE] [--runs RUN ...] [--smoke]

`weizmann` has 36 films, one of each of nine persons in each of four actions; here a film is the
film and its mirror image. One film of each person, nine in all, is held out from every run,
with its mirror image, so 27 are left to train on. A run from 9 films takes one of each person;
seeds 0, 1 and 2 take three sets of nine without a common film, and two of these sets make 18.
Every run takes the same number of steps. One thread, seeded; a minute a run on one quiet CPU
core. Runs that are in the file are not made again: a kill loses the one that is being made.
"""

import argparse
import json
import platform
import re
import time
from base64 import b64encode
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from vgan_lessons import layout, runtime, storage
from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.evaluation import little_data, measure_real, quick_card
from vgan_lessons.metrics import overfit_gap
from vgan_lessons.models.generators import generate
from vgan_lessons.training import (
    VideoGan,
    VideoTrainConfig,
    new_video_gan,
    recipe,
    train_video_gan,
)

RUNS = (
    *(f"{n}:{p}:{seed}" for seed in (0, 1, 2) for n in (9, 27) for p in (0.0, 0.6)),
    *(f"18:{p}:{seed}" for seed in (0, 1, 2) for p in (0.0, 0.6)),
)
IMAGE_SIZE = 16  # pixels; the protocol enlarges both sides to 32
STRIDE = 2  # of the clips that the discriminators are asked about
ACTIONS = ("wave1", "wave2", "jack", "bend")
SHOWN_SEED = 0  # of this one logits and clips are stored


@dataclass(frozen=True)
class Size:
    """How long a run is and how much is measured."""

    n_steps: int = 400
    look_every: int = 100
    n_clips: int = 128  # on each side of a distance
    n_logits: int = 128  # clips of each kind that both discriminators are asked about


def films(layer: int) -> tuple[str, ...]:
    """One film of each person; the actions take turns from person to person.

    Args:
        layer: 0 for the films that are held out, 1 to 3 for three sets to train on.
    """
    return tuple(f"person{p + 1} {ACTIONS[(p + layer) % 4]}" for p in range(9))


def train_films(n_films: int, seed: int) -> tuple[str, ...]:
    """The films that a run is trained on.

    Args:
        n_films: 9, 18 or 27.
        seed: which of the three sets come first.
    """
    layers = [1 + (seed + k) % 3 for k in range(n_films // 9)]
    return tuple(name for layer in layers for name in films(layer))


def settings(augment: float, seed: int, n_steps: int) -> VideoTrainConfig:
    """A small fast recipe; the penalty falls with the number of pixels.

    Args:
        augment: probability of each alteration.
        seed: of weights and draws.
        n_steps: updates of G.
    """
    return recipe(
        "weizmann",
        "cpu",
        image_size=IMAGE_SIZE,
        n_steps=n_steps,
        batch_size=8,
        generator_channels=(64, 32),
        background_channels=(32,),
        window_frames=4,
        max_stride=5,
        r1_gamma=0.01,
        r2_gamma=0.01,
        ema_decay=0.99,
        augment=augment,
        seed=seed,
        log_every=1,
    )


class Looks:
    """What is measured now and then: distances of clips, and logits of both discriminators.

    Args:
        train: the films that are trained on.
        held_out: films that are not.
        config: of the training.
        size: how much is measured.
    """

    def __init__(
        self, train: VideoBank, held_out: VideoBank, config: VideoTrainConfig, size: Size
    ) -> None:
        self.config, self.size = config, size
        self.sides = {"train": train, "held_out": held_out}
        how = {"n": size.n_clips, "quick": True}
        self.real = {name: measure_real(bank, **how) for name, bank in self.sides.items()}
        drawn = {"n_frames": config.window_frames, "stride": STRIDE}
        self.windows = {
            name: bank.sample_clips(size.n_logits, **drawn, rng=runtime.new_rng(7))
            for name, bank in self.sides.items()
        }

    def of_films(self) -> dict[str, float]:
        """The distances of the training films themselves: what copies of them would score."""
        draw = {"n_frames": 16, "rng": runtime.new_rng(3)}
        clips = layout.to_uint8(self.sides["train"].sample_clips(self.size.n_clips, **draw))
        return self._distances(clips)

    @torch.no_grad()
    def look(self, gan: VideoGan) -> dict[str, object]:
        """Measure without a trace in the training.

        Args:
            gan: at any step.
        """
        draw = {"n_frames": 16, "rng": runtime.new_rng(1)}
        row = {"step": gan.step}
        row |= self._distances(generate(gan.generator_ema, self.size.n_clips, **draw))
        seen = self.windows | {"fake": self._fakes(gan)}
        for player in ("clip", "frame"):
            logits = {name: _logits(gan, player, clips) for name, clips in seen.items()}
            gap, sign = overfit_gap(*logits.values())
            row |= {
                f"{player}_gap": round(gap.item(), 3),
                f"{player}_sign": round(sign.item(), 3),
            }
            if player == "clip" and self.config.seed == SHOWN_SEED:
                row["logits"] = {
                    name: [round(value, 2) for value in part.tolist()]
                    for name, part in logits.items()
                }
        return row

    def _fakes(self, gan: VideoGan) -> Tensor:
        """Windows of clips that G paints as D meets them: not of the moving average."""
        n, rng = self.size.n_logits, runtime.new_rng(5)
        latents = gan.generator.draw_latents(n, self.config.n_frames, rng)
        index = torch.arange(self.config.window_frames) * STRIDE
        return gan.generator(latents, index.expand(n, -1))

    def _distances(self, clips: Tensor) -> dict[str, float]:
        return {
            f"to_{name}": round(quick_card(clips, side).rows[0].value, 4)
            for name, side in self.real.items()
        }


def _logits(gan: VideoGan, player: str, clips: Tensor) -> Tensor:
    if player == "clip":
        return gan.clip_discriminator(clips, stride=STRIDE)
    return gan.frame_discriminator(clips[:, 0])


def made(run: str, size: Size) -> dict[str, object]:
    """Train once, looking on.

    Args:
        run: FILMS:AUGMENT:SEED.
        size: how long, and how much is measured.

    Returns:
        A row of the study.
    """
    began = time.process_time()
    n_films, augment, seed = int(run.split(":")[0]), *map(float, run.split(":")[1:])
    everything = load_videos("weizmann", image_size=IMAGE_SIZE)
    _, held_out = everything.part(films(0))
    _, train = everything.part(train_films(n_films, int(seed)))
    config = settings(augment, int(seed), size.n_steps)
    looks, rows, looking = Looks(train, held_out, config, size), [], 0.0
    before = time.process_time()
    gan = new_video_gan(config, on=torch.device("cpu"))
    for _ in train_video_gan(gan, train, config):
        if gan.step % size.look_every == 0 or gan.step == size.n_steps:
            at = time.process_time()
            rows.append(looks.look(gan))
            looking += time.process_time() - at
            print(run, {k: v for k, v in rows[-1].items() if k != "logits"}, flush=True)
    trained = time.process_time() - before - looking
    row = {"films": n_films, "augment": augment, "seed": int(seed)}
    row |= {"films_themselves": looks.of_films(), "looks": rows}
    row |= {
        "cpu_seconds": round(trained),
        "cpu_seconds_in_all": round(time.process_time() - began),
    }
    if int(seed) == SHOWN_SEED:
        clips = generate(gan.generator_ema, 4, n_frames=16, rng=runtime.new_rng(1))
        row["clips"] = {
            "n_clips": 4,
            "n_frames": 16,
            "picture": b64encode(_as_png(clips)).decode(),
        }
    return row


def _as_png(clips: Tensor) -> bytes:
    """(B, T, 3, H, W) -> a row a clip, a column a frame."""
    B, T, C, H, W = clips.shape
    picture = clips.permute(0, 3, 1, 4, 2).reshape(B * H, T * W, C)
    file = BytesIO()
    Image.fromarray(picture.numpy()).save(file, "PNG", optimize=True)
    return file.getvalue()


def machine() -> dict[str, object]:
    """What the runs are made on."""
    return {
        "processor": " ".join((platform.machine(), torch.backends.cpu.get_cpu_capability())),
        "torch": torch.__version__.split("+")[0],
        "date": date.today().isoformat(),
    }


def write(path: Path, content: object) -> None:
    """As a whole file, one line a list.

    Args:
        path: of the file.
        content: what `json` can write.
    """
    text = json.dumps(content, indent=1, allow_nan=False)
    flat = re.sub(r"\[[-+\d\s.,e]*\]", lambda numbers: re.sub(r"\s+", "", numbers[0]), text)
    with storage.whole_file(path) as draft:
        draft.write_text(flat + "\n", encoding="utf-8")


def main() -> None:
    """Make the runs that are missing, and write the file as a whole after each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    file = Path(little_data.__file__).parent / "recordings" / "little_data.json"
    parser.add_argument("--out", type=Path, default=file)
    parser.add_argument(
        "--runs",
        nargs="+",
        default=RUNS,
        choices=RUNS,
        metavar="RUN",
        help="FILMS:AUGMENT:SEED of each, as 9:0.6:0 (default: all 18)",
    )
    parser.add_argument("--smoke", action="store_true", help="a few steps of each run")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    size = Size(4, 2, 32, 16) if asked.smoke else Size()
    stored = {"machine": machine(), "size": asdict(size), "held_out": films(0), "runs": []}
    if asked.out.exists():
        stored = json.loads(asked.out.read_text(encoding="utf-8"))
    rows = {f"{row['films']}:{row['augment']}:{row['seed']}": row for row in stored["runs"]}
    for run in asked.runs:
        if run not in rows:
            rows[run] = made(run, size)
            stored["runs"] = [rows[name] for name in RUNS if name in rows]
            write(asked.out, stored)


if __name__ == "__main__":
    main()
