"""What the exercises about steps share: probe inputs, places to start from, common slips."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.checking import Draw, Mistake
from vgan_lessons.dynamics import Field

Round = Callable[[Field, Tensor, Tensor, float], tuple[Tensor, Tensor]]


def uneven_field(theta: Tensor, psi: Tensor) -> tuple[Tensor, Tensor]:
    """A field without any symmetry, of any shape, so that no mix-up looks right."""
    return theta * psi - psi, theta - psi.square() / 2


def round_inputs(draw: Draw) -> dict:
    """Probe inputs: a field, theta and psi of one shape, and a step size."""
    theta, psi = draw.normal("B K"), draw.normal("B K")
    return {
        "field": uneven_field,
        "theta": theta,
        "psi": psi,
        "step_size": draw.number(0.2, 0.9),
    }


def walk(
    field: Field, start: tuple[float, float], step_size: float, n_steps: int = 1
) -> Callable[[Round], object]:
    """A case body: the places after each of some steps, and the last one alone if it is one."""

    def run(step: Round) -> object:
        place = torch.tensor(start[0]), torch.tensor(start[1])
        places = []
        for _ in range(n_steps):
            place = step(field, *place, step_size)
            places.append(place)
        return places if n_steps > 1 else place

    return run


def radius_after(
    field: Field, start: tuple[float, float], step_size: float, n_steps: int
) -> Callable[[Round], object]:
    """A case body: how far from rest some steps lead."""

    def run(step: Round) -> object:
        place = torch.tensor(start[0]), torch.tensor(start[1])
        for _ in range(n_steps):
            place = step(field, *place, step_size)
        return torch.stack(place).norm()

    return run


def step_slips(right: Round) -> tuple[Mistake, ...]:
    """Slips that every step invites, in this step's own numbers."""
    return (*_numbers(right), *_conduct(right))


def _numbers(right: Round) -> tuple[Mistake, ...]:
    return (
        Mistake(
            "step size left out",
            lambda field, theta, psi, h: right(field, theta, psi, 1.0),
            "The velocities are added as they are; multiply them by the step size.",
        ),
        Mistake(
            "against the velocities",
            lambda field, theta, psi, h: right(field, theta, psi, -h),
            "The field holds velocities, not gradients: its minus signs are inside. Add.",
        ),
        Mistake(
            "players in the other order",
            lambda field, theta, psi, h: right(field, theta, psi, h)[::-1],
            "Both numbers are right, but theta comes first.",
        ),
        Mistake(
            "field asked with psi first",
            lambda field, theta, psi, h: right(lambda t, p: field(p, t), theta, psi, h),
            "The field takes (theta, psi), in this order.",
        ),
        Mistake(
            "displacement instead of the new place",
            lambda field, theta, psi, h: tuple(
                new - old
                for new, old in zip(right(field, theta, psi, h), (theta, psi), strict=True)
            ),
            "This is how far the players move; add it to where they are.",
        ),
        Mistake(
            "one field for all",
            lambda field, theta, psi, h: right(lambda t, p: (-p, t), theta, psi, h),
            "This always steps on the Wasserstein field; use the field that is handed in.",
        ),
    )


def _conduct(right: Round) -> tuple[Mistake, ...]:
    def in_place(field: Field, theta: Tensor, psi: Tensor, h: float) -> tuple[Tensor, Tensor]:
        new = right(field, theta.clone(), psi.clone(), h)
        return theta.copy_(new[0]), psi.copy_(new[1])

    return (
        Mistake(
            "cut off from the graph",
            lambda field, theta, psi, h: tuple(
                new.detach() for new in right(field, theta, psi, h)
            ),
            "The places are right, but a detach, .item() or no_grad keeps anybody from "
            "differentiating the step, and its eigenvalues need that.",
            "gradients",
        ),
        Mistake(
            "moved in place",
            in_place,
            "`+=` on a tensor, or an operation ending in _, moves the caller's theta and psi, "
            "too.",
            "side effects",
        ),
        Mistake(
            "cast to float32",
            lambda field, theta, psi, h: right(field, theta.float(), psi.float(), h),
            "The places must keep the dtype of theta and psi, float64 included.",
            "dtype/device/seed",
        ),
    )
