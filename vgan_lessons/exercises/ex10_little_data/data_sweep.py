"""10.5: what a study says, and how sure it is."""

import math
from collections.abc import Callable
from typing import Any

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.evaluation import little_data

_NAMES = ("plain", "augmented", "change", "low", "high", "verdict")


def _runs(table: dict[tuple[int, float], dict[int, float]]) -> list[dict[str, Any]]:
    """(films, augment) -> seed -> distance, as a list of runs."""
    return [
        {"films": films, "augment": augment, "seed": seed, "distance": distance}
        for (films, augment), row in table.items()
        for seed, distance in row.items()
    ]


def _read(answer, runs: list[dict], t: float = 4.303) -> dict[str, dict[str, Any]]:
    """Each row as numbers by name, rounded, so that a tuple of any kind will do."""
    found = {}
    for films, effect in answer(runs, t).items():
        if len(effect) != len(_NAMES):
            found[f"{films} films"] = {"number of values": len(effect)}
            continue
        *numbers, verdict = effect
        rounded = [round(float(number), 4) + 0.0 for number in numbers]
        found[f"{films} films"] = dict(zip(_NAMES, (*rounded, str(verdict)), strict=True))
    return found


def _three_verdicts(answer) -> dict[str, dict[str, Any]]:
    table = {
        (9, 0.0): {0: 1.0, 1: 2.0, 2: 3.0},
        (9, 0.6): {0: 0.5, 1: 1.4, 2: 2.6},
        (18, 0.0): {0: 1.0, 1: 2.0, 2: 3.0},
        (18, 0.6): {0: 3.0, 1: 2.0, 2: 2.5},
        (27, 0.0): {0: 0.4, 1: 0.2, 2: 0.6},
        (27, 0.6): {0: 0.6, 1: 0.4, 2: 0.8},
        (36, 0.0): {0: 1.0, 1: 2.0, 2: 4.0},
        (36, 0.6): {0: 1.0, 1: 2.0, 2: 4.0},
    }
    return _read(answer, _runs(table))


def _of_columns(right: dict[str, dict[str, Any]]) -> Callable[[Any], Any]:
    """Says which of the six values are off, and how, from all rows of a case."""

    def told(seen: dict[str, dict[str, Any]]) -> tuple[str, str] | None:
        if seen.keys() != right.keys():
            return "other keys", f"Rows for {', '.join(right)} are asked for."
        for row in seen.values():
            if "verdict" not in row:
                said = f"A row has {row['number of values']} values: six are asked for"
                return "another number of values", f"{said}."
        said = [str(row["verdict"]) for row in seen.values()]
        other = [word for word in said if word not in ("helps", "hurts", "not told apart")]
        if other:
            what = f"The verdict {other[0]!r} is none of helps, hurts, not told apart"
            return "other words", f"{what}."
        off = {
            name
            for name in _NAMES
            if any(_differ(seen[key][name], row[name]) for key, row in right.items())
        }
        return _WHAT_IS_OFF.get(tuple(name for name in _NAMES if name in off))

    return told


def _differ(got: Any, right: Any) -> bool:
    return got != right if isinstance(right, str) else abs(got - right) > 2e-3


_WHAT_IS_OFF = {
    ("plain", "augmented"): ("the medians alone", "plain and augmented are off, all else is right: medians over all seeds, without and with."),
    ("plain",): ("plain alone", "plain alone is off: the median of all runs without augmentation."),
    ("augmented",): ("augmented alone", "augmented alone is off: the median of all runs with augmentation."),
    ("change",): ("the change alone", "change alone is off: the mean of the seeds' changes, in units of the distance."),
    ("low", "high"): ("the interval alone", "low and high are off, and the change is right: half of the interval is t s / sqrt(k)."),
    ("low", "high", "verdict"): ("the interval alone", "low and high are off, and the change is right: half of the interval is t s / sqrt(k)."),
    ("change", "low", "high"): ("the changes", "The medians are right and the change is not: with minus without, for each seed that has both."),
    ("change", "low", "high", "verdict"): ("the changes", "The medians are right and the change is not: with minus without, for each seed that has both."),
    ("verdict",): ("the verdict alone", "All numbers are right and a verdict is not: helps where high < 0, hurts where low > 0."),
    _NAMES: ("all six", "All six values are off: are runs with and without augmentation exchanged, or the values in another order?"),
}  # fmt: skip


