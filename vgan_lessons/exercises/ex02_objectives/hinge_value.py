"""2.8: D's hinge loss at its best D, and the total variation it measures."""

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.densities import GRID_SIZES, bells_two_apart, density_pair, given
from vgan_lessons.exercises.integrals import integral_slips

# fmt: off
HINGE_VALUE = Exercise(
    name="hinge_value",
    number="2.8",
    minutes=5,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return, as one number, D's hinge loss when D is at its best, sign(p - q): the "
        "integral over x of p max(0, 1 - D) + q max(0, 1 + D).",
        "Integrate by the trapezoid rule; the grid x increases, but its spacing may vary. Both "
        "densities integrate to 1.",
        "Return it as a tensor without axes. No gradient is asked for here.",
    ),
    reference=divergences.hinge_value,
    inputs=density_pair,
    sizes=GRID_SIZES,
    free_gradients=("p", "q", "x"),
    waived=("graph cut", "device", "default dtype"),
    cases=(
        Case("p and q equal", given([1.0, 1.0], [1.0, 1.0], [0.0, 1.0]), 2.0,  # D = 0: p + q
             "Nothing to tell apart: the best D is silent, and a silent D costs 2."),
        Case("each empty where the other lives", given([2.0, 0.0], [0.0, 2.0], [0.0, 1.0]), 0.0,
             "D is 1 on every real and -1 on every fake: all margins are cleared."),
        Case("bells 2 apart", bells_two_apart, 0.634621,
             "Only where the bells overlap does the best D pay, and it pays 2 per mass.",
             tolerance=2e-3),  # the kink at the middle falls between two grid points
        Case("uneven grid", given([0.6, 0.2, 0.4], [0.2, 0.5, 0.15], [0.0, 1.0, 3.0]),
             1.1,  # minima 0.2, 0.2, 0.15: areas 0.2 and 0.35, times 2
             "The second strip is twice as wide as the first."),
    ),
    hints=(
        "At one x: if p > q then D = 1. Which of the two terms survives, and how large is it?",
        "What survives is 2q where p > q and 2p where q > p: twice the smaller one.",
        "`torch.sign(p - q)` and two `F.relu`, or twice a `torch.minimum`, then "
        "`torch.trapezoid(..., x)`.",
    ),
    mistakes=(
        *integral_slips(lambda p, q: 2 * torch.minimum(p, q)),
        Mistake("sign turned", {"torch.sign(p - q)": "torch.sign(q - p)"},
                "This D says fake where p is larger: the worst D, not the best."),
        Mistake("factor 2 left out", lambda p, q, x: torch.trapezoid(torch.minimum(p, q), x),
                "At D = 1 a fake costs 1 + 1 = 2, not 1."),
        Mistake("total variation instead", lambda p, q, x: torch.trapezoid((p - q).abs(), x) / 2,
                "This is the total variation itself; the loss is 2 (1 - TV)."),
        Mistake("total variation not halved", lambda p, q, x: 2 * (1 - torch.trapezoid((p - q).abs(), x)),
                "The total variation is half the integral of |p - q|."),
        Mistake("no margin cut", {"F.relu(1 - best_d)": "(1 - best_d) / 2", "F.relu(1 + best_d)": "(1 + best_d) / 2 - (p - q).abs()"},
                "Without max(0, .) the loss has no floor and no best D."),
        Mistake("the logistic D", {"torch.sign(p - q)": "((p - q) / (p + q)).nan_to_num()"},
                "(p - q) / (p + q) is the least-squares game's best D; the hinge's is its sign."),
        Mistake("D is 1 on a tie", lambda p, q, x: torch.trapezoid(torch.where(p >= q, 2 * q, 0.0), x),
                "Where p < q the reals pay: 2p is missing."),
        Mistake("minimum taken in place",
                {"best_d = torch.sign(p - q)": "p[p > q] = q[p > q]", "p * F.relu(1 - best_d) + q * F.relu(1 + best_d)": "2 * p"},
                "Assigning into p rewrites the caller's density; write a new tensor.", "side effects"),
    ),
)
