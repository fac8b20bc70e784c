"""2.2: which divergence each logistic generator loss follows downhill."""

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.densities import uneven_grid


def _inputs(draw: Draw) -> dict:
    theta = torch.as_tensor(draw.number(-2, 3), dtype=torch.float64)
    return {"theta": theta, "x": 1.4 * uneven_grid(draw)}


def _at(theta: float, uneven: float = 0.0):
    even = torch.linspace(-9, 14, 401, dtype=torch.float64)
    x = even + uneven * torch.sin(even)
    return lambda answer: answer(torch.tensor(theta).double(), x.clone())


_PULLS = "theta * mean_d, theta * mean_not_d"  # what the reference returns

# fmt: off
IMPLIED_GRADIENT = Exercise(
    name="implied_gradient",
    number="2.2",
    minutes=12,
    difficulty="hard",
    contract=(
        "Reals are N(0, 1), fakes are G(z) = z + theta with z from N(0, 1). Return two "
        "numbers, `(minimax, non_saturating)`: the derivatives by theta of E[log(1 - D(G(z)))] "
        "and of -E[log D(G(z))].",
        "D is the best discriminator for this theta, and it stands still: only G moves.",
        "Take the expectation over fakes as a trapezoid integral over the grid x, which covers "
        "them and whose spacing may vary. theta is a scalar tensor of either sign.",
        "Both come back as tensors without axes. No gradient of the results is asked for.",
    ),
    reference=divergences.implied_gradient,
    inputs=_inputs,
    sizes={"N": (301, 401, 351)},
    free_gradients=("theta", "x"),
    waived=("graph cut", "device", "default dtype"),
    tolerance=1e-3,
    cases=(
        Case("fakes shifted by 1", _at(1.0), (0.397973, 0.602027),
             "The two have to add to theta: one weighs with D, the other with 1 - D."),
        Case("fakes shifted by 4", _at(4.0), (0.137195, 3.862805),
             "Far away the minimax pull fades and the non-saturating one grows with theta."),
        Case("shifted to the other side", _at(-1.0), (-0.397973, -0.602027),
             "A shift the other way has to be undone the other way."),
        Case("uneven grid", _at(1.0, uneven=0.5), (0.397973, 0.602027),
             "The spacing varies: give x to the integral."),
    ),
    hints=(
        "Write the logit of D* as a function of x: it is a straight line. What is its slope?",
        "Chain rule: (slope of the loss by the logit: `g_grad_wrt_logit`) times (slope of the logit "
        "by x) times (how G(z) moves with theta), averaged over the fakes' density q.",
        "`logits = theta * (theta / 2 - x)`, then `theta * torch.trapezoid(q * ..., x)` twice.",
    ),
    mistakes=(
        Mistake("D follows G",  # dq / d theta is q (x - theta), q times d logit / d theta is minus that
                {"torch.sigmoid(logits)": "(x - theta) * (F.logsigmoid(-logits) + torch.sigmoid(logits))",
                 "torch.sigmoid(-logits)": "(x - theta) * (torch.sigmoid(-logits) - F.logsigmoid(logits))",
                 _PULLS: "mean_d, mean_not_d"},
                "D moved with theta here; in G's step D stands still, only the fakes move.", "gradients"),
        Mistake("results in the other order", {_PULLS: "theta * mean_not_d, theta * mean_d"},
                "The minimax one comes first; averaging over reals, or a logit of the other sign, swaps them, too."),
        Mistake("slope of the logit left out", {_PULLS: "mean_d, mean_not_d"},
                "The chain rule needs the slope of the logit by x, which is -theta."),
        Mistake("sign of the slope lost", {_PULLS: "-theta * mean_d, -theta * mean_not_d"},
                "Two minus signs meet here: the loss's slope by the logit and the logit's by x."),
        Mistake("p and q swapped in D", {"(theta / 2 - x)": "(x - theta / 2)", _PULLS: "-theta * mean_d, -theta * mean_not_d"},
                "This D is the best one for reals and fakes exchanged."),
        Mistake("absolute shift", {_PULLS: "theta.abs() * mean_d, theta.abs() * mean_not_d"},
                "The gradient has a direction: for fakes on the left it is negative."),
        Mistake("grid step left out", {"(logits), x)": "(logits))", "(-logits), x)": "(-logits))"},
                "Without x the trapezoid rule takes every step to be 1 wide."),
        Mistake("one step for the whole grid", {"q = ": "x = x[0] + (x[1] - x[0]) * torch.ones_like(x).cumsum(0)\n    q = "},
                "The spacing may vary: the first step is not every step.", "axes"),
        Mistake("bell not normalised", {" / (2 * torch.pi) ** 0.5": ""},
                "The density of N(theta, 1) has a factor 1 / sqrt(2 pi)."),
        Mistake("theta as a Python number", {"q = ": "theta, x = torch.tensor(theta.item()), x.float()\n    q = "},
                "A new tensor from .item() forgets the dtype and the device of theta.", "dtype/device/seed"),
    ),
)
