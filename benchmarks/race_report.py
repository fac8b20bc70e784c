"""What a race came to, as tables: never a ratio without the steps that both sides made."""

import time
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median

from benchmarks.clock import spread
from benchmarks.contestant import Setting, load_bank
from benchmarks.lineup import LINEUP, RACERS
from benchmarks.race import STAGES, Race, Scorer, Side, Snapshot
from benchmarks.report import Part, Table, short

N_CARD, N_CARD_SMOKE = 512, 16  # clips on each side of a card
_FACTS = ("clips a second", "weights trained")
_DECIDES = {"cpu": 300, "cuda": 60}  # seconds of training: a shorter race decides no target
_LARGER = ("precision", "recall", "coverage", "named", "one_object", "colour")  # is better
_SMALLER = ("fvd_small", "kid", "frame_distance", "content_distance", "residual", "lost")


def measure_race(
    setting: Setting,
    names: list[str],
    seconds: float,
    *,
    n_seeds: int,
    folder: Path,
    race_seconds: float | None,
    n_clips: int | None,
) -> Part:
    """Race as many seeds as asked for, or as far as the time goes.

    Args:
        setting: what all share.
        names: of the contestants; "ours" first.
        seconds: of this call; the next one goes on where it stopped.
        n_seeds: one race each.
        folder: where the races are kept.
        race_seconds: of training for each contestant; None takes a third of `seconds`.
        n_clips: on each side of a card; None takes 512.
    """
    deadline = time.perf_counter() + seconds
    names = list(dict.fromkeys(["ours", *(n for n in names if n in RACERS)]))
    training = race_seconds or max(0.1, seconds / 3 / n_seeds / len(names))
    bank, races = load_bank(setting), []
    n = n_clips or (N_CARD_SMOKE if setting.smoke else N_CARD)
    scorer = Scorer(setting, bank, n=n)
    stages = STAGES if training > 600 else (0.5, 1.0)
    for seed in range(n_seeds):
        seeded, place = replace(setting, seed=seed), folder / f"seed-{seed}"
        races.append(Race(seeded, names, place, seconds=training, stages=stages))
        races[-1].go_on(bank, scorer, deadline)
    arms = {name: [race.sides[name] for race in races] for name in names}
    part = Part(title=f"The race at {setting.label} on {setting.data}")
    if not all(race.finished for race in races):
        part.open = "the race is not finished: the same command goes on with it"
    elif races[0].seconds < (enough := _DECIDES[setting.on.type]):
        part.undecided = f"after {short(races[0].seconds)} s of training, before {enough} s"
    part.tables = [_summary(arms), _cards(arms, scorer), _curves(arms)]
    part.notes = _notes(setting, scorer, races, folder)
    _tell(part, arms)
    part.raw = {name: [asdict(side) for side in sides] for name, sides in arms.items()}
    return part


def _ended(sides: list[Side], metric: str) -> list[float]:
    return [side.card[metric] for side in sides if side.card.get(metric) is not None]


def _steps(sides: list[Side]) -> str:
    return "/".join(str(side.final.steps) for side in sides)


def _summary(arms: dict[str, list[Side]]) -> Table:
    columns = ["contestant", "FVD-small", "steps", "training s", *_FACTS, "failed"]
    table = Table(title="At the end of the race", columns=columns)
    for name, sides in arms.items():
        shots = [side.final for side in sides if side.snapshots]
        cells = [[getattr(shot, k) for shot in shots] for k in ("steps", "seconds")]
        cells += [[s.facts[fact] for s in sides if s.facts] for fact in _FACTS]
        cells = [_ended(sides, "fvd_small"), *cells]
        failed = f"{sum(bool(s.failed) for s in sides)} of {len(sides)}"
        told = f"`{name}`: {LINEUP[name].title}"
        table.rows.append([told, *(spread(c) if c else None for c in cells), failed])
    return table


def _cards(arms: dict[str, list[Side]], scorer: Scorer) -> Table:
    """The whole panel, medians over the seeds; whoever is best is named."""
    table = Table(
        title="Metric card, medians over seeds", columns=["metric", *arms, "real", "best"]
    )
    table.rows.append(["steps made", *map(_steps, arms.values()), "-", "-"])
    metrics = dict.fromkeys(m for sides in arms.values() for s in sides for m in s.card)
    for metric in metrics:
        found = {name: _ended(sides, metric) for name, sides in arms.items()}
        medians = {name: median(values) for name, values in found.items() if values}
        values = [medians.get(name) for name in arms]
        floor = scorer.real.floor.get(metric)
        table.rows.append([metric, *values, floor, _best(metric, medians)])
    return table


def _best(metric: str, medians: dict[str, float]) -> str:
    """Whose value is best; nobody's where two are equal, or nearer to real is better."""
    if not medians or metric not in _LARGER + _SMALLER:
        return "-"
    top = (max if metric in _LARGER else min)(medians.values())
    first = [name for name, value in medians.items() if value == top]
    return first[0] if len(first) == 1 else "-"


def _curves(arms: dict[str, list[Side]]) -> Table:
    table = Table(
        title="FVD-small along the way (training seconds, steps)",
        columns=["seed", "stage", *arms],
    )
    for seed in range(len(arms["ours"])):
        sides = [of[seed].snapshots for of in arms.values()]
        for stage in range(max(map(len, sides))):
            shots = [shots[stage] if stage < len(shots) else None for shots in sides]
            table.rows.append([str(seed), str(stage), *map(_told, shots)])
    return table


def _told(shot: Snapshot | None) -> str | None:
    return shot and f"{short(shot.fvd_small)} ({short(shot.seconds)}, {shot.steps})"


def _notes(setting: Setting, scorer: Scorer, races: list[Race], folder: Path) -> list[str]:
    clock = "wall" if setting.on.type == "cuda" else "CPU"
    told = [
        f"Each contestant trains for {short(races[0].seconds)} {clock} seconds a seed, in "
        "turns on the same bytes; measuring stops the clock. Rates of all but MoCoGAN fall "
        "towards the end of a run, whose length is set beforehand from a trial of its speed.",
        f"FVD-small of snapshots: {scorer.n_quick} clips on each side, real against real "
        f"scores {short(scorer.floor)}; cards: {scorer.n} clips. Averages are sampled where "
        "there are some. Clips a second: those of the card, on the training clock.",
        f"Film strips are in {folder.name}/seed-*: the first clips, none chosen.",
    ]
    for race in races:
        seed = race.setting.seed
        told += [f"Seed {seed}, {k}: {s.failed}." for k, s in race.sides.items() if s.failed]
        if not race.finished:
            told.append(f"Seed {seed} is **not finished**: the same command goes on with it.")
    return told


def _tell(part: Part, arms: dict[str, list[Side]]) -> None:
    """The values that targets ask for, each with the steps that it rests on."""
    finals = {n: _ended(sides, "fvd_small") for n, sides in arms.items()}
    rivals = [name for name in arms if name != "ours" and finals[name]]
    if not finals["ours"] or not rivals:
        return
    best = min(rivals, key=lambda name: median(finals[name]))
    steps = f"steps: ours {_steps(arms['ours'])}, {best} {_steps(arms[best])}"
    share = median(finals["ours"]) / median(finals[best])
    values = {"fvd_small ours / best rival": share}
    for metric in ("recall", "coverage"):
        ours = _ended(arms["ours"], metric)
        theirs = [median(v) for name in rivals if (v := _ended(arms[name], metric))]
        if ours and theirs:
            values[f"{metric} ours - best rival"] = median(ours) - max(theirs)
    part.values |= values
    part.beside |= dict.fromkeys(values, steps)
