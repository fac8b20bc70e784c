"""10.5: how much to augment."""

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
    number="10.5",
    minutes=6,
    difficulty="easy",
    contract=(
        "probability is that of each alteration, from 0 to 1; gap says how far D overfits; n_clips is how many real clips D has seen since the last step. Plain numbers; target, n_clips and n_to_full come by keyword.",
        "Above the target the probability rises by n_clips / n_to_full, below it falls by as much, by how far does not matter. n_to_full is 500,000 and the target 0.6 unless given.",
        "At the target, and where the gap is not finite, it stays.",
        "Return the new probability, a plain number, never below 0 nor above 1.",
    ),
    reference=augment.ada_update,
    cases=(
        Case("one step from 0.5", _of_gaps, {"0.61": 0.55, "0.59": 0.45, "5": 0.55, "-5": 0.45, "0.6": 0.5, "nan": 0.5, "infinite": 0.5},
             "500 clips of 10,000 are a step of 0.05; the gap decides its direction and nothing else."),
        Case("another target", _of_targets, {"0.3, target 0.2": 0.55, "0.3, target 0.4": 0.45}, "The gap is compared with the target that came."),
        Case("both ends", _bounds, {"from 0.97 up": 1.0, "from 0.02 down": 0.0, "from 1 down": 0.95, "from 0 up": 0.05},
             "0.97 + 0.05 stops at 1, 0.02 - 0.05 at 0; from the ends it can come back."),
        Case("the speed", _speeds, {"3,200 clips, 8 a step": 0.25, "3,200 clips, 64 a step": 0.25, "50,000 clips at the usual speed": 0.1},
             "Clips count, not steps: 3,200 of 12,800 clips are a quarter of the way with any batch."),
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
        Mistake("never back", {_STEP: "(n_clips / n_to_full if gap > target else 0.0)"}, "It never falls: below the target it goes down as fast as up."),
        Mistake("jumps to the ends", {_RETURN: "return float(step > 0)"}, "It jumps to 0 or 1: it moves by a small step."),
        Mistake("steps at the target", {_STAYS: "if not math.isfinite(gap):"}, "At the target it moves: there it stays."),
        Mistake("no number taken for one", {_STAYS: "if gap == target:"}, "A gap that is not finite moves it: there it stays."),
        Mistake("the step alone", {_RETURN: "return min(1.0, max(0.0, step))"}, "Only the step comes back: add it to the probability."),
        Mistake("the opposite probability", {_RETURN: "return 1 - min(1.0, max(0.0, probability + step))"}, "1 minus the probability comes back."),
    ),
)
