"""13.6: a report that a machine can check."""

import copy
from collections.abc import Callable

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.evaluation import capstone

WHOLE = {
    "question": "Do more DDIM steps help?",
    "change": "25 steps instead of 5",
    "prediction": {"direction": "lower", "written_on": "2026-03-01"},
    "measured_on": "2026-03-02",
    "protocol": {"data": "shapes", "metric": "FVD-small", "n": 64, "budget": "45 s", "machine": "CPU"},
    "seeds": [0, 1, 2],
    "results": {"baseline": [5.0, 6.0, 7.0], "changed": [2.0, 3.0, 4.0], "ablation": [4.0, 5.0, 6.0]},
    "intervals": {"baseline": [3.5, 8.5], "changed": [0.5, 5.5], "ablation": [2.5, 7.5]},
    "licence": "MIT",
    "intended_use": "teaching",
}  # fmt: skip


def _of(*changes: Callable[[dict], object]):
    """What is said of the report after each change, each made to a copy of its own."""

    def run(answer) -> tuple[str, ...]:
        said = []
        for change in changes:
            report = copy.deepcopy(WHOLE)
            change(report)
            before = copy.deepcopy(report)
            names = answer(report)
            said.append(", ".join(names) if isinstance(names, list) else "no list")
            if report != before:
                said[-1] = "the report is another one afterwards"
        return tuple(said)

    return run


def _put(place: str, value: object) -> Callable[[dict], object]:
    """Put a value at "part" or "part.name"."""
    part, _, name = place.partition(".")
    if not name:
        return lambda report: report.update({part: value})
    return lambda report: report[part].update({name: value})


def _drop(place: str) -> Callable[[dict], object]:
    part, _, name = place.partition(".")
    return lambda report: report[part].pop(name) if name else report.pop(part)


def _both(*changes: Callable[[dict], object]) -> Callable[[dict], object]:
    return lambda report: [change(report) for change in changes]


def _names(*wrong: list[str]) -> tuple[str, ...]:
    return tuple(", ".join(names) for names in wrong)


_PROTOCOL = [f"protocol.{name}" for name in ("data", "metric", "n", "budget", "machine")]
_ALL_RESULTS = [f"results.{arm}" for arm in ("baseline", "changed", "ablation")]
_EVERYTHING = [
    "question", "change", "prediction.direction", "prediction.written_on", *_PROTOCOL, "seeds",
    *_ALL_RESULTS, "licence", "intended_use",
]  # fmt: skip
_SEEDS = "if len(set(seeds)) < _N_SEEDS or len(set(seeds)) < len(seeds):"
_VALUES = "if not _numbers(values) or len(values) != len(seeds):"
_HOLDS = "elif not _holds(intervals.get(arm), mean(values)):"
_DAYS = "if not all(map(_said, days)) or days[0] > days[1]:"
_PROTOCOLS = (
    'wrong += [f"protocol.{name}" for name in _PROTOCOL if not _said(protocol.get(name))]'
)
_FIRST = "wrong = [name for name in _WORDS if not _said(report.get(name))]"
_LAST = "return wrong + [name for name in _END_WORDS if not _said(report.get(name))]"

