"""Exercises of lesson 13: noise added and taken away, rivals compared, marks and reports."""

from vgan_lessons.exercises.ex13_rivals.ddim import DDIM
from vgan_lessons.exercises.ex13_rivals.pareto import PARETO
from vgan_lessons.exercises.ex13_rivals.posterior_mean import POSTERIOR_MEAN
from vgan_lessons.exercises.ex13_rivals.provenance_mark import PROVENANCE_MARK
from vgan_lessons.exercises.ex13_rivals.q_sample import Q_SAMPLE
from vgan_lessons.exercises.ex13_rivals.quiz import QUIZ
from vgan_lessons.exercises.ex13_rivals.validate_report import VALIDATE_REPORT

ALL = (Q_SAMPLE, POSTERIOR_MEAN, DDIM, PARETO, PROVENANCE_MARK, VALIDATE_REPORT)

__all__ = ["ALL", "QUIZ"]
