"""What the three exercises about velocity fields share: probes, a view, slips of two players."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.checking import Draw, Mistake

SCALES = (1.0, 0.3, 2.0)  # psi * theta stays below 80, where e^t still is a float


def places(draw: Draw) -> dict[str, Tensor]:
    """Probe inputs: theta and psi of one shape, both signs."""
    return {"theta": draw.normal("B K"), "psi": draw.normal("B K")}


def at(theta: float | list, psi: float | list, *more: object) -> Callable[[Callable], object]:
    """A case body: the field at one place or at several."""
    return lambda field: field(torch.tensor(theta), torch.tensor(psi), *more)


# fmt: off
def field_slips(theta_half: str, psi_half: str) -> tuple[Mistake, ...]:
    """Slips that every field of two players invites.

    Args:
        theta_half: what the reference returns first, as its source has it.
        psi_half: what it returns second.
    """

    def returning(wrong: str) -> dict[str, str]:
        return {f"return {theta_half}, {psi_half}": f"return {wrong}"}

    return (
        Mistake("both players go downhill", returning(f"{theta_half}, -({psi_half})"),
                "D's velocity is turned round: D climbs what G descends."),
        Mistake("both players climb", returning(f"-({theta_half}), {psi_half}"),
                "G's velocity is turned round: G goes downhill on what D climbs."),
        Mistake("G climbs and D descends", returning(f"-({theta_half}), -({psi_half})"),
                "Both velocities are turned round: here D helps the fakes and G flees the data."),
        Mistake("velocities in the other order", returning(f"{psi_half}, {theta_half}"),
                "Both velocities are right, but theta's comes first."),
        Mistake("averaged over the places", returning(f"({theta_half}) / theta.numel(), ({psi_half}) / theta.numel()"),
                "This divides by the number of places, as the slope of a mean does; each place is a game of its own.", "axes"),
        Mistake("cut off from the graph", returning(f"({theta_half}).detach(), ({psi_half}).detach()"),
                "The velocities are right, but a detach, .item() or no_grad keeps anybody from "
                "differentiating them, and eigenvalues need that.", "gradients"),
        Mistake("cast to float32", returning(f"({theta_half}).float(), ({psi_half}).float()"),
                "The velocities must keep the dtype of theta and psi, float64 included.", "dtype/device/seed"),
    )
