"""`vgan-lessons evaluate`: the metric card of a run, or what each metric sees and misses."""

import argparse
import json
from pathlib import Path

import torch
from torch import nn

from vgan_lessons import runtime, storage
from vgan_lessons.cli.advice import seed
from vgan_lessons.cli.trained import load_trained
from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.evaluation import MetricCard, measure_real, metric_card, sight_table
from vgan_lessons.models.generators import generate
from vgan_lessons.training import VideoTrainConfig, new_generator

SUMMARY = "measure a run: the metric card"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes.

    Args:
        parser: of this command.
    """
    parser.add_argument("run", metavar="RUN", nargs="?", help="a run folder, or a shipped one")
    parser.add_argument("--data", metavar="NAME", help="real clips (what the run trained on)")
    parser.add_argument("--n", type=int, default=1024, help="clips on each side (1024)")
    parser.add_argument("--seed", type=seed, default=0, help="of latents and real clips (0)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or cuda:N (auto)")
    parser.add_argument("--json", action="store_true", help="print the card as JSON")
    parser.add_argument(
        "--table",
        action="store_true",
        help="instead of a run: which metric rises, stays or falls under which corruption",
    )


def run(args: argparse.Namespace) -> int:
    """Print the card and write it into the run folder, if it is one, as metrics.json.

    Args:
        args: see `add_arguments`.

    Returns:
        0; 1 if real clips of `shapes` contradict the table.
    """
    if args.table:
        return _show_table(args)
    if args.run is None:
        raise ValueError("name a run folder, or ask for --table")
    trained, on = load_trained(args.run), runtime.device(args.device)
    bank = load_videos(args.data or trained.data, image_size=trained.train.image_size)
    measured = {"name": Path(args.run).name, "n": args.n, "seed": args.seed}
    card = card_of(trained.generator.to(on), trained.train, bank, **measured)
    # The screen first: it cannot be full.
    print(json.dumps(card.to_json(), indent=2) if args.json else card.text())
    if trained.folder:
        storage.write_json(trained.folder / "metrics.json", card.to_json())
    return 0


def card_of(
    generator: nn.Module,
    config: VideoTrainConfig,
    bank: VideoBank,
    *,
    name: str,
    n: int,
    seed: int,
) -> MetricCard:
    """The metric card of a generator, with an untrained one of the same build beside it.

    Args:
        generator: on the device that should compute.
        config: what it was trained with.
        bank: the real clips.
        name: title of the card.
        n: clips on each side.
        seed: of latents, real clips and the untrained weights.
    """
    on = next(generator.parameters()).device
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        untrained = new_generator(config).to(on).eval()
    real = measure_real(bank, n=n, seed=seed, device=on)
    n_frames = max(real.protocol["n_frames"], config.n_frames)
    fake, blank = (
        generate(g, n, n_frames=n_frames, rng=runtime.new_rng(seed, on))
        for g in (generator, untrained)
    )
    return metric_card(fake, real, name=name, untrained=blank)


def _show_table(args: argparse.Namespace) -> int:
    bank = load_videos(args.data or "shapes")
    table = sight_table(bank, n=min(args.n, 256), seed=args.seed)
    print(table.text())
    return 1 if table.surprises and bank.card.name == "shapes" else 0
