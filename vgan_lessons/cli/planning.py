"""What a new run is to be: its folder, its configuration, the films it is not trained on."""

import argparse
import dataclasses
import difflib
import math
import os
from collections.abc import Sequence
from pathlib import Path

import torch

from vgan_lessons import runtime
from vgan_lessons.datasets import VideoBank, data_names
from vgan_lessons.runs import RunConfig
from vgan_lessons.training import VideoTrainConfig, recipe

_MARGIN = 0.93  # share of --minutes for the steps: clips, measurements, checkpoints are beside
ENOUGH = 10  # films; with fewer, each one that is left out is missed
_SHARE = 0.1  # of the films, held out where that many are there
_LEAST = 2  # films held out, so that one can be compared with another


def new_run(args: argparse.Namespace, device: str, n_processes: int) -> tuple[Path, RunConfig]:
    """Plan a run.

    Args:
        args: of `train`; an argument that was not given is None or False.
        device: where it will compute.
        n_processes: that share a batch.

    Returns:
        The folder it will write, and its configuration.

    Raises:
        ValueError: if a number or a word is none, or two do not go together.
    """
    data = data_of(args.data or "shapes")
    model, budget = args.model or "lstm", args.budget or runtime.budget()
    changes = {
        "model": model,
        "seed": args.seed,
        "n_steps": args.steps,
        "batch_size": args.batch_size,
        "image_size": args.image_size,
        "n_frames": args.frames,
        "log_every": args.log_every,
        "augment": args.augment,
        "mirror": args.mirror or None,
    }
    settings = _settings(args.set or ())
    if args.minutes is not None and not 0 < args.minutes < math.inf:
        raise ValueError(f"--minutes must be more than 0, got {args.minutes:g}")
    if args.minutes is not None and (args.steps is not None or "n_steps" in settings):
        raise ValueError("--minutes chooses the number of steps: leave out --steps")
    train = recipe(data, budget, **changes | settings)
    label = Path(data.removeprefix("folder:")).name
    folder = Path(args.out or f"runs/{label}-{model}").expanduser()
    config = RunConfig(
        data=data,
        budget=budget,
        device=device,
        train=train,
        n_processes=n_processes,
        n_threads=args.threads or _threads(n_processes),
        fps=args.fps,
        stride=args.stride or 1,
        init_from=args.init_from or "",
    )
    return folder, config


def data_of(word: str) -> str:
    """The data that a word names: a data set, or a folder of clips.

    Args:
        word: as somebody typed it.

    Returns:
        The word itself, or "folder:" and the whole path.

    Raises:
        ValueError: if it is a path, and there is nothing.
    """
    if word not in data_names() and Path(word).expanduser().exists():
        return f"folder:{Path(word).expanduser().resolve()}"
    if "/" in word and not word.startswith("folder:"):
        raise ValueError(f"there is no folder {word}")
    return word


def steps_in(minutes: float, seconds_a_step: float) -> int:
    """How many steps fit into a time, with what a run does between its steps.

    Args:
        minutes: for everything up to the metric card.
        seconds_a_step: measured here.

    Returns:
        At least 1.

    Example:
        >>> steps_in(10, 0.1)
        5580
    """
    return max(1, int(_MARGIN * 60 * minutes / seconds_a_step))


def choose_held_out(bank: VideoBank, share: float | None, seed: int) -> tuple[str, ...]:
    """Choose films to hold out.

    Args:
        bank: with the names of its films; data that are drawn have none.
        share: of the films, 0 for none; None holds out a tenth, two at least, where there are
            ten films or more.
        seed: of the choice.

    Returns:
        Their names, sorted; none where the data are drawn, for new ones can be drawn.

    Raises:
        ValueError: if the share is none, leaves less than two films to be trained on, or a
            class without any.
    """
    if share is not None and not 0 <= share < 1:
        raise ValueError(f"--hold-out takes a share of the films from 0 to 1, got {share:g}")
    if not bank.film_names:
        if share:
            raise ValueError(
                f"--hold-out: {bank.card.name} is drawn anew for every seed, so nothing of it "
                "has to be held out"
            )
        return ()
    if share == 0 or (share is None and bank.n_films < ENOUGH):
        return ()
    n = max(_LEAST, math.floor(bank.n_films * (_SHARE if share is None else share) + 0.5))
    if bank.n_films - n < 2:
        raise ValueError(
            f"--hold-out {share:g}: of {bank.n_films} films {n} would be held out, and less "
            "than two remain to be trained on"
        )
    films = bank.films.cpu().unique()
    order = films[torch.randperm(len(films), generator=runtime.new_rng(seed))].tolist()
    chosen: list[int] = []
    for film in order:
        if len(chosen) < n and not _empties_a_class(bank, [*chosen, film]):
            chosen.append(film)
    if share is None and len(chosen) < _LEAST:
        return ()
    if share is not None and len(chosen) < n:
        raise ValueError(
            f"--hold-out: of {n} films that would be held out, {n - len(chosen)} are the last "
            "of their class; take a smaller share, or 0"
        )
    return tuple(sorted(bank.film_names[film] for film in chosen))


def _empties_a_class(bank: VideoBank, films: list[int]) -> bool:
    """Whether some class would have no film left to be trained on."""
    stays = ~torch.isin(bank.films, torch.tensor(films).to(bank.films))
    labels = bank.labels(torch.arange(bank.n_videos).to(bank.films))
    return any(
        set(column.tolist()) != set(column[stays].tolist()) for column in labels.unbind(1)
    )


def _settings(words: Sequence[str]) -> dict[str, object]:
    """What `--set FIELD=VALUE` asks for, each value of its field's own type."""
    known = {field.name: field.default for field in dataclasses.fields(VideoTrainConfig)}
    del known["n_classes"]  # it follows from the data
    settings = {}
    for word in words:
        name, equals, text = word.partition("=")
        if name not in known or not equals:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else f": there are {', '.join(known)}"
            raise ValueError(f"--set takes FIELD=VALUE, got {word!r}{hint}")
        settings[name] = _value(name, text, known[name])
    return settings


def _value(name: str, text: str, default: object) -> object:
    try:
        if isinstance(default, bool):
            return {"true": True, "false": False}[text.lower()]
        if isinstance(default, tuple):
            return tuple(_number(part, default[0]) for part in text.split(","))
        return text if isinstance(default, str) else _number(text, default)
    except (KeyError, ValueError) as error:
        example = ",".join(map(str, default)) if isinstance(default, tuple) else default
        raise ValueError(f"--set {name} takes a value like {example}, got {text!r}") from error


def _number(text: str, like: float) -> float:
    number = type(like)(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _threads(n_processes: int) -> int:
    """Half the cores, at most 4.

    On two quiet cores a second thread gained a quarter of the speed, and on two busy ones it
    cost four fifths of it.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    asked = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]  # "4,2": of nested loops too
    if asked.isdecimal() and int(asked):
        return int(asked)
    return max(1, min(4, (cores or 1) // 2 // n_processes))
