"""The race that decides: quality at equal time, in turns, kept in a folder so that it goes on.

All contestants train on the same bytes for the same time on the training clock (CPU seconds on
a CPU, wall seconds on a GPU); measuring stops the clock. What each has reached is written after
every stage: a race of hours is run in parts by giving the same command again.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.clock import spend
from benchmarks.contestant import DRAWN, Contestant, Setting, load_bank
from benchmarks.lineup import LINEUP
from benchmarks.ours import n_weights
from vgan_lessons.datasets import VideoBank
from vgan_lessons.display.files import save_film_strip
from vgan_lessons.evaluation import measure_real, metric_card, quick_card
from vgan_lessons.layout import to_uint8
from vgan_lessons.models.generators import generate
from vgan_lessons.runtime import has_fast_bfloat16, new_rng
from vgan_lessons.storage import whole_file, write_json

STAGES = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)  # shares of the training time
N_SHOWN, N_BESIDE = 8, 3  # clips of a strip, and of each contestant beside the others
_LATENTS_SEED = 12345  # of every snapshot, on all sides


class Scorer:
    """Scores generators by FVD-small along the way and by the whole card at the end.

    Real clips of a drawn data set are drawn anew, so that nobody has trained on them; those
    of files are the ones trained on, for all sides alike.

    Args:
        setting: data, size, device.
        bank: what is trained on.
        n: clips on each side of the card; a snapshot takes half of them, at most 256.
    """

    def __init__(self, setting: Setting, bank: VideoBank, *, n: int) -> None:
        self.setting, self.n, self.n_quick = setting, n, max(16, min(n // 2, 256))
        unseen = bank
        if setting.data in DRAWN:
            unseen = load_bank(setting, n_videos=2 * n, seed=setting.seed + 1000)
        how = {"seed": setting.seed, "device": setting.on}
        self.real = measure_real(unseen, n=n, **how)
        self.real_quick = measure_real(unseen, n=self.n_quick, quick=True, **how)
        rng = new_rng(_LATENTS_SEED, setting.on)
        shown = unseen.sample_clips(N_SHOWN, n_frames=setting.n_frames, rng=rng)
        self.shown = shown.cpu()

    @property
    def floor(self) -> float:
        """FVD-small of real clips at the number of a snapshot: perfection scores this."""
        return self.real_quick.floor["fvd_small"]

    def fvd_small(self, generator: nn.Module) -> float:
        """A snapshot's FVD-small; infinity if its clips cannot be measured."""
        card = quick_card(self.clips(generator, self.n_quick), self.real_quick)
        value = card["fvd_small"].value
        return float("inf") if value is None else value

    def card(self, clips: Tensor) -> dict[str, float | None]:
        """The whole panel of n clips, by metric."""
        return {r.metric: r.value for r in metric_card(clips, self.real, n_resamples=0).rows}

    def clips(self, generator: nn.Module, n: int) -> Tensor:
        """The first n clips of a generator, from the same random numbers at every stage."""
        rng = new_rng(_LATENTS_SEED, self.setting.on)
        return generate(generator, n, n_frames=self.setting.n_frames, rng=rng)


@dataclass(frozen=True)
class Snapshot:
    """A contestant at one stage."""

    seconds: float  # on the training clock
    steps: int
    fvd_small: float


@dataclass
class Side:
    """One contestant's race with one seed."""

    n_steps: int = 0  # that it was planned for; its rates fall towards them
    snapshots: list[Snapshot] = field(default_factory=list)  # the first before any step
    card: dict[str, float | None] = field(default_factory=dict)  # of the end
    facts: dict[str, float] = field(default_factory=dict)  # what it costs besides time
    error: str = ""  # what stopped it

    @property
    def final(self) -> Snapshot:
        """The last snapshot."""
        return self.snapshots[-1] if self.snapshots else Snapshot(0.0, 0, float("inf"))

    @property
    def failed(self) -> str:
        """Why this seed counts as failed, or nothing."""
        if self.error:
            return self.error
        if self.snapshots and not self.final.fvd_small < self.snapshots[0].fvd_small:
            return "no better than before its first step"
        return ""


