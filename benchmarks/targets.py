"""What was promised, and whether this run kept it; a missed target is said to be missed."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.report import Table, short


@dataclass(frozen=True)
class Target:
    """One promise about a measured value."""

    says: str
    value: str  # section and name in `Part.values`
    promise: float
    at_most: bool = False  # the smaller the better

    def state(self, measured: float | None) -> str:
        """How a measured value stands to the promise; None: this run did not measure it."""
        if measured is None:
            return "not measured in this run"
        kept = measured <= self.promise if self.at_most else measured >= self.promise
        return "reached" if kept else "**missed**"


# fmt: off
EVERYWHERE = (
    Target("FVD-small at equal time and weights, as a share of the best rival's",
           "race: fvd_small ours / best rival", 0.5, at_most=True),
    Target("recall above the best rival's", "race: recall ours - best rival", 0),
    Target("coverage above the best rival's", "race: coverage ours - best rival", 0),
    Target("clips/s sampled on one CPU thread", "sampling: clips/s ours", 100),
    Target("exponent of time in the number of frames, all of them rendered",
           "scaling: exponent of ours-all-frames in frames", 1.1, at_most=True),
)
TARGETS = {
    "cpu": (
        *EVERYWHERE,
        Target("steps, times MoCoGAN's, float32", "speed: ours / mocogan", 4),
        Target("steps, times MoCoGAN's, bfloat16", "speed: ours-bf16 / mocogan", 8),
    ),
    "gpu": (
        *EVERYWHERE,
        Target("steps, times MoCoGAN's, bfloat16", "speed: ours-bf16 / mocogan", 5),
        Target("clips/s trained", "speed: clips/s ours-bf16", 10_000),
        Target("steps/s: MoCoGAN's 100,000 in 30 minutes", "speed: steps/s ours-bf16",
               100_000 / 1800),
    ),
}
# fmt: on


def verdicts(
    budget: str,
    values: Mapping[str, float],
    beside: Mapping[str, str] | None = None,
    undecided: Mapping[str, str] | None = None,
) -> Table:
    """Every target beside what was measured.

    Args:
        budget: "cpu" or "gpu".
        values: of all parts, by section and name.
        beside: words that a value may not stand without, by the same names.
        undecided: by section, why its values are no verdict.
    """
    table = Table(title="Targets", columns=["what", "promise", "measured", "verdict"])
    for target in TARGETS[budget]:
        measured = values.get(target.value)
        promise = ("<= " if target.at_most else ">= ") + short(target.promise)
        state, why = target.state(measured), (undecided or {}).get(target.value.split(":")[0])
        if why and measured is not None:
            state = f"not decided: {why}"
        if words := (beside or {}).get(target.value):
            measured = f"{short(measured)} ({words})"
        table.rows.append([target.says, promise, measured, state])
    return table
