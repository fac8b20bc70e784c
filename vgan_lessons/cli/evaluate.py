"""`vgan-lessons evaluate`: the metric card of a run, or what each metric sees and misses."""

import argparse
import dataclasses
import json
from pathlib import Path

import torch
from torch import nn

from vgan_lessons import runtime, storage
from vgan_lessons.cli.advice import seed
from vgan_lessons.cli.planning import ENOUGH
from vgan_lessons.cli.trained import Trained, load_trained
from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.evaluation import MetricCard, measure_real, metric_card, sight_table
from vgan_lessons.models.generators import generate
from vgan_lessons.training import VideoTrainConfig, new_generator
from vgan_lessons.training.kinds import given_to

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
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    parser.add_argument(
        "--best", action="store_true", help="the best checkpoint of the run, not the newest"
    )
    parser.add_argument(
        "--features",
        metavar="FILE.pt",
        help="FVD and KID by a TorchScript network of your own, such as the I3D of papers: "
        "(B, 3, T, H, W) in [-1, 1] -> (B, d)",
    )
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
    if args.n < 16:
        raise ValueError(f"--n must be at least 16, got {args.n}")
    if args.table:
        return _show_table(args)
    if args.run is None:
        raise ValueError("name a run folder, or ask for --table")
    trained, on = load_trained(args.run, best=args.best), runtime.device(args.device)
    bank, held_out = _real_clips(args.data, trained)
    sides = {"bank": bank, "held_out": held_out}
    measured = {"name": Path(args.run).name, "n": args.n, "seed": args.seed}
    generator = trained.generator.to(on)
    if args.features:
        card = _own_card(args.features, generator, trained.train, **sides, **measured)
    else:
        card = card_of(generator, trained.train, **sides, **measured)
    # The screen first: it cannot be full.
    print(json.dumps(card.to_json(), indent=2) if args.json else card.text())
    if trained.folder:
        name = "metrics-own-features.json" if args.features else "metrics.json"
        storage.write_json(trained.folder / name, card.to_json())
    return 0


def card_of(
    generator: nn.Module,
    config: VideoTrainConfig,
    bank: VideoBank,
    *,
    name: str,
    n: int,
    seed: int,
    held_out: VideoBank | None = None,
) -> MetricCard:
    """The metric card of a generator, with an untrained one of the same build beside it.

    Args:
        generator: on the device that should compute.
        config: what it was trained with.
        bank: the real clips that it was trained on.
        name: title of the card.
        n: clips on each side.
        seed: of latents, real clips and the untrained weights.
        held_out: real clips that it was not trained on, to compare with; None takes `bank`.
    """
    on = next(generator.parameters()).device
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        untrained = new_generator(config).to(on).eval()
    sides = (bank, None) if held_out is None else (held_out, bank)
    real = measure_real(sides[0], trained_on=sides[1], n=n, seed=seed, device=on)
    n_frames = max(real.protocol["n_frames"], config.n_frames)
    given = given_to(config, sides[0].to(on), n, runtime.new_rng(seed, on))
    fake, blank = (
        generate(g, n, n_frames=n_frames, rng=runtime.new_rng(seed, on), **given)
        for g in (generator, untrained)
    )
    card = metric_card(fake, real, name=name, untrained=blank)
    return dataclasses.replace(card, notes=(*about_films(bank, held_out), *card.notes))


def about_films(bank: VideoBank, held_out: VideoBank | None) -> tuple[str, ...]:
    """How many films stand behind a card, and what that many can say.

    Args:
        bank: the films that were trained on.
        held_out: those that were not, if any.

    Returns:
        Sentences; none for data that are drawn.
    """
    if not bank.film_names:
        return ()
    if held_out is None:
        few = (
            f"So few films say nothing about new ones: with {ENOUGH} and more, whole films are "
            "held out."
            if bank.n_films < ENOUGH
            else "Hold some out (train --hold-out 0.1) to see copies."
        )
        return (
            f"{bank.n_films} films ({bank.n_videos} clips), all of them trained on: whoever "
            f"copies them scores best, and this card cannot see it. {few}",
        )
    names = [held_out.film_names[film] for film in held_out.films.unique().tolist()]
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    films = (
        f"{bank.n_films} films ({bank.n_videos} clips) trained on, {held_out.n_films} "
        f"({held_out.n_videos} clips) held out and compared with: {shown}. The column of real "
        "clips is what the films trained on score against them."
    )
    if held_out.n_films >= ENOUGH:
        return (films,)
    return (
        films,
        f"{held_out.n_films} held-out films are few: fvd_small, kid and their kind say as much "
        "about these films as about the generator.",
    )


def _real_clips(data: str | None, trained: Trained) -> tuple[VideoBank, VideoBank | None]:
    """Films that were trained on, and those held out; of other data, all of them alone."""
    image_size = trained.train.image_size
    if data is not None and data != trained.data:
        return load_videos(data, image_size=image_size), None
    read = {"image_size": image_size, "fps": trained.fps, "stride": trained.stride}
    return load_videos(trained.data, **read).part(trained.held_out)


def _own_card(
    path: str,
    generator: nn.Module,
    config: VideoTrainConfig,
    bank: VideoBank,
    held_out: VideoBank | None,
    **measured: object,
) -> MetricCard:
    from vgan_lessons.evaluation.own_network import own_card

    on = next(generator.parameters()).device
    rng = runtime.new_rng(measured["seed"], on)
    sides = (bank, None) if held_out is None else (held_out, bank)
    how = {"n_frames": max(16, config.n_frames), "rng": rng}
    how |= given_to(config, sides[0].to(on), measured["n"], rng)
    fake = generate(generator, measured["n"], **how)
    card = own_card(fake, sides[0], path, trained_on=sides[1], device=on, **measured)
    return dataclasses.replace(card, notes=about_films(bank, held_out))


def _show_table(args: argparse.Namespace) -> int:
    bank = load_videos(args.data or "shapes")
    table = sight_table(bank, n=min(args.n, 256), seed=args.seed)
    print(table.text())
    return 1 if table.surprises and bank.card.name == "shapes" else 0
