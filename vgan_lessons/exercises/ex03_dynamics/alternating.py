"""3.3: D moves first, and G sees it."""

import torch

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES
from vgan_lessons.exercises.ex03_dynamics.rounds import round_inputs, step_slips, walk


def _right(field, theta, psi, h):
    new_psi = psi + h * field(theta, psi)[1]
    return theta + h * field(theta, new_psi)[0], new_psi


def _simultaneous(field, theta, psi, h):
    theta_velocity, psi_velocity = field(theta, psi)
    return theta + h * theta_velocity, psi + h * psi_velocity


def _g_first(field, theta, psi, h):
    theta = theta + h * field(theta, psi)[0]
    return theta, psi + h * field(theta, psi)[1]


def _d_alone(field, theta, psi, h):
    return theta, psi + h * field(theta, psi)[1]


def _d_twice(field, theta, psi, h):
    """G's turn moves both players, as when one optimiser owns all parameters."""
    psi = psi + h * field(theta, psi)[1]
    theta_velocity, psi_velocity = field(theta, psi)
    return theta + h * theta_velocity, psi + h * psi_velocity


def _d_forgotten(field, theta, psi, h):
    """G sees D's move, but the old psi is handed back."""
    return _right(field, theta, psi, h)[0], psi


def _d_detached(field, theta, psi, h):
    psi = psi + h * field(theta, psi)[1]
    return theta + h * field(theta, psi.detach())[0], psi


def _half_of_d_seen(field, theta, psi, h):
    new_psi = psi + h * field(theta, psi)[1]
    return theta + h * field(theta, (psi + new_psi) / 2)[0], new_psi


def _velocity_kept(field, theta, psi, step_size):
    d_velocity = field(theta, psi)[1]
    g_velocity = field(theta, psi + step_size * d_velocity)[0]
    return theta + step_size * g_velocity, psi + step_size * d_velocity


def _added_out_of_place(field, theta, psi, step_size):
    psi = torch.add(psi, field(theta, psi)[1], alpha=step_size)
    theta = torch.add(theta, field(theta, psi)[0], alpha=step_size)
    return theta, psi


def _on_copies(field, theta, psi, step_size):
    theta, psi = theta.clone(), psi.clone()
    psi = psi + field(theta, psi)[1].mul(step_size)
    theta = theta + field(theta, psi)[0].mul(step_size)
    return [theta, psi]


ALTERNATING_STEP = Exercise(
    name="alternating_step",
    number="3.3",
    minutes=6,
    difficulty="medium",
    contract=(
        "field(theta, psi) returns the pair (theta_velocity, psi_velocity). D moves first: "
        "psi plus step_size times its velocity at the old place. Then G moves, by its "
        "velocity at the old theta and the new psi.",
        "Return the new (theta, psi), theta first.",
        "Nothing is cut off from the graph: the round is differentiated later.",
    ),
    reference=dynamics.alternating_step,
    inputs=round_inputs,
    scales=SCALES,
    cases=(
        Case(
            name="xy game from (1, 0), step 1",
            run=walk(dynamics.wasserstein_dirac_field, (1.0, 0.0), 1.0),
            expect=(0.0, 1.0),  # psi = 0 + 1, then theta = 1 - 1
            nudge="psi climbs to 1 first; G then falls by that new psi, from 1 to 0.",
        ),
        Case(
            name="xy game from (1, 0), step 0.5",
            run=walk(dynamics.wasserstein_dirac_field, (1.0, 0.0), 0.5),
            expect=(0.75, 0.5),  # psi = 0.5, then theta = 1 - 0.5 * 0.5
            nudge="psi becomes 0.5, then theta loses step_size times that, 0.25.",
        ),
        Case(
            name="six rounds of the xy game",
            run=walk(dynamics.wasserstein_dirac_field, (1.0, 1.0), 1.0, n_steps=6),
            expect=(
                (-1.0, 2.0),
                (-2.0, 1.0),
                (-1.0, -1.0),
                (1.0, -2.0),
                (2.0, -1.0),
                (1.0, 1.0),  # back
            ),
            nudge="From (1, 1) with step 1 the sixth round ends where the first began.",
        ),
        Case(
            name="logistic game from (1, 1), step 0.5",
            run=walk(dynamics.dirac_field, (1.0, 1.0), 0.5),
            expect=(0.861972, 1.134471),  # f'(1) = 0.268941, then f'(1.134471) = 0.243335
            nudge="Is the field the one handed in, asked a second time with the new psi?",
        ),
    ),
    hints=(
        "How often do you have to ask the field, and what is different the second time?",
        "Ask at (theta, psi) for D's velocity, move psi, ask at (theta, new psi) for G's.",
        "`psi = psi + ... * field(theta, psi)[1]`, then the same for theta with `[0]`.",
    ),
    mistakes=(
        *step_slips(_right),
        Mistake(
            "simultaneous",
            _simultaneous,
            "G looked at the old psi: ask the field again after D has moved.",
        ),
        Mistake(
            "G moves first",
            _g_first,
            "Here G moves first and D answers; it is D's turn first.",
        ),
        Mistake(
            "D alone moves",
            _d_alone,
            "G's half of the round is missing.",
        ),
        Mistake(
            "D moves twice",
            _d_twice,
            "In G's turn psi moved once more; there only theta moves.",
        ),
        Mistake(
            "D's move forgotten",
            _d_forgotten,
            "G saw the new psi, but the old one is returned.",
        ),
        Mistake(
            "G sees half of D's move",
            _half_of_d_seen,
            "G looks at the new psi, not half way to it.",
        ),
        Mistake(
            "new psi detached for G",
            _d_detached,
            "The place is right, but theta no longer depends on the old place through D's "
            "move, so the round's slopes, and its eigenvalues, are wrong.",
            "gradients",
        ),
    ),
    alternatives={
        "velocities kept by name": _velocity_kept,
        "torch.add": _added_out_of_place,
        "copies and a list": _on_copies,
    },
)
