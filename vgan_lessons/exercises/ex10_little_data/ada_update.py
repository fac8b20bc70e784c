"""10.6: how much to augment."""

import math

from vgan_lessons import augment
from vgan_lessons.checking import Case, Exercise, Mistake

_STEP = "math.copysign(n_clips / n_to_full, gap - target)"
_RETURN = "return min(1.0, max(0.0, probability + step))"
_STAYS = "if not math.isfinite(gap) or gap == target:"


def _step(probability: float, gap: float, n_clips: int = 500, n_to_full: int = 10_000, **more):
    return lambda answer: float(
        answer(probability, gap, n_clips=n_clips, n_to_full=n_to_full, **more)
    )


def _of_gaps(answer) -> dict[str, float]:
    """One step from 0.5 of 0.05, by the gap."""
    gaps = {"0.61": 0.61, "0.59": 0.59, "5": 5.0, "-5": -5.0, "0.6": 0.6}
    gaps |= {"nan": math.nan, "infinite": math.inf}
    return {name: _step(0.5, gap)(answer) for name, gap in gaps.items()}


def _of_steps(seen: dict[str, float]) -> tuple[str, str] | None:
    """What the steps up and down at five gaps show."""
    steps = {gap: float(probability) - 0.5 for gap, probability in seen.items()}
    up, down, far = steps["0.61"], steps["0.59"], steps["5"]
    if up and len({round(steps[gap], 6) for gap in ("0.61", "0.59", "5", "-5")}) == 1:
        return (
            "the same whatever the gap",
            "It moves alike for every gap: the gap decides the way.",
        )
    if up > 0 and down > 0 and steps["-5"] < 0:
        what = "0.59 lies below the target, which is 0.6 unless given"
        return "another number than the target", f"{what}: the gap is held against another."
    if up < 0 < down:
        return "the wrong way", "It falls above the target and rises below it."
    if up > 0 and abs(up + down) < 1e-6 and abs(up - far) > 1e-6:
        return (
            "as far as the gap is off",
            "The step grows with the gap: it does not matter how far.",
        )
    if up > 0 > down and abs(up + down) > 1e-6:
        return "up and down by other steps", "It falls by another step than it rises by."
    if up > 0 and abs(up + down) < 1e-6:
        what = f"It moves by {up:.3g}, and 500 clips of 10,000 are a step of 0.05"
        return "another size of the step", f"{what}, whatever the probability."
    return None


def _of_targets(answer) -> dict[str, float]:
    return {
        "0.3, target 0.2": _step(0.5, 0.3, target=0.2)(answer),
        "0.3, target 0.4": _step(0.5, 0.3, target=0.4)(answer),
    }


def _bounds(answer) -> dict[str, float]:
    return {
        "from 0.97 up": _step(0.97, 1.0)(answer),
        "from 0.02 down": _step(0.02, 0.0)(answer),
        "from 1 down": _step(1.0, 0.0)(answer),
        "from 0 up": _step(0.0, 1.0)(answer),
    }


def _of_speeds(seen: dict[str, float]) -> tuple[str, str] | None:
    """What is shown by right ways at a given speed and a wrong one at the usual speed."""
    usual, *given = (
        abs(way - wanted) < 1e-6
        for way, wanted in zip(reversed(seen.values()), (0.1, 0.25, 0.25), strict=True)
    )
    if usual or not all(given):
        return None
    return "another usual speed", "n_to_full is 500,000 unless given: yours is another number."


