"""3.3a: the velocities when D pays for its slope at the data."""

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex03_dynamics.fields import SCALES, at, field_slips, places

# fmt: off
R1_DIRAC_FIELD = Exercise(
    name="r1_dirac_field",
    number="3.3a",
    minutes=5,
    difficulty="medium",
    contract=(
        "The game of `dirac_field`, but D climbs f(psi * theta) - gamma / 2 * psi^2: it pays "
        "half of gamma times the squared slope of its score at the data. G pays nothing.",
        "Return two tensors of theta's shape, `(theta_velocity, psi_velocity)`. gamma is a "
        "number; at 0 the field is that of `dirac_field`.",
        "Both stay finite however large psi * theta is, and stay on the graph: eigenvalues are "
        "taken through them.",
    ),
    reference=dynamics.r1_dirac_field,
    inputs=lambda draw: {**places(draw), "gamma": draw.number(0.2, 3.0)},
    scales=SCALES,
    cases=(  # situation, what is seen, by hand, where to look
        Case("G has arrived", at(0.0, -3.0, 0.5), (1.5, 1.5),  # 3 / 2, and -0.5 * -3
             "theta is 0, so only the penalty moves D: back to slope 0, and harder the steeper it is."),
        Case("D is flat", at(2.0, 0.0, 0.5), (0.0, 1.0),
             "A flat D pays nothing, wherever the fakes are."),
        Case("both away from rest", at(1.0, 2.0, 0.5), (-0.238406, -0.880797),  # 0.119203 - 0.5 * 2
             "Take the velocities of `dirac_field` and change one of them."),
        Case("a score that is wrong by far", at(-20.0, 10.0, 0.5), (-10.0, -25.0),  # f'(-200) = 1; -20 - 0.5 * 10
             "At psi * theta = -200, e^-t is too large for a float; f' is 1 there."),
    ),
    hints=(
        "How steep is the score psi * x at the data? What does its square cost D?",
        "The derivative of gamma / 2 * psi^2 by psi; D climbs, so a cost slows it down.",
        "`theta_velocity, psi_velocity = dirac_field(theta, psi)`, then subtract from one.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        *(slip for slip in field_slips("theta_velocity", "psi_velocity - gamma * psi")
          if slip.name != "averaged over the places"),
        Mistake("half of the pull", {"gamma * psi": "gamma / 2 * psi"},
                "The 1/2 of gamma / 2 * psi^2 goes when you differentiate: gamma * psi is left."),
        Mistake("twice the pull", {"gamma * psi": "2 * gamma * psi"},
                "This is the slope of gamma * psi^2; the penalty is gamma / 2 * psi^2."),
        Mistake("penalty that speeds D up", {"- gamma * psi": "+ gamma * psi"},
                "The sign of the penalty is turned: D is paid for being steep."),
        Mistake("the penalty instead of its slope", {"gamma * psi": "gamma / 2 * psi.square()"},
                "A velocity is a slope: differentiate gamma / 2 * psi^2 by psi."),
        Mistake("size of the slope without its sign", {"gamma * psi": "gamma * psi.abs()"},
                "The pull goes back to 0 from both sides: psi, not |psi|."),
        Mistake("penalty on G", {"velocity, psi_velocity - gamma * psi": "velocity - gamma * theta, psi_velocity"},
                "G pays nothing: the penalty is about D's slope, psi."),
        Mistake("both players pay", {"return theta_velocity": "return theta_velocity - gamma * theta"},
                "G pays nothing; only psi's velocity changes."),
        Mistake("G pays for D's slope", {"return theta_velocity": "return theta_velocity - gamma * psi"},
                "G cannot change psi, so the penalty has no slope by theta."),
        Mistake("D pays for the fakes' place", {"gamma * psi": "gamma * theta"},
                "The gradient of psi * x by x is psi: theta is where the fakes are."),
        Mistake("penalty forgotten", {" - gamma * psi": ""},
                "This is the game without a penalty."),
        Mistake("f' taken at 0", {"dirac_field(theta, psi)": "-psi / 2, theta / 2"},
                "f' is 1/2 at rest only; this is the penalised game linearised there."),
        Mistake("the non-saturating G", {"return theta_velocity": "return -psi * torch.sigmoid(psi * theta)"},
                "This G follows -log D; the game is that of `dirac_field`, where both play for one number."),
        Mistake("exponential that overflows",
                {"dirac_field(theta, psi)": "-psi * (slope := (grown := torch.exp(-psi * theta)) / (1 + grown)), theta * slope"},
                "e^-t is inf for t below -88 and inf / inf is NaN: torch.sigmoid knows better."),
        Mistake("penalty detached", {"gamma * psi": "gamma * psi.detach()"},
                "The velocity is right, but its slope by psi is not: the eigenvalues would be "
                "those of the game without a penalty.", "gradients"),
    ),
)
