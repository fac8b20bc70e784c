"""3.4: the velocities when D pays for its slope at the data."""

import torch

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES, at, field_slips, places


def _inputs(draw: Draw) -> dict:
    return {**places(draw), "gamma": draw.number(0.2, 3.0)}


def _free(theta, psi):
    slope = torch.sigmoid(-psi * theta)
    return -psi * slope, theta * slope


def _theta_half(theta, psi, gamma):
    return _free(theta, psi)[0]


def _psi_half(theta, psi, gamma):
    return _free(theta, psi)[1] - gamma * psi


def _paid(on_theta=None, on_psi=None):
    """The game with other penalties than the right one."""

    def field(theta, psi, gamma):
        theta_velocity, psi_velocity = _free(theta, psi)
        if on_theta:
            theta_velocity = theta_velocity - on_theta(theta, psi, gamma)
        if on_psi:
            psi_velocity = psi_velocity - on_psi(theta, psi, gamma)
        return theta_velocity, psi_velocity

    return field


def _by_autograd(theta, psi, gamma):
    def d_goal(psi):
        won = torch.nn.functional.logsigmoid(psi * theta)
        return (won - gamma / 2 * psi.square()).sum()

    return _free(theta, psi)[0], torch.func.grad(d_goal)(psi)


def _in_two_lines(theta, psi, gamma):
    theta_velocity, psi_velocity = _free(theta, psi)
    psi_velocity -= gamma * psi
    return theta_velocity, psi_velocity


R1_DIRAC_FIELD = Exercise(
    name="r1_dirac_field",
    number="3.4",
    minutes=6,
    difficulty="medium",
    contract=(
        "The game of `dirac_field`, but D climbs f(psi * theta) - gamma / 2 * psi^2: it pays "
        "half of gamma times the squared slope of its score at the data. G pays nothing.",
        "Return two tensors of theta's shape, (theta_velocity, psi_velocity). gamma is a "
        "number; at 0 the field is that of `dirac_field`.",
        "Both stay on the graph: eigenvalues are taken through them.",
    ),
    reference=dynamics.r1_dirac_field,
    inputs=_inputs,
    scales=SCALES,
    cases=(
        Case(
            name="G has arrived",
            run=at(0.0, -3.0, 0.5),
            expect=(1.5, 1.5),  # 3 / 2, and -0.5 * -3
            nudge="theta is 0, so only the penalty moves D: back to slope 0, and harder the "
            "steeper it is.",
        ),
        Case(
            name="D is flat",
            run=at(2.0, 0.0, 0.5),
            expect=(0.0, 1.0),
            nudge="A flat D pays nothing, wherever the fakes are.",
        ),
        Case(
            name="both away from rest",
            run=at(1.0, 2.0, 0.5),
            expect=(-0.238406, -0.880797),  # 0.119203 - 0.5 * 2
            nudge="Take the velocities of `dirac_field` and change one of them.",
        ),
    ),
    hints=(
        "How steep is the score psi * x at the data? What does its square cost D?",
        "The derivative of gamma / 2 * psi^2 by psi; D climbs, so a cost slows it down.",
        "`theta_velocity, psi_velocity = dirac_field(theta, psi)`, then subtract from one.",
    ),
    mistakes=(
        *(
            slip
            for slip in field_slips(_theta_half, _psi_half)
            if slip.name != "averaged over the places"
        ),
        Mistake(
            "half of the pull",
            _paid(on_psi=lambda theta, psi, gamma: gamma / 2 * psi),
            "The 1/2 of gamma / 2 * psi^2 goes when you differentiate: gamma * psi is left.",
        ),
        Mistake(
            "twice the pull",
            _paid(on_psi=lambda theta, psi, gamma: 2 * gamma * psi),
            "This is the slope of gamma * psi^2; the penalty is gamma / 2 * psi^2.",
        ),
        Mistake(
            "penalty that speeds D up",
            _paid(on_psi=lambda theta, psi, gamma: -gamma * psi),
            "The sign of the penalty is turned: D is paid for being steep.",
        ),
        Mistake(
            "the penalty instead of its slope",
            _paid(on_psi=lambda theta, psi, gamma: gamma / 2 * psi.square()),
            "A velocity is a slope: differentiate gamma / 2 * psi^2 by psi.",
        ),
        Mistake(
            "size of the slope without its sign",
            _paid(on_psi=lambda theta, psi, gamma: gamma * psi.abs()),
            "The pull goes back to 0 from both sides: psi, not |psi|.",
        ),
        Mistake(
            "penalty on G",
            _paid(on_theta=lambda theta, psi, gamma: gamma * theta),
            "G pays nothing: the penalty is about D's slope, psi.",
        ),
        Mistake(
            "both players pay",
            _paid(
                on_theta=lambda theta, psi, gamma: gamma * theta,
                on_psi=lambda theta, psi, gamma: gamma * psi,
            ),
            "G pays nothing; only psi's velocity changes.",
        ),
        Mistake(
            "G pays for D's slope",
            _paid(
                on_theta=lambda theta, psi, gamma: gamma * psi,
                on_psi=lambda theta, psi, gamma: gamma * psi,
            ),
            "G cannot change psi, so the penalty has no slope by theta.",
        ),
        Mistake(
            "D pays for the fakes' place",
            _paid(on_psi=lambda theta, psi, gamma: gamma * theta),
            "The gradient of psi * x by x is psi: theta is where the fakes are.",
        ),
        Mistake(
            "penalty forgotten",
            _paid(),
            "This is the game without a penalty.",
        ),
        Mistake(
            "f' taken at 0",
            lambda theta, psi, gamma: (-psi / 2, theta / 2 - gamma * psi),
            "f' is 1/2 at rest only; this is the penalised game linearised there.",
        ),
        Mistake(
            "the non-saturating G",
            lambda theta, psi, gamma: (
                -psi * torch.sigmoid(psi * theta),
                _psi_half(theta, psi, gamma),
            ),
            "This G follows -log D; the game is that of `dirac_field`, where both play for one "
            "number.",
        ),
        Mistake(
            "penalty detached",
            _paid(on_psi=lambda theta, psi, gamma: gamma * psi.detach()),
            "The velocity is right, but its slope by psi is not: the eigenvalues would be "
            "those of the game without a penalty.",
            "gradients",
        ),
    ),
    alternatives={
        "func.grad of D's goal": _by_autograd,
        "subtracted in place": _in_two_lines,
        "all at once": lambda theta, psi, gamma: (
            -psi / (1 + torch.exp(psi * theta)),
            theta / (1 + torch.exp(psi * theta)) - gamma * psi,
        ),
    },
)
