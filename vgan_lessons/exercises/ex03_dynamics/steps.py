"""3.2a and 3.2b: one step of both players, together or one after the other."""

from collections.abc import Callable

import torch

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.dynamics import Field, dirac_field, wasserstein_dirac_field
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES


def _uneven_field(theta, psi):
    """A field without any symmetry, of any shape, so that no mix-up looks right."""
    return theta * psi - psi, theta - psi.square() / 2


def _inputs(draw: Draw) -> dict:
    theta, psi = draw.normal("B K"), draw.normal("B K")
    return {
        "field": _uneven_field,
        "theta": theta,
        "psi": psi,
        "step_size": draw.number(0.2, 0.9),
    }


def _walk(
    field: Field, start: tuple[float, float], step_size: float, n_steps: int = 1
) -> Callable:
    """A case body: the places after each of some steps; after one step, that place alone."""

    def run(step):
        places = [(torch.tensor(start[0]), torch.tensor(start[1]))]
        for _ in range(n_steps):
            places.append(step(field, *places[-1], step_size))
        return places[1:] if n_steps > 1 else places[1]

    return run


def _together(field, theta, psi, h):
    theta_velocity, psi_velocity = field(theta, psi)
    return theta + h * theta_velocity, psi + h * psi_velocity


def _d_first(field, theta, psi, h):
    psi = psi + h * field(theta, psi)[1]
    return theta + h * field(theta, psi)[0], psi


def _g_first(field, theta, psi, h):
    theta = theta + h * field(theta, psi)[0]
    return theta, psi + h * field(theta, psi)[1]


# fmt: off
def _slips(right: Callable) -> tuple[Mistake, ...]:
    """Slips that every step invites, in this step's own numbers."""

    def in_place(field, theta, psi, h):
        new = right(field, theta.clone(), psi.clone(), h)
        return theta.copy_(new[0]), psi.copy_(new[1])

    return (
        Mistake("step size left out", lambda field, theta, psi, h: right(field, theta, psi, 1.0),
                "The velocities are added as they are; multiply them by the step size."),
        Mistake("against the velocities", lambda field, theta, psi, h: right(field, theta, psi, -h),
                "The field holds velocities, not gradients: its minus signs are inside. Add."),
        Mistake("players in the other order", lambda *given: right(*given)[::-1],
                "Both numbers are right, but theta comes first."),
        Mistake("field asked with psi first", lambda field, *given: right(lambda t, p: field(p, t), *given),
                "The field takes (theta, psi), in this order."),
        Mistake("displacement instead of the new place",
                lambda field, theta, psi, h: tuple(new - old for new, old in zip(right(field, theta, psi, h), (theta, psi), strict=True)),
                "This is how far the players move; add it to where they are."),
        Mistake("one field for all", lambda field, *given: right(lambda t, p: (-p, t), *given),
                "This always steps on the Wasserstein field; use the field that is handed in."),
        Mistake("cut off from the graph", lambda *given: tuple(new.detach() for new in right(*given)),
                "The places are right, but a detach, .item() or no_grad keeps anybody from "
                "differentiating the step, and its eigenvalues need that.", "gradients"),
        Mistake("moved in place", in_place,
                "`+=` on a tensor, or an operation ending in _, moves the caller's theta and psi, too.", "side effects"),
        Mistake("cast to float32", lambda field, theta, psi, h: right(field, theta.float(), psi.float(), h),
                "The places must keep the dtype of theta and psi, float64 included.", "dtype/device/seed"),
    )


SIMULTANEOUS_STEP = Exercise(
    name="simultaneous_step",
    number="3.2a",
    minutes=5,
    contract=(
        "field(theta, psi) returns the pair `(theta_velocity, psi_velocity)`. Return the pair "
        "(theta, psi) after one step: each number plus `step_size` times its velocity.",
        "Both velocities are those of the old place: nobody sees the other move.",
        "Nothing is cut off from the graph: the step is differentiated later.",
    ),
    reference=dynamics.simultaneous_step,
    inputs=_inputs,
    scales=SCALES,
    cases=(  # situation, what is seen, by hand, where to look
        Case("Wasserstein from (1, 0), step 0.2", _walk(wasserstein_dirac_field, (1.0, 0.0), 0.2), (1.0, 0.2),  # velocity (0, 1)
             "The velocity there is (0, 1): theta stays, psi gains 0.2."),
        Case("Wasserstein from (0, 1), step 0.2", _walk(wasserstein_dirac_field, (0.0, 1.0), 0.2), (-0.2, 1.0),  # velocity (-1, 0)
             "The velocity there is (-1, 0): D does not move, because it looks at the old theta."),
        Case("Wasserstein from (3, 4), two steps of 0.5", _walk(wasserstein_dirac_field, (3.0, 4.0), 0.5, 2),
             ((1.0, 5.5), (-1.75, 6.0)),  # (3 - 2, 4 + 1.5), (1 - 2.75, 5.5 + 0.5)
             "A step is as long as step_size times the velocity, not step_size itself."),
        Case("200 steps of the logistic game",
             lambda step: torch.stack(_walk(dirac_field, (1.0, 1.0), 0.2, 200)(step)[-1]).norm(), 2.644612,
             "From radius 1.414 it drifts out to 2.645. Is the field the one handed in?", tolerance=1e-3),
    ),
    hints=(
        "How often do you have to ask the field for one simultaneous step?",
        "Once, at the old (theta, psi); then move both.",
        "`theta_velocity, psi_velocity = field(theta, psi)`, then `return theta + ..., psi + "
        "...`.",
    ),
    mistakes=(  # name, edits of the reference or another algorithm, diagnosis, kind
        *_slips(_together),
        Mistake("G sees D's move", _d_first,
                "psi was moved before the field was asked for theta's velocity: that is an alternating step."),
        Mistake("D sees G's move", _g_first,
                "theta was moved before the field was asked for psi's velocity: keep the old theta until both have moved."),
        Mistake("G goes backwards", {"theta + step_size": "theta - step_size"},
                "G's minus sign is already in the field: add its velocity, too."),
        Mistake("steps of one length", {"field(theta, psi)": "F.normalize(torch.stack(field(theta, psi)), dim=0)"},
                "This makes every step step_size long; a step is step_size times the velocity."),
        Mistake("velocity of the place ahead",
                lambda field, theta, psi, h: _together(lambda t, p: field(*_together(field, t, p, h)), theta, psi, h),
                "The field is asked at the old place, not where a first step would lead."),
    ),
)

