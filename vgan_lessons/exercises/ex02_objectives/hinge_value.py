"""2.11: D's hinge loss at its best D, and the total variation it measures."""

import torch
from torch.nn import functional as F

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.densities import GRID_SIZES, bells_two_apart, density_pair, given
from vgan_lessons.exercises.integrals import by_hand, integral_slips


def _heights(p, q):
    return 2 * torch.minimum(p, q)


def _tv(p, q, x):
    return torch.trapezoid((p - q).abs(), x) / 2


def _at_sign(p, q, x, best_d):
    return torch.trapezoid(p * F.relu(1 - best_d) + q * F.relu(1 + best_d), x)


def _minimum_in_place(p, q, x):
    p[p > q] = q[p > q]
    return 2 * torch.trapezoid(p, x)


HINGE_VALUE = Exercise(
    name="hinge_value",
    number="2.11",
    minutes=5,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return, as one number, D's hinge loss when D is at its best, sign(p - q): the "
        "integral over x of p max(0, 1 - D) + q max(0, 1 + D).",
        "Integrate by the trapezoid rule; the grid x increases, but its spacing may vary. Both "
        "densities integrate to 1.",
        "No gradient is asked for here.",
    ),
    reference=divergences.hinge_value,
    inputs=density_pair,
    sizes=GRID_SIZES,
    free_gradients=("p", "q", "x"),
    cases=(
        Case(
            name="p and q equal",
            run=given([1.0, 1.0], [1.0, 1.0], [0.0, 1.0]),
            expect=2.0,  # D = 0: p + q
            nudge="Nothing to tell apart: the best D is silent, and a silent D costs 2.",
        ),
        Case(
            name="each empty where the other lives",
            run=given([2.0, 0.0], [0.0, 2.0], [0.0, 1.0]),
            expect=0.0,
            nudge="D is 1 on every real and -1 on every fake: all margins are cleared.",
        ),
        Case(
            name="bells 2 apart",
            run=bells_two_apart,
            expect=0.634621,
            tolerance=2e-3,  # the kink at the middle falls between two grid points
            nudge="Only where the bells overlap does the best D pay, and it pays 2 per mass.",
        ),
        Case(
            name="uneven grid",
            run=given([0.6, 0.2, 0.4], [0.2, 0.5, 0.15], [0.0, 1.0, 3.0]),
            expect=1.1,  # minima 0.2, 0.2, 0.15: areas 0.2 and 0.35, times 2
            nudge="The second strip is twice as wide as the first.",
        ),
    ),
    hints=(
        "At one x: if p > q then D = 1. Which of the two terms survives, and how large is it?",
        "What survives is 2q where p > q and 2p where q > p: twice the smaller one.",
        "`torch.sign(p - q)` and two `F.relu`, or twice a `torch.minimum`, then "
        "`torch.trapezoid(..., x)`.",
    ),
    mistakes=(
        *integral_slips(_heights),
        Mistake(
            "sign turned",
            lambda p, q, x: _at_sign(p, q, x, torch.sign(q - p)),
            "This D says fake where p is larger: the worst D, not the best.",
        ),
        Mistake(
            "factor 2 left out",
            lambda p, q, x: torch.trapezoid(torch.minimum(p, q), x),
            "At D = 1 a fake costs 1 + 1 = 2, not 1.",
        ),
        Mistake(
            "total variation instead",
            _tv,
            "This is the total variation itself; the loss is 2 (1 - TV).",
        ),
        Mistake(
            "total variation not halved",
            lambda p, q, x: 2 * (1 - 2 * _tv(p, q, x)),
            "The total variation is half the integral of |p - q|.",
        ),
        Mistake(
            "no margin cut",
            lambda p, q, x: torch.trapezoid(
                p * (1 - torch.sign(p - q)) / 2
                + q * (1 + torch.sign(p - q)) / 2
                - (p - q).abs(),
                x,
            ),
            "Without max(0, .) the loss has no floor and no best D.",
        ),
        Mistake(
            "the logistic D",
            lambda p, q, x: _at_sign(p, q, x, ((p - q) / (p + q)).nan_to_num()),
            "(p - q) / (p + q) is the least-squares game's best D; the hinge's is its sign.",
        ),
        Mistake(
            "D is 1 on a tie",
            lambda p, q, x: torch.trapezoid(torch.where(p >= q, 2 * q, 0.0), x),
            "Where p < q the reals pay: 2p is missing.",
        ),
        Mistake(
            "minimum taken in place",
            _minimum_in_place,
            "Assigning into p rewrites the caller's density; write a new tensor.",
            "side effects",
        ),
    ),
    alternatives={
        "twice the overlap": lambda p, q, x: torch.trapezoid(_heights(p, q), x),
        "two minus the total variation": lambda p, q, x: 2 * (1 - _tv(p, q, x)),
        "where": lambda p, q, x: torch.trapezoid(torch.where(p > q, 2 * q, 2 * p), x),
        "strips by hand": lambda p, q, x: by_hand(p + q - (p - q).abs(), x),
    },
)
