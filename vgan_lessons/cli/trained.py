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
from vgan_lessons.runs.folder import train_config
from vgan_lessons.training import VideoTrainConfig


class Trained(NamedTuple):
    """A trained generator, and what it was trained on."""

    generator: nn.Module  # on the CPU, frozen
    train: VideoTrainConfig
    data: str
    labels: Mapping[str, Sequence[str]]  # the classes it was told, by name of the label
    folder: Path | None  # None: it came with the package


def load_trained(run: str) -> Trained:
    """Load what a word names; a folder goes before a shipped generator.

    Args:
        run: a path, or one of `shipped_names()`.

    Raises:
        RunError: if there is neither, or it cannot be read.
    """
    folder = Path(run).expanduser()
    if folder.exists():
        generator, config = load_generator(folder)
        return Trained(generator, config.train, config.data, config.labels, folder)
    if run in shipped_names():
        card = shipped_card(run)
        train = train_config(card["recipe"])
        return Trained(load_shipped(run), train, card["data"], card.get("labels", {}), None)
    try:
        read_config(folder)  # it says why this is no run, and which was meant
    except RunError as error:
        raise RunError(f"{error}; ready-made ones: {', '.join(shipped_names())}") from error
    raise RunError(f"{folder} came only now: try again")
