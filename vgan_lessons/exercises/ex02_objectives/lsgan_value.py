"""2.8: what the least-squares generator minimises against the best discriminator."""

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.densities import GRID_SIZES, bells_two_apart, density_pair, given
from vgan_lessons.exercises.integrals import by_hand, integral_slips


def _heights(p, q):
    return (p - q).square() / torch.where(p + q > 0, p + q, 1.0)


def _through_the_best_d(p, q, x):
    best_d = ((p - q) / (p + q)).nan_to_num()
    return torch.trapezoid(p * best_d.square(), x) + torch.trapezoid(q * best_d.square(), x)


def _alias(p, q, x):
    gap = p
    gap -= q
    return torch.trapezoid((gap.square() / (p + q)).nan_to_num(), x)


LSGAN_VALUE = Exercise(
    name="lsgan_value",
    number="2.8",
    minutes=6,
    difficulty="medium",
    importance="extra",
    contract=(
        "Targets are -1 for fakes and 1 for reals, and G aims at 0. Return, as one number, "
        "E[D*^2] over reals plus E[D*^2] over fakes, where D* is the best D for these targets.",
        "Integrate by the trapezoid rule; the grid x increases, but its spacing may vary.",
        "A density may be 0, and a point where both are 0 counts 0. No gradient is asked for.",
    ),
    reference=divergences.lsgan_value,
    inputs=density_pair,
    sizes=GRID_SIZES,
    free_gradients=("p", "q", "x"),
    cases=(
        Case(
            name="p and q equal",
            run=given([1.0, 1.0], [1.0, 1.0], [0.0, 1.0]),
            expect=0.0,
            nudge="Where p = q the best D is halfway between -1 and 1.",
        ),
        Case(
            name="each empty where the other lives",
            run=given([2.0, 0.0], [0.0, 2.0], [0.0, 1.0]),
            expect=2.0,  # D* is 1, then -1; its square 1; reals and fakes count 1 each
            nudge="D* is 1 where only p lives and -1 where only q lives.",
        ),
        Case(
            name="bells 2 apart",
            run=bells_two_apart,
            expect=1.100801,
            nudge="It is the integral of (p - q)^2 / (p + q): check power and denominator.",
        ),
        Case(
            name="a point where nothing lives",
            run=given([0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 2.0, 3.0]),
            expect=2.0,  # two tents of area 1
            nudge="Where p and q are both 0 the fraction is 0 / 0; that point must count 0.",
        ),
        Case(
            name="uneven grid",
            run=given([0.6, 0.2, 0.0], [0.2, 0.2, 0.5], [0.0, 1.0, 3.0]),
            expect=0.6,  # heights 0.2, 0, 0.5: 0.1 + 0.5
            nudge="The second strip is twice as wide as the first.",
        ),
    ),
    hints=(
        "Minimise p (D - 1)^2 + q (D + 1)^2 over D at one x: set the derivative to 0.",
        "D* = (p - q) / (p + q); its square is weighed with p and with q, so with p + q.",
        "`torch.trapezoid((p - q).square() / ..., x)`, with the empty points mended by "
        "torch.where.",
    ),
    mistakes=(
        *integral_slips(_heights),
        Mistake(
            "half of it",
            lambda p, q, x: torch.trapezoid(_heights(p, q), x) / 2,
            "This is C with the loss's factor 1/2; the sum of the two expectations is 2C.",
        ),
        Mistake(
            "square of D alone",
            lambda p, q, x: torch.trapezoid(((p - q) / (p + q)).nan_to_num().square(), x),
            "The density is missing: an expectation weighs D*^2 with p and with q.",
        ),
        Mistake(
            "not squared",
            lambda p, q, x: torch.trapezoid((p - q).abs(), x),
            "This is the mean of |D*|, twice the total variation; D* has to be squared.",
        ),
        Mistake(
            "fakes forgotten",
            lambda p, q, x: torch.trapezoid(
                p * ((p - q) / torch.where(p + q > 0, p + q, 1.0)).square(), x
            ),
            "Only the expectation over reals is here; the fakes have one, too.",
        ),
        Mistake(
            "targets 1 and 0",
            lambda p, q, x: torch.trapezoid(
                (p + q) * (p / torch.where(p + q > 0, p + q, 1.0)).square(), x
            ),
            "This D* = p / (p + q) is the best one for targets 1 and 0.",
        ),
        Mistake(
            "chi-squared of p against q",
            lambda p, q, x: torch.trapezoid((p - q).square() / q, x),
            "The denominator is p + q: the divergence is the one of p + q against 2q.",
        ),
        Mistake(
            "zero over zero",
            lambda p, q, x: torch.trapezoid((p - q).square() / (p + q), x),
            "Where both densities are 0 the fraction is nan and spoils the whole integral.",
        ),
        Mistake(
            "a second name is no copy",
            _alias,
            "`gap = p; gap -= q` changes p itself, in your hands and in the caller's.",
            "side effects",
        ),
    ),
    alternatives={
        "through D*": _through_the_best_d,
        "small number below the line": lambda p, q, x: torch.trapezoid(
            (p - q) ** 2 / (p + q + 1e-20), x
        ),
        "area minus overlap": lambda p, q, x: (
            torch.trapezoid(p + q, x) - torch.trapezoid((4 * p * q / (p + q)).nan_to_num(), x)
        ),
        "strips by hand": lambda p, q, x: by_hand(_heights(p, q), x),
    },
)
