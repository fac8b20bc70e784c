"""3.3b: a sweep of step sizes, each by its eigenvalues and by playing it."""

from collections.abc import Callable

import torch

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.dynamics import (
    alternating_step,
    dirac_field,
    simultaneous_step,
    wasserstein_dirac_field,
)


def _leaning_field(theta, psi):
    """Rests at (0, 0), without any symmetry, and bends away from there."""
    return psi * theta - 0.9 * psi - 0.2 * theta, 0.6 * theta - 0.3 * psi - psi.square()


def _two_rates(theta, psi):
    """Theta falls at rate 1, psi at rate 2; neither sees the other."""
    return -theta + 0 * psi, -2 * psi + 0 * theta  # on the graph of both


def _inputs(draw: Draw) -> dict:
    step_sizes = [draw.number(0.1, 1.4) for _ in range(2 + int(draw.integers("", 0, 2)))]
    n_rounds = 2 + int(draw.integers("", 0, 3))
    return {
        "field": _leaning_field,
        "step": alternating_step,
        "step_sizes": step_sizes,
        "n_rounds": n_rounds,
    }


def _of(field: Callable, step: Callable, step_sizes: list[float], n_rounds: int) -> Callable:
    """A case body: both lists of growths."""
    return lambda answer: tuple(answer(field, step, step_sizes, n_rounds))


