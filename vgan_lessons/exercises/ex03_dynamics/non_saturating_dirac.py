"""3.11: the velocities when G follows the non-saturating loss."""

import torch
from torch.nn import functional as F

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES, at, field_slips, places


def _sure(theta, psi):
    return torch.sigmoid(psi * theta)


def _unsure(theta, psi):
    return torch.sigmoid(-psi * theta)


def _by_autograd(theta, psi):
    down = torch.func.grad(lambda theta: F.softplus(psi * theta).sum())(theta)
    up = torch.func.grad(lambda psi: F.logsigmoid(psi * theta).sum())(psi)
    return -down, up


def _overflowing(theta, psi):
    grown = torch.exp(psi * theta)
    return -psi * grown / (1 + grown), theta / (1 + grown)


NON_SATURATING_DIRAC_FIELD = Exercise(
    name="non_saturating_dirac_field",
    number="3.11",
    minutes=8,
    difficulty="medium",
    importance="extra",
    contract=(
        "Data sit at 0, fakes at theta, D's score of x is psi * x, and a high score says "
        "fake. D climbs f(psi * theta), f(t) = -log(1 + e^-t), as in `dirac_field`; G "
        "climbs f(-psi * theta), the log of the probability that its fake is real.",
        "Return two tensors of theta's shape, (theta_velocity, psi_velocity), one place by "
        "itself.",
        "Both stay finite however large psi * theta is, and stay on the graph.",
    ),
    reference=dynamics.non_saturating_dirac_field,
    inputs=places,
    scales=SCALES,
    cases=(
        Case(
            name="D is still flat",
            run=at(1.0, 0.0),
            expect=(0.0, 0.5),
            nudge="psi is 0: nothing moves G, and D climbs with f'(0) = 1/2 times theta.",
        ),
        Case(
            name="G has arrived",
            run=at(0.0, 1.0),
            expect=(-0.5, 0.0),
            nudge="theta is 0: D has nothing to gain, and its slope pushes G to lower scores.",
        ),
        Case(
            name="both away from rest",
            run=at(1.0, 1.0),
            expect=(-0.731059, 0.268941),  # sigmoid(1) and sigmoid(-1)
            nudge="At psi * theta = 1 D is sure of the fakes: G is pulled hard, D a little.",
        ),
        Case(
            name="several places at once",
            run=at([0.0, 1.0, 0.0], [1.0, 0.0, -2.0]),
            expect=(torch.tensor([-0.5, 0.0, 1.0]), torch.tensor([0.0, 0.5, 0.0])),
            nudge="Each place is a game of its own: one velocity for each, not divided by "
            "their number.",
            kind="axes",
        ),
        Case(
            name="a score that is right by far",
            run=at(20.0, 10.0),
            expect=(-10.0, 0.0),
            nudge="At psi * theta = 200, e^t is too large for a float; G is pulled with "
            "weight 1, D with weight 0.",
        ),
    ),
    hints=(
        "Only G's goal is new. What is the derivative of f(-psi * theta) by theta?",
        "Chain rule: -psi f'(-psi * theta), and f'(t) = sigmoid(-t). Two minus signs meet.",
        "`score = psi * theta`, then `return -psi * torch.sigmoid(...), theta * "
        "torch.sigmoid(...)`.",
    ),
    mistakes=(
        *field_slips(
            lambda theta, psi: -psi * _sure(theta, psi),
            lambda theta, psi: theta * _unsure(theta, psi),
        ),
        Mistake(
            "the minimax G",
            lambda theta, psi: (-psi * _unsure(theta, psi), theta * _unsure(theta, psi)),
            "This is `dirac_field`: G still descends D's own goal, and goes slow where D is "
            "sure.",
        ),
        Mistake(
            "both sides changed",
            lambda theta, psi: (-psi * _sure(theta, psi), theta * _sure(theta, psi)),
            "D's goal is as before: its f' is taken at psi * theta, not at minus that.",
        ),
        Mistake(
            "D's side changed instead",
            lambda theta, psi: (-psi * _unsure(theta, psi), theta * _sure(theta, psi)),
            "The new goal is G's, not D's.",
        ),
        Mistake(
            "f' left out for G",
            lambda theta, psi: (-psi, theta * _unsure(theta, psi)),
            "The weight f'(-psi * theta) is missing: this is a Wasserstein G against a "
            "logistic D.",
        ),
        Mistake(
            "own number instead of the other's",
            lambda theta, psi: (-theta * _sure(theta, psi), psi * _unsure(theta, psi)),
            "The derivative of psi * theta by theta is psi, and by psi it is theta.",
        ),
        Mistake(
            "exponential that overflows",
            _overflowing,
            "e^t is inf for t above 88 and inf / inf is NaN: torch.sigmoid knows better.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "func.grad": _by_autograd,
        "one minus the sigmoid": lambda theta, psi: (
            psi * (torch.sigmoid(-theta * psi) - 1),
            theta - theta * torch.sigmoid(theta * psi),
        ),
        "from dirac_field": lambda theta, psi: (
            -psi + psi * _unsure(theta, psi),
            theta * _unsure(theta, psi),
        ),
    },
)
