"""What few films cost and what augmentation gives: a stored study, and how to read it.

`data_scripts/study_little_data.py` made the runs; the file says on which machine and when.
"""

import json
import statistics
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from torch import Tensor

from vgan_lessons.evaluation.recorded import stored_clips


class Effect(NamedTuple):
    """What augmentation does with one number of films; of a distance, so lower is better."""

    plain: float  # median of the runs without
    augmented: float  # median of the runs with
    change: float  # mean over seeds of (with - without)
    low: float  # 95 % interval of the change
    high: float
    verdict: str  # "helps", "hurts" or "not told apart"


@cache
def little_data_study() -> dict[str, object]:
    """The stored study: people from 9, 18 and 27 films, with and without augmentation.

    Returns:
        machine (processor, torch, date), size (n_steps, n_clips and n_logits of every
        measure), held_out (names of films), and runs: films, augment, seed, cpu_seconds,
        films_themselves (the distances of the training films), and looks: step, to_train and
        to_held_out (FVD-small), clip_gap and frame_gap (`overfit_gap` of both discriminators),
        of seed 0 also logits (of clips of films that were trained on, held out, and made).

    Used in lesson 10.
    """
    path = files("vgan_lessons.evaluation") / "recordings" / "little_data.json"
    return json.loads(path.read_text(encoding="utf-8"))


def little_data_clips(films: int, augment: float) -> Tensor:
    """Clips of the end of a stored run of seed 0.

    Args:
        films: 9, 18 or 27.
        augment: 0.0 or 0.6.

    Returns:
        (4, 16, 3, 16, 16) uint8, the first four that the averaged generator makes.

    Raises:
        ValueError: if there is no such run.

    Used in lesson 10.
    """
    for run in little_data_study()["runs"]:
        if (run["films"], run["augment"], run["seed"]) == (films, augment, 0):
            return stored_clips(run["clips"])
    raise ValueError(f"no stored run has {films} films and augment {augment}")


def data_sweep(runs: Sequence[dict], t: float) -> dict[int, Effect]:
    """Compare runs with and without augmentation, seed by seed, for each number of films.

    Seeds differ by more than what is asked for, in their films and their weights, but a run
    with and one without share both: so it is their difference that is averaged.

    Args:
        runs: in any order; each has films, augment (a probability, 0 without), seed and
            distance. At most one run of each kind has a seed; at least two seeds have both.
        t: the quantile of Student's law that makes the interval one of 95 %: 4.303 for the
            three differences of three seeds.

    Returns:
        Number of films -> Effect, from few films to many. The interval is the mean change,
        t standard errors either way; it "helps" where it lies below 0 and "hurts" where it
        lies above. A seed with one run only counts in that median and not in the change.

    Example:
        >>> runs = [{"films": 9, "augment": p, "seed": seed, "distance": seed - p}
        ...     for p in (0.0, 0.5) for seed in (1, 2, 3)]
        >>> data_sweep(runs, 4.303)[9]
        Effect(plain=2.0, augmented=1.5, change=-0.5, low=-0.5, high=-0.5, verdict='helps')

    Lesson 10.
    """
    effects = {}
    for n in sorted({run["films"] for run in runs}):
        plain, augmented = (
            {
                r["seed"]: r["distance"]
                for r in runs
                if r["films"] == n and bool(r["augment"]) == on
            }
            for on in (False, True)
        )
        changes = [augmented[seed] - plain[seed] for seed in sorted(plain.keys() & augmented)]
        change = statistics.fmean(changes)
        error = t * statistics.stdev(changes) / len(changes) ** 0.5
        low, high = change - error, change + error
        verdict = "helps" if high < 0 else "hurts" if low > 0 else "not told apart"
        medians = [float(statistics.median(side.values())) for side in (plain, augmented)]
        effects[n] = Effect(*medians, change, low, high, verdict)
    return effects
