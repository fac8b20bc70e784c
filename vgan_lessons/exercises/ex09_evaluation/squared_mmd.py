"""9.3: a distance that assumes no Gaussian and has no bias."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.refusals import what_is_raised


def _product(x: Tensor, y: Tensor) -> Tensor:
    return x @ y.T


def _cubic(x: Tensor, y: Tensor) -> Tensor:
    return (x @ y.T / x.shape[1] + 1) ** 3


def _gauss(x: Tensor, y: Tensor) -> Tensor:
    return torch.exp(-(x[:, None] - y).square().mean(2))


def _of(first: list, second: list, kernel=_product):
    """Numbers of one axis -> a case body."""

    def run(answer) -> Tensor:
        return answer(torch.tensor(first)[:, None], torch.tensor(second)[:, None], kernel)

    return run


def _one_sample(answer) -> list[str]:
    few, many = torch.ones(1, 2), torch.ones(3, 2)
    return what_is_raised(answer, [(few, many, _product), (many, few, _product)])


def _inputs(draw: Draw) -> dict:
    return {
        "real_features": draw.normal("N D"),
        "fake_features": draw.normal("M D"),
        "kernel": _gauss,
    }


_REAL = "alike_real = (within_real.sum() - within_real.trace()) / (n * (n - 1))"
_FAKE = "alike_fake = (within_fake.sum() - within_fake.trace()) / (m * (m - 1))"
_RETURN = "return alike_real + alike_fake - 2 * across.mean()"
_RAISE = 'raise ValueError(f"a pair needs two samples on each side, got {n} and {m}")'

# fmt: off
SQUARED_MMD = Exercise(
    name="squared_mmd",
    number="9.3",
    minutes=9,
    difficulty="medium",
    contract=(
        "real_features is (N, d), fake_features (M, d). kernel(x, y) takes (N, d) and (M, d) and returns the (N, M) similarities of all pairs; "
        "it is symmetric. Any sizes may go in.",
        "Return the scalar: mean similarity of two different reals, plus mean similarity of two different fakes, minus twice the mean similarity of "
        "a real and a fake.",
        "Different means another place in the cloud: two equal rows are a pair, a row with itself is none. The result may be negative.",
        "A side of fewer than two samples has no pair: raise `ValueError`.",
    ),
    reference=metrics.squared_mmd,
    inputs=_inputs,
    sizes={"N": (5, 2, 4), "M": (3, 6, 2), "D": (2, 4, 7)},
    scales=(1.0, 0.3, 2.0),
    cases=(
        # within 0, 2, 0 -> 2/3; within 3; across (0 + 1 + 2) (1 + 3) / 6 = 2
        Case("three points against two", _of([0.0, 1.0, 2.0], [1.0, 3.0]), -1 / 3,
             "Kernel x y: pairs of 0, 1, 2 give 0, 0, 2, mean 2/3; 1 and 3 give 3; across the mean is 2. 2/3 + 3 - 4 = -1/3."),
        Case("two equal fakes", _of([1.0, 2.0], [0.0, 0.0], _cubic), 26.0,
             "Kernel (x y + 1)^3: 27 for the reals, 1 for the two fakes at 0, 1 across: 27 + 1 - 2."),
        # within 1, 2, 2 -> 5/3; within 3, 4, 12 -> 19/3; across 4/3 * 8/3
        Case("as many fakes as reals, two of which are equal", _of([1.0, 1.0, 2.0], [1.0, 3.0, 4.0]), 8 / 9,
             "The equal reals are a pair like any other: (1 + 2 + 2) / 3. Fakes: (3 + 4 + 12) / 3. Across all nine pairs count: 4/3 * 8/3."),
        Case("a side of one", _one_sample, ("ValueError", "ValueError"), "Without a pair there is no mean: raise ValueError, whichever side it is.", "side effects"),
    ),
    hints=(
        "Three tables of similarities: reals with reals, fakes with fakes, reals with fakes. From two of them the diagonal has to go.",
        "The sum without the diagonal is `table.sum() - table.trace()`, and n (n - 1) entries are left in it. Across, all n m entries count.",
        "`within = kernel(real, real)`; `(within.sum() - within.trace()) / (n * (n - 1))`; the same for the fakes; `- 2 * kernel(real, fake).mean()`.",
    ),
    mistakes=(
        Mistake("equal reals left out", {_REAL: "apart = (real_features[:, None] != real_features).any(2)\n    alike_real = (within_real * apart).sum() / apart.sum().clamp(min=1)"},
                "Equal reals are left out: they are two samples, and a pair like any other."),
        Mistake("no diagonal where there are as many", {"across.mean()": "((across.sum() - across.diagonal().sum()) / (n * (n - 1)) if n == m else across.mean())"}, "With as many fakes as reals those in the same place are left out: all N * M pairs are asked for."),
        Mistake("every sample with itself", {_REAL: "alike_real = within_real.mean()", _FAKE: "alike_fake = within_fake.mean()"},
                "Each sample is compared with itself, too: this is the biased estimate, never negative, larger for small samples."),
        Mistake("divided by n squared", {"(n * (n - 1))": "(n * n)", "(m * (m - 1))": "(m * m)"}, "Without the diagonal n (n - 1) entries are left: divide by that."),
        Mistake("the diagonal of the reals stays", {_REAL: "alike_real = within_real.mean()"}, "Among the reals a sample still meets itself: leave the diagonal out on both sides."),
        Mistake("the diagonal of the fakes stays", {_FAKE: "alike_fake = within_fake.mean()"}, "Among the fakes a sample still meets itself: leave the diagonal out on both sides."),
        Mistake("across counted once", {"- 2 * across": "- across"}, "What reals and fakes have in common is subtracted twice, once for either side."),
        Mistake("the root", {_RETURN: "return (alike_real + alike_fake - 2 * across.mean()).clamp(min=0).sqrt()"}, "This is a root, with what is below 0 cut off: the square itself is asked for, of either sign."),
        Mistake("cut off at 0", {_RETURN: "return (alike_real + alike_fake - 2 * across.mean()).clamp(min=0)"}, "What is below 0 is cut off: then the mean over many draws is no longer 0 for equal laws."),
        Mistake("made positive", {_RETURN: "return (alike_real + alike_fake - 2 * across.mean()).abs()"}, "The sign is thrown away: a negative draw is as good as a positive one."),
        Mistake("the fakes forgotten", {_RETURN: "return alike_real - across.mean()"}, "How alike the fakes are among themselves is missing: a collapsed generator would not be seen."),
        Mistake("the reals forgotten", {_RETURN: "return alike_fake - across.mean()"}, "How alike the reals are among themselves is missing."),
        Mistake("sums", {_RETURN: "return alike_real + alike_fake - 2 * across.sum()"}, "Across, the similarities are added up: take their mean."),
        Mistake("the other sign", {_RETURN: "return 2 * across.mean() - alike_real - alike_fake"}, "The sign is turned round: clouds that lie apart have to come out above 0."),
        Mistake("its own kernel", {"within_real = kernel(real_features, real_features)": "kernel = lambda x, y: x @ y.T\n    within_real = kernel(real_features, real_features)"},
                "x y is used, whatever kernel comes: call the one that is given."),
        Mistake("equal rows left out", {_FAKE: "apart = (fake_features[:, None] != fake_features).any(2)\n    alike_fake = (within_fake * apart).sum() / apart.sum().clamp(min=1)"},
                "Equal rows are left out: they are two samples, and a collapsed generator makes many of them."),
        Mistake("only a side by side comparison", {"across.mean()": "across.diagonal().mean()"}, "Only the real and the fake in the same place are compared: all N * M pairs are asked for.", "axes"),
        Mistake("each pair once, divided by all", {_REAL: "alike_real = within_real.triu(1).sum() / (n * (n - 1))", _FAKE: "alike_fake = within_fake.triu(1).sum() / (m * (m - 1))"},
                "Each pair within is added once and divided by n (n - 1), which counts it twice."),
        Mistake("no diagonal across", {"across.mean()": "(across.sum() - across.diagonal().sum()) / (n * m)"}, "Across there is no sample that meets itself: nothing has to go."),
        Mistake("ones taken off", {_REAL: "alike_real = (within_real.sum() - n) / (n * (n - 1))", _FAKE: "alike_fake = (within_fake.sum() - m) / (m * (m - 1))"},
                "1 is taken off for each sample with itself: right for kernels with k(x, x) = 1 only, so take off the diagonal."),
        Mistake("a side of one let through", {_RAISE: "pass"}, "A side of one gives 0 / 0: raise ValueError.", "side effects"),
        Mistake("only the reals counted", {"n < 2 or m < 2": "n < 2"}, "A single fake is let through: both sides need two samples.", "side effects"),
    ),
)
