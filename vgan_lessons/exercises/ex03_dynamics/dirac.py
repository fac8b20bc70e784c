"""3.1: the velocities of the smallest GAN."""

import torch

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES, at, field_slips, places

# fmt: off
DIRAC_FIELD = Exercise(
    name="dirac_field",
    number="3.1",
    minutes=8,
    difficulty="medium",
    contract=(
        "Data sit at 0, fakes at theta, D's score of a place x is psi * x, and a high score "
        "says fake. D climbs f(psi * theta) by moving psi; G descends the same f(psi * theta) "
        "by moving theta. f(t) = -log(1 + e^-t).",
        "Return two tensors of theta's shape, `(theta_velocity, psi_velocity)`: the speed of "
        "each player at each place, one place by itself.",
        "Both stay finite however large psi * theta is, and stay on the graph: eigenvalues "
        "are taken through them.",
    ),
    reference=dynamics.dirac_field,
    inputs=places,
    scales=SCALES,
    cases=(  # situation, what is seen, by hand, where to look
        Case("D is still flat", at(1.0, 0.0), (0.0, 0.5),  # f'(0) = 1/2
             "psi is 0: nothing moves G, and D climbs with f'(0) = 1/2 times theta."),
        Case("G has arrived", at(0.0, 1.0), (-0.5, 0.0),
             "theta is 0: D has nothing to gain, but its slope of 1 pushes G on, to the left."),
        Case("both away from rest", at(1.0, 2.0), (-0.238406, 0.119203),  # f'(2) = 0.119203
             "Take f' at psi * theta = 2. Where the score is sure already, f' is small."),
        Case("several places at once", at([0.0, 1.0, 0.0], [1.0, 0.0, -2.0]),
             (torch.tensor([-0.5, 0.0, 1.0]), torch.tensor([0.0, 0.5, 0.0])),
             "Each place is a game of its own: one velocity for each, not divided by their number.", "axes"),
        Case("a score that is wrong by far", at(-20.0, 10.0), (-10.0, -20.0),  # f'(-200) = 1
             "At psi * theta = -200, e^-t is too large for a float; f' is 1 there."),
    ),
    hints=(
        "Two partial derivatives of one number, f(psi * theta). Who wants it up, who down?",
        "Chain rule: f'(psi * theta) times what stands beside the player's own number. "
        "f'(t) = sigmoid(-t).",
        "`slope = torch.sigmoid(...)`, then `return -... * slope, ... * slope`.",
    ),
    mistakes=(  # name, edits of the reference or another algorithm, diagnosis, kind
        *field_slips("-psi * slope", "theta * slope"),
        Mistake("own number instead of the other's", {"-psi * slope, theta * slope": "-theta * slope, psi * slope"},
                "The derivative of psi * theta by theta is psi, and by psi it is theta."),
        Mistake("f' left out", {"-psi * slope, theta * slope": "-psi, theta"},
                "This is the Wasserstein game, f(t) = t: the factor f'(psi * theta) is missing."),
        Mistake("f' taken at 0", {"-psi * slope, theta * slope": "-psi / 2, theta / 2"},
                "f' is 1/2 at rest only; this is the game linearised there."),
        Mistake("f' at the wrong sign", {"sigmoid(-psi": "sigmoid(psi"},
                "f'(t) is sigmoid(-t): it falls as the score grows."),
        Mistake("f instead of f'", {"torch.sigmoid(-psi * theta)": "F.logsigmoid(psi * theta)"},
                "This multiplies by f itself; a velocity is a slope."),
        Mistake("slope of the sigmoid", {"sigmoid(-psi * theta)": "sigmoid(-psi * theta) * torch.sigmoid(psi * theta)"},
                "This is the derivative of a probability; the logarithm is missing."),
        Mistake("the non-saturating G", {"-psi * slope": "-psi * torch.sigmoid(psi * theta)"},
                "This G follows -log D, the non-saturating loss; here both play for one number."),
        Mistake("exponential that overflows", {"torch.sigmoid(-psi * theta)": "(grown := torch.exp(-psi * theta)) / (1 + grown)"},
                "e^-t is inf for t below -88 and inf / inf is NaN: torch.sigmoid knows better.", "dtype/device/seed"),
    ),
)
