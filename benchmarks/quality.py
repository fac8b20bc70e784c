"""The race that decides: quality at equal time, at equal steps, and time to a quality.

Both sides train on the same bytes for the same time on the training clock (CPU seconds on a
CPU, wall seconds on a GPU), in turns from mark to mark; measuring stops the clock.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from benchmarks.clock import spend
from benchmarks.contestants import Contestant, Ours
from benchmarks.judging import Judge
from benchmarks.rows import ROWS, our_config
from benchmarks.setting import Setting
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation import MetricCard
from vgan_lessons.runtime import has_fast_bfloat16

MARKS = (0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0)  # shares of the training time


@dataclass(frozen=True)
class Snapshot:
    """One side of the race at one mark."""

    seconds: float  # on the training clock
    steps: int
    fvd_small: float


@dataclass
class Side:
    """One contestant's race with one seed."""

    name: str
    snapshots: list[Snapshot] = field(default_factory=list)  # the first before any step
    card: MetricCard | None = None
    error: str = ""  # what stopped it
    wall: float = 0.0  # seconds of training by the clock on the wall

    @property
    def final(self) -> float:
        """FVD-small at the end."""
        return self.snapshots[-1].fvd_small if self.snapshots else float("inf")

    @property
    def failed(self) -> str:
        """Why this seed counts as failed, or nothing."""
        if self.error:
            return self.error
        if not self.final < self.snapshots[0].fvd_small:
            return "no better than before its first step"
        return ""

    def seconds_to(self, fvd_small: float) -> float:
        """Training seconds until a snapshot was as good as this; infinity if none was.

        Args:
            fvd_small: the value to reach.
        """
        reached = [s.seconds for s in self.snapshots if s.steps and s.fvd_small <= fvd_small]
        return reached[0] if reached else float("inf")


@dataclass
class Race:
    """What came of one seed."""

    seed: int
    baseline: Side
    ours: Side
    ours_at_equal_steps: Side


def race(
    setting: Setting,
    bank: VideoBank,
    judge: Judge,
    seconds: float,
    deadline: float,
    *,
    marks: tuple[float, ...] = MARKS,
) -> Race:
    """Train both sides from one seed, in turns, and measure them on the way.

    Args:
        setting: data, size, device, seed.
        bank: the videos.
        judge: measures both sides.
        seconds: of training for each side, on the training clock.
        deadline: on `time.perf_counter`; no mark is begun after it.
        marks: shares of `seconds` at which both are measured.
    """
    n_steps = max(8, round(seconds / _seconds_a_step(setting, bank)))
    players: dict[str, Contestant] = {
        "mocogan": ROWS["mocogan"].build(setting, bank),
        "ours": _our_run(setting, bank, n_steps),
    }
    sides = {name: Side(name) for name in players}
    for mark in (0.0, *marks):
        if mark > marks[0] and time.perf_counter() > deadline:
            break
        for name, side in sides.items():
            until = mark * seconds
            _guarded(side, partial(_go_on, side, players[name], setting, judge, until))
    for name, side in sides.items():
        if not side.error:
            side.card = judge.card(players[name].sampled_from(), f"{name}, equal time")
    equal = Side("ours")
    n_steps = players["mocogan"].steps
    short = _our_run(setting, bank, max(1, n_steps))
    _guarded(equal, partial(_play_out, equal, short, setting, judge, n_steps))
    return Race(setting.seed, sides["mocogan"], sides["ours"], equal)


def _our_run(setting: Setting, bank: VideoBank, n_steps: int) -> Ours:
    """Our side as `vgan-lessons train` would play a run of this length."""
    config = our_config(setting, n_steps=n_steps)
    return Ours(bank, config, bfloat16=has_fast_bfloat16(setting.on))


def _seconds_a_step(setting: Setting, bank: VideoBank) -> float:
    """On the training clock, of a game that is thrown away: our rates fall towards the end
    of the run, so its length has to be known before it begins.
    """
    trial = _our_run(setting, bank, 10**9)
    trial.play(trial.period)
    n_steps = trial.period * (1 if setting.smoke else 5)
    return clock_of(setting)(lambda: trial.play(n_steps)) / n_steps


def clock_of(setting: Setting) -> Callable[[Callable[[], object]], float]:
    """What the training clock of a device says that a piece of work cost.

    Args:
        setting: names the device.
    """
    on = setting.on
    if on.type == "cuda":
        return lambda work: spend(work, on).wall
    return lambda work: spend(work, on).cpu


def _guarded(side: Side, work: Callable[[], None]) -> None:
    """A seed that breaks is counted, not hidden, and does not stop the other side."""
    if side.error:
        return
    try:
        work()
    except (RuntimeError, ValueError, FloatingPointError) as error:
        side.error = f"{type(error).__name__}: {error}".splitlines()[0]


def _go_on(
    side: Side, player: Contestant, setting: Setting, judge: Judge, until: float
) -> None:
    """Train up to a time on the training clock, then measure with the clock stopped."""
    clock = clock_of(setting)
    seconds = side.snapshots[-1].seconds if side.snapshots else 0.0
    since = time.perf_counter()
    while seconds < until:
        before = player.steps
        seconds += clock(lambda: player.play(player.period))
        if player.steps == before:
            break  # our run is over: its length was fixed before it began
    side.wall += time.perf_counter() - since
    fvd_small = judge.fvd_small(player.sampled_from())
    side.snapshots.append(Snapshot(seconds, player.steps, fvd_small))


def _play_out(side: Side, player: Ours, setting: Setting, judge: Judge, n_steps: int) -> None:
    """Our side for as many steps as the baseline made, in a run of just that length."""
    side.snapshots.append(Snapshot(0.0, 0, judge.fvd_small(player.sampled_from())))
    seconds = clock_of(setting)(lambda: player.play(n_steps + player.period))
    fvd_small = judge.fvd_small(player.sampled_from())
    side.snapshots.append(Snapshot(seconds, player.steps, fvd_small))
    side.card = judge.card(player.sampled_from(), "ours, equal steps")
