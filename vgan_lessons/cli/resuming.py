"""What `train --resume` goes on with, and what it refuses to go on with."""

import argparse
from pathlib import Path

from vgan_lessons.datasets import VideoBank
from vgan_lessons.runs import RunConfig, read_config

_FREE = {  # what may be given anew; every other word of `train` stays as the run was started
    *("command", "module", "resume"),
    *("device", "strict", "checkpoint_every", "no_card"),
}


def old_run(args: argparse.Namespace) -> tuple[Path, RunConfig]:
    """The run that `--resume` names, as it was started.

    Args:
        args: of `train`; an argument that was not given is None or False.

    Returns:
        Its folder and its configuration.

    Raises:
        ValueError: if an argument was given that a started run has fixed.
        RunError: if there is no run, or its configuration is damaged.
    """
    given = [
        name
        for name, value in vars(args).items()
        if name not in _FREE and value is not None and value is not False
    ]
    if given:
        names = ", ".join(name.replace("_", "-") for name in given)
        raise ValueError(f"--resume goes on with the run as it was: leave out {names}")
    return Path(args.resume), read_config(args.resume)


def refuse_other_data(config: RunConfig, bank: VideoBank) -> None:
    """Go on with the data that the run began with, or not at all.

    Args:
        config: of the run.
        bank: what its data are today.

    Raises:
        ValueError: if the labels are other ones.
    """
    if config.labels and config.labels != bank.label_names:
        raise ValueError(
            f"the run was told {_in_words(config.labels)}; {config.data} now has "
            f"{_in_words(bank.label_names)}"
        )


def _in_words(labels: dict[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{k}: {', '.join(names)}" for k, names in labels.items()) or "no labels"
