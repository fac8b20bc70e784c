"""1.5: two distances between densities, one of which goes deaf when they part."""

import math

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.densities import GRID_SIZES, density_pair, given
from vgan_lessons.exercises.integrals import running_by_hand


def _js(p, q, x):
    """Entropy of the middle minus the mean of the entropies."""
    entropy = torch.special.entr
    return torch.trapezoid(entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2, x)


def _w1(p, q, x):
    return torch.trapezoid((running_by_hand(p, x) - running_by_hand(q, x)).abs(), x)


def _both(p, q, x):
    return _js(p, q, x), _w1(p, q, x)


def _sum_in_place(p, q, x):
    w1 = _w1(p, q, x)
    p += q
    return _js(p - q, q, x), w1


def _on_ten_points(p: dict[int, float], q: dict[int, float]):
    """A case body: densities given by their few nonzero heights on x = 0, 1, ... 9."""
    heights = [[density.get(place, 0.0) for place in range(10)] for density in (p, q)]
    return given(*heights, [float(place) for place in range(10)])


# fmt: off
JS_VS_W1 = Exercise(
    name="js_vs_w1",
    number="1.5",
    minutes=10,
    difficulty="medium",
    contract=(
        "Return two numbers, (js, w1): the Jensen-Shannon divergence in nats, and the "
        "Wasserstein-1 distance in units of x.",
        "js is half of KL(p, m) plus half of KL(q, m), m the mean of the two densities; w1 is "
        "the integral of the distance between the two distribution functions.",
        "Every integral is a trapezoid sum; the grid x increases, but its spacing may vary.",
        "A density may be 0, and both may be 0 at one point. No gradient is asked for.",
    ),
    reference=divergences.js_vs_w1,
    inputs=density_pair,
    sizes=GRID_SIZES,
    free_gradients=("p", "q", "x"),
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
    mistakes=(  # name, wrong answer, diagnosis, kind
        Mistake("results in the other order", lambda p, q, x: (_w1(p, q, x), _js(p, q, x)),
                "Both numbers are right, but js comes first."),
        Mistake("bits", lambda p, q, x: (_js(p, q, x) / math.log(2), _w1(p, q, x)),
                "js counts in bits here (1 for disjoint densities); the course counts in nats."),
        Mistake("not halved", lambda p, q, x: (2 * _js(p, q, x), _w1(p, q, x)),
                "js is the mean of the two KL terms, not their sum."),
        Mistake("square root of JS", lambda p, q, x: (_js(p, q, x).clamp(min=0).sqrt(), _w1(p, q, x)),
                "This is the Jensen-Shannon distance, the square root of the divergence."),
        Mistake("KL instead of JS", lambda p, q, x: (torch.trapezoid(torch.xlogy(p, p / q), x), _w1(p, q, x)),
                "KL(p, q) is infinite where q is 0; js compares each density with their mean."),
        Mistake("densities compared instead of distribution functions", lambda p, q, x: (_js(p, q, x), torch.trapezoid((p - q).abs(), x)),
                "The integral of |p - q| is 2 for every disjoint pair; integrate p and q first."),
        Mistake("no absolute value", lambda p, q, x: (_js(p, q, x), torch.trapezoid(running_by_hand(p, x) - running_by_hand(q, x), x)),
                "Without the absolute value, mass carried right cancels mass carried left."),
        Mistake("distance of the means", lambda p, q, x: (_js(p, q, x), torch.trapezoid((p - q) * x, x).abs()),
                "Equal means are not equal densities: take the absolute value inside the integral."),
        Mistake("running sum without the grid", lambda p, q, x: (_js(p, q, x), torch.trapezoid((p - q).cumsum(0).abs(), x)),
                "A running sum is no distribution function: each strip has its own width.", "axes"),
        Mistake("one step for the whole grid", lambda p, q, x: _both(p, q, (x[1] - x[0]) * torch.ones_like(x).cumsum(0)),
                "The spacing may vary: the first step is not every step.", "axes"),
        Mistake("first strip lost", lambda p, q, x: (_js(p, q, x), _w1(p, q, x) - _w1(p[:2], q[:2], x[:2])),
                "The running integral has one entry less than the grid; the missing one is a 0 in front.", "axes"),
        Mistake("p changed in place", _sum_in_place,
                "`p += q` rewrites the caller's density; write a new tensor.", "side effects"),
        Mistake("cast to float32", lambda p, q, x: _both(p.float(), q.float(), x.float()),
                "The results must keep the dtype of the inputs, float64 included.", "dtype/device/seed"),
    ),
)
