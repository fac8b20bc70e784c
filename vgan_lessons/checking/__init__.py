"""The marking machine: it checks answers to exercises and knows none of them itself.

Read in this order: `exercise` (what an exercise is), `observing` (run an answer, write down
what happens), `judging` (compare with the reference), `diagnosing` (call the mistake by its
name), `marking` (the three together), `verbs` (what a learner types).
"""

from vgan_lessons.checking.asking import predict, progress, quiz
from vgan_lessons.checking.draws import Draw
from vgan_lessons.checking.exercise import Case, Exercise, Mistake
from vgan_lessons.checking.marking import Verdict, mark
from vgan_lessons.checking.questions import Question, Quiz
from vgan_lessons.checking.registry import (
    UnknownName,
    all_exercises,
    all_quizzes,
    find,
    register,
)
from vgan_lessons.checking.sources import solved_source, stub_source, typed
from vgan_lessons.checking.verbs import check, explain, failing_inputs, hint, solution

__all__ = [
    "Case",
    "Draw",
    "Exercise",
    "Mistake",
    "Question",
    "Quiz",
    "UnknownName",
    "Verdict",
    "all_exercises",
    "all_quizzes",
    "check",
    "explain",
    "failing_inputs",
    "find",
    "hint",
    "mark",
    "predict",
    "progress",
    "quiz",
    "register",
    "solution",
    "solved_source",
    "stub_source",
    "typed",
]
