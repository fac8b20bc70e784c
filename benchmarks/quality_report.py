"""What the races of all seeds come to: curves, cards, and the values that targets ask for."""

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from statistics import median

from benchmarks.clock import spread
from benchmarks.judging import Judge
from benchmarks.quality import MARKS, Race, Side, race
from benchmarks.report import Part, Table, short
from benchmarks.rows import ROWS
from benchmarks.setting import Setting, load_bank
from vgan_lessons.datasets import VideoBank

N_CARD, N_CARD_SMOKE = 512, 16  # clips on each side of a card
SIDES = 2.3  # training times that a seed takes: two sides, and ours again at equal steps
ARMS: dict[str, Callable[[Race], Side]] = {
    "MoCoGAN": lambda r: r.baseline,
    "ours, equal time": lambda r: r.ours,
    "ours, equal steps": lambda r: r.ours_at_equal_steps,
}


def measure_quality(setting: Setting, seconds: float, n_seeds: int) -> Part:
    """Race as many seeds as asked for, within the time.

    Args:
        setting: data, size, device; its seed is the first.
        seconds: wall time for everything, measuring included.
        n_seeds: how many seeds.
    """
    begin = time.perf_counter()
    bank = load_bank(setting, n_videos=64 if setting.smoke else None)
    judge = Judge(setting, bank, n=N_CARD_SMOKE if setting.smoke else N_CARD)
    marks = (0.5, 1.0) if setting.smoke else MARKS
    measuring = _seconds_of_measuring(setting, judge, bank, len(marks))
    left = max(1.0, begin + seconds - time.perf_counter()) / n_seeds  # for each seed
    training = max(0.1 * left, left - measuring) / SIDES
    races = []
    for k in range(n_seeds):
        seeded = replace(setting, seed=setting.seed + k)
        deadline = time.perf_counter() + left
        races.append(race(seeded, bank, judge, training, deadline, marks=marks))
    part = Part(title=f"Quality at {setting.label} on {setting.data}")
    part.tables = [_summary(races), _curves(races), _cards(races)]
    part.notes = _notes(setting, judge, training, races)
    part.values = _values(races)
    part.raw = {"races": [asdict(r) for r in races]}
    return part


def _seconds_of_measuring(
    setting: Setting, judge: Judge, bank: VideoBank, n_marks: int
) -> float:
    """What the snapshots and cards of one seed will cost, from one of each."""
    generator = ROWS["mocogan"].build(setting, bank).sampled_from()
    since = time.perf_counter()
    judge.fvd_small(generator)
    snapshot = time.perf_counter() - since
    judge.card(generator, "trial")
    card = time.perf_counter() - since - snapshot
    return (2 * (n_marks + 1) + 2) * snapshot + 3 * card


def _summary(races: list[Race]) -> Table:
    table = Table(
        title="At the end of the race",
        columns=["side", "FVD-small", "recall", "coverage", "steps", "training s", "failed"],
    )
    for name, arm in ARMS.items():
        sides = [arm(r) for r in races]
        ended = [s for s in sides if s.snapshots]
        cells = [
            [side.final for side in ended],
            _of_cards(sides, "recall"),
            _of_cards(sides, "coverage"),
            [side.snapshots[-1].steps for side in ended],
            [side.snapshots[-1].seconds for side in ended],
        ]
        failed = f"{sum(bool(s.failed) for s in sides)} of {len(sides)}"
        table.rows.append([name, *(spread(c) if c else None for c in cells), failed])
    return table


def _of_cards(sides: list[Side], metric: str) -> list[float]:
    values = [side.card[metric].value for side in sides if side.card]
    return [value for value in values if value is not None]


def _curves(races: list[Race]) -> Table:
    table = Table(
        title="FVD-small along the way (training seconds, steps)",
        columns=["seed", "mark", "MoCoGAN", "ours"],
    )
    for r in races:
        pairs = zip(r.baseline.snapshots, r.ours.snapshots, strict=False)
        for mark, pair in enumerate(pairs):
            told = (f"{short(s.fvd_small)} ({short(s.seconds)} s, {s.steps})" for s in pair)
            table.rows.append([str(r.seed), str(mark), *told])
    return table


def _cards(races: list[Race]) -> Table:
    """The whole panel, medians over the seeds."""
    table = Table(title="Metric card, medians over seeds", columns=["metric", *ARMS, "real"])
    any_card = next((arm(r).card for r in races for arm in ARMS.values() if arm(r).card), None)
    for row in any_card.rows if any_card else ():
        by_arm = (_of_cards([arm(r) for r in races], row.metric) for arm in ARMS.values())
        medians = [median(values) if values else None for values in by_arm]
        table.rows.append([f"{row.metric} ({row.direction})", *medians, row.floor])
    return table


def _notes(setting: Setting, judge: Judge, training: float, races: list[Race]) -> list[str]:
    clock = "wall" if setting.on.type == "cuda" else "CPU"
    told = [
        f"Each side trained for {training:.0f} {clock} seconds a seed, in turns on the same "
        "bytes; measuring stopped the clock. Rates of ours fall towards the end of a run whose "
        "length was set beforehand from a trial of its speed.",
        f"FVD-small of snapshots: {judge.n_quick} clips on each side, real against real scores "
        f"{short(judge.floor)}; cards: {judge.n} clips. MoCoGAN is sampled with the batch "
        "statistics it gathered, ours from its moving average.",
        "Failed: broke off, or ended no better than it began.",
    ]
    for r in races:
        for name, arm in ARMS.items():
            if arm(r).failed:
                told.append(f"Seed {r.seed}, {name}: {arm(r).failed}.")
    return told


def _values(races: list[Race]) -> dict[str, float]:
    """What the targets ask; a side that failed has no say in its favour."""
    inf = float("inf")
    values: dict[str, float] = {}
    ratios, quicker, recalls, coverages = [], [], [], []
    for r in races:
        goal = r.baseline.final
        ratios.append(r.ours.final / goal if goal < inf else 0.0)
        mine, theirs = r.ours.seconds_to(goal), r.baseline.seconds_to(goal)
        quicker.append(theirs / mine if mine < inf else 0.0)
        for metric, gains in (("recall", recalls), ("coverage", coverages)):
            pair = _of_cards([r.ours], metric), _of_cards([r.baseline], metric)
            if all(pair):
                gains.append(pair[0][0] - pair[1][0])
    values["fvd_small ours / mocogan, equal time"] = median(ratios)
    values["times as fast to mocogan's final fvd_small"] = median(quicker)
    equal = [
        r.ours_at_equal_steps.final / r.baseline.final for r in races if r.baseline.final < inf
    ]
    if equal:
        values["fvd_small ours / mocogan, equal steps"] = median(equal)
    for metric, gains in (("recall", recalls), ("coverage", coverages)):
        if gains:
            values[f"{metric} ours - mocogan"] = median(gains)
    for name, arm in ARMS.items():
        values[f"failed seeds, {name}"] = float(sum(bool(arm(r).failed) for r in races))
    return values
