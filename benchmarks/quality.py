"""The race that decides: quality at equal time, at equal steps, and time to a quality.

All sides train on the same bytes for the same time on the training clock (CPU seconds on a
CPU, wall seconds on a GPU), in turns from stage to stage; measuring stops the clock.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from torch import Tensor, nn

from benchmarks.clock import spend
from benchmarks.contestant import DRAWN, Contestant, Entry, Setting, load_bank
from benchmarks.lineup import LINEUP
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation import MetricCard, measure_real, metric_card, quick_card
from vgan_lessons.models.generators import generate
from vgan_lessons.runtime import has_fast_bfloat16, new_rng

STAGES = (0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0)  # shares of the training time
_LATENTS_SEED = 12345  # of every snapshot, on all sides


class Scorer:
    """Scores generators by FVD-small along the way and by the whole card at the end.

    Real clips of a drawn data set are drawn anew, so that nobody has trained on them; those
    of files are the ones trained on, for all sides alike.

    Args:
        setting: data, size, device.
        bank: what is trained on.
        n: clips on each side of the card; a snapshot takes at most 256 of them.
    """

    def __init__(self, setting: Setting, bank: VideoBank, *, n: int) -> None:
        self.setting, self.n, self.n_quick = setting, n, min(n, 256)
        unseen = bank
        if setting.data in DRAWN:
            unseen = load_bank(setting, n_videos=2 * n, seed=setting.seed + 1000)
        how = {"seed": setting.seed, "device": setting.on}
        self.real = measure_real(unseen, n=n, **how)
        self.real_quick = measure_real(unseen, n=self.n_quick, quick=True, **how)

    @property
    def floor(self) -> float:
        """FVD-small of real clips at the number of a snapshot: perfection scores this."""
        return self.real_quick.floor["fvd_small"]

    def fvd_small(self, generator: nn.Module) -> float:
        """A snapshot's FVD-small; infinity if its clips cannot be measured."""
        card = quick_card(self._clips(generator, self.n_quick), self.real_quick)
        value = card["fvd_small"].value
        return float("inf") if value is None else value

    def card(self, generator: nn.Module) -> MetricCard:
        """The whole panel."""
        return metric_card(self._clips(generator, self.n), self.real, n_resamples=0)

    def _clips(self, generator: nn.Module, n: int) -> Tensor:
        rng = new_rng(_LATENTS_SEED, self.setting.on)
        return generate(generator, n, n_frames=self.setting.n_frames, rng=rng)


@dataclass(frozen=True)
class Snapshot:
    """One side of the race at one stage."""

    seconds: float  # on the training clock
    steps: int
    fvd_small: float


@dataclass
class Side:
    """One contestant's race with one seed."""

    snapshots: list[Snapshot] = field(default_factory=list)  # the first before any step
    card: MetricCard | None = None
    error: str = ""  # what stopped it

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
        """Training seconds until a snapshot was as good as this; infinity if none was."""
        reached = [s.seconds for s in self.snapshots if s.steps and s.fvd_small <= fvd_small]
        return reached[0] if reached else float("inf")


def race(
    setting: Setting,
    bank: VideoBank,
    scorer: Scorer,
    *,
    rivals: list[str],
    seconds: float,
    deadline: float,
    stages: tuple[float, ...] = STAGES,
) -> dict[str, Side]:
    """Train all sides from one seed, in turns, and measure them on the way.

    Args:
        setting: data, size, device, seed.
        bank: the videos.
        scorer: measures all sides.
        rivals: names of the contestants that ours races.
        seconds: of training for each side, on the training clock.
        deadline: on `time.perf_counter`; no stage is begun after it.
        stages: shares of `seconds` at which all are measured.

    Returns:
        The rivals and "ours" after the same time, and for each rival `equal_steps(rival)`:
        ours again, in a run of as many steps as that rival made.
    """
    ours = LINEUP["ours-bf16" if has_fast_bfloat16(setting.on) else "ours"]
    entries = {name: LINEUP[name] for name in rivals} | {"ours": ours}
    contestants = {name: _planned(e, setting, bank, seconds) for name, e in entries.items()}
    sides = {name: Side() for name in contestants}
    for stage in (0.0, *stages):
        if stage > stages[0] and time.perf_counter() > deadline:
            break
        for name, side in sides.items():
            _go_on(side, contestants[name], setting, scorer, stage * seconds)
    for rival in rivals:
        again = replace(setting, n_steps=max(1, contestants[rival].steps))
        name = equal_steps(rival)
        sides[name], contestants[name] = Side(), ours.build(again, bank)
        for until in (0.0, float("inf")):  # measured before and after the whole run
            _go_on(sides[name], contestants[name], setting, scorer, until)
    for name, side in sides.items():
        if not side.error:
            side.card = scorer.card(contestants[name].sampled_from())
    return sides


def equal_steps(rival: str) -> str:
    """The name of ours in a run of as many steps as a rival made."""
    return f"ours, steps of {rival}"


def _planned(entry: Entry, setting: Setting, bank: VideoBank, seconds: float) -> Contestant:
    """A contestant for a run of so many seconds.

    Where rates fall towards the end of a run, its length has to be known before it begins: a
    trial that is thrown away tells the time of a step.
    """
    if entry.planned:
        trial = entry.build(setting, bank)
        trial.train(trial.period)
        n_steps = trial.period * (1 if setting.smoke else 5)
        a_step = training_seconds(setting, lambda: trial.train(n_steps)) / n_steps
        setting = replace(setting, n_steps=max(8, round(seconds / a_step)))
    return entry.build(setting, bank)


def training_seconds(setting: Setting, work: Callable[[], object]) -> float:
    """What a piece of work costs on the training clock of the setting's device."""
    spent = spend(work, setting.on)
    return spent.wall if setting.on.type == "cuda" else spent.cpu


def _go_on(
    side: Side, contestant: Contestant, setting: Setting, scorer: Scorer, until: float
) -> None:
    """Train up to a time on the training clock, then measure with the clock stopped.

    A seed that breaks is counted, not hidden, and does not stop the other sides.
    """
    seconds = side.snapshots[-1].seconds if side.snapshots else 0.0
    try:
        while seconds < until and not side.error:
            before = contestant.steps
            seconds += training_seconds(setting, lambda: contestant.train(contestant.period))
            if contestant.steps == before:
                break  # its run is over: the length was fixed before it began
        if not side.error:
            fvd_small = scorer.fvd_small(contestant.sampled_from())
            side.snapshots.append(Snapshot(seconds, contestant.steps, fvd_small))
    except (RuntimeError, ValueError, FloatingPointError) as error:
        side.error = f"{type(error).__name__}: {error}".splitlines()[0]
