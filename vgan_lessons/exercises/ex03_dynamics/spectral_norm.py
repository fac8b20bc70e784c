"""3.10: how much a layer can stretch, by power iteration."""

import torch

from vgan_lessons import penalties
from vgan_lessons.checking import Case, Draw, Exercise
from vgan_lessons.exercises.ex03_dynamics.spectral_parts import SPECTRAL_NORM_WAYS
from vgan_lessons.exercises.ex03_dynamics.spectral_slips import SPECTRAL_NORM_SLIPS

CUT_OFF = "no gradient: sigma is cut off from the weight"


def _inputs(draw: Draw) -> dict:
    u = draw.normal("O")
    weight = draw.normal("O I H W")
    return {"weight": weight, "u": u / u.norm(), "n_iterations": draw.size("N")}


def _diagonal(n_iterations: int):
    return lambda answer: answer(
        torch.diag(torch.tensor([3.0, 4.0])), torch.tensor([0.6, 0.8]), n_iterations
    )


def _kernel(answer):
    """Two output channels, the first of them empty; 12 ones in the second."""
    weight = torch.zeros(2, 3, 2, 2)
    weight[1] = 1.0
    return answer(weight, torch.tensor([0.6, 0.8]), 3)


def _zeros(answer):
    return answer(torch.zeros(2, 3), torch.tensor([0.6, 0.8]), 3)


def _pull(n_iterations: int):
    def run(answer):
        weight = torch.diag(torch.tensor([3.0, 4.0])).requires_grad_()
        sigma, u = answer(weight, torch.tensor([0.6, 0.8]), n_iterations)
        if not isinstance(sigma, torch.Tensor) or not sigma.requires_grad:
            return CUT_OFF
        hangs = isinstance(u, torch.Tensor) and u.requires_grad
        (pull,) = torch.autograd.grad(sigma, weight)
        return pull, "u hangs on the graph" if hangs else "u has no graph"

    return run


SPECTRAL_NORM = Exercise(
    name="spectral_norm",
    number="3.10",
    minutes=12,
    difficulty="hard",
    contract=(
        "Read weight (out, ...) as a matrix W of shape (out, rest). One iteration replaces u "
        "by W W^T u, scaled to length 1. After n_iterations of them (0 is allowed) take v = "
        "W^T u, scaled to length 1, and return sigma = u^T W v and u, in this order.",
        "Gradient reaches the weight through sigma with u and v standing still: it is the "
        "outer product of u and v. The u that comes back has no graph.",
        "A matrix of zeros has sigma 0 and leaves u as it was.",
    ),
    reference=penalties.spectral_norm,
    inputs=_inputs,
    sizes={"N": (2, 0, 3)},
    cases=(
        Case(
            name="diag(3, 4), settled",
            run=_diagonal(40),
            expect=(4.0, torch.tensor([0.0, 1.0])),
            nudge="After 40 iterations u points along the second axis, stretched by 4.",
        ),
        Case(
            name="diag(3, 4), one iteration",
            run=_diagonal(1),
            # u = (5.4, 12.8) / 13.8924; sigma = |(3, 4) * u|
            expect=(3.865538, torch.tensor([0.388698, 0.921365])),
            nudge="W W^T u is (5.4, 12.8): scale it, and take v from this u.",
        ),
        Case(
            name="diag(3, 4), no iteration",
            run=_diagonal(0),
            expect=(3.671512, torch.tensor([0.6, 0.8])),  # |(1.8, 3.2)|
            nudge="u stays, and sigma is the length of W^T u = (1.8, 3.2).",
        ),
        Case(
            name="a kernel",
            run=_kernel,
            expect=(3.464102, torch.tensor([0.0, 1.0])),  # sqrt(12)
            nudge="One row for each output channel: 12 ones in the second, length sqrt(12).",
            kind="axes",
        ),
        Case(
            name="the pull on the weight",
            run=_pull(1),
            # u v^T with v = (1.166093, 3.685460) / 3.865538
            expect=(
                torch.tensor([[0.117256, 0.370590], [0.277944, 0.878444]]),
                "u has no graph",
            ),
            nudge="u and v are constants here: iterate under torch.no_grad(), then multiply.",
            kind="gradients",
        ),
        Case(
            name="zeros",
            run=_zeros,
            expect=(0.0, torch.tensor([0.6, 0.8])),
            nudge="Zeros have no direction: keep the u you have, or it is lost for good.",
        ),
    ),
    hints=(
        "Multiplying by W W^T again and again turns any vector towards the direction that W "
        "stretches most; scaling keeps its length at 1.",
        "`weight.flatten(1)` has one row for each output. Iterate without a graph; only the "
        "last product, u^T W v, is differentiated.",
        "`with torch.no_grad():` a loop over `u = unit(W @ (W.T @ u))`, then v; outside it "
        "`u @ W @ v`.",
    ),
    mistakes=SPECTRAL_NORM_SLIPS,
    alternatives=SPECTRAL_NORM_WAYS,
)
