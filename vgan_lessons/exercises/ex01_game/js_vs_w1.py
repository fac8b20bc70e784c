"""1.7: two distances between densities, one of which goes deaf when they part."""

import math

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.densities import GRID_SIZES, density_pair, given


def _on_ten_points(p: dict[int, float], q: dict[int, float]):
    """A case body: densities given by their few nonzero heights on x = 0, 1, ... 9."""
    heights = [[density.get(place, 0.0) for place in range(10)] for density in (p, q)]
    return given(*heights, [float(place) for place in range(10)])


# fmt: off
JS_VS_W1 = Exercise(
    name="js_vs_w1",
    number="1.7",
    minutes=10,
    difficulty="medium",
    contract=(
        "Return two numbers, (js, w1): the Jensen-Shannon divergence in nats, and the "
        "Wasserstein-1 distance in units of x.",
        "js is half of KL(p, m) plus half of KL(q, m), m the mean of the two densities; w1 is "
        "the integral of the distance between the two distribution functions.",
        "Every integral is a trapezoid sum; the grid x increases, but its spacing may vary.",
        "A density may be 0, and both may be 0 at one point.",
        "Both come back as tensors without axes. No gradient is asked for.",
    ),
    reference=divergences.js_vs_w1,
    inputs=density_pair,
    sizes=GRID_SIZES,
    free_gradients=("p", "q", "x"),
    waived=("graph cut", "device", "default dtype"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("two tents, 5 apart", _on_ten_points({1: 1.0}, {6: 1.0}), (0.693147, 5.0),  # log 2; a mass of 1 carried over 5
             "Disjoint: js is log 2 whatever the gap, w1 is the gap."),
        Case("the fakes on the left", _on_ten_points({6: 1.0}, {2: 1.0}), (0.693147, 4.0),
             "A distance is never negative. Which sign has P - Q when the fakes lie on the left?"),
        Case("same centre, one wider", _on_ten_points({4: 1.0}, {3: 0.25, 4: 0.5, 5: 0.25}),
             (0.215762, 0.25),  # (log(1/0.75) + 2 * 0.25 log 2 + 0.5 log(0.5/0.75)) / 2; P - Q is -1/8, 0, 1/8 at 3, 4, 5
             "The means agree, yet mass has to be carried both ways."),
        Case("uneven grid", given([0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 2 / 3, 0.0], [0.0, 1.0, 2.0, 4.0]),
             (0.693147, 1.5),  # P - Q is 0, 1/2, 2/3, 0 at 0, 1, 2, 4
             "Steps of 1, 1 and 2: both the distribution functions and w1 need x."),
    ),
    hints=(
        "js compares both densities with their mean; w1 asks how much mass has to pass each x.",
        "What has to pass x is the difference of the distribution functions there, and those "
        "are running integrals: 0 at the first grid point.",
        "`torch.xlogy` keeps 0 log 0 at 0. `torch.cumulative_trapezoid(p - q, x)` has one "
        "entry less than x: put a 0 in front, then `.abs()` and `torch.trapezoid`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("results in the other order",
                {"torch.trapezoid(js, x) / 2": "torch.trapezoid(mass_to_carry.abs(), x)", "torch.trapezoid(mass_to_carry.abs(), x)": "torch.trapezoid(js, x) / 2"},
                "Both numbers are right, but js comes first."),
        Mistake("bits", {"(js, x) / 2": f"(js, x) / 2 / {math.log(2)}"},
                "js counts in bits here (1 for disjoint densities); the course counts in nats."),
        Mistake("not halved", {"(js, x) / 2": "(js, x)"},
                "js is the mean of the two KL terms, not their sum."),
        Mistake("square root of JS", {"torch.trapezoid(js, x) / 2": "(torch.trapezoid(js, x) / 2).clamp(min=0).sqrt()"},
                "This is the Jensen-Shannon distance, the square root of the divergence."),
        Mistake("KL instead of JS",
                {"torch.xlogy(p, p) + torch.xlogy(q, q) - 2 * torch.xlogy(middle, middle)": "torch.where(p > 0, p * (p / q).log(), 0.0)", "(js, x) / 2": "(js, x)"},
                "KL(p, q) is infinite where q is 0; js compares each density with their mean."),
        Mistake("densities compared instead of distribution functions", {"mass_to_carry.abs()": "(p - q).abs()"},
                "The integral of |p - q| is 2 for every disjoint pair; integrate p and q first."),
        Mistake("no absolute value", {".abs()": ""},
                "Without the absolute value, mass carried right cancels mass carried left."),
        Mistake("distance of the means", {"torch.trapezoid(mass_to_carry.abs(), x)": "torch.trapezoid((p - q) * x, x).abs()"},
                "Equal means are not equal densities: take the absolute value inside the integral."),
        Mistake("running sum without the grid", {"mass_to_carry.abs()": "(p - q).cumsum(0).abs()"},
                "A running sum is no distribution function: each strip has its own width.", "axes"),
        Mistake("one step for the whole grid", {"middle = ": "x = (x[1] - x[0]) * torch.ones_like(x).cumsum(0)\n    middle = "},
                "The spacing may vary: the first step is not every step.", "axes"),
        Mistake("first strip lost",
                {"mass_to_carry = torch.cat([torch.zeros_like(x[:1]), mass_to_carry])": "pass", "mass_to_carry.abs(), x)": "mass_to_carry.abs(), x[1:])"},
                "The running integral has one entry less than the grid; the missing one is a 0 in front.", "axes"),
        Mistake("p changed in place", {"middle = (p + q) / 2": "p += q\n    middle = p / 2\n    p = p - q"},
                "`p += q` rewrites the caller's density; write a new tensor.", "side effects"),
        Mistake("cast to float32", {"middle = ": "p, q, x = p.float(), q.float(), x.float()\n    middle = "},
                "The results must keep the dtype of the inputs, float64 included.", "dtype/device/seed"),
    ),
)
