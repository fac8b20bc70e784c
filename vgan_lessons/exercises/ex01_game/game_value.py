"""1.2: the value of the game at the best discriminator, by quadrature."""

import math

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.densities import GRID_SIZES, bell, density_pair, given, wide_grid
from vgan_lessons.exercises.integrals import by_hand, integral_slips


def _heights(p, q):
    both = torch.where(p + q > 0, p + q, 1.0)
    return torch.special.xlogy(p, p / both) + torch.special.xlogy(q, q / both)


def _one_minus_d(p, q, x):
    best_d = torch.where(p + q > 0, p / (p + q), 0.5)
    return torch.trapezoid(torch.xlogy(p, best_d) + torch.xlogy(q, 1 - best_d), x)


def _bells_apart(answer):
    x = wide_grid()
    return torch.stack(
        [torch.as_tensor(answer(bell(x, 0), bell(x, gap), x)) for gap in (0, 1, 2, 4, 8)]
    )


def _alias(p, q, x):
    both = p
    both += q
    return torch.trapezoid(torch.xlogy(p, p / both) + torch.xlogy(q, q / both), x)


def _as_weights(p, q, x):
    return _heights(p / p.sum(), q / q.sum()).sum()


def _where_alive(p, q, x):
    from_p = torch.where(p > 0, p * torch.log(p / (p + q)), 0.0)
    from_q = torch.where(q > 0, q * torch.log(q / (p + q)), 0.0)
    return torch.trapezoid(from_p, x) + torch.trapezoid(from_q, x)


def _from_js(p, q, x):
    js = (
        torch.special.entr((p + q) / 2) * 2 - torch.special.entr(p) - torch.special.entr(q)
    ) / 2
    return 2 * torch.trapezoid(js, x) - math.log(2) * torch.trapezoid(p + q, x)


GAME_VALUE = Exercise(
    name="game_value",
    number="1.2",
    minutes=8,
    difficulty="medium",
    contract=(
        "Return V(D*) as one number, in nats: the integral over x of p log D* + q log(1 - D*), "
        "with D* = p / (p + q).",
        "Integrate by the trapezoid rule; the grid x increases, but its spacing may vary.",
        "A density may be 0, and both may be 0 at one point: p log p counts as 0 there.",
        "No gradient is asked for here.",
    ),
    reference=divergences.game_value,
    inputs=density_pair,
    sizes=GRID_SIZES,
    free_gradients=("p", "q", "x"),
    cases=(
        Case(
            name="p and q equal",
            run=given([1.0, 1.0], [1.0, 1.0], [0.0, 1.0]),
            expect=-1.386294,  # log(1/2) + log(1/2) over a length of 1
            nudge="Here D* is 1/2 everywhere, and V is log(1/2) twice: -log 4.",
        ),
        Case(
            name="bells 0, 1, 2, 4 and 8 apart",
            run=_bells_apart,
            expect=torch.tensor([-1.386294, -1.163451, -0.712633, -0.120854, -0.000187]),
            tolerance=1e-3,
            nudge="V climbs from -log 4 to 0 as the bells part. What multiplies each "
            "logarithm?",
        ),
        Case(
            name="each empty where the other lives",
            run=given([2.0, 0.0], [0.0, 2.0], [0.0, 1.0]),
            expect=0.0,  # 2 log 1 + 0, then 0 + 2 log 1
            nudge="0 * log 0 is nan in floats; its limit is 0.",
        ),
        Case(
            name="a point where nothing lives",
            run=given([0.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 1.0, 2.0, 3.0]),
            expect=-1.386294,  # a tent of area 1 twice
            nudge="Where p and q are both 0, p / (p + q) is 0 / 0; that point must count 0.",
        ),
        Case(
            name="uneven grid",
            run=given([0.2, 0.4, 0.3], [0.2, 0.4, 0.3], [0.0, 1.0, 3.0]),
            expect=-1.386294,  # the area is 0.3 + 0.7 = 1, D* is 1/2
            nudge="The second strip is twice as wide as the first.",
        ),
    ),
    hints=(
        "Put D* into V. Two logarithms of ratios, each weighted by the density of its own "
        "side.",
        "Take care of p = 0 before the logarithm, and of the grid after it.",
        "`torch.xlogy(p, a)` is p log a, and 0 where p is 0; log of a ratio is a difference of "
        "logs. The integral is `torch.trapezoid(heights, x)`.",
    ),
    mistakes=(
        *integral_slips(_heights),
        Mistake(
            "JS instead of V",
            lambda p, q, x: torch.trapezoid(_heights(p, q) / 2 + math.log(2) * (p + q) / 2, x),
            "This is the Jensen-Shannon divergence; V is -log 4 + 2 JS.",
        ),
        Mistake(
            "bits",
            lambda p, q, x: torch.trapezoid(_heights(p, q), x) / math.log(2),
            "This counts in bits (log to base 2); the course counts in nats throughout.",
        ),
        Mistake(
            "sign turned",
            lambda p, q, x: -torch.trapezoid(_heights(p, q), x),
            "This is the loss that D minimises; the value of the game is its negative.",
        ),
        Mistake(
            "fakes forgotten",
            lambda p, q, x: torch.trapezoid(torch.xlogy(p, p) - torch.xlogy(p, p + q), x),
            "Half of the game is missing: q log(1 - D*).",
        ),
        Mistake(
            "p and q swapped under the logarithm",
            lambda p, q, x: (
                torch.trapezoid(torch.xlogy(p, q / (p + q)), x)
                + torch.trapezoid(torch.xlogy(q, p / (p + q)), x)
            ),
            "The reals are weighted with log(1 - D*) here; p belongs with log D*.",
        ),
        Mistake(
            "a density read as D",
            lambda p, q, x: torch.trapezoid(torch.xlogy(p, p) + torch.xlogy(q, 1 - q), x),
            "p is a density and may exceed 1; D* is the ratio p / (p + q).",
        ),
        Mistake(
            "zero times the log of zero",
            lambda p, q, x: torch.trapezoid(
                p * torch.log(p / (p + q)) + q * torch.log(q / (p + q)), x
            ),
            "0 * log 0 is nan in floats and one nan spoils the whole integral.",
        ),
        Mistake(
            "zero over zero",
            lambda p, q, x: torch.trapezoid(
                torch.xlogy(p, p / (p + q)) + torch.xlogy(q, q / (p + q)), x
            ),
            "Where both densities are 0 the ratio itself is nan; take a difference of logs.",
        ),
        Mistake(
            "one minus D*",
            _one_minus_d,
            "In a tail D* rounds to 1 and log(1 - D*) to -inf: 1 - D* is q / (p + q), which "
            "keeps its digits.",
        ),
        Mistake(
            "densities turned into weights",
            _as_weights,
            "Dividing by the sum forgets how wide each grid step is.",
            "axes",
        ),
        Mistake(
            "a second name is no copy",
            _alias,
            "`both = p; both += q` changes p itself, in your hands and in the caller's.",
            "side effects",
        ),
    ),
    alternatives={
        "where alive": _where_alive,
        "minus log 4 plus twice JS": _from_js,
        "the empty points mended afterwards": lambda p, q, x: torch.trapezoid(
            (p * torch.log(p / (p + q))).nan_to_num() + (q * (q / (p + q)).log()).nan_to_num(),
            x,
        ),
        "strips by hand": lambda p, q, x: by_hand(_heights(p, q), x),
    },
)
