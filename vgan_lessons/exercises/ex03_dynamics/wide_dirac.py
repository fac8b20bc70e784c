"""3.4: the velocities between two clouds, whose width is friction."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES, field_slips, places


def _inputs(draw: Draw) -> dict[str, Tensor]:
    return {**places(draw), "noise": draw.normal("N")}


def _between(theta: float | list, psi: float | list, noise: list) -> Callable:
    """A case body: the field between two clouds."""
    return lambda field: field(*(torch.tensor(value) for value in (theta, psi, noise)))


# fmt: off
WIDE_DIRAC_FIELD = Exercise(
    name="wide_dirac_field",
    number="3.4",
    minutes=12,
    difficulty="medium",
    contract=(
        "The reals are the N points of `noise`, the fakes the same points plus theta. D's score "
        "of x is psi * x, and a high score says fake. D climbs the mean of f(psi * fake) plus "
        "the mean of f(-psi * real), f(t) = -log(1 + e^-t); G goes down on it.",
        "theta and psi have any one shape, noise is (N,). Return two tensors of theta's shape, "
        "`(theta_velocity, psi_velocity)`; each place is a game of its own, the means are over "
        "the points.",
        "Both stay finite however large psi times a point is, and stay on the graph.",
    ),
    reference=dynamics.wide_dirac_field,
    inputs=_inputs,
    scales=SCALES,
    stays_finite=True,
    cases=(  # situation, what is seen, by hand, where to look
        Case("clouds of one point", _between(1.0, 1.0, [0.0]), (-0.268941, 0.268941),
             "Without noise this is `dirac_field`."),
        Case("a flat D", _between(1.0, 0.0, [-3.0, 3.0]), (0.0, 0.5),
             "At psi = 0 every f' is 1/2: G feels nothing, D climbs with half the distance of the means."),
        # fakes = reals = -2, 2, scores -2, 2: f'(score) = 0.880797, 0.119203
        Case("G has arrived", _between(0.0, 1.0, [-2.0, 2.0]), (-0.5, -1.523188),
             "theta is 0 and D still errs on half of each cloud: its slope falls without a penalty."),
        # fakes -1, 3: f' = 0.880797, 0.002473; reals -2, 2: 0.017986, 0.982014
        Case("both away from rest", _between(1.0, 2.0, [-2.0, 2.0]), (-0.883270, -1.400717),
             "Two means: one over the fakes, one over the reals, each with its own f'."),
        Case("several games at once", _between([1.0, 0.0], [0.0, 1.0], [-2.0, 2.0]),
             (torch.tensor([0.0, -0.5]), torch.tensor([0.5, -1.523188])),
             "theta (...) and noise (N,) make (..., N); the mean is over the last axis.", "axes"),
    ),
    hints=(
        "Write D's goal for one fake and one real first. What is its derivative by psi, by theta?",
        "`theta.unsqueeze(-1) + noise` is (..., N); the real's term is f(-psi * real), so its "
        "derivative by psi is -real * f'(-psi * real).",
        "`of_fakes = torch.sigmoid(-slope * fakes)`, `of_reals = torch.sigmoid(slope * noise)`, "
        "then three means over the last axis.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        *(slip for slip in field_slips("theta_velocity", "psi_velocity")
          if slip.name != "averaged over the places"),
        Mistake("reals forgotten", {" - (noise * of_reals).mean(dim=-1)": ""},
                "D's goal has a term for the reals too: their score should be low."),
        Mistake("reals pull the other way", {" - (noise * of_reals)": " + (noise * of_reals)"},
                "The reals' term is f(-psi * real): its derivative by psi has a minus."),
        Mistake("reals with the fakes' f'", {"torch.sigmoid(slope * noise)": "torch.sigmoid(-slope * noise)"},
                "For reals f' is taken at -psi * real, so it is sigmoid(+psi * real)."),
        Mistake("fakes without their noise", {"theta.unsqueeze(-1) + noise": "theta.unsqueeze(-1) + 0 * noise"},
                "The fakes are a cloud as wide as the reals: theta + noise."),
        Mistake("reals moved too", {"noise * of_reals": "fakes * of_reals"},
                "The reals stay where they are: G moves the fakes only."),
        Mistake("one of each", {"(fakes * of_fakes).mean(dim=-1)": "theta * of_fakes.mean(dim=-1)"},
                "The mean of a product is not the product of means: each fake is weighted by its own f'."),
        Mistake("sum over the points", {"(slope * of_fakes).mean(dim=-1)": "(slope * of_fakes).sum(dim=-1)",
                "(fakes * of_fakes).mean(dim=-1)": "(fakes * of_fakes).sum(dim=-1)",
                "(noise * of_reals).mean(dim=-1)": "(noise * of_reals).sum(dim=-1)"},
                "Means over the points, not sums: twice as many points are no stronger game."),
        Mistake("G's weight at the mean fake", {"-(slope * of_fakes)": "-(slope * torch.sigmoid(-slope * theta.unsqueeze(-1)))"},
                "Each fake is pulled with its own f'(psi * fake); the mean of f' is not f' of the mean."),
        Mistake("one mean for all games", {"theta_velocity = -(slope * of_fakes).mean(dim=-1)": "theta_velocity = -(slope * of_fakes).mean() + 0 * theta"},
                "The mean is over the points only: each place (theta, psi) is a game of its own.", "axes"),
        Mistake("half of each mean", {"return theta_velocity, psi_velocity": "return theta_velocity / 2, psi_velocity / 2"},
                "D's goal is the mean over the fakes plus the mean over the reals, not the mean over both."),
        Mistake("linearised at rest", {"torch.sigmoid(-slope * fakes)": "0.5 + 0 * slope * fakes",
                "torch.sigmoid(slope * noise)": "0.5 + 0 * slope * noise"},
                "f' is 1/2 only where the score is 0."),
        Mistake("the non-saturating G", {"-(slope * of_fakes)": "-(slope * torch.sigmoid(slope * fakes))"},
                "This G follows -log D; here both play for one number, as in `dirac_field`."),
        Mistake("exponential that overflows", {"torch.sigmoid(-slope * fakes)": "(-slope * fakes).exp() / (1 + (-slope * fakes).exp())"},
                "e^t is inf for t above 88 and inf / inf is NaN: torch.sigmoid knows better.", "dtype/device/seed"),
    ),
)
