"""2.7: what the least-squares generator minimises against the best discriminator."""

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.densities import GRID_SIZES, bells_two_apart, density_pair, given
from vgan_lessons.exercises.integrals import integral_slips

_HEIGHTS = "(p - q).square() / (both + (both == 0))"  # in the reference

# fmt: off
LSGAN_VALUE = Exercise(
    name="lsgan_value",
    number="2.7",
    minutes=6,
    difficulty="medium",
    importance="extra",
    contract=(
        "Targets are -1 for fakes and 1 for reals, and G aims at 0. Return, as one number, "
        "E[D*^2] over reals plus E[D*^2] over fakes, where D* is the best D for these targets.",
        "Integrate by the trapezoid rule; the grid x increases, but its spacing may vary.",
        "A density may be 0, and a point where both are 0 counts 0.",
        "Return a tensor without axes. No gradient is asked for.",
    ),
    reference=divergences.lsgan_value,
    inputs=density_pair,
    sizes=GRID_SIZES,
    free_gradients=("p", "q", "x"),
    waived=("graph cut", "device", "default dtype"),
    cases=(
        Case("p and q equal", given([1.0, 1.0], [1.0, 1.0], [0.0, 1.0]), 0.0,
             "Where p = q the best D is halfway between -1 and 1."),
        Case("each empty where the other lives", given([2.0, 0.0], [0.0, 2.0], [0.0, 1.0]),
             2.0,  # D* is 1, then -1; its square 1; reals and fakes count 1 each
             "D* is 1 where only p lives and -1 where only q lives."),
        Case("bells 2 apart", bells_two_apart, 1.100801,
             "It is the integral of (p - q)^2 / (p + q): check power and denominator."),
        Case("a point where nothing lives", given([0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 2.0, 3.0]),
             2.0,  # two tents of area 1
             "Where p and q are both 0 the fraction is 0 / 0; that point must count 0."),
        Case("uneven grid", given([0.6, 0.2, 0.0], [0.2, 0.2, 0.5], [0.0, 1.0, 3.0]), 0.6,  # heights 0.2, 0, 0.5: 0.1 + 0.5
             "The second strip is twice as wide as the first."),
    ),
    hints=(
        "Minimise p (D - 1)^2 + q (D + 1)^2 over D at one x: set the derivative to 0.",
        "D* = (p - q) / (p + q); its square is weighed with p and with q, so with p + q.",
        "`torch.trapezoid((p - q).square() / ..., x)`, with the empty points mended by "
        "torch.where.",
    ),
    mistakes=(
        *integral_slips(lambda p, q: (p - q).square() / torch.where(p + q > 0, p + q, 1.0)),
        Mistake("half of it", {"torch.trapezoid(integrand, x)": "torch.trapezoid(integrand, x) / 2"},
                "This is C with the loss's factor 1/2; the sum of the two expectations is 2C."),
        Mistake("square of D alone", {_HEIGHTS: "((p - q) / both).nan_to_num().square()"},
                "The density is missing: an expectation weighs D*^2 with p and with q."),
        Mistake("not squared", {_HEIGHTS: "(p - q).abs()"},
                "This is the mean of |D*|, twice the total variation; D* has to be squared."),
        Mistake("fakes forgotten", {_HEIGHTS: "p * ((p - q) / (both + (both == 0))).square()"},
                "Only the expectation over reals is here; the fakes have one, too."),
        Mistake("targets 1 and 0", {_HEIGHTS: "both * (p / (both + (both == 0))).square()"},
                "This D* = p / (p + q) is the best one for targets 1 and 0."),
        Mistake("chi-squared of p against q", {"(both + (both == 0))": "q"},
                "The denominator is p + q: the divergence is the one of p + q against 2q."),
        Mistake("zero over zero", {"(both + (both == 0))": "both"},
                "Where both densities are 0 the fraction is nan and spoils the whole integral."),
        Mistake("a second name is no copy",
                {"both = p + q": "gap = p; gap -= q", _HEIGHTS: "(gap.square() / (p + q)).nan_to_num()"},
                "`gap = p; gap -= q` changes p itself, in your hands and in the caller's.", "side effects"),
    ),
)
