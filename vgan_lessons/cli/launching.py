"""`train --processes N`: PyTorch's own launcher, whose faults are told in one line."""

import logging
import os

from vgan_lessons.calling import typed

_TO_SAVE = "600"  # seconds in which processes may save after a signal, instead of 30


def launch(n_processes: int, words: list[str]) -> int:
    """Train in several processes of this machine that share each batch.

    Args:
        n_processes: N, at least 2; on GPUs one a process.
        words: of the command line, given to every process.

    Returns:
        0 when the run is complete, 128 plus its number after a signal, else what the first
        process that failed left with; 1 where it was killed.

    Lesson 12.
    """
    from torch.distributed import run
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    logging.disable(logging.ERROR)  # of the launcher; the processes speak for themselves
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # else the launcher says that it does so
    os.environ.setdefault("TORCH_ELASTIC_SHUTDOWN_TIMEOUT", _TO_SAVE)
    os.environ.update(VGAN_COMMAND=typed(), VGAN_PROCESSES=str(n_processes))
    here = ["--rdzv-backend=c10d", "--rdzv-endpoint=127.0.0.1:0", "--local-addr=127.0.0.1"]
    asked = [*here, f"--nproc-per-node={n_processes}", "-m", "vgan_lessons", *words]
    try:
        run.run(run.parse_args(asked))
    except SignalException as stopped:
        return 128 + stopped.sigval
    except ChildFailedError as failed:
        return _exit_code({rank: child.exitcode for rank, child in failed.failures.items()})
    return 0


def _exit_code(left_with: dict[int, int]) -> int:
    """What the processes left with as one code; a killed one is told, for it could not."""
    killed = {rank: -code for rank, code in left_with.items() if code < 0}
    if not killed:
        return next(iter(left_with.values()), 1)
    rank, signal = next(iter(killed.items()))
    raise ValueError(
        f"process {rank} was ended by signal {signal} (9: often for want of memory), and the "
        "others with it; --resume RUN goes on from the newest checkpoint"
    )
