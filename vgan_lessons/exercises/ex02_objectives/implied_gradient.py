"""2.5: which divergence each logistic generator loss follows downhill."""

import math

import torch
from torch.nn import functional as F

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.densities import bell, uneven_grid
from vgan_lessons.exercises.integrals import by_hand


def _inputs(draw: Draw) -> dict:
    theta = torch.as_tensor(draw.number(-2, 3), dtype=torch.float64)
    return {"theta": theta, "x": 1.4 * uneven_grid(draw)}


def _at(theta: float):
    return lambda answer: answer(torch.tensor(theta).double(), _grid())


def _grid():
    return torch.linspace(-9, 14, 401, dtype=torch.float64)


def _logits(theta, x):
    return theta * (theta / 2 - x)


def _pulls(theta, x, *, slope=None, sign=1.0):
    """Both gradients, with one part exchanged for a wrong one."""
    slope = theta if slope is None else slope
    logits = sign * _logits(theta, x)
    return tuple(
        slope * torch.trapezoid(bell(x, theta) * torch.sigmoid(turned), x)
        for turned in (logits, -logits)
    )


def _d_moves_along(theta, x):
    """Differentiates E_q[log(1 - D*)] with D* following theta, by the product rule."""
    q, logits = bell(x, theta), _logits(theta, x)
    moving = q * (x - theta)  # dq / d theta; q * d logit / d theta is minus that
    minimax = moving * (F.logsigmoid(-logits) + torch.sigmoid(logits))
    non_saturating = moving * (torch.sigmoid(-logits) - F.logsigmoid(logits))
    return torch.trapezoid(minimax, x), torch.trapezoid(non_saturating, x)


def _by_score(theta, x):
    """Only the density moves: d q / d theta = q (x - theta)."""
    moving, logits = bell(x, theta) * (x - theta), _logits(theta, x)
    return (
        torch.trapezoid(moving * F.logsigmoid(-logits), x),
        torch.trapezoid(-moving * F.logsigmoid(logits), x),
    )


def _by_autograd(theta, x):
    """G(z) = z + theta on a grid of z; D* is built from a detached theta."""
    with torch.enable_grad():
        moved = theta.detach().clone().requires_grad_()
        z = torch.linspace(-9, 9, 601, dtype=x.dtype, device=x.device)
        logits = _logits(theta.detach(), z + moved)
        games = F.logsigmoid(-logits), -F.logsigmoid(logits)
        values = [torch.trapezoid(bell(z, 0) * game, z) for game in games]
        return tuple(
            torch.autograd.grad(value, moved, retain_graph=True)[0] for value in values
        )


def _by_ratio(theta, x):
    p, q = bell(x, 0), bell(x, theta)
    best_d = p / (p + q)
    return theta * by_hand(q * best_d, x), theta * by_hand(q * (1 - best_d), x)


IMPLIED_GRADIENT = Exercise(
    name="implied_gradient",
    number="2.5",
    minutes=12,
    difficulty="hard",
    contract=(
        "Reals are N(0, 1), fakes are G(z) = z + theta with z from N(0, 1). Return two "
        "numbers, (minimax, non_saturating): the derivatives by theta of E[log(1 - D(G(z)))] "
        "and of -E[log D(G(z))].",
        "D is the best discriminator for this theta, and it stands still: only G moves.",
        "Take the expectation over fakes as a trapezoid integral over the grid x, which covers "
        "them and whose spacing may vary. theta is a scalar tensor of either sign.",
        "No gradient of the results is asked for.",
    ),
    reference=divergences.implied_gradient,
    inputs=_inputs,
    sizes={"N": (301, 401, 351)},
    free_gradients=("theta", "x"),
    tolerance=1e-3,
    cases=(
        Case(
            name="fakes shifted by 1",
            run=_at(1.0),
            expect=(0.397973, 0.602027),
            nudge="The two have to add to theta: one weighs with D, the other with 1 - D.",
        ),
        Case(
            name="fakes shifted by 4",
            run=_at(4.0),
            expect=(0.137195, 3.862805),
            nudge="Far away the minimax pull fades and the non-saturating one grows with "
            "theta.",
        ),
        Case(
            name="shifted to the other side",
            run=_at(-1.0),
            expect=(-0.397973, -0.602027),
            nudge="A shift the other way has to be undone the other way.",
        ),
        Case(
            name="uneven grid",
            run=lambda answer: answer(
                torch.tensor(1.0).double(), _grid() + 0.5 * torch.sin(_grid())
            ),
            expect=(0.397973, 0.602027),
            nudge="The spacing varies: give x to the integral.",
        ),
    ),
    hints=(
        "Write the logit of D* as a function of x: it is a straight line. What is its slope?",
        "Chain rule: (slope of the loss by the logit, exercise 2.4) times (slope of the logit "
        "by x) times (how G(z) moves with theta), averaged over the fakes' density q.",
        "`logits = theta * (theta / 2 - x)`, then `theta * torch.trapezoid(q * ..., x)` twice.",
    ),
    mistakes=(
        Mistake(
            "D follows G",
            _d_moves_along,
            "D moved with theta here; in G's step D stands still, only the fakes move.",
            "gradients",
        ),
        Mistake(
            "results in the other order",
            lambda theta, x: _pulls(theta, x)[::-1],
            "The minimax one comes first; averaging over reals instead of fakes swaps them, "
            "too.",
        ),
        Mistake(
            "slope of the logit left out",
            lambda theta, x: _pulls(theta, x, slope=1.0),
            "The chain rule needs the slope of the logit by x, which is -theta.",
        ),
        Mistake(
            "sign of the slope lost",
            lambda theta, x: _pulls(theta, x, slope=-theta),
            "Two minus signs meet here: the loss's slope by the logit and the logit's by x.",
        ),
        Mistake(
            "p and q swapped in D",
            lambda theta, x: _pulls(theta, x, slope=-theta, sign=-1.0),
            "This D is the best one for reals and fakes exchanged.",
        ),
        Mistake(
            "absolute shift",
            lambda theta, x: tuple(pull.abs() for pull in _pulls(theta, x)),
            "The gradient has a direction: for fakes on the left it is negative.",
        ),
        Mistake(
            "grid step left out",
            lambda theta, x: tuple(
                theta * torch.trapezoid(bell(x, theta) * torch.sigmoid(turned))
                for turned in (_logits(theta, x), -_logits(theta, x))
            ),
            "Without x the trapezoid rule takes every step to be 1 wide.",
        ),
        Mistake(
            "one step for the whole grid",
            lambda theta, x: _pulls(theta, x[0] + (x[1] - x[0]) * torch.ones_like(x).cumsum(0)),
            "The spacing may vary: the first step is not every step.",
            "axes",
        ),
        Mistake(
            "bell not normalised",
            lambda theta, x: tuple(pull * math.sqrt(2 * math.pi) for pull in _pulls(theta, x)),
            "The density of N(theta, 1) has a factor 1 / sqrt(2 pi).",
        ),
        Mistake(
            "theta as a Python number",
            lambda theta, x: _pulls(torch.tensor(theta.item()), x.float()),
            "A new tensor from .item() forgets the dtype and the device of theta.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "the density moves": _by_score,
        "autograd through G": _by_autograd,
        "D from the densities": _by_ratio,
        "second as the rest": lambda theta, x: (
            _pulls(theta, x)[0],
            theta * torch.trapezoid(bell(x, theta), x) - _pulls(theta, x)[0],
        ),
    },
)
