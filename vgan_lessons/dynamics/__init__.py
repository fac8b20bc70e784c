"""How two players move who want opposite things: fields, steps, and what becomes of them.

The Dirac-GAN holds everything in two numbers, theta (G's) and psi (D's), so a game is a field
of arrows in the plane, training is a walk along it, and two eigenvalues say where it leads.
"""

from vgan_lessons.dynamics.dirac import (
    Field,
    dirac_field,
    non_saturating_dirac_field,
    r1_dirac_eigenvalues,
    r1_dirac_field,
    wasserstein_dirac_field,
)
from vgan_lessons.dynamics.linear import (
    Motion,
    linearised_eigenvalues,
    measured_motion,
    motion_of,
)
from vgan_lessons.dynamics.paths import runge_kutta_step, trajectory
from vgan_lessons.dynamics.play import FIELDS, GameSettings, play_game, round_eigenvalues
from vgan_lessons.dynamics.stability import stability_map
from vgan_lessons.dynamics.steps import alternating_step, simultaneous_step
from vgan_lessons.dynamics.width import wide_dirac_field

__all__ = [
    "FIELDS",
    "Field",
    "GameSettings",
    "Motion",
    "alternating_step",
    "dirac_field",
    "linearised_eigenvalues",
    "measured_motion",
    "motion_of",
    "non_saturating_dirac_field",
    "play_game",
    "r1_dirac_eigenvalues",
    "r1_dirac_field",
    "round_eigenvalues",
    "runge_kutta_step",
    "simultaneous_step",
    "stability_map",
    "trajectory",
    "wasserstein_dirac_field",
    "wide_dirac_field",
]
