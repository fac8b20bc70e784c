"""1.2: the value of the game at the best discriminator, by quadrature."""

import math

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.densities import GRID_SIZES, bell, density_pair, given, wide_grid
from vgan_lessons.exercises.integrals import integral_slips


def _heights(p, q):
    return torch.xlogy(p, p) + torch.xlogy(q, q) - torch.xlogy(p + q, p + q)


def _bells_apart(answer):
    x = wide_grid()
    return torch.stack(
        [torch.as_tensor(answer(bell(x, 0), bell(x, gap), x)) for gap in (0, 1, 2, 4, 8)]
    )


def _parts(of_the_reals: str, of_the_fakes: str) -> dict[str, str]:
    """Edits: what stands under the integral for each side."""
    return {
        "torch.xlogy(p, p) - torch.xlogy(p, both)": of_the_reals,
        "torch.xlogy(q, q) - torch.xlogy(q, both)": of_the_fakes,
    }


# fmt: off
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
        "Return it as a tensor without axes. No gradient is asked for here.",
    ),
    reference=divergences.game_value,
    inputs=density_pair,
    sizes=GRID_SIZES,
    free_gradients=("p", "q", "x"),
    waived=("graph cut", "device", "default dtype"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("p and q equal", given([1.0, 1.0], [1.0, 1.0], [0.0, 1.0]), -1.386294,  # log(1/2) + log(1/2) over a length of 1
             "Here D* is 1/2 everywhere, and V is log(1/2) twice: -log 4."),
        Case("bells 0, 1, 2, 4 and 8 apart", _bells_apart, torch.tensor([-1.386294, -1.163451, -0.712633, -0.120854, -0.000187]),
             "V climbs from -log 4 to 0 as the bells part. What multiplies each logarithm?", tolerance=1e-3),
        Case("each empty where the other lives", given([2.0, 0.0], [0.0, 2.0], [0.0, 1.0]), 0.0,  # 2 log 1 + 0, then 0 + 2 log 1
             "0 * log 0 is nan in floats; its limit is 0."),
        Case("a point where nothing lives", given([0.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 1.0, 2.0, 3.0]),
             -1.386294,  # a tent of area 1 twice
             "Where p and q are both 0, p / (p + q) is 0 / 0; that point must count 0."),
        Case("uneven grid", given([0.2, 0.4, 0.3], [0.2, 0.4, 0.3], [0.0, 1.0, 3.0]), -1.386294,  # the area is 0.3 + 0.7 = 1, D* is 1/2
             "The second strip is twice as wide as the first."),
    ),
    hints=(
        "Put D* into V. Two logarithms of ratios, each weighted by the density of its own "
        "side.",
        "Take care of p = 0 before the logarithm, and of the grid after it.",
        "`torch.xlogy(p, a)` is p log a, and 0 where p is 0; log of a ratio is a difference of "
        "logs. The integral is `torch.trapezoid(heights, x)`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        *integral_slips(_heights),
        Mistake("JS instead of V", {", x)": f", x) / 2 + {math.log(2)}"},
                "This is the Jensen-Shannon divergence; V is -log 4 + 2 JS."),
        Mistake("bits", {", x)": f", x) / {math.log(2)}"},
                "This counts in bits (log to base 2); the course counts in nats throughout."),
        Mistake("sign turned", {"return ": "return -"},
                "This is the loss that D minimises; the value of the game is its negative."),
        Mistake("fakes forgotten", {" + fake_part": ""},
                "Half of the game is missing: q log(1 - D*)."),
        Mistake("p and q swapped under the logarithm", _parts("torch.xlogy(p, q / both)", "torch.xlogy(q, p / both)"),
                "The reals are weighted with log(1 - D*) here; p belongs with log D*."),
        Mistake("a density read as D", _parts("torch.xlogy(p, p)", "torch.xlogy(q, 1 - q)"),
                "p is a density and may exceed 1; D* is the ratio p / (p + q)."),
        Mistake("zero times the log of zero", _parts("p * torch.log(p / both)", "q * torch.log(q / both)"),
                "0 * log 0 is nan in floats and one nan spoils the whole integral."),
        Mistake("zero over zero", _parts("torch.xlogy(p, p / both)", "torch.xlogy(q, q / both)"),
                "Where both densities are 0 the ratio itself is nan; take a difference of logs."),
        Mistake("one minus D*",
                {"both = p + q": "best_d = torch.where(p + q > 0, p / (p + q), 0.5)",
                 **_parts("torch.xlogy(p, best_d)", "torch.xlogy(q, 1 - best_d)")},
                "In a tail D* rounds to 1 and log(1 - D*) to -inf: 1 - D* is q / (p + q), which keeps its digits."),
        Mistake("densities turned into weights", lambda p, q, x: _heights(p / p.sum(), q / q.sum()).sum(),
                "Dividing by the sum forgets how wide each grid step is.", "axes"),
        Mistake("a second name is no copy",
                {"both = p + q": "both = p\n    both += q", **_parts("torch.xlogy(p, p / both)", "torch.xlogy(q, q / both)")},
                "`both = p; both += q` changes p itself, in your hands and in the caller's.", "side effects"),
    ),
)
