"""What the word RUN stands for: a run folder, or a generator that came with the package."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from torch import nn

from vgan_lessons.runs import (
    RunError,
    load_generator,
    load_shipped,
    read_config,
    shipped_card,
    shipped_names,
)
from vgan_lessons.runs.best import load_best
from vgan_lessons.runs.folder import train_config
from vgan_lessons.training import VideoTrainConfig


class Trained(NamedTuple):
    """A trained generator, and what it was trained on."""

    generator: nn.Module  # on the CPU, frozen
    train: VideoTrainConfig
    data: str
    labels: Mapping[str, Sequence[str]]  # the classes it was told, by name of the label
    folder: Path | None  # None: it came with the package
    fps: float | None = None  # frames a second that its films were read at
    stride: int = 1
    held_out: tuple[str, ...] = ()  # films that it was not trained on


def load_trained(run: str, *, best: bool = False) -> Trained:
    """Load what a word names; a folder goes before a shipped generator.

    Args:
        run: a path, or one of `shipped_names()`.
        best: the best generator of a run folder instead of the newest.

    Raises:
        RunError: if there is neither, or it cannot be read, or no best one was kept.
    """
    folder = Path(run).expanduser()
    if folder.exists():
        generator, config = (load_best if best else load_generator)(folder)
        return Trained(
            generator=generator,
            train=config.train,
            data=config.data,
            labels=config.labels,
            folder=folder,
            fps=config.fps,
            stride=config.stride,
            held_out=config.held_out,
        )
    if best:
        raise RunError(f"--best is for run folders, and {run} is none")
    if run in shipped_names():
        card = shipped_card(run)
        train = train_config(card["recipe"])
        return Trained(load_shipped(run), train, card["data"], card.get("labels", {}), None)
    try:
        read_config(folder)  # it says why this is no run, and which was meant
    except RunError as error:
        raise RunError(f"{error}; ready-made ones: {', '.join(shipped_names())}") from error
    raise RunError(f"{folder} came only now: try again")
