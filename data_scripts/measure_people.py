"""What a run on labelled films is worth: its card, and pairs of labels that it never saw.

    python data_scripts/measure_people.py runs/weizmann-lstm [--n 1024] [--out FILE]

A film that is held out shows a person doing what no other film shows this person doing. The run
is asked for that pair of labels, and a reader of labels that learned from the other films says
what came. The reader errs on real films too: its rate on the held-out ones stands beside.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons import runtime, storage
from vgan_lessons.cli.trained import load_trained
from vgan_lessons.datasets import DataError, VideoBank, load_videos
from vgan_lessons.evaluation import metric_card
from vgan_lessons.evaluation.features import in_batches, load_features
from vgan_lessons.layout import from_uint8
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import RunError

N_FRAMES = 16
N_WINDOWS = 10  # of each film that the reader learns from
_LEVELS = 6  # of each colour in a histogram
_STRENGTH = 0.3  # of the pull to 0 on the reader's weights


class Reader(NamedTuple):
    """A linear reader of one label: one column of weights a class."""

    middle: Tensor  # (d,) of the features
    spread: Tensor  # (d,)
    weights: Tensor  # (d, n_classes)

    def read(self, features: Tensor) -> Tensor:
        """The class of each row, (N,) int64, of features (N, d)."""
        return ((features - self.middle) / self.spread @ self.weights).argmax(1)


def fit_reader(features: Tensor, classes: Tensor, n_classes: int) -> Reader:
    """Fit by ridge regression on one-hot classes.

    Args:
        features: (N, d).
        classes: (N,) int64.
        n_classes: how many there are.
    """
    middle = features.mean(0)
    spread = features.std(0) + 1e-3 * features.std()
    x = (features - middle) / spread
    wanted = F.one_hot(classes, n_classes).float()
    pull = _STRENGTH * len(x) * torch.eye(x.shape[1])
    return Reader(
        middle, spread, torch.linalg.solve(x.T @ x + pull, x.T @ (wanted - wanted.mean(0)))
    )


def looks(clips: Tensor) -> Tensor:
    """How often each colour occurs, wherever: who, and before which wall.

    Args:
        clips: (N, T, 3, H, W) in [-1, 1].

    Returns:
        (N, 216), roots of shares.
    """
    level = ((clips[:, ::5] / 2 + 0.5).clamp(0, 0.999) * _LEVELS).long()
    colour = (level[:, :, 0] * _LEVELS + level[:, :, 1]) * _LEVELS + level[:, :, 2]
    colour = colour.flatten(1)
    counts = torch.zeros(len(colour), _LEVELS**3)
    counts.scatter_add_(1, colour, torch.ones_like(colour, dtype=counts.dtype))
    return (counts / colour.shape[1]).sqrt()


def doings(clips: Tensor) -> Tensor:
    """Where something moves and how: what the card's eye sees, and maps of grey over time.

    Args:
        clips: (N, 16, 3, 32, 32) in [-1, 1].

    Returns:
        (N, d).
    """
    grey = clips.mean(2)  # (N, T, H, W)
    change = (grey[:, 1:] - grey[:, :-1]).abs().mean(1)
    maps = ((grey.std(1), 2), (change, 4), (grey.mean(1), 4))
    small = [F.avg_pool2d(picture[:, None], size).flatten(1) for picture, size in maps]
    return torch.cat([in_batches(load_features(), clips), *small], dim=1)


SEEN_IN = (doings, looks)  # of weizmann's labels, action and person


def fit_readers(bank: VideoBank, seed: int = 0) -> list[Reader]:
    """A reader of each label, from windows of every film of the bank.

    Args:
        bank: films of labels action and person.
        seed: of the windows.
    """
    clips, labels, _ = _windows(bank, N_WINDOWS, seed)
    return [
        fit_reader(see(clips), column, n)
        for see, column, n in zip(SEEN_IN, labels.T, bank.n_classes, strict=True)
    ]


def recognised(readers: Sequence[Reader], clips: Tensor, labels: Tensor) -> Tensor:
    """Which labels of which clips are read as they should be.

    Args:
        readers: of each label.
        clips: (N, 16, 3, 32, 32) in [-1, 1].
        labels: (N, K) int64.

    Returns:
        (N, K) bool.
    """
    read = [r.read(see(clips)) for r, see in zip(readers, SEEN_IN, strict=True)]
    return torch.stack(read, dim=1) == labels


def measured(run: str, n: int, seed: int) -> dict[str, object]:
    """Everything about a run.

    Args:
        run: a folder of a run on `weizmann` that held films out.
        n: clips on each side of the card.
        seed: of all draws.

    Raises:
        RunError: if it held none out.
    """
    trained = load_trained(run)
    if trained.data != "weizmann" or not trained.held_out:
        raise RunError(f"{run} is no run on weizmann that held films out")
    seen, held = load_videos("weizmann").part(trained.held_out)
    readers, generator = fit_readers(seen, seed), trained.generator
    told = seen.labels(torch.randint(seen.n_videos, (n,), generator=runtime.new_rng(seed)))
    draw = {"n_frames": N_FRAMES, "rng": runtime.new_rng(seed)}
    made = generate(generator, n, **draw, labels=told)
    card = metric_card(made, seen, name="against the films trained on", n=n, seed=seed)
    pairs = {}
    sides = (("held out", held), ("trained on", seen))
    for side, bank in sides:
        clips, labels, films = _windows(bank, 512 // bank.n_videos, seed)
        asked = generate(generator, len(labels), **draw, labels=labels)
        for kind, shown in (("real", clips), ("generated", from_uint8(asked))):
            right = recognised(readers, shown, labels)
            pairs[f"{side}, {kind}"] = _shares(right)
            if side == "held out":
                for film in films.unique().tolist():
                    name = f"{bank.film_names[film]}, {kind}"
                    pairs[name] = _shares(right[films == film])
    rows = {row.metric: [row.value, row.floor] for row in card.rows}
    return {"run": run, "n": n, "seed": seed, "card": rows, "recognised": pairs}


def _windows(bank: VideoBank, n_each: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Clips of every video, with their labels and films."""
    index = torch.arange(bank.n_videos).repeat_interleave(n_each)
    room = bank.lengths[index] - N_FRAMES + 1
    start = (torch.rand(len(index), generator=runtime.new_rng(seed)) * room).long()
    clips = bank.clips(index, start, n_frames=N_FRAMES)
    return clips, bank.labels(index), bank.films[index]


def _shares(right: Tensor) -> dict[str, float]:
    action, person = right.float().mean(0).tolist()
    both = right.all(1).float().mean().item()
    return {"action": round(action, 3), "person": round(person, 3), "both": round(both, 3)}


def main() -> int:
    """Print the card and what is recognised; write both into a file.

    Returns:
        0, or 1 with a sentence on stderr.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", help="a run folder that trained on weizmann")
    parser.add_argument("--n", type=int, default=1024, help="clips on each side (1024)")
    parser.add_argument("--seed", type=int, default=0, help="of all draws (0)")
    parser.add_argument("--out", type=Path, help="a JSON file (default: RUN/pairs.json)")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    try:
        found = measured(asked.run, asked.n, asked.seed)
    except (RunError, DataError, ValueError) as error:
        print(f"measure_people: {error}", file=sys.stderr)
        return 1
    for metric, (value, floor) in found["card"].items():
        print(f"{metric:18} {value if value is None else f'{value:.4f}'}  (real {floor:.4f})")
    for name, shares in found["recognised"].items():
        print(f"{name:32} " + ", ".join(f"{key} {share:.2f}" for key, share in shares.items()))
    storage.write_json(asked.out or Path(asked.run) / "pairs.json", found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
