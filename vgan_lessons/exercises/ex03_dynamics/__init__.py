"""Exercises of lesson 03: a game as a field of velocities, and penalties that calm it."""

from vgan_lessons.exercises.ex03_dynamics.dirac import DIRAC_FIELD
from vgan_lessons.exercises.ex03_dynamics.gradient_penalty import GRADIENT_PENALTY
from vgan_lessons.exercises.ex03_dynamics.lazy_penalty import LAZY_PENALTY
from vgan_lessons.exercises.ex03_dynamics.non_saturating_dirac import (
    NON_SATURATING_DIRAC_FIELD,
)
from vgan_lessons.exercises.ex03_dynamics.quiz import QUIZ
from vgan_lessons.exercises.ex03_dynamics.r1_dirac import R1_DIRAC_FIELD
from vgan_lessons.exercises.ex03_dynamics.r1_eigenvalues import R1_DIRAC_EIGENVALUES
from vgan_lessons.exercises.ex03_dynamics.spectral_norm import SPECTRAL_NORM
from vgan_lessons.exercises.ex03_dynamics.stability import STABILITY_MAP
from vgan_lessons.exercises.ex03_dynamics.steps import ALTERNATING_STEP, SIMULTANEOUS_STEP
from vgan_lessons.exercises.ex03_dynamics.wide_dirac import WIDE_DIRAC_FIELD
from vgan_lessons.exercises.ex03_dynamics.zero_centred import R1_PENALTY, R2_PENALTY

ALL = (
    DIRAC_FIELD,
    SIMULTANEOUS_STEP,
    ALTERNATING_STEP,
    R1_DIRAC_FIELD,
    STABILITY_MAP,
    WIDE_DIRAC_FIELD,
    R1_PENALTY,
    R2_PENALTY,
    LAZY_PENALTY,
    R1_DIRAC_EIGENVALUES,
    GRADIENT_PENALTY,
    SPECTRAL_NORM,
    NON_SATURATING_DIRAC_FIELD,
)

__all__ = ["ALL", "QUIZ"]