# fmt: off
VALIDATE_REPORT = Exercise(
    name="validate_report",
    number="13.6",
    minutes=12,
    difficulty="medium",
    contract=(
        "report is a dict; any part may be missing. Return a list of the names below whose demand does not hold, in this order; an empty list if all hold. A part that is missing "
        "does not hold. Where a whole dict is missing, each name in it is named.",
        '"question", "change": text that is not blank.',
        '"prediction.direction": "lower" or "higher", in the dict report["prediction"]. "prediction.written_on": a date such as "2026-03-01", not later than report["measured_on"], a date too; '
        "both are there. Of two such dates as text the later one is the greater.",
        '"protocol.data", ".metric", ".n", ".budget", ".machine" (all with "protocol." in front): in the dict report["protocol"], text that is not blank, or a number.',
        '"seeds": a list of at least three, no two of them equal.',
        'For each of baseline, changed, ablation, one after the other: "results.baseline": a list of finite numbers in the dict report["results"], as many as there are seeds. Only if that holds: '
        '"intervals.baseline": a list [low, high] of finite numbers in the dict report["intervals"], with low <= mean of the results <= high.',
        '"licence", "intended_use": text that is not blank.',
    ),
    reference=capstone.validate_report,
    cases=(
        Case("a whole report, and an empty one", _of(lambda report: None, dict.clear), _names([], _EVERYTHING),
             "The whole one is in order. Of the empty one every name is returned but those of intervals, which are looked at only where the results hold."),
        Case("words that are missing or blank", _of(_drop("question"), _put("change", "  "), _put("licence", ""), _drop("intended_use"), _put("protocol.machine", " "), _drop("protocol"), _drop("protocol.n")),
             _names(["question"], ["change"], ["licence"], ["intended_use"], ["protocol.machine"], _PROTOCOL, ["protocol.n"]),
             "Blanks are no text. Without the dict \"protocol\" all five of its names are returned."),
        Case("written down too late", _of(_put("prediction.written_on", "2026-03-03"), _put("prediction.written_on", "2026-03-02"), _drop("measured_on"), _put("prediction.direction", "better"), _drop("prediction")),
             _names(["prediction.written_on"], [], ["prediction.written_on"], ["prediction.direction"], ["prediction.direction", "prediction.written_on"]),
             "A prediction of the 3rd for a measurement of the 2nd is none; the same day is allowed."),
        Case("seeds", _of(_both(_put("seeds", [0, 1]), _put("results", {arm: [1.0, 2.0] for arm in WHOLE["results"]}), _put("intervals", {arm: [0, 3] for arm in WHOLE["results"]})),
                          _put("seeds", [0, 1, 1]), _drop("seeds"),
                          _both(_put("seeds", [0, 1, 2, 2]), _put("results", {arm: [1.0] * 4 for arm in WHOLE["results"]}), _put("intervals", {arm: [0, 3] for arm in WHOLE["results"]}))),
             _names(["seeds"], ["seeds"], ["seeds", *_ALL_RESULTS], ["seeds"]), "Three at least, and no seed twice. Without seeds no result has the right number of values."),
        Case("results", _of(_drop("results.ablation"), _put("results.changed", [1.0, 2.0]), _put("results.baseline", [1.0, float("nan"), 2.0]), _drop("results"), _put("results.changed", [1.0, "2", 3.0])),
             _names(["results.ablation"], ["results.changed"], ["results.baseline"], _ALL_RESULTS, ["results.changed"]),
             "One finite number for each seed; of an arm without results the interval is not looked at."),
        Case("intervals", _of(_drop("intervals"), _put("intervals.baseline", [3.5, 5.5]), _put("intervals.changed", [3.0, 3.0]), _put("intervals.ablation", [5.5, 9.0]), _put("intervals.ablation", [4.0]),  _both(_put("results.changed", [2.0, 3.0, 10.0]), _put("intervals.changed", [2.5, 4.0])), _put("intervals.changed", [4.0, 2.0])),
             _names([f"intervals.{arm}" for arm in WHOLE["results"]], ["intervals.baseline"], [], ["intervals.ablation"], ["intervals.ablation"], ["intervals.changed"], ["intervals.changed"]),
             "The mean of 5, 6, 7 is 6: above 5.5. An interval [3, 3] around a mean of 3 holds."),
    ),
    hints=(
        "Go through the names in order, each with its own question; collect those whose answer is no.",
        "`report.get(name)` is None where a part is missing; `report.get(\"protocol\", {})` stands in for a dict. `isinstance(value, str) and value.strip()` says that there is text.",
        "wrong = []; for each name: if its demand does not hold, wrong.append(name). For the arms: `values = results.get(arm)`; first the list, its length, `math.isfinite` of each; "
        "`elif` the interval: two numbers with `low <= sum(values) / len(values) <= high`.",
    ),
    mistakes=(
        Mistake("the median", {_HOLDS: "elif not _holds(intervals.get(arm), sorted(values)[len(values) // 2]):"}, "The middle value is held against the interval: it is the mean that has to lie in it."),
        Mistake("two seeds are enough", {_SEEDS: "if len(set(seeds)) < 2 or len(set(seeds)) < len(seeds):"}, "Two seeds pass: three are asked for."),
        Mistake("a seed may come twice", {_SEEDS: "if len(seeds) < _N_SEEDS:"}, "The same seed twice passes as two: they have to differ."),
        Mistake("no ablation", {"for arm in _ARMS:": "for arm in _ARMS[:2]:"}, "The ablation is not looked at."),
        Mistake("intervals unread", {_HOLDS: "elif arm not in intervals:"}, "An interval only has to be there: it has to hold its mean, too."),
        Mistake("intervals optional", {_HOLDS: "elif arm in intervals and not _holds(intervals.get(arm), mean(values)):"}, "A report without intervals passes."),
        Mistake("any number of values", {_VALUES: "if not _numbers(values):"}, "The results may have fewer values than there are seeds: a lost run is hidden."),
        Mistake("numbers unread", {_VALUES: "if not values or len(values) != len(seeds):"}, "What stands in the results is counted and not looked at: each has to be a finite number."),
        Mistake("a prediction after the fact", {_DAYS: "if not all(map(_said, days)):"}, "A prediction written after the measurement passes: compare both dates."),
        Mistake("the day before at the latest", {"days[0] > days[1]": "days[0] >= days[1]"}, "The same day is refused: not later is asked for."),
        Mistake("any direction", {'prediction.get("direction") not in ("lower", "higher")': 'not _said(prediction.get("direction"))'}, 'Any word passes as a direction: "lower" or "higher" is asked for.'),
        Mistake("no licence", {_LAST: 'return wrong + ([] if _said(report.get("intended_use")) else ["intended_use"])'}, "The licence is not looked at."),
        Mistake("no intended use", {_LAST: 'return wrong + ([] if _said(report.get("licence")) else ["licence"])'}, "The intended use is not looked at."),
        Mistake("protocol as a whole", {_PROTOCOLS: 'wrong += [] if protocol else [f"protocol.{name}" for name in _PROTOCOL]'}, "A protocol only has to be there: each of its five parts is asked for."),
        Mistake("blank words pass", {_FIRST: "wrong = [name for name in _WORDS if not report.get(name)]"}, "Blanks pass as text: strip them first."),
        Mistake("the first fault only", {_LAST: "return (wrong + [name for name in _END_WORDS if not _said(report.get(name))])[:1]"}, "Only the first fault is named: name all of them."),
        Mistake("yes or no", {_LAST: "return [] if not wrong else ['report']"}, "It only says that something is wrong: name each part."),
    ),
)
