"""What was promised, and whether this run kept it; a missed target is said to be missed."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.report import Table, short


@dataclass(frozen=True, kw_only=True)
class Target:
    """One promise about a measured value."""

    says: str
    value: str  # its name in `Part.values`
    promise: float
    stretch: float
    at_most: bool = False  # the smaller the better

    def state(self, measured: float | None) -> str:
        """How a measured value stands to the promise.

        Args:
            measured: None if this run did not measure it.
        """
        if measured is None:
            return "not measured in this run"
        sign = -1 if self.at_most else 1
        if sign * measured >= sign * self.stretch:
            return "reached" if self.stretch == self.promise else "stretch reached"
        return "promise reached" if sign * measured >= sign * self.promise else "**missed**"


QUALITY = (
    Target(
        says="FVD-small at equal time, as a share of MoCoGAN's",
        value="fvd_small ours / mocogan, equal time",
        promise=0.5,
        stretch=0.5,
        at_most=True,
    ),
    Target(
        says="times as fast to MoCoGAN's final FVD-small",
        value="times as fast to mocogan's final fvd_small",
        promise=5,
        stretch=5,
    ),
    Target(says="recall above MoCoGAN's", value="recall ours - mocogan", promise=0, stretch=0),
    Target(
        says="coverage above MoCoGAN's", value="coverage ours - mocogan", promise=0, stretch=0
    ),
)
WAIT = Target(
    says="share of our step spent waiting for data",
    value="data_wait ours",
    promise=0.02,
    stretch=0.02,
    at_most=True,
)
GROWTH = tuple(
    Target(
        says=f"exponent of {cost} in the number of frames, all of them rendered",
        value=f"exponent of {cost}, frames, all",
        promise=1.1,
        stretch=1.1,
        at_most=True,
    )
    for cost in ("time", "memory")
)
TARGETS = {
    "cpu": (
        *QUALITY,
        Target(
            says="steps, times MoCoGAN's, float32", value="ours / mocogan", promise=4, stretch=7
        ),
        Target(
            says="steps, times MoCoGAN's, bfloat16",
            value="ours-bf16 / mocogan",
            promise=8,
            stretch=12,
        ),
        Target(
            says="MoCoGAN's networks in our loop, times as published",
            value="mocogan-lean / mocogan",
            promise=1.1,
            stretch=2,
        ),
        Target(
            says="clips/s sampled on one CPU thread",
            value="sampling ours",
            promise=100,
            stretch=200,
        ),
        WAIT,
        *GROWTH,
    ),
    "gpu": (
        *QUALITY,
        Target(
            says="steps, times MoCoGAN's with data in memory",
            value="ours-bf16 / mocogan",
            promise=5,
            stretch=12,
        ),
        Target(
            says="steps, times MoCoGAN's with its loader",
            value="ours-bf16 / mocogan-loader",
            promise=30,
            stretch=100,
        ),
        Target(
            says="clips/s trained",
            value="clips_per_second ours-bf16",
            promise=10_000,
            stretch=30_000,
        ),
        Target(
            says="steps/s: MoCoGAN's 100,000 in 30 (15) minutes",
            value="steps_per_second ours-bf16",
            promise=100_000 / 1800,
            stretch=100_000 / 900,
        ),
        WAIT,
        *GROWTH,
    ),
}


def verdicts(budget: str, values: Mapping[str, float]) -> Table:
    """Every target beside what was measured.

    Args:
        budget: "cpu" or "gpu".
        values: by name, of all parts.
    """
    table = Table(
        title="Targets", columns=["what", "promise", "stretch", "measured", "verdict"]
    )
    for target in TARGETS[budget]:
        measured = values.get(target.value)
        sign = "<= " if target.at_most else ">= "
        bounds = [sign + short(target.promise), sign + short(target.stretch)]
        table.rows.append([target.says, *bounds, measured, target.state(measured)])
    return table
