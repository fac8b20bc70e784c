"""3.9: the velocities when G follows the non-saturating loss."""

import torch

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES, at, field_slips, places

# fmt: off
NON_SATURATING_DIRAC_FIELD = Exercise(
    name="non_saturating_dirac_field",
    number="3.9",
    minutes=8,
    difficulty="medium",
    importance="extra",
    contract=(
        "Data sit at 0, fakes at theta, D's score of x is psi * x, and a high score says "
        "fake. D climbs f(psi * theta), f(t) = -log(1 + e^-t), as in `dirac_field`; G "
        "climbs f(-psi * theta), the log of the probability that its fake is real.",
        "Return two tensors of theta's shape, `(theta_velocity, psi_velocity)`, one place by "
        "itself.",
        "Both stay finite however large psi * theta is, and stay on the graph.",
    ),
    reference=dynamics.non_saturating_dirac_field,
    inputs=places,
    scales=SCALES,
    cases=(  # situation, what is seen, by hand, where to look
        Case("D is still flat", at(1.0, 0.0), (0.0, 0.5),
             "psi is 0: nothing moves G, and D climbs with f'(0) = 1/2 times theta."),
        Case("G has arrived", at(0.0, 1.0), (-0.5, 0.0),
             "theta is 0: D has nothing to gain, and its slope pushes G to lower scores."),
        Case("both away from rest", at(1.0, 1.0), (-0.731059, 0.268941),  # sigmoid(1) and sigmoid(-1)
             "At psi * theta = 1 D is sure of the fakes: G is pulled hard, D a little."),
        Case("several places at once", at([0.0, 1.0, 0.0], [1.0, 0.0, -2.0]),
             (torch.tensor([-0.5, 0.0, 1.0]), torch.tensor([0.0, 0.5, 0.0])),
             "Each place is a game of its own: one velocity for each, not divided by their number.", "axes"),
        Case("a score that is right by far", at(20.0, 10.0), (-10.0, 0.0),
             "At psi * theta = 200, e^t is too large for a float; G is pulled with weight 1, D with weight 0."),
    ),
    hints=(
        "Only G's goal is new. What is the derivative of f(-psi * theta) by theta?",
        "Chain rule: -psi f'(-psi * theta), and f'(t) = sigmoid(-t). Two minus signs meet.",
        "`score = psi * theta`, then `return -psi * torch.sigmoid(...), theta * "
        "torch.sigmoid(...)`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        *field_slips("-psi * torch.sigmoid(score)", "theta * torch.sigmoid(-score)"),
        Mistake("the minimax G", {"-psi * torch.sigmoid(score)": "-psi * torch.sigmoid(-score)"},
                "This is `dirac_field`: G still descends D's own goal, and goes slow where D is sure."),
        Mistake("both sides changed", {"sigmoid(-score)": "sigmoid(score)"},
                "D's goal is as before: its f' is taken at psi * theta, not at minus that."),
        Mistake("D's side changed instead", {"sigmoid(score)": "sigmoid(-score)", "sigmoid(-score)": "sigmoid(score)"},
                "The new goal is G's, not D's."),
        Mistake("f' left out for G", {"-psi * torch.sigmoid(score)": "-psi"},
                "The weight f'(-psi * theta) is missing: this is a Wasserstein G against a logistic D."),
        Mistake("own number instead of the other's", {"-psi * torch": "-theta * torch", "theta * torch": "psi * torch"},
                "The derivative of psi * theta by theta is psi, and by psi it is theta."),
        Mistake("exponential that overflows",
                {"score = psi * theta": "grown = torch.exp(psi * theta)",
                 "torch.sigmoid(score)": "grown / (1 + grown)", "* torch.sigmoid(-score)": "/ (1 + grown)"},
                "e^t is inf for t above 88 and inf / inf is NaN: torch.sigmoid knows better.", "dtype/device/seed"),
    ),
)