def _out_of_order(answer) -> dict[str, dict[str, Any]]:
    """Films from many to few, seeds mixed: 10 and 1 with seeds 7 and 3."""
    table = {(30, 0.3): {3: 1.0, 7: 10.0}, (30, 0.0): {7: 12.0, 3: 2.0}}
    few = {(4, 0.0): {7: 5.0, 3: 1.0}, (4, 0.3): {3: 2.0, 7: 6.0}}
    return _read(answer, _runs(table | few), t=2.0)


def _order(answer) -> list[int]:
    table = {(films, p): {0: 1.0, 1: 2.0 + p} for films in (30, 4, 11) for p in (0.0, 0.3)}
    return list(answer(_runs(table), 2.0))


def _one_without_a_partner(answer) -> dict[str, dict[str, Any]]:
    """Seed 0 has a run without augmentation only."""
    table = {(9, 0.0): {0: 100.0, 1: 1.0, 5: 3.0}, (9, 0.6): {5: 4.0, 1: 4.0}}
    return _read(answer, _runs(table), t=1.0)


def _untouched(answer) -> bool:
    table = {(9, 0.0): {1: 1.0, 0: 2.0}, (9, 0.6): {0: 1.0, 1: 2.5}}
    runs = _runs(table)
    before = [dict(run) for run in runs]
    answer(runs, 2.0)
    return runs == before


def _row(plain: float, augmented: float, change: float, low: float, high: float, verdict: str):
    return dict(zip(_NAMES, (plain, augmented, change, low, high, verdict), strict=True))


_H = round(4.303 * 0.1 / math.sqrt(3), 4)  # half an interval: three changes with s = 0.1
_W = 4.303 * math.sqrt(1.75 / 3)  # with squares of 2.25, 0.25 and 1
_THREE = {
    "9 films": _row(2.0, 1.4, -0.5, round(-0.5 - _H, 4), round(-0.5 + _H, 4), "helps"),
    "18 films": _row(2.0, 2.5, 0.5, round(0.5 - _W, 4), round(0.5 + _W, 4), "not told apart"),
    "27 films": _row(0.4, 0.6, 0.2, 0.2, 0.2, "hurts"),
    "36 films": _row(2.0, 2.0, 0.0, 0.0, 0.0, "not told apart"),
}
_MIXED = {
    "4 films": _row(3.0, 4.0, 1.0, 1.0, 1.0, "hurts"),
    "30 films": _row(7.0, 5.5, -1.5, -2.5, -0.5, "helps"),
}
_LONELY = {"9 films": _row(3.0, 4.0, 2.0, 1.0, 3.0, "hurts")}
_CHANGES = (
    "changes = [augmented[seed] - plain[seed] for seed in sorted(plain.keys() & augmented)]"
)
_ERROR = "error = t * statistics.stdev(changes) / len(changes) ** 0.5"
_MEDIANS = "medians = [float(statistics.median(side.values())) for side in (plain, augmented)]"
_VERDICT = 'verdict = "helps" if high < 0 else "hurts" if low > 0 else "not told apart"'
_KEYS = 'sorted({run["films"] for run in runs})'

