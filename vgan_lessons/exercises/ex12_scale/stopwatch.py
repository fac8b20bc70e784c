"""12.1: how long something takes, on a device that answers before it has worked."""

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.training import stopwatch


class _Device:
    """A machine with a queue: work is queued in 0.25 s and done later, one after the other.

    Args:
        costs: seconds of each piece of work in turn.
        busy: seconds until what was queued before is done.
    """

    def __init__(self, costs: list[float], busy: float = 0.0) -> None:
        self.costs, self.now, self.free_at, self.calls = costs, 0.0, busy, 0

    def work(self) -> None:
        cost = self.costs[min(self.calls, len(self.costs) - 1)]
        self.calls += 1
        self.now += 0.25
        self.free_at = max(self.now, self.free_at) + cost

    def clock(self) -> float:
        return self.now

    def synchronise(self) -> None:
        self.now = max(self.now, self.free_at)


def _time(costs: list[float], busy: float = 0.0, **how: int):
    def run(answer) -> float:
        device = _Device(costs, busy)
        return float(answer(device.work, device.clock, device.synchronise, **how))

    return run


_WARM = "for _ in range(n_warm_up):"
_ROUNDS = "for _ in range(n_rounds):"
_FIRST = "synchronise()  # or the round before would be counted, too\n        begin = clock()"
_LAST = "synchronise()  # or only the queueing would be"
_NOTE = "seconds.append(clock() - begin)"
_RETURN = "return statistics.median(seconds)"

# fmt: off
STOPWATCH = Exercise(
    name="stopwatch",
    number="12.1",
    minutes=7,
    difficulty="easy",
    contract=(
        "`work()` queues a piece of work and may come back before it is done; `synchronise()` waits until the device has done all that is queued; `clock()` is the time in seconds.",
        "First do the work `n_warm_up` times, which do not count. Then time it `n_rounds` times (n_rounds >= 1), each round by itself: nothing that was queued before counts, and all of the round's own work does.",
        "Return the median of the rounds in seconds; of an even number the mean of the two in the middle. The work is done n_warm_up + n_rounds times in all.",
    ),
    reference=stopwatch.stopwatch,
    cases=(
        Case("slow at first", _time([9.0, 9.0, 1.0]), 1.25,
             "Two rounds of warming up, then five of 0.25 s of queueing and 1 s of work."),
        Case("somebody else was busy", _time([9.0, 9.0, 50.0, 1.0, 2.0, 3.0, 4.0, 0.5]), 3.25,
             "Rounds of 50.25, 1.25, 2.25, 3.25, 4.25: by size the one in the middle is 3.25."),
        Case("four rounds", _time([1.0, 8.0, 2.0, 5.0, 3.0, 9.0], n_warm_up=0, n_rounds=4), 3.75,
             "Rounds of 1.25, 8.25, 2.25, 5.25: between 2.25 and 5.25."),
        Case("one round on a busy device", _time([2.0], busy=100.0, n_warm_up=0, n_rounds=1), 2.25,
             "The device is busy for 100 s with what others queued: wait for that before the clock is read."),
    ),
    hints=(
        "When is a queue empty? Read the clock only then, at both ends.",
        "Two loops, one after the other. In the second: wait, read, work, wait, read.",
        "`for _ in range(n_warm_up): work()`; `for _ in range(n_rounds):` `synchronise()`; `begin = clock()`; `work()`; `synchronise()`; `seconds.append(clock() - begin)`; `return statistics.median(seconds)`.",
    ),
    mistakes=(
        Mistake("not waited for the end", {_LAST: "pass"}, "The clock is read when the work is queued, not when it is done: synchronise before you read it."),
        Mistake("not waited for the beginning", {_FIRST: "begin = clock()"}, "What was queued before the round is counted in it: synchronise before you start."),
        Mistake("waited after the clock was read", {_FIRST: "begin = clock()\n        synchronise()"}, "The clock is read before the waiting: what others queued is counted."),
        Mistake("never warm", {_WARM: "for _ in ():", _ROUNDS: "for _ in range(n_warm_up + n_rounds):"}, "The first rounds count, slow as they are: do them before the clock runs."),
        Mistake("no rounds to warm up", {_WARM: "for _ in ():"}, "Nothing warms up: the work is done n_warm_up times first."),
        Mistake("the mean", {_RETURN: "return statistics.fmean(seconds)"}, "One slow round moves the mean: take the median."),
        Mistake("the fastest", {_RETURN: "return min(seconds)"}, "This is the fastest round: take the median."),
        Mistake("the slowest", {_RETURN: "return max(seconds)"}, "This is the slowest round: take the median."),
        Mistake("the upper of two", {_RETURN: "return sorted(seconds)[len(seconds) // 2]"}, "Of an even number of rounds this is the upper one in the middle: take the mean of both."),
        Mistake("the lower of two", {_RETURN: "return statistics.median_low(seconds)"}, "Of an even number of rounds this is the lower one in the middle: take the mean of both."),
        Mistake("the total", {_RETURN: "return sum(seconds)"}, "This is the time of all rounds together."),
        Mistake("all rounds at once", {_FIRST: "begin = clock()", _LAST: "pass", _ROUNDS: "synchronise()\n    first = clock()\n    " + _ROUNDS, _RETURN: "synchronise()\n    return (clock() - first) / n_rounds"}, "All rounds are timed at once and divided, a mean: time each by itself and take the median."),
        Mistake("the last round", {_RETURN: "return seconds[-1]"}, "Only the last round counts: take the median of all."),
        Mistake("in the order of the rounds", {_RETURN: "return seconds[len(seconds) // 2]"}, "The rounds are not sorted: the one in the middle of the list is not the median."),
        Mistake("always five", {_ROUNDS: "for _ in range(5):"}, "n_rounds has no influence."),
        Mistake("another number to warm up", {_WARM: "for _ in range(2):"}, "The work is done another number of times than n_warm_up before the rounds count."),
        Mistake("the clock is never reset", {_FIRST: "synchronise()\n        begin = 0 if seconds else clock()"}, "Later rounds are timed from the beginning of time."),
    ),
)