class Race:
    """One seed of a race, in a folder.

    Args:
        setting: data, size, device, seed.
        names: of the contestants in `LINEUP`.
        folder: where sides, their states and strips are kept; what is there is gone on from.
        seconds: of training for each, on the training clock.
        stages: shares of these seconds at which all are measured.
    """

    def __init__(
        self,
        setting: Setting,
        names: list[str],
        folder: Path,
        *,
        seconds: float,
        stages: tuple[float, ...] = STAGES,
    ) -> None:
        self.setting, self.folder, self.stages = setting, folder, (0.0, *stages)
        self.seconds = _agreed(setting, names, folder, seconds)
        self.sides = {name: _read(folder / f"{name}.pt") for name in names}
        self._running: dict[str, Contestant] = {}

    @property
    def finished(self) -> bool:
        """Whether every contestant has its card, or broke."""
        return all(side.card or side.error for side in self.sides.values())

    def go_on(self, bank: VideoBank, scorer: Scorer, deadline: float) -> None:
        """Train and measure in turns, stage by stage.

        Args:
            bank: the videos.
            scorer: measures all sides.
            deadline: on `time.perf_counter`; no contestant begins a stage after it.
        """
        for place, stage in enumerate(self.stages):
            for name, side in self.sides.items():
                if side.error or len(side.snapshots) > place:
                    continue
                if time.perf_counter() > deadline:
                    return
                self._stage(name, stage * self.seconds, bank, scorer)
        for name, side in self.sides.items():
            if not side.error and not side.card and time.perf_counter() <= deadline:
                self._finish(name, bank, scorer)
        self._show(scorer)

    def _stage(self, name: str, until: float, bank: VideoBank, scorer: Scorer) -> None:
        """Train up to a time, then measure with the clock stopped; a break is written down."""
        side, seconds = self.sides[name], self.sides[name].final.seconds
        try:
            contestant = self._contestant(name, bank)
            while seconds < until:
                before = contestant.steps
                seconds += training_seconds(
                    self.setting, lambda: contestant.train(contestant.period)
                )
                if contestant.steps == before:
                    break  # its run is over: the length was fixed before it began
            fvd_small = scorer.fvd_small(contestant.sampled_from())
            side.snapshots.append(Snapshot(seconds, contestant.steps, fvd_small))
            self._keep(name, contestant.state())
        except (RuntimeError, ValueError, FloatingPointError) as error:
            side.error = f"{type(error).__name__}: {error}".splitlines()[0]
            self._keep(name, {})

    def _contestant(self, name: str, bank: VideoBank) -> Contestant:
        """In training: set up anew, or put back where its state was written."""
        if name not in self._running:
            side = self.sides[name]
            if not side.n_steps:
                side.n_steps = planned_steps(name, self.setting, bank, self.seconds)
            built = _build(name, replace(self.setting, n_steps=side.n_steps), bank)
            if side.snapshots:
                kept = torch.load(
                    self.folder / f"{name}.pt", weights_only=True, map_location="cpu"
                )
                built.restore(kept["state"])
            self._running[name] = built
        return self._running[name]

    def _finish(self, name: str, bank: VideoBank, scorer: Scorer) -> None:
        """The card, what it costs besides, and the strip."""
        side, contestant = self.sides[name], self._contestant(name, bank)
        generator, made = contestant.sampled_from(), []
        spent = training_seconds(
            self.setting, lambda: made.append(scorer.clips(generator, scorer.n))
        )
        side.card = scorer.card(made[0])
        side.facts = {
            "clips a second": scorer.n / spent,
            "weights trained": n_weights(contestant.networks()),
        }
        save_film_strip(self.folder / f"{name}.png", made[0][:N_SHOWN])
        self._keep(name, contestant.state(), made[0][:N_SHOWN].clone())

    def _show(self, scorer: Scorer) -> None:
        """Strips one below the other: real clips, then each contestant's first four."""
        rows, labels = [to_uint8(scorer.shown[:N_BESIDE])], ["real"] * N_BESIDE
        for name, side in self.sides.items():
            if side.card:
                kept = torch.load(self.folder / f"{name}.pt", weights_only=True)
                rows.append(kept["clips"][:N_BESIDE])
                labels += [name] * N_BESIDE
        save_film_strip(self.folder / "side-by-side.png", torch.cat(rows), row_labels=labels)

    def _keep(self, name: str, state: dict, clips: Tensor | None = None) -> None:
        """Side and state in one file, so that they agree after any stop; a copy to read."""
        side = asdict(self.sides[name])
        with whole_file(self.folder / f"{name}.pt") as draft:
            torch.save({"side": side, "state": state, "clips": clips}, draft)
        write_json(self.folder / f"{name}.json", side)


def training_seconds(setting: Setting, work: Callable[[], object]) -> float:
    """What a piece of work costs on the training clock of the setting's device."""
    spent = spend(work, setting.on)
    return spent.wall if setting.on.type == "cuda" else spent.cpu


def _agreed(setting: Setting, names: list[str], folder: Path, seconds: float) -> float:
    """The seconds that the race in this folder was begun with; others begin none here."""
    path = folder / "race.json"
    asked = json.loads(json.dumps({"setting": asdict(setting), "names": names}))
    if path.exists():
        begun = json.loads(path.read_text(encoding="utf-8"))
        seconds = begun.pop("seconds")
        if begun != asked:
            raise ValueError(f"{folder} holds a race of other settings: give another --out")
        return seconds
    write_json(path, asked | {"seconds": seconds})
    return seconds


def _read(path: Path) -> Side:
    if not path.exists():
        return Side()
    kept = torch.load(path, weights_only=True, map_location="cpu")["side"]
    return Side(**kept | {"snapshots": [Snapshot(**shot) for shot in kept["snapshots"]]})


def _build(name: str, setting: Setting, bank: VideoBank) -> Contestant:
    """By its name in the race: ours takes bfloat16 where the machine has it."""
    fast = f"{name}-bf16"
    known = fast in LINEUP and has_fast_bfloat16(setting.on)
    return LINEUP[fast if known else name].build(setting, bank)


def planned_steps(
    name: str, setting: Setting, bank: VideoBank, seconds: float, n_periods: int = 5
) -> int:
    """The length of a run of so many seconds.

    Where rates fall towards the end of a run, its length has to be known before it begins: a
    trial that is thrown away tells the time of a step.
    """
    if not LINEUP[name].planned:
        return setting.n_steps
    trial = _build(name, setting, bank)
    trial.train(trial.period)
    n_steps = trial.period * (1 if setting.smoke else n_periods)
    a_step = training_seconds(setting, lambda: trial.train(n_steps)) / n_steps
    return max(8, round(seconds / a_step))
