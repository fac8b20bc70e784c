"""What the exercises about velocity fields share: probe inputs and views of a field."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.checking import Draw, Mistake

SCALES = (1.0, 0.3, 2.0)  # psi * theta stays below 80, where e^t still is a float
Half = Callable[..., Tensor]  # (theta, psi, ...) -> one player's velocity


def places(draw: Draw) -> dict[str, Tensor]:
    """Probe inputs: theta and psi of one shape, both signs."""
    return {"theta": draw.normal("B K"), "psi": draw.normal("B K")}


def at(theta: float | list, psi: float | list, *more: object) -> Callable[[Callable], object]:
    """A case body: the field at one place or at several."""
    return lambda field: field(torch.tensor(theta), torch.tensor(psi), *more)


def field_slips(theta_half: Half, psi_half: Half) -> tuple[Mistake, ...]:
    """Slips that every field of two players invites, in this field's own numbers."""
    return (*_directions(theta_half, psi_half), *_conduct(theta_half, psi_half))


def _directions(theta_half: Half, psi_half: Half) -> tuple[Mistake, ...]:
    return (
        Mistake(
            "both players go downhill",
            lambda *at: (theta_half(*at), -psi_half(*at)),
            "D's velocity is turned round: D climbs what G descends.",
        ),
        Mistake(
            "both players climb",
            lambda *at: (-theta_half(*at), psi_half(*at)),
            "G's velocity is turned round: G goes downhill on what D climbs.",
        ),
        Mistake(
            "G climbs and D descends",
            lambda *at: (-theta_half(*at), -psi_half(*at)),
            "Both velocities are turned round: here D helps the fakes and G flees the data.",
        ),
        Mistake(
            "velocities in the other order",
            lambda *at: (psi_half(*at), theta_half(*at)),
            "Both velocities are right, but theta's comes first.",
        ),
    )


def _conduct(theta_half: Half, psi_half: Half) -> tuple[Mistake, ...]:
    return (
        Mistake(
            "averaged over the places",
            lambda *at: (theta_half(*at) / at[0].numel(), psi_half(*at) / at[0].numel()),
            "This divides by the number of places, as the slope of a mean does; each place "
            "is a game of its own.",
            "axes",
        ),
        Mistake(
            "cut off from the graph",
            lambda *at: (theta_half(*at).detach(), psi_half(*at).detach()),
            "The velocities are right, but a detach, .item() or no_grad keeps anybody from "
            "differentiating them, and eigenvalues need that.",
            "gradients",
        ),
        Mistake(
            "cast to float32",
            lambda theta, psi, *rest: (
                theta_half(theta.float(), psi.float(), *rest),
                psi_half(theta.float(), psi.float(), *rest),
            ),
            "The velocities must keep the dtype of theta and psi, float64 included.",
            "dtype/device/seed",
        ),
    )
