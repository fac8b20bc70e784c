"""What `train --resume` goes on with, and what it refuses to go on with."""

import argparse
import dataclasses
import json
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch

from vgan_lessons.calling import typed
from vgan_lessons.datasets import VideoBank
from vgan_lessons.runs import (
    RunConfig,
    RunError,
    RunWarning,
    UnknownSetting,
    checkpoints,
    read_config,
    saved_config,
    write_config,
)

_FREE = {  # what may be given anew; every other word of `train` stays as the run was started
    *("command", "module", "words", "resume", "steps"),
    *("processes", "device", "strict", "checkpoint_every", "no_card", "tensorboard"),
}
_UNCOMPARED = {"versions", "device", "budget"}  # they change no draw of the same machine


def old_run(args: argparse.Namespace, n_processes: int) -> tuple[Path, RunConfig]:
    """The run that `--resume` names, as it was started; longer or shorter if asked.

    Args:
        args: of `train`; an argument that was not given is None or False.
        n_processes: how many train now.

    Returns:
        Its folder and its configuration; with `--steps` another `n_steps`.

    Raises:
        ValueError: if an argument was given that a started run has fixed.
        RunError: if there is no run, its configuration is damaged or of another version or
            was changed by hand, or another number of processes trained it.
    """
    given = [
        name
        for name, value in vars(args).items()
        if name not in _FREE and value is not None and value is not False
    ]
    if given:
        names = ", ".join(name.replace("_", "-") for name in given)
        raise ValueError(f"--resume goes on with the run as it was: leave out {names}")
    folder = Path(args.resume).expanduser()
    with warnings.catch_warnings():  # what sampling may leave out, a training may not
        warnings.simplefilter("error", UnknownSetting)
        try:
            config = read_config(folder)
        except UnknownSetting as unknown:
            raise RunError(f"{unknown}. A training goes on in that version only") from None
    if config.versions.get("torch") != torch.__version__:
        warnings.warn(
            f"{folder} was trained with torch {config.versions.get('torch')}, this is "
            f"{torch.__version__}: it goes on, but not bit for bit",
            RunWarning,
            stacklevel=2,
        )
    _refuse_other_settings(folder, config, args.steps)
    if config.n_processes != n_processes:
        raise RunError(_other_count(folder, config.n_processes, n_processes))
    if args.steps is None:
        return folder, config
    train = dataclasses.replace(config.train, n_steps=args.steps)
    return folder, dataclasses.replace(config, train=train)


def own_processes(args: argparse.Namespace) -> int:
    """How many processes the run was begun with: it goes on in as many, unless told.

    Args:
        args: of `train`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RunWarning)
        return read_config(Path(args.resume).expanduser()).n_processes


def own_device(args: argparse.Namespace) -> str:
    """The word for the device: a run that goes on does so where it was, unless told.

    Args:
        args: of `train`.
    """
    if args.device != "auto":
        return args.device
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RunWarning)
        return read_config(Path(args.resume).expanduser()).device.split(":")[0]


def refuse_other_device(config: RunConfig, on: torch.device) -> None:
    """Random numbers of a GPU go on only there.

    Args:
        config: of the run.
        on: where it would go on.

    Raises:
        RunError: if the run was trained on another kind of device.
    """
    kind = config.device.split(":")[0]
    if kind != on.type:
        raise RunError(
            f"the run was trained on {kind}, and its random numbers go on only there: "
            f"resume with --device {kind}"
        )


def refuse_other_data(folder: Path, config: RunConfig, bank: VideoBank) -> None:
    """Go on with the data that the run began with, or not at all.

    Args:
        folder: of the run.
        config: of the run.
        bank: what its data are today.

    Raises:
        RunError: if the labels or any pixel are other ones.
    """
    if config.labels and config.labels != bank.label_names:
        raise RunError(
            f"the run was told {_in_words(config.labels)}; {config.data} now has "
            f"{_in_words(bank.label_names)}"
        )
    if config.data_fingerprint not in ("", bank.fingerprint()):
        raise RunError(
            f"{config.data} is not what {folder} was trained on: its clips have changed since. "
            f"Put them back, or begin a new run: {typed('train', '--data', config.data)} "
            "--out OTHER"
        )


def change_length(folder: Path, config: RunConfig) -> None:
    """Write down another number of steps, and tell what it does to the learning rates.

    The schedule is that of a run of the new length from the start: the rates of a finished run
    go up again, to what they would be at its step, and fall to a tenth at the new end.

    Args:
        folder: of the run; no other process may write it.
        config: with the new length.

    Raises:
        RunError: if the run is past the new length.
    """
    train, planned = config.train, read_config(folder).train
    if train.n_steps == planned.n_steps:
        return
    saved = checkpoints(folder)
    step = int(saved[-1].name.removeprefix("step-")) if saved else 0
    if step > train.n_steps:
        raise RunError(
            f"{folder} is at step {step} already: --steps is its new total, so give more"
        )
    print(
        f"{folder} goes on from step {step} to {train.n_steps} instead of {planned.n_steps}; "
        f"the learning rates go from {planned.rate_at(step):.2f} of their top to "
        f"{train.rate_at(step):.2f}, as in a run of this length, and fall to 0.10 at its end"
    )
    write_config(folder, config)


def _refuse_other_settings(folder: Path, config: RunConfig, steps: int | None) -> None:
    now = json.loads(json.dumps(dataclasses.asdict(config)))
    changed = dict(_differences(saved_config(folder), now))
    if steps is not None:
        changed.pop("n_steps", None)
    if not changed:
        return
    named = "; ".join(f"{k} is {new!r}, was {old!r}" for k, (old, new) in changed.items())
    if list(changed) == ["n_steps"]:
        way = f"to change the length: {typed('train', '--resume', folder, '--steps')} N"
    else:
        way = "put back what was, or begin a new run with the new settings"
    raise RunError(
        f"{folder / 'config.json'} was changed since the newest checkpoint: {named}. {way}"
    )


def _differences(
    old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[tuple[str, tuple[object, object]]]:
    """Settings in both that differ, by name; those inside `train` by their own names."""
    for name in old.keys() & new.keys() - _UNCOMPARED:
        if name == "train":
            yield from _differences(old[name], new[name])
        elif old[name] != new[name]:
            yield name, (old[name], new[name])


def _other_count(folder: Path, then: int, now: int) -> str:
    return (
        f"{folder} was trained by {then} process{'es' * (then > 1)}, now there "
        f"{'is' if now == 1 else 'are'} {now}: each has its own random numbers, so go on with "
        f"as many: leave out --processes, or torchrun --nproc-per-node {then}"
    )


def _in_words(labels: dict[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{k}: {', '.join(names)}" for k, names in labels.items()) or "no labels"
