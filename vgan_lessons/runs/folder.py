"""A run folder: what was trained, on what, with which numbers, and how it went."""

import dataclasses
import json
import platform
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

import vgan_lessons
from vgan_lessons.calling import typed
from vgan_lessons.storage import write_json
from vgan_lessons.training import VideoTrainConfig

_CONFIG = "config.json"


class RunError(Exception):
    """A run folder that is not there, not whole, or already taken; the text says which."""


class RunWarning(UserWarning):
    """A part of a run folder could not be used; the text says which, and what was done."""


class UnknownSetting(RunWarning):
    """A run was trained with a setting that this version does not have."""


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
    fps: float | None = None  # frames a second that films are read at; None: as stored
    stride: int = 1  # every stride-th frame of the films is read
    held_out: tuple[str, ...] = ()  # films that are not trained on but measured against
    init_from: str = ""  # the run or shipped generator whose weights it began with
    data_fingerprint: str = ""  # of the videos as they were read; "": the run is older
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
            f"{folder} holds a run already: go on with it by "
            f"`{typed('train', '--resume', folder)}`, or choose another --out"
        )
    write_config(folder, config)
    return folder


def write_config(folder: Path, config: RunConfig) -> None:
    """Write what a run trains; over an earlier one only to make the run longer.

    Args:
        folder: where; made if missing.
        config: what will be trained.

    Raises:
        RunError: if the folder cannot be written.
    """
    try:
        write_json(folder / _CONFIG, dataclasses.asdict(config))
    except OSError as error:
        raise RunError(f"cannot write the run folder {folder}: {error.strerror}") from error


def read_config(folder: str | Path) -> RunConfig:
    """Read what a run trains.

    Args:
        folder: a run folder.

    Raises:
        RunError: if there is no run, or its configuration is damaged.

    Warns:
        RunWarning: names the settings of another version that this one does not know, and those
            that it lacks, with what they are taken as.
    """
    path = Path(folder) / _CONFIG
    if not path.is_file():
        raise RunError(f"{folder} is not a run folder: {_what_it_is(Path(folder))}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        config, unknown, missing = _parsed(content)
    except OSError as error:
        raise RunError(f"cannot read {path}: {error.strerror}") from error
    except KeyError as error:
        raise RunError(f"{path} is damaged: the setting {error.args[0]} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise RunError(f"{path} is damaged: {error}") from error
    writer = config.versions.get("vgan_lessons", "another version")
    by = f"{path} was written by vgan_lessons {writer}, this is {vgan_lessons.__version__}"
    if unknown:
        said = f"{by}: left out what is not known here: {', '.join(unknown)}"
        warnings.warn(said, UnknownSetting, stacklevel=2)
    if missing and writer != vgan_lessons.__version__:
        said = f"{by}: taken as it does not say: {', '.join(missing)}"
        warnings.warn(said, RunWarning, stacklevel=2)
    return config


def _parsed(content: dict[str, object]) -> tuple[RunConfig, list[str], list[str]]:
    """The configuration, the names that this version does not know, and what is missing."""
    for repeated in ("model", "generator"):  # until version 0.1, as in `train` again
        content.pop(repeated, None)
    known, unknown = _known(content, RunConfig)
    settings, more = _known(content["train"], VideoTrainConfig)
    known["train"] = train_config(settings)
    known["held_out"] = tuple(content.get("held_out", ()))
    known["labels"] = {k: tuple(v) for k, v in content.get("labels", {}).items()}
    known["versions"] = dict(content.get("versions", {}))
    for name in ("data", "budget", "device"):
        _refuse_other_kind(name, content[name], "")
    for name in ("n_processes", "n_threads"):
        _refuse_other_kind(name, content.get(name, 1), 1)
    names = [field.name for field in dataclasses.fields(VideoTrainConfig)]
    missing = [name for name in names if name not in settings]
    taken = [f"{name}={getattr(known['train'], name)!r}" for name in missing]
    return RunConfig(**known), unknown + more, taken


def train_config(settings: Mapping[str, object]) -> VideoTrainConfig:
    """The configuration of a training from its JSON form, which knows no tuples.

    Args:
        settings: values by field name.

    Raises:
        TypeError: if there is no such field, or a value is of another kind.

    Example:
        >>> train_config({"betas": [0.5, 0.9]}).betas
        (0.5, 0.9)
    """
    settings = dict(settings)
    if (moving := settings.pop("moving_grid", None)) is not None:  # until version 0.1
        settings["painter"] = "moving" if moving else "dense"
    tuples = {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}
    for field in dataclasses.fields(VideoTrainConfig):
        if field.name in tuples:
            _refuse_other_kind(field.name, tuples[field.name], field.default)
    return VideoTrainConfig(**tuples)


def _refuse_other_kind(name: str, value: object, like: object) -> None:
    kinds = (int, float) if isinstance(like, float) else type(like)
    fits = isinstance(value, kinds) and (isinstance(like, bool) or not isinstance(value, bool))
    if fits and isinstance(like, tuple):
        kind = (int, float) if like and isinstance(like[0], float) else int
        fits = all(isinstance(part, kind) for part in value)
    if not fits:
        raise TypeError(f"{name} must be a value like {like!r}, got {value!r}")


def _known(settings: Mapping[str, object], kind: type) -> tuple[dict[str, object], list[str]]:
    """Those settings that a configuration has, and the names of the others."""
    names = {field.name for field in dataclasses.fields(kind)} | {"moving_grid"}
    return (
        {name: value for name, value in settings.items() if name in names},
        [name for name in settings if name not in names],
    )


def _what_it_is(folder: Path) -> str:
    """Why a folder is none, and which run was meant."""
    if folder.is_file():
        why = "it is a file"
    elif not folder.exists():
        why = "there is nothing of that name"
    else:
        why = f"{folder / _CONFIG} is missing"
    around = [
        *folder.parents[:3],
        *sorted(folder.glob("*/")),
        *sorted(folder.parent.glob("*/")),
    ]
    runs = [str(place) for place in around if (place / _CONFIG).is_file()][:5]
    return f"{why}; did you mean {' or '.join(runs)}?" if runs else why


def _versions() -> dict[str, str]:
    return {
        "vgan_lessons": vgan_lessons.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