def _speeds(answer) -> dict[str, float]:
    """The way from 0 in so many clips, whatever the batch; and the speed unless given."""
    ways = {}
    for n_clips in (8, 64):
        probability = 0.0
        for _ in range(3200 // n_clips):
            probability = answer(probability, 0.9, n_clips=n_clips, n_to_full=12_800)
        ways[f"3,200 clips, {n_clips} a step"] = float(probability)
    ways["50,000 clips at the usual speed"] = float(answer(0.0, 0.9, n_clips=50_000))
    return ways


# fmt: off
ADA_UPDATE = Exercise(
    name="ada_update",
    number="10.6",
    minutes=6,
    difficulty="easy",
    importance="extra",
    contract=(
        "probability is that of each alteration, from 0 to 1; gap says how far D overfits; n_clips is how many real clips D has seen since the last step. Plain numbers; target, n_clips and n_to_full come by keyword.",
        "Above the target the probability rises by n_clips / n_to_full, below it falls by as much, by how far does not matter. n_to_full is 500,000 and the target 0.6 unless given.",
        "At the target, and where the gap is not finite, it stays.",
        "Return the new probability, a plain number, never below 0 nor above 1.",
    ),
    reference=augment.ada_update,
    cases=(
        Case("one step from 0.5", _of_gaps, {"0.61": 0.55, "0.59": 0.45, "5": 0.55, "-5": 0.45, "0.6": 0.5, "nan": 0.5, "infinite": 0.5},
             "500 clips of 10,000 are a step of 0.05; the gap decides its direction and nothing else.", tells=_of_steps),
        Case("another target", _of_targets, {"0.3, target 0.2": 0.55, "0.3, target 0.4": 0.45}, "The gap is compared with the target that came."),
        Case("both ends", _bounds, {"from 0.97 up": 1.0, "from 0.02 down": 0.0, "from 1 down": 0.95, "from 0 up": 0.05},
             "0.97 + 0.05 stops at 1, 0.02 - 0.05 at 0; from the ends it can come back."),
        Case("the speed", _speeds, {"3,200 clips, 8 a step": 0.25, "3,200 clips, 64 a step": 0.25, "50,000 clips at the usual speed": 0.1},
             "Clips count, not steps: 3,200 of 12,800 clips are a quarter of the way with any batch.", tells=_of_speeds),
    ),
    hints=(
        "A controller with two speeds, up and down. What it may know is the sign of (gap - target).",
        "`math.copysign(a, b)` has the size of a and the sign of b; `math.isfinite` finds what is no number; `min` and `max` hold the ends.",
        "if not math.isfinite(gap) or gap == target: return probability; then probability plus or minus n_clips / n_to_full, held in [0, 1] by `min(1.0, max(0.0, ...))`.",
    ),
    mistakes=(
        Mistake("the wrong way", {"gap - target": "target - gap"}, "It augments less the more D overfits: above the target the probability rises."),
        Mistake("as far as the gap is off", {_STEP: "(gap - target) * n_clips / n_to_full"}, "The step grows with the gap: its size is n_clips / n_to_full, whatever the gap."),
        Mistake("a step of fixed size", {_STEP: "math.copysign(0.05, gap - target)"}, "The step ignores how many clips D saw: a larger batch would be slower."),
        Mistake("the target forgotten", {"gap - target": "gap - 0.6"}, "0.6 is used whatever the target: compare with the one that came."),
        Mistake("no end above", {_RETURN: "return max(0.0, probability + step)"}, "The probability rises above 1."),
        Mistake("no end below", {_RETURN: "return min(1.0, probability + step)"}, "The probability falls below 0."),
        Mistake("only ever up", {_STEP: "n_clips / n_to_full"}, "It rises whatever the gap says: below the target it falls."),
        Mistake("no ends", {_RETURN: "return probability + step"}, "The probability rises above 1 and falls below 0."),
        Mistake("an end at 0.8", {_RETURN: "return min(0.8, max(0.0, probability + step))"}, "It stops at 0.8: the ends are 0 and 1."),
        Mistake("round and round", {_RETURN: "return (probability + step) % 1.0"}, "Past 1 it begins again at 0: it stops there."),
        Mistake("no step that would pass an end", {_RETURN: "return probability + step if 0 <= probability + step <= 1 else probability"}, "A step that would pass an end is not taken at all: go to the end."),
        Mistake("the ends exchanged", {_RETURN: "return max(1.0, min(0.0, probability + step))"}, "min and max are exchanged: whatever comes, the result is 1."),
        Mistake("a share of itself", {_RETURN: "return min(1.0, max(0.0, probability * (1 + step)))"}, "The step is a share of the probability: from 0 it would never rise."),
        Mistake("twice the step", {_STEP: "2 * math.copysign(n_clips / n_to_full, gap - target)"}, "The step is twice n_clips / n_to_full."),
        Mistake("a whole division", {_STEP: "math.copysign(n_clips // n_to_full, gap - target)"}, "`//` cuts the step off to 0: divide by `/`."),
        Mistake("one clip a step", {_STEP: "math.copysign(1 / n_to_full, gap - target)"}, "The step is that of one clip: D saw n_clips."),
        Mistake("one step in n_clips", {_STEP: "math.copysign(1 / n_clips, gap - target)"}, "The step is 1 / n_clips: the more clips D saw, the larger it is."),
        Mistake("the usual speed always", {_STEP: "math.copysign(n_clips / 500_000, gap - target)"}, "500,000 is used whatever n_to_full: divide by the one that came."),
        Mistake("the gap without its sign", {"gap - target": "abs(gap) - target"}, "A gap far below 0 raises it: below the target it falls."),
        Mistake("the sign of the gap", {"gap - target": "gap"}, "The gap is compared with 0: compare it with the target."),
        Mistake("another usual target", {"target: float = 0.6": "target: float = 0.5"}, "The target is 0.6 unless given: yours is another number."),
        Mistake("the probability held against the target", {"gap - target": "probability - target"}, "The probability is compared with the target: compare the gap."),
        Mistake("the probability drawn to the target", {"gap - target": "target - probability"}, "The probability goes towards the target: the target is that of the gap."),
        Mistake("still near the target", {_STAYS: "if not math.isfinite(gap) or abs(gap - target) < 0.05:"}, "Near the target it stays: it stays at the target alone."),
        Mistake("0 where the gap is no number", {_STAYS: "if not math.isfinite(gap):\n        return 0.0\n    if gap == target:"}, "Where the gap is not finite, 0 comes back: the probability stays."),
        Mistake("infinity taken for a number", {"not math.isfinite(gap)": "math.isnan(gap)"}, "An infinite gap moves it: where the gap is not finite, it stays."),
        Mistake("nothing at the target", {"return probability\n": "return None\n"}, "Where it stays, nothing comes back: return the probability."),
        Mistake("never back", {_STEP: "(n_clips / n_to_full if gap > target else 0.0)"}, "It never falls: below the target it goes down as fast as up."),
        Mistake("jumps to the ends", {_RETURN: "return float(step > 0)"}, "It jumps to 0 or 1: it moves by a small step."),
        Mistake("steps at the target", {_STAYS: "if not math.isfinite(gap):"}, "At the target it moves: there it stays."),
        Mistake("no number taken for one", {_STAYS: "if gap == target:"}, "A gap that is not finite moves it: there it stays."),
        Mistake("the step alone", {_RETURN: "return min(1.0, max(0.0, step))"}, "Only the step comes back: add it to the probability."),
        Mistake("the opposite probability", {_RETURN: "return 1 - min(1.0, max(0.0, probability + step))"}, "1 minus the probability comes back."),
    ),
)
