"""3.1: the velocities of the smallest GAN."""

import torch
from torch.nn import functional as F

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES, at, field_slips, places


def _slope(theta, psi):
    return torch.sigmoid(-psi * theta)


def _by_autograd(theta, psi):
    def climbed_by_d(theta, psi):
        return F.logsigmoid(psi * theta).sum()

    down, up = torch.func.grad(climbed_by_d, argnums=(0, 1))(theta, psi)
    return -down, up


def _overflowing(theta, psi):
    grown = torch.exp(-psi * theta)
    slope = grown / (1 + grown)
    return -psi * slope, theta * slope


DIRAC_FIELD = Exercise(
    name="dirac_field",
    number="3.1",
    minutes=8,
    difficulty="medium",
    contract=(
        "Data sit at 0, fakes at theta, D's score of a place x is psi * x, and a high score "
        "says fake. D climbs f(psi * theta) by moving psi; G descends the same f(psi * theta) "
        "by moving theta. f(t) = -log(1 + e^-t).",
        "Return two tensors of theta's shape, (theta_velocity, psi_velocity): the speed of "
        "each player at each place, one place by itself.",
        "Both stay finite however large psi * theta is, and stay on the graph: eigenvalues "
        "are taken through them.",
    ),
    reference=dynamics.dirac_field,
    inputs=places,
    scales=SCALES,
    cases=(
        Case(
            name="D is still flat",
            run=at(1.0, 0.0),
            expect=(0.0, 0.5),  # f'(0) = 1/2
            nudge="psi is 0: nothing moves G, and D climbs with f'(0) = 1/2 times theta.",
        ),
        Case(
            name="G has arrived",
            run=at(0.0, 1.0),
            expect=(-0.5, 0.0),
            nudge="theta is 0: D has nothing to gain, but its slope of 1 pushes G on, to the "
            "left.",
        ),
        Case(
            name="both away from rest",
            run=at(1.0, 2.0),
            expect=(-0.238406, 0.119203),  # f'(2) = 0.119203
            nudge="Take f' at psi * theta = 2. Where the score is sure already, f' is small.",
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
            name="a score that is wrong by far",
            run=at(-20.0, 10.0),
            expect=(-10.0, -20.0),  # f'(-200) = 1
            nudge="At psi * theta = -200, e^-t is too large for a float; f' is 1 there.",
        ),
    ),
    hints=(
        "Two partial derivatives of one number, f(psi * theta). Who wants it up, who down?",
        "Chain rule: f'(psi * theta) times what stands beside the player's own number. "
        "f'(t) = sigmoid(-t).",
        "`slope = torch.sigmoid(...)`, then `return -... * slope, ... * slope`.",
    ),
    mistakes=(
        *field_slips(
            lambda theta, psi: -psi * _slope(theta, psi),
            lambda theta, psi: theta * _slope(theta, psi),
        ),
        Mistake(
            "own number instead of the other's",
            lambda theta, psi: (-theta * _slope(theta, psi), psi * _slope(theta, psi)),
            "The derivative of psi * theta by theta is psi, and by psi it is theta.",
        ),
        Mistake(
            "f' left out",
            lambda theta, psi: (-psi, theta),
            "This is the Wasserstein game, f(t) = t: the factor f'(psi * theta) is missing.",
        ),
        Mistake(
            "f' taken at 0",
            lambda theta, psi: (-psi / 2, theta / 2),
            "f' is 1/2 at rest only; this is the game linearised there.",
        ),
        Mistake(
            "f' at the wrong sign",
            lambda theta, psi: (
                -psi * torch.sigmoid(psi * theta),
                theta * torch.sigmoid(psi * theta),
            ),
            "f'(t) is sigmoid(-t): it falls as the score grows.",
        ),
        Mistake(
            "f instead of f'",
            lambda theta, psi: (
                -psi * F.logsigmoid(psi * theta),
                theta * F.logsigmoid(psi * theta),
            ),
            "This multiplies by f itself; a velocity is a slope.",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda theta, psi: (
                -psi * _slope(theta, psi) * _slope(theta, -psi),
                theta * _slope(theta, psi) * _slope(theta, -psi),
            ),
            "This is the derivative of a probability; the logarithm is missing.",
        ),
        Mistake(
            "the non-saturating G",
            lambda theta, psi: (-psi * _slope(theta, -psi), theta * _slope(theta, psi)),
            "This G follows -log D, the non-saturating loss; here both play for one number.",
        ),
        Mistake(
            "exponential that overflows",
            _overflowing,
            "e^-t is inf for t below -88 and inf / inf is NaN: torch.sigmoid knows better.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "func.grad": _by_autograd,
        "one over one plus": lambda theta, psi: (
            -psi / (1 + torch.exp(psi * theta)),
            theta / (1 + torch.exp(psi * theta)),
        ),
        "one minus the sigmoid": lambda theta, psi: (
            psi * (torch.sigmoid(theta * psi) - 1),
            theta - theta * torch.sigmoid(theta * psi),
        ),
        "hyperbolic tangent": lambda theta, psi: (
            -psi * (1 - torch.tanh(psi * theta / 2)) / 2,
            theta * (1 - torch.tanh(psi * theta / 2)) / 2,
        ),
    },
)
