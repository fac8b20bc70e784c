"""13.4: whom nobody beats in everything."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.refusals import what_is_raised


def _inputs(draw: Draw) -> dict[str, Tensor]:
    distances = 6 * draw.uniform("K 1") + draw.uniform("K S")
    return {"distances": distances, "costs": draw.uniform("K", 0.1, 2.0)}


def _front(distances: list[list[float]], costs: list[float]):
    return lambda answer: answer(torch.tensor(distances), torch.tensor(costs))[2]


def _ends(answer) -> Tensor:
    low, high, _ = answer(torch.tensor([[1.0, 1.1, 1.2], [2.0, 4.0, 6.0]]), torch.ones(2), 2.0)
    return torch.stack([low, high])


_MEAN = "mean, reach = distances.mean(1), quantile * distances.std(1) / n_seeds**0.5"
_ENDS = "low, high = mean - reach, mean + reach"
_BELOW = "below = high[:, None] < low[None, :]"
_CHEAP = "no_dearer = costs[:, None] <= costs[None, :]"
_FRONT = "~(below & no_dearer).any(0)"
_RAISE = 'raise ValueError(f"an interval needs two seeds at least, got {n_seeds}")'

# fmt: off
PARETO = Exercise(
    name="pareto",
    number="13.4",
    minutes=9,
    difficulty="medium",
    contract=(
        "distances is (K, S): K contestants, a value for each of S seeds, lower is better. costs is (K,), lower is better. quantile is a number; 4.303 where none is given.",
        "The interval of a contestant is its mean plus and minus quantile * s / sqrt(S). s is the standard deviation of its values, with S - 1 in the denominator.",
        "Contestant k beats j if it costs no more than j and its whole interval lies below the whole interval of j (its high end below the low end of j).",
        "Return (low, high, on_front), (K,) each: the ends of the intervals, and booleans: True for whoever is beaten by nobody.",
        "Fewer than two seeds: raise `ValueError`. No gradient is asked.",
    ),
    reference=metrics.pareto,
    inputs=_inputs,
    sizes={"K": (5, 3, 6), "S": (3, 4, 2)},
    free_gradients=("distances", "costs"),
    cases=(
        Case("the ends", _ends, torch.tensor([[1.1 - 0.2 / 3**0.5, 4.0 - 4.0 / 3**0.5], [1.1 + 0.2 / 3**0.5, 4.0 + 4.0 / 3**0.5]]),
             "With quantile 2: means 1.1 and 4, deviations 0.1 and 2, each times 2 / sqrt(3)."),
        # reaches 0.248, 0.248, 0.248: only the second is beaten, by the first
        Case("cheap and good, dear and bad, dear and best", _front([[2.0, 2.1, 2.2], [5.0, 5.1, 5.2], [1.0, 1.1, 1.2]], [1.0, 2.0, 3.0]), torch.tensor([True, False, True]),
             "The first beats the second in both. The third is best, and dear: nobody beats it, and it beats nobody."),
        Case("intervals that overlap", _front([[1.9, 2.0, 2.1], [1.0, 3.0, 5.0]], [1.0, 2.0]), torch.tensor([True, True]),
             "Means of 2 and 3, but the second interval reaches from -2 to 8: with these seeds nobody is beaten."),
        Case("a little better", _front([[1.0, 1.1, 1.2], [1.2, 1.3, 1.4]], [1.0, 2.0]), torch.tensor([True, True]),
             "The intervals are 0.85 to 1.35 and 1.05 to 1.55: they overlap."),
        Case("the same cost", _front([[1.0, 1.1, 1.2], [5.0, 5.1, 5.2]], [1.0, 1.0]), torch.tensor([True, False]), "No dearer includes equally dear."),
        Case("ends that touch", _front([[1.0, 1.0], [1.0, 1.0]], [1.0, 2.0]), torch.tensor([True, True]), "Both intervals are 1 to 1: neither lies below the other."),
        Case("one seed", lambda answer: what_is_raised(answer, [(torch.ones(2, 1), torch.ones(2))]), ("ValueError",), "One value has no spread: raise ValueError.", "side effects"),
    ),
    hints=(
        "First the intervals. Then a table of K x K: does k beat j? A contestant is on the front if its column holds no True.",
        "`distances.std(1)` divides by S - 1. `high[:, None] < low[None, :]` compares every k (row) with every j (column).",
        "reach = quantile * distances.std(1) / S**0.5; beats = (high[:, None] < low[None]) & (costs[:, None] <= costs[None]); on_front = ~beats.any(0).",
    ),
    mistakes=(
        Mistake("always 4.303", {"quantile * distances": "4.303 * distances"}, "quantile has no influence: 4.303 stands in its place."),
        Mistake("half an interval", {_MEAN: _MEAN.replace("quantile *", "quantile / 2 *")}, "The reach is halved: the interval reaches quantile * s / sqrt(S) to each side."),
        Mistake("ends that touch count", {"high[:, None] < low[None, :]": "high[:, None] <= low[None, :]"}, "Intervals that touch count as one below the other: the high end has to lie below the low end."),
        Mistake("means alone", {_BELOW: "below = mean[:, None] < mean[None, :]"}, "The means are compared: a contestant is beaten only where the intervals do not touch."),
        Mistake("low against low", {_BELOW: "below = low[:, None] < low[None, :]"}, "Low ends are compared: the winner's high end has to lie below the other's low end."),
        Mistake("cost plays no part", {_CHEAP: "no_dearer = costs[:, None] == costs[:, None]"}, "Cost plays no part: whoever is better but dearer beats nobody."),
        Mistake("strictly cheaper", {_CHEAP: "no_dearer = costs[:, None] < costs[None, :]"}, "Only strictly cheaper ones count: equal cost is no more either."),
        Mistake("dearer ones win", {_CHEAP: "no_dearer = costs[:, None] >= costs[None, :]"}, "The comparison of costs is turned round."),
        Mistake("who beats somebody", {_FRONT: "~(below & no_dearer).any(1)"}, "This leaves out whoever beats another one: leave out who is beaten.", "axes"),
        Mistake("who is beaten", {_FRONT: "(below & no_dearer).any(0)"}, "True stands for those that are beaten: the front is the others."),
        Mistake("on either account", {_FRONT: "~(below | no_dearer).any(0)"}, "One of both suffices here: a contestant is beaten in distance and cost together."),
        Mistake("the spread of the values", {"/ n_seeds**0.5": "/ 1"}, "This is the spread of single seeds: that of their mean is smaller by sqrt(S)."),
        Mistake("divided by S", {"/ n_seeds**0.5": "/ n_seeds"}, "Divided by S: the mean's spread falls with sqrt(S)."),
        Mistake("S in the denominator", {"distances.std(1)": "distances.std(1, correction=0)"}, "The deviation divides by S: for a sample it is S - 1."),
        Mistake("variances", {"distances.std(1)": "distances.var(1)"}, "The variance stands where the standard deviation belongs."),
        Mistake("1.96 for three seeds", {"quantile * distances": "1.96 * distances"}, "1.96 is for many seeds, and quantile is not used: use the one that is given."),
        Mistake("over contestants", {_MEAN: "mean, reach = distances.mean(1), quantile * distances.std() / n_seeds**0.5 + 0 * distances.mean(1)"}, "One spread for all contestants: each has its own.", "axes"),
        Mistake("the extremes", {_ENDS: "low, high = distances.min(1).values, distances.max(1).values"}, "The ends are the least and the greatest value: an interval of the mean is asked for."),
        Mistake("one seed let through", {_RAISE: "pass"}, "One seed has no spread, and every comparison with no number is False: raise ValueError.", "side effects"),
    ),
)
