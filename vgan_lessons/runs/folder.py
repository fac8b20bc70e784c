"""A run folder: what was trained, on what, with which numbers, and how it went."""

import csv
import dataclasses
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

import vgan_lessons
from vgan_lessons.storage import whole_file, write_json
from vgan_lessons.training import VideoTrainConfig

_CONFIG, _LOG = "config.json", "log.csv"


class RunError(Exception):
    """A run folder that is not there, not whole, or already taken; the text says which."""


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything needed to train the same model again, or to go on with it."""

    data: str  # the name the videos were loaded by
    budget: str
    device: str
    train: VideoTrainConfig  # model, sizes, and every number of the loop
    n_processes: int = 1
    n_threads: int = 1  # of each process; another number rounds otherwise
    labels: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)  # it is told
    init_from: str = ""  # the run or shipped generator whose weights it began with
    versions: dict[str, str] = dataclasses.field(default_factory=lambda: _versions())


def create_run(folder: str | Path, config: RunConfig) -> Path:
    """Start a run folder.

    Args:
        folder: where; made if missing.
        config: what will be trained.

    Returns:
        The folder.

    Raises:
        RunError: if the folder holds a run already, or cannot be written.
    """
    folder = Path(folder)
    if (folder / _CONFIG).exists():
        raise RunError(
            f"{folder} holds a run already: continue it with --resume {folder}, "
            "or choose another --out"
        )
    try:
        write_json(folder / _CONFIG, dataclasses.asdict(config))
    except OSError as error:
        raise RunError(f"cannot write the run folder {folder}: {error.strerror}") from error
    return folder


def read_config(folder: str | Path) -> RunConfig:
    """Read what a run trains.

    Args:
        folder: a run folder.

    Raises:
        RunError: if there is no run, or its configuration is damaged.
    """
    path = Path(folder) / _CONFIG
    if not path.exists():
        raise RunError(f"{folder} is not a run folder: {path} is missing")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        for repeated in ("model", "generator"):  # until version 0.1, as in `train` again
            content.pop(repeated, None)
        content["train"] = train_config(content["train"])
        content["labels"] = {k: tuple(v) for k, v in content.get("labels", {}).items()}
        return RunConfig(**content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{path} is damaged: {error}") from error


def train_config(settings: Mapping[str, object]) -> VideoTrainConfig:
    """The configuration of a training from its JSON form, which knows no tuples.

    Args:
        settings: values by field name.

    Raises:
        TypeError: if there is no such field.

    Example:
        >>> train_config({"betas": [0.5, 0.9]}).betas
        (0.5, 0.9)
    """
    settings = dict(settings)
    if (moving := settings.pop("moving_grid", None)) is not None:  # until version 0.1
        settings["painter"] = "moving" if moving else "dense"
    tuples = {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}
    return VideoTrainConfig(**tuples)


def append_log(folder: Path, row: Mapping[str, float]) -> None:
    """Add a row to the run's log.csv, with a heading if it is the first.

    Args:
        folder: a run folder.
        row: the step, its losses, anything else; the same columns each time.
    """
    path = folder / _LOG
    fresh = not path.exists()
    with open(path, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(row), lineterminator="\n")
        if fresh:
            writer.writeheader()
        writer.writerow(row)


def read_log(folder: str | Path) -> list[dict[str, float]]:
    """The rows of log.csv, oldest first; a row cut short by a kill is left out.

    Args:
        folder: a run folder.

    Returns:
        One dictionary a row, numbers as float; empty before the first log.
    """
    path = Path(folder) / _LOG
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if None not in row.values()]
    return [{name: float(value) for name, value in row.items() if value} for row in rows]


def trim_log(folder: Path, step: int) -> None:
    """Forget rows after a step, before the run is resumed from it.

    Args:
        folder: a run folder.
        step: the last step to keep.
    """
    path = folder / _LOG
    if not path.exists():
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = lines[:1] + [
        x for x in lines[1:] if x.endswith("\n") and int(x.split(",")[0]) <= step
    ]
    with whole_file(path) as draft:
        draft.write_text("".join(kept), encoding="utf-8", newline="")


def _versions() -> dict[str, str]:
    return {
        "vgan_lessons": vgan_lessons.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
