"""The marking machine: it checks answers to exercises and knows none of them itself.

An answer's whole way, from `check(...)` to the printed line, with the types of `results` on it:

1. `verbs.check` finds the exercise by its name in `registry` and gives both to `marking.mark`.
   An answer that is still the stub (`cells.is_untouched`) goes no further.
2. Observe. `observing.observe` calls the answer on every hand-worked case of the exercise and
   on every probe, which are seeded inputs (`probes`), inside of what `surroundings` holds.
   An `Observation` is what happened in one call: the value, the gradients, what became of the
   inputs, all as plain data (`plain`). A call that raised leaves a `Trouble` in it instead of
   a value. All observations of one answer are its `Record`. The answer is not needed again.
3. Judge. The reference is observed in the same way. `judging.judge` holds the record against
   the hand-worked values and against the record of the reference; the first difference that
   the statement forbids is the `Finding`.
4. Name the mistake. After a finding, `marking.name_mistake` observes each catalogued mistake,
   too, and takes the one whose record is like the answer's. If there is none,
   `relations.find_relation` looks for what holds between the answer's numbers and the right
   ones on every probe, "twice too large" or "wrong sign": a `Relation`.
5. State, finding, mistake or relation, and notes together are the `Verdict`. `bookkeeping`
   notes the state, `feedback.line` puts the verdict into words, and `check` prints them:

       2.4a hinge_d_loss: not yet. four scores: expected 1.5, got 3. Looks like "labels
       swapped". These are the numbers you get when reals and fakes trade places. Going on
       with the library's version.

   In the end `check` returns the answer if it passed, and the reference otherwise.

What an exercise is, its author reads in `exercise`, and in `architecture` and `steadiness` for
networks. What holds for every answer, and is printed on the page, is in `cells`.
"""

from vgan_lessons.checking.cells import house_rules, solved_source, stub_source
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
    "house_rules",
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