# fmt: off
DATA_SWEEP = Exercise(
    name="data_sweep",
    number="10.5",
    minutes=14,
    difficulty="medium",
    contract=(
        "runs is a list of dicts, in any order: films (how many), augment (a probability; 0 is without), seed, and distance (lower is better). Of one kind there is at most one run a seed. Leave them as they are.",
        "Return a dict: number of films, from few to many -> the six values (plain, augmented, change, low, high, verdict).",
        "plain and augmented: the median distance of the runs without and with augmentation, all seeds.",
        "change: the mean, over the seeds that have both runs (at least two), of distance with minus distance without, seed by seed.",
        "low and high: change minus and plus t s / sqrt(k), where s is the standard deviation of the k changes, with k - 1 below the sum of squares.",
        "verdict: \"helps\" where high < 0, \"hurts\" where low > 0, otherwise \"not told apart\".",
    ),
    reference=little_data.data_sweep,
    cases=(
        Case("three verdicts", _three_verdicts, _THREE,
             "9 films: changes -0.5, -0.6, -0.4, mean -0.5, s = 0.1. 18 films: 2, 0, -0.5, mean 0.5, s = 1.32. 27 films: 0.2 each time. 36 films: no change.", tells=_of_columns(_THREE)),
        # 30: seeds 3 and 7: -1, -2; s = sqrt(0.5), t s / sqrt(2) = 1. 4: 1, 1
        Case("seeds in any order", _out_of_order, _MIXED,
             "With 30 films seed 3 goes from 2 to 1 and seed 7 from 12 to 10: by seed, not by place in the list.", tells=_of_columns(_MIXED)),
        Case("from few films to many", _order, (4, 11, 30), "A dict keeps the order in which its keys come: sort the numbers of films."),
        # changes 3 and 1: mean 2, s = sqrt(2), / sqrt(2) = 1
        Case("a seed with one run", _one_without_a_partner, _LONELY,
             "Seed 0 counts in the median of 100, 1, 3, and not among the changes 3 and 1 of seeds 1 and 5.", tells=_of_columns(_LONELY)),
        Case("the list", _untouched, True, "Sort a copy: later cells read the same runs.", "side effects"),
    ),
    hints=(
        "Two tables for each number of films, one without and one with: seed -> distance. A seed links them.",
        "`{run[\"seed\"]: run[\"distance\"] for run in runs if ...}`; the seeds of both are `plain.keys() & augmented.keys()`. `statistics.median`, `.fmean` and `.stdev` (with k - 1) do the sums.",
        "for n in sorted({run[\"films\"] for run in runs}): two dicts; changes = [augmented[s] - plain[s] for s in both]; half = t * statistics.stdev(changes) / len(changes) ** 0.5; then the verdict.",
    ),
    mistakes=(
        Mistake("the other sign", {_CHANGES: "changes = [plain[seed] - augmented[seed] for seed in sorted(plain.keys() & augmented)]"}, "Without minus with: the change is with minus without, so that better is below 0."),
        Mistake("paired by size", {_CHANGES: "changes = [b - a for a, b in zip(sorted(plain.values()), sorted(augmented.values()))]"}, "Runs are paired by their rank: pair them by their seed."),
        Mistake("paired by place", {_CHANGES: "changes = [b - a for a, b in zip(plain.values(), augmented.values())]"}, "Runs are paired by their place in the list: pair them by their seed."),
        Mistake("change of medians", {"change = statistics.fmean(changes)": "change = statistics.median(augmented.values()) - statistics.median(plain.values())"}, "This is the difference of the medians: take each seed's change, then their mean."),
        Mistake("the median change", {"change = statistics.fmean(changes)": "change = statistics.median(changes)"}, "The median of the changes is taken: t belongs to their mean."),
        Mistake("means for medians", {_MEDIANS: "medians = [float(statistics.fmean(side.values())) for side in (plain, augmented)]"}, "plain and augmented are means: medians are asked for."),
        Mistake("s with k below", {"statistics.stdev": "statistics.pstdev"}, "The standard deviation divides by k: with few seeds that is too small, so k - 1."),
        Mistake("no root of k", {_ERROR: "error = t * statistics.stdev(changes)"}, "s itself is the half-width: a mean of k is surer by sqrt(k)."),
        Mistake("divided by k", {_ERROR: "error = t * statistics.stdev(changes) / len(changes)"}, "s is divided by k: its root."),
        Mistake("without t", {_ERROR: "error = statistics.stdev(changes) / len(changes) ** 0.5"}, "t is missing: one standard error is no interval of 95 %."),
        Mistake("1.96 for t", {_ERROR: "error = 1.96 * statistics.stdev(changes) / len(changes) ** 0.5"}, "1.96 is for very many seeds: use the t that comes."),
        Mistake("a verdict by the mean", {_VERDICT: 'verdict = "helps" if change < 0 else "hurts" if change > 0 else "not told apart"'}, "The verdict looks at the mean alone: the whole interval has to lie on one side of 0."),
        Mistake("verdicts exchanged", {_VERDICT: 'verdict = "hurts" if high < 0 else "helps" if low > 0 else "not told apart"'}, "A lower distance is better: an interval below 0 helps."),
        Mistake("an interval that touches 0", {_VERDICT: 'verdict = "helps" if high <= 0 else "hurts" if low >= 0 else "not told apart"'}, "An interval that ends at 0 gets a verdict: it has to lie wholly on one side."),
        Mistake("one end on its side", {_VERDICT: 'verdict = "helps" if low < 0 else "hurts" if high > 0 else "not told apart"'}, "It says helps as soon as low is below 0: the whole interval has to be, so look at high."),
        Mistake("never hurts", {_VERDICT: 'verdict = "helps" if high < 0 else "not told apart"'}, "It never says hurts."),
        Mistake("paired by the rank of the seed", {_CHANGES: "changes = [augmented[b] - plain[a] for a, b in zip(sorted(plain), sorted(augmented))]"}, "Seeds are sorted and paired by rank: a seed with one run shifts all after it, so pair equal seeds."),
        Mistake("every seed without has one with", {_CHANGES: "changes = [augmented[seed] - plain[seed] for seed in sorted(plain)]"}, "A seed that has a run without augmentation only has no partner: leave it out of the changes."),
        Mistake("0 for a missing partner", {_CHANGES: "changes = [augmented.get(seed, 0.0) - plain[seed] for seed in sorted(plain)]"}, "A run that is missing counts as a distance of 0: leave its seed out of the changes."),
        Mistake("relative changes", {_CHANGES: "changes = [augmented[seed] / plain[seed] - 1 for seed in sorted(plain.keys() & augmented)]"}, "The changes are shares of the distance without: with minus without is asked for."),
        Mistake("changes without a sign", {_CHANGES: "changes = [abs(augmented[seed] - plain[seed]) for seed in sorted(plain.keys() & augmented)]"}, "The changes lose their signs: better and worse would count alike."),
        Mistake("difference of the medians reported", {"effects[n] = Effect(*medians, change, low, high, verdict)": "effects[n] = (*medians, medians[1] - medians[0], low, high, verdict)"}, "change is the difference of the medians: the mean of the seeds' changes is asked for."),
        Mistake("variance for s", {_ERROR: "error = t * statistics.variance(changes) / len(changes) ** 0.5"}, "This is the variance, s squared: take its root."),
        Mistake("the root of k - 1", {_ERROR: "error = t * statistics.stdev(changes) / (len(changes) - 1) ** 0.5"}, "s is divided by sqrt(k - 1): k - 1 belongs into s, sqrt(k) below it."),
        Mistake("all seeds below", {_ERROR: "error = t * statistics.stdev(changes) / len(plain) ** 0.5"}, "k counts all seeds without augmentation: it is the number of changes."),
        Mistake("all runs below", {_ERROR: "error = t * statistics.stdev(changes) / (len(plain) + len(augmented)) ** 0.5"}, "Both runs of a seed are counted: k is the number of changes."),
        Mistake("as if unpaired", {_ERROR: "error = t * sum(statistics.variance(side.values()) / len(side) for side in (plain, augmented)) ** 0.5"}, "The spread within each side is taken, as if the runs were not paired: s is that of the changes."),
        Mistake("4.303 whatever t", {_ERROR: "error = 4.303 * statistics.stdev(changes) / len(changes) ** 0.5"}, "4.303 is for three seeds: use the t that comes."),
        Mistake("t squared", {_ERROR: "error = t**2 * statistics.stdev(changes) / len(changes) ** 0.5"}, "t comes in twice: once is enough."),
        Mistake("half the range for s", {_ERROR: "error = (max(changes) - min(changes)) / 2"}, "This is half of the range of the changes: t s / sqrt(k) is asked for."),
        Mistake("the lower middle", {"statistics.median(": "statistics.median_low("}, "Of an even number of runs the lower middle one is taken: the median is the mean of both (torch.median takes the lower)."),
        Mistake("the upper middle", {"statistics.median(": "statistics.median_high("}, "Of an even number of runs the upper middle one is taken: the median is the mean of both."),
        Mistake("the middle of the list", {"statistics.median(side.values())": "list(side.values())[len(side) // 2]"}, "The run in the middle of the list is taken: sort them first."),
        Mistake("the best run", {"statistics.median(": "min("}, "This is the best run of each kind: the median is asked for."),
        Mistake("with before without", {"float(statistics.median(side.values())) for side in (plain, augmented)": "float(statistics.median(side.values())) for side in (augmented, plain)"}, "The median with augmentation comes first: without, then with.", "axes"),
        Mistake("the verdict first", {"effects[n] = Effect(*medians, change, low, high, verdict)": "effects[n] = (verdict, *medians, change, low, high)"}, "The verdict comes first: it is the last of the six.", "axes"),
        Mistake("low and high as a pair", {"effects[n] = Effect(*medians, change, low, high, verdict)": "effects[n] = (*medians, change, (low, high), verdict)"}, "low and high come as a pair: six values are asked for."),
        Mistake("six values by name", {"effects[n] = Effect(*medians, change, low, high, verdict)": 'effects[n] = dict(zip(("plain", "augmented", "change", "low", "high", "verdict"), (*medians, change, low, high, verdict)))'}, "Each row is a dict: a tuple of six values is asked for."),
        Mistake("the half-width for the ends", {"effects[n] = Effect(*medians, change, low, high, verdict)": "effects[n] = Effect(*medians, change, -error, error, verdict)"}, "low and high are the half-width alone: add them to the change."),
        Mistake("the half-width twice", {"effects[n] = Effect(*medians, change, low, high, verdict)": "effects[n] = Effect(*medians, change, error, error, verdict)"}, "low and high are both the half-width: subtract it from the change, and add it."),
        Mistake("rounded", {"effects[n] = Effect(*medians, change, low, high, verdict)": "effects[n] = (*(round(number, 2) for number in (*medians, change, low, high)), verdict)"}, "The numbers are rounded to two places: round where you show them."),
        Mistake("0.6 alone is with", {'bool(r["augment"]) == on': 'r["augment"] == (0.6 if on else 0.0)'}, "Only a probability of 0.6 counts as augmented: every one above 0 does."),
        Mistake("keys as text", {"effects[n] =": "effects[str(n)] ="}, "Numbers of films come as text: keys are numbers."),
        Mistake("as the list comes", {_KEYS: 'list(dict.fromkeys(run["films"] for run in runs))'}, "Numbers of films come in the order of the list: from few to many.", "axes"),
        Mistake("a median of pairs", {_MEDIANS: "both = plain.keys() & augmented\n        medians = [float(statistics.median([side[s] for s in both])) for side in (plain, augmented)]"}, "A seed with one run is left out of the medians: it counts there."),
        Mistake("the list changed", {"effects = {}": 'effects = {}\n    runs.sort(key=lambda run: run["seed"])'}, "The list that came is changed, by sorting it in place for example: later cells read it.", "side effects"),
        Mistake("low and high exchanged", {"low, high = change - error, change + error": "high, low = change - error, change + error"}, "low is above high."),
    ),
)
