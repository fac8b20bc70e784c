"""3.2: both players move at once."""

import torch

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES
from vgan_lessons.exercises.ex03_dynamics.rounds import (
    radius_after,
    round_inputs,
    step_slips,
    walk,
)


def _right(field, theta, psi, h):
    theta_velocity, psi_velocity = field(theta, psi)
    return theta + h * theta_velocity, psi + h * psi_velocity


def _d_first(field, theta, psi, h):
    psi = psi + h * field(theta, psi)[1]
    return theta + h * field(theta, psi)[0], psi


def _g_first(field, theta, psi, h):
    theta = theta + h * field(theta, psi)[0]
    return theta, psi + h * field(theta, psi)[1]


def _g_backwards(field, theta, psi, h):
    theta_velocity, psi_velocity = field(theta, psi)
    return theta - h * theta_velocity, psi + h * psi_velocity


def _of_unit_length(field, theta, psi, h):
    velocity = torch.stack(field(theta, psi))
    step = h * velocity / velocity.norm(dim=0)
    return theta + step[0], psi + step[1]


def _implicit(field, theta, psi, h):
    """Looks one step ahead and moves by the velocity there."""
    theta_velocity, psi_velocity = field(*_right(field, theta, psi, h))
    return theta + h * theta_velocity, psi + h * psi_velocity


def _kept_apart(field, theta, psi, step_size):
    old_theta, old_psi = theta, psi
    new_theta = old_theta + step_size * field(old_theta, old_psi)[0]
    return new_theta, old_psi + step_size * field(old_theta, old_psi)[1]


def _stacked(field, theta, psi, step_size):
    moved = torch.stack([theta, psi]) + step_size * torch.stack(field(theta, psi))
    return moved[0], moved[1]


SIMULTANEOUS_STEP = Exercise(
    name="simultaneous_step",
    number="3.2",
    minutes=5,
    contract=(
        "field(theta, psi) returns the pair (theta_velocity, psi_velocity). Return the pair "
        "(theta, psi) after one step: each number plus step_size times its velocity.",
        "Both velocities are those of the old place: nobody sees the other move.",
        "Nothing is cut off from the graph: the step is differentiated later.",
    ),
    reference=dynamics.simultaneous_step,
    inputs=round_inputs,
    scales=SCALES,
    cases=(
        Case(
            name="Wasserstein from (1, 0), step 0.2",
            run=walk(dynamics.wasserstein_dirac_field, (1.0, 0.0), 0.2),
            expect=(1.0, 0.2),  # velocity (0, 1)
            nudge="The velocity there is (0, 1): theta stays, psi gains 0.2.",
        ),
        Case(
            name="Wasserstein from (0, 1), step 0.2",
            run=walk(dynamics.wasserstein_dirac_field, (0.0, 1.0), 0.2),
            expect=(-0.2, 1.0),  # velocity (-1, 0)
            nudge="The velocity there is (-1, 0): D does not move, because it looks at the old "
            "theta.",
        ),
        Case(
            name="Wasserstein from (3, 4), two steps of 0.5",
            run=walk(dynamics.wasserstein_dirac_field, (3.0, 4.0), 0.5, n_steps=2),
            expect=((1.0, 5.5), (-1.75, 6.0)),  # (3 - 2, 4 + 1.5), (1 - 2.75, 5.5 + 0.5)
            nudge="A step is as long as step_size times the velocity, not step_size itself.",
        ),
        Case(
            name="200 steps of the logistic game",
            run=radius_after(dynamics.dirac_field, (1.0, 1.0), 0.2, 200),
            expect=2.644612,
            tolerance=1e-3,
            nudge="From radius 1.414 it drifts out to 2.645. Is the field the one handed in?",
        ),
    ),
    hints=(
        "How often do you have to ask the field for one simultaneous step?",
        "Once, at the old (theta, psi); then move both.",
        "`theta_velocity, psi_velocity = field(theta, psi)`, then `return theta + ..., psi + "
        "...`.",
    ),
    mistakes=(
        *step_slips(_right),
        Mistake(
            "G sees D's move",
            _d_first,
            "psi was moved before the field was asked for theta's velocity: that is an "
            "alternating step.",
        ),
        Mistake(
            "D sees G's move",
            _g_first,
            "theta was moved before the field was asked for psi's velocity: keep the old "
            "theta until both have moved.",
        ),
        Mistake(
            "G goes backwards",
            _g_backwards,
            "G's minus sign is already in the field: add its velocity, too.",
        ),
        Mistake(
            "steps of one length",
            _of_unit_length,
            "This makes every step step_size long; a step is step_size times the velocity.",
        ),
        Mistake(
            "velocity of the place ahead",
            _implicit,
            "The field is asked at the old place, not where a first step would lead.",
        ),
    ),
    alternatives={
        "old place kept by name": _kept_apart,
        "both in one tensor": _stacked,
        "zip": lambda field, theta, psi, step_size: tuple(
            x + step_size * v for x, v in zip((theta, psi), field(theta, psi), strict=True)
        ),
        "torch.add": lambda field, theta, psi, step_size: (
            torch.add(theta, field(theta, psi)[0], alpha=step_size),
            torch.add(psi, field(theta, psi)[1], alpha=step_size),
        ),
    },
)