def _numbers(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


_LISTS = "predicted, measured = [], []"
_BEGIN = "torch.full((2,), 1e-30, dtype=torch.float64)"
_EIGEN = "torch.linalg.eigvals(jacobian).abs().max()"
_MEASURED = "(place.norm() / start.norm()) ** (1 / n_rounds)"
_ROUND = "step(field, place[0], place[1], h)"
_RETURN = "return torch.stack(predicted), torch.stack(measured)"

# fmt: off
STABILITY_MAP = Exercise(
    name="stability_map",
    number="3.3b",
    minutes=11,
    difficulty="medium",
    contract=(
        "step(field, theta, psi, step_size) is a function such as `simultaneous_step`. For each h of "
        "the list `step_sizes` find two growths of the distance in one round.",
        "Predicted: the modulus of the largest eigenvalue of the Jacobian of one round, (theta, "
        "psi) -> the new (theta, psi), at (0, 0).",
        "Measured: play `n_rounds` rounds from (1e-30, 1e-30) and take the `n_rounds`-th root "
        "of the last distance from (0, 0) over the first.",
        "Return the pair (predicted, measured): two float64 tensors with one entry a step size, "
        "computed in float64 throughout.",
    ),
    reference=dynamics.stability_map,
    inputs=_inputs,
    waived=("graph cut", "device"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("both at once around a circle, one round", _of(wasserstein_dirac_field, simultaneous_step, [0.75], 1),
             (_numbers(1.25), _numbers(1.25)),  # sqrt(1 + 0.75^2), and as far from every start
             "The round is the matrix [[1, -0.75], [0.75, 1]]: its eigenvalues 1 ± 0.75i have modulus 1.25."),
        Case("in turns, three step sizes, one round", _of(wasserstein_dirac_field, alternating_step, [1.0, 0.5, 1.5], 1),
             (_numbers(1.0, 1.0, 1.0), _numbers(1.581139, 1.075291, 2.627974)),  # to (-1, 2), (0.25, 1.5), (-2.75, 2.5)
             "The pair has product 1 and modulus 1; one round from (1, 1) still goes to (-1, 2), sqrt(5/2) times as far."),
        Case("in turns, two rounds", _of(wasserstein_dirac_field, alternating_step, [1.0], 2),
             (_numbers(1.0), _numbers(1.257433)),  # (-2, 1): sqrt(5 / 2), and its root
             "After two rounds it stands at (-2, 1), sqrt(5/2) times as far: the square root of that a round."),
        # h 0.5: factors 0.5 and 0; h 1.2: -0.2 and -1.4
        Case("two rates that decay, a step too large", _of(_two_rates, simultaneous_step, [0.5, 1.2], 2),
             (_numbers(0.5, 1.4), _numbers(0.420448, 1.177378)),  # to (0.25, 0); to (0.04, 1.96), fourth root of 1.9216
             "Round factors are 1 - h and 1 - 2h: the larger *modulus* decides, -1.4 counts as 1.4."),
        Case("the logistic game", _of(dirac_field, simultaneous_step, [1.0], 3),
             (_numbers(1.118034), _numbers(1.118034)),  # [[1, -1/2], [1/2, 1]]: sqrt(1.25)
             "At rest f' is 1/2: the round is [[1, -1/2], [1/2, 1]]. It is curved, so the place counts."),
    ),
    hints=(
        "One round is a map from two numbers to two. Write it as a function of one tensor of "
        "shape (2,) first: both halves need it.",
        "`torch.autograd.functional.jacobian(one_round, zeros)` is the 2 x 2 matrix; "
        "`torch.linalg.eigvals` gives complex numbers, whose `.abs()` is the modulus.",
        "A loop over h; in it `def one_round(place): return torch.stack(step(field, place[0], "
        "place[1], h))`, the eigenvalues, a loop of n_rounds, and two lists to append to.",
    ),
    mistakes=(  # name, edits of the reference or another algorithm, diagnosis, kind
        Mistake("real part for the modulus", {_EIGEN: "torch.linalg.eigvals(jacobian).real.max()"},
                "The eigenvalues of a round are complex: their distance from 0 is the growth, not their real part."),
        Mistake("the smallest eigenvalue", {_EIGEN: "torch.linalg.eigvals(jacobian).abs().min()"},
                "After many rounds the largest modulus decides."),
        Mistake("largest before the modulus", {_EIGEN: "torch.linalg.eigvals(jacobian).real.max().abs()"},
                "-1.4 grows faster than 0.8 decays: take the modulus first, then the largest."),
        Mistake("determinant for an eigenvalue", {_EIGEN: "torch.linalg.det(jacobian).abs()"},
                "The determinant is the product of both eigenvalues; the largest modulus is asked for."),
        Mistake("singular value for an eigenvalue", {_EIGEN: "torch.linalg.matrix_norm(jacobian, ord=2)"},
                "The largest singular value bounds one round; what many rounds do, the eigenvalues say."),
        Mistake("eigenvalues of the field", {"jacobian(one_round, rest)": "jacobian(lambda place: torch.stack(field(place[0], place[1])), rest)"},
                "These belong to the flow. A step of size h has a Jacobian of its own."),
        Mistake("linearised away from rest", {"rest = torch.zeros(": "rest = torch.ones("},
                "The Jacobian is taken at (0, 0), where the game rests."),
        Mistake("the distance itself", {_MEASURED: "place.norm()"},
                "How far it ended says nothing without where it began: divide, then take the root."),
        Mistake("growth of all rounds together", {_MEASURED: "place.norm() / start.norm()"},
                "This is the growth in n_rounds rounds; the growth of one is its n_rounds-th root."),
        Mistake("shared out by dividing", {_MEASURED: "place.norm() / start.norm() / n_rounds"},
                "Growth multiplies: take the n_rounds-th root, do not divide by n_rounds."),
        Mistake("one round too many", {"range(n_rounds)": "range(n_rounds + 1)"},
                "n_rounds rounds are played, and the root is the n_rounds-th."),
        Mistake("always both at once", {_ROUND: "dynamics.simultaneous_step(field, place[0], place[1], h)"},
                "The step that is handed in is to be swept, not one of your own."),
        Mistake("begun on one axis", {_BEGIN: "torch.tensor([1e-30, 0.0], dtype=torch.float64)"},
                "The start is (1e-30, 1e-30): both players off rest."),
        Mistake("played on from the last step size",
                {_LISTS: f"{_LISTS}; place = {_BEGIN}", f"start = place = {_BEGIN}": f"start = {_BEGIN}"},
                "Every step size starts afresh at (1e-30, 1e-30): set the place inside the outer loop."),
        Mistake("started far from rest", {"1e-30": "1.0"},
                "At (1, 1) the game is no longer linear: start at (1e-30, 1e-30)."),
        Mistake("only the last step size", {_RETURN: "return predicted[-1], measured[-1]"},
                "One entry for each step size: collect them in lists, and return behind the loop.", "axes"),
        Mistake("measured first", {_RETURN: "return torch.stack(measured), torch.stack(predicted)"},
                "Both are right, but the predicted growths come first."),
        Mistake("float32", {_RETURN: "return torch.stack(predicted).float(), torch.stack(measured).float()"},
                "Return float64: growths near 1 differ in their last digits.", "dtype/device/seed"),
    ),
)
