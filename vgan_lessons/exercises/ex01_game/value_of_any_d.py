"""1.4: the value of the game for any discriminator, which the best one bounds."""

import torch
from torch.nn import functional as F

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.densities import GRID_SIZES, bell, density_pair, given, wide_grid
from vgan_lessons.exercises.usual_slips import overflow_slip, softplus_by_where


def _inputs(draw: Draw) -> dict:
    return {"logits": draw.normal("N"), **density_pair(draw)}


def _around_the_best(answer):
    """Values at the best D for bells 2 apart, and at 40 disturbed ones."""
    x = wide_grid()
    best = 2 - 2 * x
    rng = torch.Generator().manual_seed(0)
    disturbed = [best + torch.randn(x.shape, generator=rng, dtype=x.dtype) for _ in range(40)]
    p, q = bell(x, 0), bell(x, 2)
    return torch.stack([torch.as_tensor(answer(d, p, q, x)) for d in (best, *disturbed)])


def _pull_on_logits(answer):
    logits = torch.zeros(2, requires_grad=True)
    value = answer(logits, *torch.tensor([[2.0, 0.0], [0.0, 2.0], [0.0, 1.0]]))
    if not getattr(value, "requires_grad", False):
        return "no gradient: the result is cut off from the logits"
    return torch.autograd.grad(value, logits)[0]


def _first(line: str) -> dict[str, str]:
    """Edits: one more line before the integral."""
    return {"return": f"{line}\n    return"}


# fmt: off
VALUE_OF_ANY_D = Exercise(
    name="value_of_any_d",
    number="1.4",
    minutes=5,
    difficulty="medium",
    contract=(
        "Return V(D) as one number, in nats: the integral over x of p log D + q log(1 - D), "
        "with D = sigmoid(logits) given at every grid point.",
        "Integrate by the trapezoid rule; the grid x increases, but its spacing may vary.",
        "Gradient reaches the logits, and none is asked for p, q and x. Value and gradient stay "
        "finite at any logit, 200 included.",
    ),
    reference=divergences.value_of_any_d,
    inputs=_inputs,
    stays_finite=True,
    sizes=GRID_SIZES,
    free_gradients=("p", "q", "x"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("a silent discriminator", given([0.0, 0.0], [1.0, 1.0], [1.0, 1.0], [0.0, 1.0]),
             -1.386294,  # log(1/2) twice, over a length of 1
             "Logit 0 is D = 1/2: p counts log(1/2), and so does q."),
        Case("the best D and 40 disturbed ones", _around_the_best, "-0.712633 first, and the 40 below it",
             holds=lambda seen: abs(seen[0] + 0.712633) < 1e-4 and (seen[1:] < seen[0]).all(),
             nudge="For bells 2 apart the best D is worth -0.712633, and no other D more."),
        Case("uneven grid", given([0.0, 0.0, 0.0], [0.2, 0.4, 0.3], [0.2, 0.4, 0.3], [0.0, 1.0, 3.0]),
             -1.386294,  # the area is 0.3 + 0.7 = 1
             "The second strip is twice as wide as the first."),
        Case("sure and wrong", given([-200.0, 200.0], [2.0, 0.0], [0.0, 2.0], [0.0, 1.0]), -400.0,  # 2 * -200 at both ends
             "sigmoid(-200) is 0 in float32; its logarithm is not to be taken."),
        Case("which way the value pulls", _pull_on_logits, torch.tensor([0.5, -0.5]),  # half a strip each: 0.5 * 2 * (1 - 0.5)
             "V rises with the logit where p lives and falls with it where q lives."),
    ),
    hints=(
        "`mc_game_value` averaged over samples; here the densities say how much each point "
        "counts.",
        "Under the integral stand two logarithms; p weighs the first, q the second.",
        "`torch.trapezoid(p * ... + q * ..., x)` with `F.logsigmoid` of plus and minus the "
        "logits.",
    ),
    mistakes=(  # name, edits of the reference or another expression, diagnosis, kind
        Mistake("p and q swapped", {"p * F": "q * F", "q * F": "p * F"},
                "The reals are weighted with log(1 - D) here; p belongs with log D."),
        Mistake("fakes forgotten", {" + q * F.logsigmoid(-logits)": ""},
                "Half of the game is missing: q log(1 - D)."),
        Mistake("the best D instead of the given one", _first("logits = p.log() - q.log()"),
                "This ignores the logits that came in and computes V at the best D."),
        Mistake("sigmoid of a sigmoid", _first("logits = torch.sigmoid(logits)"),
                "logsigmoid takes the logit itself; here it got a probability."),
        Mistake("points counted alike", lambda logits, p, q, x: (F.logsigmoid(logits) + F.logsigmoid(-logits)).mean(),
                "A grid point is no sample: the densities say how much it counts."),
        Mistake("summed, not integrated", {"torch.trapezoid": "torch.sum", ", x)": ")"},
                "A sum of heights is no area: it grows with the number of grid points."),
        Mistake("grid step left out", {", x)": ")"},
                "Without x the trapezoid rule takes every step to be 1 wide."),
        Mistake("one step for the whole grid", {", x)": ") * (x[1] - x[0])"},
                "The spacing may vary: the first step is not every step.", "axes"),
        Mistake("infinite far out",
                {"p * F.logsigmoid(logits)": "torch.xlogy(p, torch.sigmoid(logits))",
                 "q * F.logsigmoid(-logits)": "torch.xlogy(q, torch.sigmoid(-logits))"},
                "sigmoid underflows to 0 and log 0 is -inf: use F.logsigmoid or F.softplus."),
        overflow_slip(lambda logits, p, q, x: torch.trapezoid(-p * softplus_by_where(-logits) - q * softplus_by_where(logits), x)),
        Mistake("cut off from the graph", _first("logits = logits.detach()"),
                "The value is right, but no gradient reaches the logits.", "gradients"),
        Mistake("weighed in place",
                {**_first("p *= F.logsigmoid(logits)\n    q *= F.logsigmoid(-logits)"),
                 "p * F.logsigmoid(logits) + q * F.logsigmoid(-logits)": "p + q"},
                "`p *= ...` rewrites the caller's density; write a new tensor.", "side effects"),
        Mistake("cast to float32", _first("logits, p, q, x = logits.float(), p.float(), q.float(), x.float()"),
                "The result must keep the dtype of the inputs, float64 included.", "dtype/device/seed"),
    ),
)
