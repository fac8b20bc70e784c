"""How long something takes, once it is warm and really done."""

import statistics
from collections.abc import Callable


def stopwatch(
    work: Callable[[], object],
    clock: Callable[[], float],
    synchronise: Callable[[], object],
    n_warm_up: int = 2,
    n_rounds: int = 5,
) -> float:
    """The usual time of a piece of work: warmed up, waited for, the median of some rounds.

    Args:
        work: done anew in each round; on a GPU it only queues its operations and comes back.
        clock: the time in seconds.
        synchronise: waits until the device has done all that is queued.
        n_warm_up: rounds that do not count: memory is fetched, kernels are chosen.
        n_rounds: rounds that do, at least 1.

    Returns:
        Seconds; of an even number of rounds the mean of the two in the middle.

    Lesson 12.
    """
    for _ in range(n_warm_up):
        work()
    seconds = []
    for _ in range(n_rounds):
        synchronise()  # or the round before would be counted, too
        begin = clock()
        work()
        synchronise()  # or only the queueing would be
        seconds.append(clock() - begin)
    return statistics.median(seconds)