ALTERNATING_STEP = Exercise(
    name="alternating_step",
    number="3.2b",
    minutes=6,
    difficulty="medium",
    contract=(
        "field(theta, psi) returns the pair `(theta_velocity, psi_velocity)`. D moves first: "
        "psi plus `step_size` times its velocity at the old place. Then G moves, by its "
        "velocity at the old theta and the new psi.",
        "Return the new (theta, psi), theta first.",
        "Nothing is cut off from the graph: the round is differentiated later.",
    ),
    reference=dynamics.alternating_step,
    inputs=_inputs,
    scales=SCALES,
    cases=(
        Case("xy game from (1, 0), step 1", _walk(wasserstein_dirac_field, (1.0, 0.0), 1.0),
             (0.0, 1.0),  # psi = 0 + 1, then theta = 1 - 1
             "psi climbs to 1 first; G then falls by that new psi, from 1 to 0."),
        Case("xy game from (1, 0), step 0.5", _walk(wasserstein_dirac_field, (1.0, 0.0), 0.5),
             (0.75, 0.5),  # psi = 0.5, then theta = 1 - 0.5 * 0.5
             "psi becomes 0.5, then theta loses step_size times that, 0.25."),
        Case("six rounds of the xy game", _walk(wasserstein_dirac_field, (1.0, 1.0), 1.0, 6),
             ((-1.0, 2.0), (-2.0, 1.0), (-1.0, -1.0), (1.0, -2.0), (2.0, -1.0), (1.0, 1.0)),  # back
             "From (1, 1) with step 1 the sixth round ends where the first began."),
        Case("logistic game from (1, 1), step 0.5", _walk(dirac_field, (1.0, 1.0), 0.5),
             (0.861972, 1.134471),  # f'(1) = 0.268941, then f'(1.134471) = 0.243335
             "Is the field the one handed in, asked a second time with the new psi?"),
    ),
    hints=(
        "How often do you have to ask the field, and what is different the second time?",
        "Ask at (theta, psi) for D's velocity, move psi, ask at (theta, new psi) for G's.",
        "`psi = psi + ... * field(theta, psi)[1]`, then the same for theta with `[0]`.",
    ),
    mistakes=(
        *_slips(_d_first),
        Mistake("simultaneous", _together,
                "G looked at the old psi: ask the field again after D has moved."),
        Mistake("G moves first", _g_first,
                "Here G moves first and D answers; it is D's turn first."),
        Mistake("D alone moves", {"theta + step_size * theta_velocity": "theta"},
                "G's half of the round is missing."),
        Mistake("D moves twice",  # as when one optimiser owns all parameters
                {"theta_velocity, _": "theta_velocity, psi_velocity",
                 "theta_velocity, psi": "theta_velocity, psi + step_size * psi_velocity"},
                "In G's turn psi moved once more; there only theta moves."),
        Mistake("D's move forgotten", {"psi = psi +": "new_psi = psi +", "_ = field(theta, psi)": "_ = field(theta, new_psi)"},
                "G saw the new psi, but the old one is returned."),
        Mistake("D starts from 0 each time", {"psi = psi + step_size": "psi = step_size"},
                "psi is overwritten by its step; add the step to where D stands."),
        Mistake("G sees half of D's move", {"_ = field(theta, psi)": "_ = field(theta, psi - step_size / 2 * psi_velocity)"},
                "G looks at the new psi, not half way to it."),
        Mistake("new psi detached for G", {"_ = field(theta, psi)": "_ = field(theta, psi.detach())"},
                "The place is right, but theta no longer depends on the old place through D's "
                "move, so the round's slopes, and its eigenvalues, are wrong.", "gradients"),
    ),
)
