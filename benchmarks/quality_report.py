"""What the races of all seeds come to: curves, cards, and the values that targets ask for."""

import time
from dataclasses import asdict, replace
from statistics import median

from benchmarks.clock import spread
from benchmarks.contestant import Setting, load_bank
from benchmarks.lineup import LINEUP, RIVALS
from benchmarks.quality import STAGES, Scorer, Side, equal_steps, race
from benchmarks.report import Part, Table, short
from vgan_lessons.datasets import VideoBank

N_CARD, N_CARD_SMOKE = 512, 16  # clips on each side of a card
AGAIN = 0.3  # of a training time, for ours again at the steps of a rival


def measure_quality(setting: Setting, names: list[str], seconds: float, n_seeds: int) -> Part:
    """Race as many seeds as asked for, within the time, measuring included.

    Ours races the rivals among the names, or all of them if none is named.
    """
    begin = time.perf_counter()
    rivals = [name for name in RIVALS if name in names] or list(RIVALS)
    bank = load_bank(setting)
    scorer = Scorer(setting, bank, n=N_CARD_SMOKE if setting.smoke else N_CARD)
    stages = (0.5, 1.0) if setting.smoke else STAGES
    measuring = _seconds_of_measuring(setting, scorer, bank, len(stages), rivals)
    left = max(1.0, begin + seconds - time.perf_counter()) / n_seeds  # for each seed
    training = max(0.1 * left, left - measuring) / (1 + (1 + AGAIN) * len(rivals))
    how = {"rivals": rivals, "seconds": training, "stages": stages}
    races = []
    for k in range(n_seeds):
        seeded = replace(setting, seed=setting.seed + k)
        races.append(race(seeded, bank, scorer, **how, deadline=time.perf_counter() + left))
    arms = {name: [sides[name] for sides in races] for name in races[0]}
    part = Part(title=f"Quality at {setting.label} on {setting.data}")
    part.tables = [_summary(arms), _curves(rivals, races), _cards(arms)]
    part.notes = _notes(setting, scorer, training, arms)
    for rival in rivals:
        part.values |= _against(rival, races)
    failed = {name: sum(bool(side.failed) for side in sides) for name, sides in arms.items()}
    part.values |= {f"failed seeds, {name}": float(n) for name, n in failed.items()}
    part.raw = {name: [asdict(side) for side in sides] for name, sides in arms.items()}
    return part


def _seconds_of_measuring(
    setting: Setting, scorer: Scorer, bank: VideoBank, n_stages: int, rivals: list[str]
) -> float:
    """What the snapshots and cards of one seed will cost, from one of each."""
    generator = LINEUP[rivals[0]].build(setting, bank).sampled_from()
    since = time.perf_counter()
    scorer.fvd_small(generator)
    snapshot = time.perf_counter() - since
    scorer.card(generator)
    card = time.perf_counter() - since - snapshot
    n_sides, n_again = 1 + len(rivals), len(rivals)
    return (n_sides * (n_stages + 1) + 2 * n_again) * snapshot + (n_sides + n_again) * card


def _of_cards(sides: list[Side], metric: str) -> list[float]:
    values = [side.card[metric].value for side in sides if side.card]
    return [value for value in values if value is not None]


def _summary(arms: dict[str, list[Side]]) -> Table:
    table = Table(
        title="At the end of the race",
        columns=["side", "FVD-small", "recall", "coverage", "steps", "training s", "failed"],
    )
    for name, sides in arms.items():
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


def _curves(rivals: list[str], races: list[dict[str, Side]]) -> Table:
    names = [*rivals, "ours"]
    table = Table(
        title="FVD-small along the way (training seconds, steps)",
        columns=["seed", "stage", *names],
    )
    for seed, sides in enumerate(races):
        stages = zip(*(sides[name].snapshots for name in names), strict=False)
        for stage, shots in enumerate(stages):
            told = (f"{short(s.fvd_small)} ({short(s.seconds)} s, {s.steps})" for s in shots)
            table.rows.append([str(seed), str(stage), *told])
    return table


def _cards(arms: dict[str, list[Side]]) -> Table:
    """The whole panel, medians over the seeds."""
    table = Table(title="Metric card, medians over seeds", columns=["metric", *arms, "real"])
    cards = [side.card for sides in arms.values() for side in sides if side.card]
    for row in cards[0].rows if cards else ():
        values = (_of_cards(sides, row.metric) for sides in arms.values())
        medians = [median(v) if v else None for v in values]
        table.rows.append([f"{row.metric} ({row.direction})", *medians, row.floor])
    return table


def _notes(
    setting: Setting, scorer: Scorer, training: float, arms: dict[str, list[Side]]
) -> list[str]:
    clock = "wall" if setting.on.type == "cuda" else "CPU"
    told = [
        f"Each side trained for {short(training)} {clock} seconds a seed, in turns on the same "
        "bytes; measuring stopped the clock. Rates of ours fall towards the end of a run whose "
        "length was set beforehand from a trial of its speed.",
        f"FVD-small of snapshots: {scorer.n_quick} clips on each side, real against real "
        f"scores {short(scorer.floor)}; cards: {scorer.n} clips. MoCoGAN is sampled with the "
        "batch statistics it gathered, ours from its moving average.",
        "Failed: broke off, or ended no better than it began.",
    ]
    for name, sides in arms.items():
        told += [f"Seed {k}, {name}: {s.failed}." for k, s in enumerate(sides) if s.failed]
    return told


def _against(rival: str, races: list[dict[str, Side]]) -> dict[str, float]:
    """What the targets ask; a side that failed has no say in its favour."""
    inf = float("inf")
    ratios, quicker, equal = [], [], []
    gains: dict[str, list[float]] = {"recall": [], "coverage": []}
    for sides in races:
        ours, theirs = sides["ours"], sides[rival]
        ratios.append(ours.final / theirs.final if theirs.final < inf else 0.0)
        mine = ours.seconds_to(theirs.final)
        quicker.append(theirs.seconds_to(theirs.final) / mine if mine < inf else 0.0)
        if theirs.final < inf:
            equal.append(sides[equal_steps(rival)].final / theirs.final)
        for metric, found in gains.items():
            pair = _of_cards([ours, theirs], metric)
            found += [pair[0] - pair[1]] if len(pair) == 2 else []
    values = {
        f"fvd_small ours / {rival}, equal time": ratios,
        f"fvd_small ours / {rival}, equal steps": equal,
        f"times as fast to {rival}'s final fvd_small": quicker,
        **{f"{metric} ours - {rival}": found for metric, found in gains.items()},
    }
    return {name: median(found) for name, found in values.items() if found}
