"""What a report has to say before it is worth reading, checked by a machine."""

import math
from collections.abc import Mapping
from statistics import mean

_WORDS = ("question", "change")  # a sentence each
_END_WORDS = ("licence", "intended_use")
_ARMS = ("baseline", "changed", "ablation")
_PROTOCOL = ("data", "metric", "n", "budget", "machine")
_N_SEEDS = 3


def validate_report(report: Mapping[str, object]) -> list[str]:
    """Name every part of a report that is missing or does not hold; see the template.

    Args:
        report: what lesson 13 writes as a template, filled in.

    Returns:
        Names of parts, such as "results.ablation", in the order of the template; none for a
        report that is whole.

    Lesson 13.
    """
    wrong = [name for name in _WORDS if not _said(report.get(name))]
    prediction, protocol = _part(report, "prediction"), _part(report, "protocol")
    if prediction.get("direction") not in ("lower", "higher"):
        wrong.append("prediction.direction")
    days = prediction.get("written_on"), report.get("measured_on")
    if not all(map(_said, days)) or days[0] > days[1]:
        wrong.append("prediction.written_on")
    wrong += [f"protocol.{name}" for name in _PROTOCOL if not _said(protocol.get(name))]
    seeds = report.get("seeds")
    seeds = seeds if isinstance(seeds, list) else []
    if len(set(seeds)) < _N_SEEDS or len(set(seeds)) < len(seeds):
        wrong.append("seeds")
    results, intervals = _part(report, "results"), _part(report, "intervals")
    for arm in _ARMS:
        values = results.get(arm)
        if not _numbers(values) or len(values) != len(seeds):
            wrong.append(f"results.{arm}")
        elif not _holds(intervals.get(arm), mean(values)):
            wrong.append(f"intervals.{arm}")
    return wrong + [name for name in _END_WORDS if not _said(report.get(name))]


def _part(report: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = report.get(name)
    return found if isinstance(found, Mapping) else {}


def _said(value: object) -> bool:
    """Words that are more than blanks, or a number."""
    return bool(value.strip()) if isinstance(value, str) else isinstance(value, int)


def _numbers(values: object) -> bool:
    """A list of finite numbers, at least one."""
    return (
        isinstance(values, list)
        and len(values) > 0
        and all(isinstance(v, int | float) and math.isfinite(v) for v in values)
    )


def _holds(ends: object, value: float) -> bool:
    """Two ends, with the value between them."""
    return _numbers(ends) and len(ends) == 2 and ends[0] <= value <= ends[1]
