"""9.1: the distance of two Gaussians."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.refusals import what_is_raised


def _between(*numbers: list):
    """Means and covariances as lists -> a case body."""
    return lambda answer: answer(*(torch.tensor(part, dtype=torch.float64) for part in numbers))


def _of_two_samples(answer) -> dict[str, bool]:
    """Two clouds of 4 samples with 12 axes: real, finite, and exactly what their axes say."""
    rng = torch.Generator().manual_seed(5)
    axes = torch.linalg.qr(torch.randn(12, 6, generator=rng, dtype=torch.float64)).Q
    first, second = axes[:, :3], axes[:, 3:]
    mean = torch.zeros(12, dtype=torch.float64)
    found = torch.as_tensor(answer(mean, first @ first.T, mean, 4 * second @ second.T))
    return {"real": not found.is_complex(), "15": bool((found.real - 15).abs() < 1e-4)}


def _unfit(answer) -> list[str]:
    one, two, eye = torch.zeros(1), torch.zeros(2), torch.eye(2)
    unfit = (two, eye, one, eye), (two, torch.ones(2), two, eye), (two, eye, two, torch.eye(1))
    return what_is_raised(answer, unfit)


def _kind(answer) -> str:
    return str(torch.as_tensor(answer(*(torch.ones(1), torch.ones(1, 1)) * 2)).dtype)


def _inputs(draw: Draw) -> dict[str, Tensor]:
    clouds = [draw.normal("D N") for _ in range(2)]
    first, second = (cloud @ cloud.T for cloud in clouds)  # singular where N < D
    return {
        "mean_1": draw.normal("D"),
        "cov_1": first,
        "mean_2": draw.normal("D"),
        "cov_2": second,
    }


_ROOT = "root_1 = (vectors * values.clamp(min=0).sqrt()) @ vectors.T"
_INNER = "inner = torch.linalg.eigvalsh(root_1 @ cov_2 @ root_1)"
_SQUARE = "(mean_1 - mean_2).square().sum()"
_SPREAD = "spread = cov_1.trace() + cov_2.trace() - 2 * inner.clamp(min=0).sqrt().sum()"
_RETURN = "return ((mean_1 - mean_2).square().sum() + spread).clamp(min=0)"
_RAISE = 'raise ValueError(f"expected shapes ({d},), ({d}, {d}) twice, got {shapes}")'

# fmt: off
FRECHET_DISTANCE = Exercise(
    name="frechet_distance",
    number="9.1",
    minutes=12,
    difficulty="medium",
    contract=(
        "mean_1 and mean_2 are (d,), cov_1 and cov_2 (d, d): means and covariances of two Gaussians. A covariance is symmetric and has no "
        "eigenvalue below 0. It may be singular: that of n <= d samples always is.",
        "Return the scalar |mean_1 - mean_2|^2 + trace(cov_1) + trace(cov_2) - 2 trace(R), where R is the square root of the matrix "
        "cov_1^(1/2) cov_2 cov_1^(1/2). The square root of a matrix A is the matrix without eigenvalues below 0 whose product with itself is A.",
        "Work in float64 whatever comes in, and return a real, finite float64: a root turns an error of 1e-7 into one of 3e-4. No gradient is asked for.",
        "Shapes that are not (d,), (d, d), (d,), (d, d) with one d: raise `ValueError`. (Means of 1 and of 5 numbers would be subtracted without a word.)",
    ),
    reference=metrics.frechet_distance,
    inputs=_inputs,
    waived=("graph cut", "dtype"),
    free_gradients=("mean_1", "cov_1", "mean_2", "cov_2"),
    cases=(
        Case("N(0, 1) against N(3, 4)", _between([0.0], [[1.0]], [3.0], [[4.0]]), 10.0,
             "3^2 for the means, 1 + 4 - 2 * 2 for the spreads."),
        Case("axes of different spread", _between([0.0, 0.0], [[1.0, 0.0], [0.0, 9.0]], [1.0, 2.0], [[4.0, 0.0], [0.0, 16.0]]), 7.0,
             "Along each axis by itself: 1 + (1 - 2)^2 and 4 + (3 - 4)^2."),
        # tr(cov_1 cov_2) = 17 and det = 16, so the trace of the root is sqrt(17 + 2 * 4) = 5
        Case("spreads along different axes", _between([1.0, 1.0], [[2.0, 1.0], [1.0, 1.0]], [1.0, 1.0], [[4.0, 2.0], [2.0, 5.0]]), 2.0,
             "The eigenvalues of cov_1 cov_2 are 1 and 16: 3 + 9 - 2 (1 + 4). Roots are those of matrices, not of entries."),
        # of spreads along v and w alone, the trace of the root is |v . w|
        Case("fewer samples than axes", _between([0.0] * 3, [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]], [0.0] * 3, [[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 1.0]]), 2.0,
             "Both covariances are singular; the trace of the root is |1 * 1 + 1 * 0 + 0 * 1| = 1, and 2 + 2 - 2 * 1 = 2."),
        Case("nothing in common", _of_two_samples, {"real": True, "15": True},
             "Three axes of variance 1 beside three others of variance 4: 3 + 12. Rounding makes eigenvalues of -1e-17, of which no root is real."),
        Case("in which type it comes", _kind, "torch.float64", "Turn all four into float64 first.", "dtype/device/seed"),
        Case("shapes that do not fit", _unfit, ("ValueError",) * 3, "Compare all four shapes with d, and raise ValueError.", "side effects"),
    ),
    hints=(
        "A symmetric matrix is V diag(w) V^T, and its square root V diag(sqrt(w)) V^T. The trace of a root is the sum of the roots of the eigenvalues.",
        "`torch.linalg.eigh` gives w and V; `torch.linalg.eigvalsh` is enough for the matrix in the middle, which is symmetric. Rounding leaves eigenvalues a little below 0: clamp them.",
        "`w, V = torch.linalg.eigh(cov_1)`; `root = (V * w.clamp(min=0).sqrt()) @ V.T`; `inner = torch.linalg.eigvalsh(root @ cov_2 @ root)`; then the formula with `inner.clamp(min=0).sqrt().sum()`.",
    ),
    mistakes=(
        Mistake("the gap is not squared", {_SQUARE: "(mean_1 - mean_2).norm()"}, "The distance of the means goes in squared: 3^2, not 3."),
        Mistake("a root of the whole", {_RETURN: _RETURN + ".sqrt()"}, "This is the root of what is asked for: the metric is the square itself."),
        Mistake("the factor 2 is missing", {"- 2 * inner": "- inner"}, "The root's trace counts twice: equal Gaussians have to come to 0."),
        Mistake("no root of the product", {"inner.clamp(min=0).sqrt().sum()": "inner.sum()"}, "The trace of the product itself is subtracted: its square root is asked for."),
        Mistake("roots entry by entry", {_ROOT: "root_1 = cov_1.clamp(min=0).sqrt()"}, "The root is taken of every entry: a matrix's root has the roots of its eigenvalues."),
        Mistake("roots multiplied", {_SPREAD: "second, axes = torch.linalg.eigh(cov_2)\n    spread = cov_1.trace() + cov_2.trace() - 2 * (root_1 @ (axes * second.clamp(min=0).sqrt()) @ axes.T).trace()"},
                "The two roots are multiplied: that is the root of the product only where both covariances share their axes."),
        Mistake("the diagonals alone", {_SPREAD: "spread = cov_1.trace() + cov_2.trace() - 2 * (cov_1.diagonal() * cov_2.diagonal()).sqrt().sum()"},
                "Only the variances are used: how the axes go together is lost."),
        Mistake("the means alone", {_RETURN: "return (mean_1 - mean_2).square().sum()"}, "The spreads play no part: a collapsed generator with the right mean would score 0."),
        Mistake("the spreads alone", {_RETURN: "return spread.clamp(min=0)"}, "The means play no part: add their squared distance."),
        Mistake("variances for standard deviations", {_SPREAD: "spread = (cov_1 - cov_2).square().sum()"}, "The covariances are compared entry by entry: the formula compares their roots."),
        Mistake("sums for traces", {"cov_1.trace() + cov_2.trace()": "cov_1.sum() + cov_2.sum()"}, "All entries are added: a trace adds the diagonal."),
        Mistake("one trace", {"cov_1.trace() + cov_2.trace()": "cov_1.trace()"}, "The trace of the second covariance is missing."),
        Mistake("an average over the axes", {_RETURN: "return ((mean_1 - mean_2).square().sum() + spread).clamp(min=0) / d"}, "The result is divided by d: the formula has no such division."),
        Mistake("the gap averaged", {_SQUARE: "(mean_1 - mean_2).square().mean()"}, "The squared gap is averaged over the axes: add it up."),
        Mistake("a Cholesky factor", {_ROOT: "root_1 = torch.linalg.cholesky(cov_1)", _INNER: "inner = torch.linalg.eigvalsh(root_1.T @ cov_2 @ root_1)"},
                "A Cholesky factor exists only where no eigenvalue is 0; with n <= d samples there are some: use eigenvalues."),
        Mistake("a little added to the diagonal", {_ROOT: "values, vectors = torch.linalg.eigh(cov_1 + 0.01 * torch.eye(d))\n    root_1 = (vectors * values.clamp(min=0).sqrt()) @ vectors.T"},
                "Something is added to the diagonal: the clamped eigenvalues need no such help, and it shifts the result."),
        Mistake("roots of what is below 0", {_INNER: "inner = torch.linalg.eigvalsh(root_1 @ cov_2 @ root_1) - 1e-17", "inner.clamp(min=0).sqrt()": "inner.sqrt()"},
                "An eigenvalue that should be 0 comes out as -1e-17, and its root is not a number: clamp before the root."),
        Mistake("the root of the trace", {"inner.clamp(min=0).sqrt().sum()": "inner.clamp(min=0).sum().sqrt()"}, "The eigenvalues are added and then the root is taken: take the root of each, then add."),
        Mistake("axes not turned back", {_ROOT: "root_1 = (vectors * values.clamp(min=0).sqrt()) @ vectors"}, "The axes are not turned back: the matrix is V diag(w) V^T, with the last V transposed."),
        Mistake("entries multiplied", {"root_1 @ cov_2 @ root_1": "root_1 * cov_2 * root_1"}, "Entries are multiplied: `@` multiplies matrices."),
        Mistake("the overlap added", {"- 2 * inner": "+ 2 * inner"}, "What both spreads share is added: it is subtracted."),
        Mistake("the overlap averaged", {"sqrt().sum()": "sqrt().mean()"}, "The roots of the eigenvalues are averaged: a trace adds them."),
        Mistake("the gap added before it is squared", {_SQUARE: "(mean_1 - mean_2).sum().square()"}, "The gaps are added and then squared: square each first."),
        Mistake("complex numbers", {_RETURN: "return ((mean_1 - mean_2).square().sum() + spread).clamp(min=0) + 0j"}, "The result is complex: the matrix in the middle is symmetric, and its eigenvalues are real.", "dtype/device/seed"),
        Mistake("float32", {_RETURN: "return ((mean_1 - mean_2).square().sum() + spread).clamp(min=0).float()"}, "The result comes as float32: work in float64 and return that.", "dtype/device/seed"),
        Mistake("shapes let through", {_RAISE: "pass"}, "Shapes that do not fit are let through: means of other lengths are stretched without a word.", "side effects"),
    ),
)
