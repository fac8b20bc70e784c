"""9.2: what small samples add to the distance, and what is left without it."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _predicted(variances: list[float], sizes: list[int]):
    def run(answer) -> Tensor:
        distances = torch.arange(1.0, len(sizes) + 1)
        return answer(torch.tensor(variances), torch.tensor(sizes), distances)[0]

    return run


def _limit(sizes: list[int], distances: list[float]):
    return lambda answer: answer(torch.ones(3), torch.tensor(sizes), torch.tensor(distances))[1]


def _inputs(draw: Draw) -> dict[str, Tensor]:
    steps = draw.integers("K", 3, 40)
    return {
        "variances": draw.uniform("D", 0.1, 3.0),
        "sizes": steps.cumsum(0) + 5,
        "distances": draw.normal("K"),
    }


_PAIRS = "pairs = variances[:, None] * variances / (variances[:, None] + variances)"
_TOTAL = "total = 2 * variances.sum() + pairs.sum() + pairs.trace()"
_SLOPE = "slope = (centred * distances).sum() / centred.square().sum()"
_LIMIT = "limit = distances.mean() - slope * inverse.mean()"
_RETURN = "return total * inverse, limit"

# fmt: off
FRECHET_BIAS = Exercise(
    name="frechet_bias",
    number="9.2",
    minutes=10,
    difficulty="easy",
    contract=(
        "variances is (d,): the eigenvalues v of a law's covariance, all above 0. sizes is (K,), int64: at least two different n, each the size of "
        "both samples. distances is (K,): a Fréchet distance that was measured at each n.",
        "predicted, (K,), is at each n: (2 sum of v_i + sum over all pairs i, j of v_i v_j / (v_i + v_j) + sum of v_i / 2) / n. The pairs are "
        "all d * d of them, i = j included.",
        "limit, a scalar: draw the points (1/n, distance), the straight line through them with the least sum of squared errors in the distance, "
        "and read its height at 1/n = 0.",
        "Return (predicted, limit).",
    ),
    reference=metrics.frechet_bias,
    inputs=_inputs,
    sizes={"K": (5, 2, 4), "D": (3, 1, 6)},
    cases=(
        Case("32 variances of 1", _predicted([1.0] * 32, [256, 1024, 4096]), torch.tensor([2.3125, 0.578125, 0.14453125]),
             "With variances of 1 the three sums are 2 d, d^2 / 2 and d / 2: 64 + 512 + 16 = 592, divided by n."),
        # 2 * 4 = 8; pairs 1/2 + 3/4 + 3/4 + 9/6 = 3.5; 4/2 = 2
        Case("variances 1 and 3", _predicted([1.0, 3.0], [10, 27]), torch.tensor([1.35, 0.5]),
             "8 for the means; the four pairs give 1/2, 3/4, 3/4 and 3/2; then 4/2: 13.5 in all, divided by n."),
        Case("two sizes", _limit([10, 20], [3.0, 2.0]), 1.0, "At 1/n = 0.1 it is 3, at 0.05 it is 2: a line through both meets 0 at 1."),
        # x 0.1, 0.2, 0.5: slope (0.5/3) / 0.0866667 = 25/13
        Case("points beside the line", _limit([10, 5, 2], [1.0, 2.0, 2.0]), 15 / 13,
             "Of 1/n = 0.1, 0.2, 0.5 with heights 1, 2, 2 the best line rises by 25/13; at the mean 4/15 it is 5/3."),
    ),
    hints=(
        "v_i v_j / (v_i + v_j) for all pairs is a table of d x d. A line through points passes through their mean.",
        "`variances[:, None] * variances / (variances[:, None] + variances)` is the table. The slope is the covariance of 1/n and distance, divided by the variance of 1/n.",
        "With x = 1 / sizes and c = x - x.mean(): slope = (c * distances).sum() / (c * c).sum(); limit = distances.mean() - slope * x.mean().",
    ),
    mistakes=(
        Mistake("as if all variances were 1", {_PAIRS: "pairs = variances[:, None] * variances / (2 + 0 * variances)", _TOTAL: "total = 2 * len(variances) + pairs.sum() + pairs.trace()"},
                "This is 2 d / n + (d^2 + d) / (2 n), right for variances of 1 alone: use the variances that came."),
        Mistake("one sample's mean", {"2 * variances.sum()": "variances.sum()"}, "Both samples' means are off by v / n: twice the sum of the variances."),
        Mistake("pairs i < j", {"pairs.sum() + pairs.trace()": "pairs.triu(1).sum() + 2 * pairs.trace()"}, "Each pair of different axes is counted once: all d * d pairs, both ways round."),
        Mistake("without i = j", {"pairs.sum() + pairs.trace()": "pairs.sum()"}, "v_i / 2 is missing for every axis: that is the third sum, and each pair i, i of the second one as well."),
        Mistake("the means alone", {_TOTAL: "total = 2 * variances.sum()"}, "Only the error of the means is there: the covariances' error is far larger."),
        Mistake("the spreads alone", {_TOTAL: "total = pairs.sum() + pairs.trace()"}, "Only the error of the covariances is there: add that of the means."),
        Mistake("divided by the root of n", {_RETURN: "return total * inverse.sqrt(), limit"}, "A bias of squares falls with 1/n, not with its root."),
        Mistake("pairs of standard deviations", {_PAIRS: "pairs = (variances[:, None] * variances).sqrt() / 2"}, "The geometric mean stands where v_i v_j / (v_i + v_j) belongs."),
        Mistake("a line in n", {_LIMIT: "plain = sizes.to(variances)\n    off = plain - plain.mean()\n    limit = distances.mean() - (off * distances).sum() / off.square().sum() * plain.mean()"},
                "The line is drawn over n, where 0 means no samples at all: draw it over 1/n."),
        Mistake("the slope", {_RETURN: "return total * inverse, slope"}, "This is how steep the line is: its height at 1/n = 0 is asked for."),
        Mistake("the line's height at its middle", {_LIMIT: "limit = distances.mean()"}, "This is the mean of the distances: go along the line to 1/n = 0."),
        Mistake("the largest sample's distance", {_LIMIT: "limit = distances[inverse.argmin()]"}, "The distance of the largest sample still has its bias: go along the line."),
        Mistake("a line through the ends", {_SLOPE: "slope = (distances[-1] - distances[0]) / (inverse[-1] - inverse[0])", _LIMIT: "limit = distances[0] - slope * inverse[0]"},
                "The line goes through the first and the last point: the best one uses all."),
        Mistake("a line through 0", {_SLOPE: "slope = (inverse * distances).sum() / inverse.square().sum()"}, "The slope is that of a line through the origin: take the means off first."),
        Mistake("the bias taken off", {_LIMIT: "limit = (distances - total * inverse).mean()"}, "The predicted bias is subtracted: the line through the measured points is asked for."),
        Mistake("in the other order", {_RETURN: "return limit, total * inverse"}, "Predicted first, then the limit.", "axes"),
    ),
)
