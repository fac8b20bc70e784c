"""The marking machine: it checks answers to exercises and knows none of them itself.

Read in this order:

- `results`: an answer's whole way from `check(...)` to the printed line, and the five results;
- `exercise`: what an exercise is; `probes`: the inputs on which answers are compared;
- `observing`: run an answer and write down what happens, inside of `surroundings`;
- `plain`: what is written down, and how it is compared;
- `judging`: find the first broken promise;
- `marking`: these steps together;
- `naming`: the name of the mistake: a catalogued one, or a relation to the right answer, each
  kind a file of `relations`;
- `cells`: stub and solved cell; `architecture`: ready-made cases for networks;
- `registry`, `bookkeeping`, `feedback`, `verbs`: which exercises there are, what is done, what
  is printed, what a learner types.
"""

from vgan_lessons.checking.cells import solved_source, stub_source
from vgan_lessons.checking.exercise import Case, Exercise, Mistake, edited, typed
from vgan_lessons.checking.marking import mark
from vgan_lessons.checking.probes import Draw
from vgan_lessons.checking.registry import (
    Question,
    Quiz,
    UnknownName,
    all_exercises,
    all_quizzes,
    find,
    register,
)
from vgan_lessons.checking.results import Verdict
from vgan_lessons.checking.verbs import (
    check,
    explain,
    failing_inputs,
    hint,
    predict,
    progress,
    quiz,
    solution,
)

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
    "edited",
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
