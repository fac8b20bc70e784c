"""`train --tensorboard`: the same numbers as log.csv, for those who keep TensorBoard open.

Asked for by a word, not found out: importing it takes seconds, and a run folder should not
hold other files on a machine that happens to have it.
"""

import dataclasses
from importlib.util import find_spec
from pathlib import Path

from vgan_lessons.training import StepLog


def refuse_without_tensorboard() -> None:
    """Say so before anything is written.

    Raises:
        ValueError: if the package tensorboard is not installed.
    """
    if find_spec("tensorboard") is None:
        raise ValueError(
            "--tensorboard needs the package tensorboard: pip install tensorboard, or leave "
            "the word out: log.csv holds the same numbers"
        )


class Board:
    """Writes scalars into RUN/tensorboard.

    Args:
        folder: a run folder.
        step: how far the run is; what an interrupted run wrote later is hidden.
    """

    def __init__(self, folder: Path, step: int) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(folder / "tensorboard"), purge_step=step + 1)

    def add(self, log: StepLog) -> None:
        """Write the numbers of a log.

        Args:
            log: of one step.
        """
        for name, value in dataclasses.asdict(log).items():
            if name != "step":
                self._writer.add_scalar(name, value, log.step)
        self._writer.flush()

    def add_one(self, name: str, value: float, step: int) -> None:
        """Write one more number.

        Args:
            name: of the curve.
            value: what was measured.
            step: of the run.
        """
        self._writer.add_scalar(name, value, step)
