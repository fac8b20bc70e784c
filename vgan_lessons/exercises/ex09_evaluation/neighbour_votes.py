"""9.4: who lies among whom."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.refusals import what_is_raised

_NAMES = ("precision", "recall", "density", "coverage")


def _votes(real: list[float], fake: list[float], k: int):
    """Numbers of one axis -> a case body."""

    def run(answer) -> dict[str, Tensor]:
        found = answer(torch.tensor(real)[:, None], torch.tensor(fake)[:, None], k)
        return dict(zip(_NAMES, (1.0 * torch.as_tensor(part) for part in found), strict=True))

    return run


def _expected(*votes: list[float]) -> dict[str, Tensor]:
    return {name: torch.tensor(vote) for name, vote in zip(_NAMES, votes, strict=True)}


def _unless_given(answer) -> dict[str, bool]:
    real, fake = torch.arange(7.0)[:, None] ** 2, torch.arange(6.0)[:, None] ** 3 + 1
    found = [answer(real, fake), answer(real, fake, 5)]
    return {"as with k = 5": all(torch.equal(a, b) for a, b in zip(*found, strict=True))}


def _kinds(answer) -> list[str]:
    found = answer(torch.arange(3.0)[:, None], torch.arange(4.0)[:, None], 1)
    return ["float" if part.is_floating_point() else str(part.dtype) for part in found]


def _in_a_plane(answer) -> Tensor:
    real = torch.tensor([[0.0, 0.0], [3.0, 4.0], [9.0, 9.0]])
    return 1.0 * torch.as_tensor(
        answer(real, torch.tensor([[3.0, 3.0], [-3.0, -3.9], [4.0, 4.0]]), 1)[0]
    )


def _too_few(answer) -> list[str]:
    few, many = torch.arange(3.0)[:, None], torch.arange(5.0)[:, None]
    return what_is_raised(answer, [(few, many, 3), (many, few, 3)])


def _inputs(draw: Draw) -> dict:
    k = {7: 3, 5: 1, 6: 2}[draw.size("N")]
    return {"real_features": draw.normal("N D"), "fake_features": draw.normal("M D"), "k": k}


_IN_REAL = "in_real_ball = between <= _ball_radii(real, k)[:, None]"
_IN_FAKE = "in_fake_ball = between <= _ball_radii(fake, k)[None, :]"
_PRECISION, _RECALL = "precision=in_real_ball.any(0)", "recall=in_fake_ball.any(1)"
_DENSITY, _COVERAGE = "density=in_real_ball.sum(0).double() / k", "coverage=in_real_ball.any(1)"
_RAISE = (
    'raise ValueError(\n            f"k={k} needs more than {k} samples on each side, "\n'
    '            f"got {len(real_features)} real and {len(fake_features)} fake"\n        )'
)

# fmt: off
NEIGHBOUR_VOTES = Exercise(
    name="neighbour_votes",
    number="9.4",
    minutes=14,
    difficulty="medium",
    contract=(
        "real_features is (N, d), fake_features (M, d), k a whole number from 1 on, 5 where none is given. Around each sample lies a ball that reaches to its k-th nearest "
        "neighbour in its own cloud, itself not counted. What lies on the edge is inside. Distances are Euclidean.",
        "precision, (M,): 1 for a fake that lies in at least one real ball, else 0. recall, (N,): 1 for a real that lies in at least one fake ball.",
        "density, (M,): in how many real balls a fake lies, divided by k. coverage, (N,): 1 for a real whose own ball holds at least one fake.",
        "Return the four in this order, as floats. A cloud of k samples or fewer has no k-th neighbour: raise `ValueError`.",
        "No gradient is asked for, and any floating dtype will do.",
    ),
    reference=metrics.neighbour_votes,
    inputs=_inputs,
    sizes={"N": (7, 5, 6), "M": (6, 8, 4), "D": (2, 3, 1)},
    waived=("graph cut", "dtype"),
    free_gradients=("real_features", "fake_features"),
    cases=(
        # real balls: 0 and 1 reach 1 far, 3 reaches 2 far; fake balls reach 9.5 far
        Case("a fake among reals, one far away", _votes([0.0, 1.0, 3.0], [0.5, 10.0], 1), _expected([1.0, 0.0], [1.0, 1.0, 1.0], [2.0, 0.0], [1.0, 1.0, 0.0]),
             "Balls of 0, 1, 3 reach 1, 1, 2 far: 0.5 lies in two of them. The fakes' balls reach 9.5 far, because one fake lies far out."),
        # real radii 3, 2, 3, 6; fake radii 1.2, 0.7, 1.2
        Case("the second neighbour", _votes([0.0, 1.0, 3.0, 7.0], [2.0, 2.5, 3.2], 2), _expected([1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 0.0], [2.0, 2.0, 1.0], [1.0, 1.0, 1.0, 1.0]),
             "To the second neighbour 0, 1, 3, 7 reach 3, 2, 3, 6 far, and 2, 2.5, 3.2 reach 1.2, 0.7, 1.2. 3.2 lies in two of the four real balls: 2 / 2."),
        Case("on the edge", _votes([0.0, 1.0, 4.0], [2.0, -1.0], 1), _expected([1.0, 1.0], [1.0, 1.0, 1.0], [2.0, 1.0], [1.0, 1.0, 1.0]),
             "Balls of 0, 1, 4 reach 1, 1, 3 far: 2 lies 1 from 1 and 2 from 4, and -1 lies 1 from 0: edges are inside."),
        Case("in a plane", _in_a_plane, torch.tensor([1.0, 1.0, 1.0]), "From (0, 0) to (3, 4) it is 5: Euclidean, not along the axes, not squared."),
        Case("k left out", _unless_given, {"as with k = 5": True}, "The stub says k = 5 where no k is given."),
        Case("floats", _kinds, ("float",) * 4, "Yes and no as 1.0 and 0.0: `.float()`; a mean of booleans is an error.", "dtype/device/seed"),
        Case("too few samples", _too_few, ("ValueError", "ValueError"), "With k = 3 a cloud of three has no third neighbour: raise ValueError, whichever cloud it is.", "side effects"),
    ),
    hints=(
        "Everything follows from one table, the distance of each real from each fake, and two lists of radii.",
        "`torch.cdist(real, fake)` is (N, M). A radius: sort each row of `torch.cdist(real, real)`; entry 0 is the sample itself, entry k the k-th neighbour. Real radii go with the rows, fake radii with the columns.",
        "in_real = between <= radii_real[:, None]; in_fake = between <= radii_fake; precision any over the reals of in_real, recall any over the fakes of in_fake, density sum over the reals of in_real / k, coverage any over the fakes of in_real.",
    ),
    mistakes=(
        Mistake("the sample as its own neighbour", {_IN_REAL: "in_real_ball = between <= _ball_radii(real, k - 1)[:, None]", _IN_FAKE: "in_fake_ball = between <= _ball_radii(fake, k - 1)[None, :]"},
                "The sample itself counts as its first neighbour: the k-th other one sets the radius."),
        Mistake("one neighbour too far", {_IN_REAL: "in_real_ball = between <= _ball_radii(real, min(k + 1, len(real) - 1))[:, None]", _IN_FAKE: "in_fake_ball = between <= _ball_radii(fake, min(k + 1, len(fake) - 1))[None, :]"},
                "The balls reach to the neighbour after the k-th."),
        Mistake("always the nearest neighbour", {_IN_REAL: "in_real_ball = between <= _ball_radii(real, 1)[:, None]", _IN_FAKE: "in_fake_ball = between <= _ball_radii(fake, 1)[None, :]"},
                "The balls reach to the first neighbour, whatever k is."),
        Mistake("edges outside", {"between <= _ball_radii(real": "between < _ball_radii(real", "between <= _ball_radii(fake": "between < _ball_radii(fake"}, "What lies on the edge is left outside: a copy with k = 1 of a doubled film would be, too."),
        Mistake("precision and recall exchanged", {_PRECISION: "precision=in_fake_ball.any(1)", _RECALL: "recall=in_real_ball.any(0)"}, "Precision asks the fakes, recall the reals: they are exchanged.", "axes"),
        Mistake("coverage as recall", {_COVERAGE: "coverage=in_fake_ball.any(1)"}, "Coverage uses the reals' own balls: this is recall again, which believes one far fake."),
        Mistake("recall as coverage", {_RECALL: "recall=in_real_ball.any(1)"}, "Recall uses the fakes' balls: this is coverage."),
        Mistake("density without k", {_DENSITY: "density=in_real_ball.sum(0).double()"}, "The balls are counted and not divided by k."),
        Mistake("density as a share", {_DENSITY: "density=in_real_ball.double().mean(0)"}, "The balls are divided by the number of reals: divide by k."),
        Mistake("density per real", {_DENSITY: "density=in_real_ball.sum(1).double() / k"}, "How many fakes each ball holds is counted: density asks each fake in how many balls it lies.", "axes"),
        Mistake("one radius for all", {_IN_REAL: "in_real_ball = between <= _ball_radii(real, k).mean()", _IN_FAKE: "in_fake_ball = between <= _ball_radii(fake, k).mean()"},
                "All balls are equally wide: each reaches to its own k-th neighbour."),
        Mistake("neighbours among the others", {_IN_REAL: "in_real_ball = between <= between.kthvalue(k, 1).values[:, None]"}, "The reals' balls reach to the k-th fake: the neighbour has to come from the same cloud."),
        Mistake("distances along the axes", {"between = _distances(real, fake)": "between = torch.cdist(real, fake, p=1)"}, "The distances are sums along the axes: take Euclidean ones."),
        Mistake("squared against plain", {"between = _distances(real, fake)": "between = _distances(real, fake) ** 2"}, "Squared distances are compared with plain radii."),
        Mistake("the means", {"return NeighbourVotes(": "return tuple(part.mean() for part in NeighbourVotes(", "coverage=in_real_ball.any(1).double(),\n    )": "coverage=in_real_ball.any(1).double(),\n    ))"},
                "These are the four means: return every sample's vote; `.mean()` comes later.", "axes"),
        Mistake("another k of its own", {"k: int = 5": "k: int = 3"}, "Without k the votes are those of another k: keep the 5 of the stub."),
        Mistake("booleans", {f"{_PRECISION}.double()": _PRECISION, f"{_RECALL}.double()": _RECALL, f"{_COVERAGE}.double()": _COVERAGE},
                "The votes are True and False, whose mean is an error: make floats of them.", "dtype/device/seed"),
        Mistake("recall alone as booleans", {f"{_RECALL}.double()": _RECALL}, "Recall comes as True and False: make floats of it.", "dtype/device/seed"),
        Mistake("balls of the other cloud", {_IN_REAL: "in_real_ball = between <= _ball_radii(fake, k)[None, :]", _IN_FAKE: "in_fake_ball = between <= _ball_radii(real, k)[:, None]"},
                "The balls of the two clouds are exchanged: precision and coverage use those around reals, recall those around fakes."),
        Mistake("too few let through", {_RAISE: "k = min(len(real_features), len(fake_features)) - 1"}, "A cloud of k samples has no k-th neighbour: raise ValueError.", "side effects"),
        Mistake("only one cloud counted", {"len(real_features) <= k or len(fake_features) <= k": "len(real_features) <= k"}, "The fakes need a k-th neighbour, too: count both clouds.", "side effects"),
    ),
)
