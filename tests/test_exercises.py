"""Every exercise, tested both ways: right answers pass, wrong ones fail and hear why.

`-m "not slow"` tries one seed, a push three, `-m thorough` the others up to 25. What of which
kind the checks refuse: `python3 start.py test -m thorough -rP -k report`.
"""

import time
from collections.abc import Callable, Container
from dataclasses import replace
from functools import cache
from statistics import median
from typing import Any

import pytest
import torch
from torch import nn

import checking.spoiled_conduct
import checking.spoiled_results  # noqa: F401
import vgan_lessons.exercises  # noqa: F401  (fills the registry)
from answers import right_answers
from checking.demands import applies
from checking.mutants import mutants
from checking.report import Tally, table
from checking.spoiling import WRONG, emptying_its_inputs
from checking.survivors import SURVIVORS
from machine_speed import quick_enough
from vgan_lessons.checking import (
    Exercise,
    Mistake,
    Verdict,
    all_exercises,
    mark,
    solved_source,
    stub_source,
    typed,
)
from vgan_lessons.checking.marking import record_of_mistake, record_of_reference

EXERCISES = all_exercises()
whatever_the_seed = pytest.mark.parametrize(
    "seeds",
    [
        pytest.param(range(1), id="quick"),
        pytest.param(range(1, 3), id="pushed", marks=pytest.mark.slow),
        pytest.param(range(3, 25), id="thorough", marks=pytest.mark.thorough),
    ],
)


LONG = {  # their networks and loops make many mistakes to mark: 4 to 8 seconds
    *("ClipDiscriminator", "FrameGenerator", "VideoGenerator", "article_frames"),
    *("gradient_penalty", "repair_the_article", "train_video", "video_gan_round"),
}


def each(slow: Container[str] = ()) -> pytest.MarkDecorator:
    """Every exercise, counted for its lesson; those named are slow."""
    made = []
    for e in EXERCISES:
        marks = [pytest.mark.lesson(f"{e.lesson:02d}", "exercises")]
        marks += [pytest.mark.slow] if e.name in slow else []
        made.append(pytest.param(e, id=e.name, marks=marks))
    return pytest.mark.parametrize("exercise", made)


each_exercise, each_catalogue = each(), each(LONG)


@cache
def typed_reference(exercise: Exercise) -> Any:
    """The library's own code, typed into a cell: a right answer that is not borrowed."""
    return typed(solved_source(exercise), f"my_{exercise.name}")


@cache
def marked_mistakes(exercise: Exercise) -> dict[Mistake, tuple[Verdict, float]]:
    """The verdict on every catalogued mistake, and the CPU seconds that it took."""
    record_of_reference.cache_clear()  # cold, as a learner's first check is
    record_of_mistake.cache_clear()
    marked = {}
    for mistake, wrong in exercise.wrong_answers.items():
        before = time.process_time()
        verdict = mark(exercise, wrong)
        marked[mistake] = verdict, time.process_time() - before
    return marked


@cache
def in_parts(exercise: Exercise) -> tuple[Exercise, ...]:
    """Its first case, all its cases, and everything; each names no mistake."""
    everything = replace(exercise, mistakes=())
    cases = replace(everything, inputs=None)
    return replace(cases, cases=exercise.cases[:1]), cases, everything


def refused(exercise: Exercise, new_answer: Callable[[], Any]) -> bool:
    """Whether a check refuses an answer; what comes later is run only if it passed so far."""
    return any(mark(part, new_answer()).state != "passed" for part in in_parts(exercise))


@cache
def slips_refused(exercise: Exercise) -> dict[str, bool]:
    """Each syntax slip in the reference; whether it is refused."""
    name = f"my_{exercise.name}"
    return {
        slip: refused(exercise, lambda text=text: typed(text, name))
        for slip, text in slips_of(exercise).items()
    }


def slips_of(exercise: Exercise) -> dict[str, str]:
    if not callable(exercise.reference):
        return {}
    return mutants(solved_source(exercise), f"my_{exercise.name}")


@cache
def spoiled_refused(exercise: Exercise) -> dict[tuple[str, str], bool]:
    """Each way to spoil a right answer that its statement forbids; whether it is refused."""
    right = typed_reference(exercise)
    found = {}
    for kind, spoilers in WRONG.items():
        for name, spoil in spoilers:
            with torch.random.fork_rng(devices=[]):
                applied = applies(exercise, kind, name, right, spoil(right))
            torch.set_grad_enabled(True)
            if applied:
                found[kind, name] = refused(exercise, lambda spoil=spoil: spoil(right))
    return found


def said(verdict: Verdict) -> str:
    return str(verdict.finding or verdict.state)


@each_exercise
@whatever_the_seed
def test_the_reference_passes_its_own_check(exercise, seeds):
    for seed in seeds:
        verdict = mark(exercise, typed_reference(exercise), seed)
        assert verdict.state == "passed", f"seed {seed}: {said(verdict)}"
        assert not verdict.notes


@each_exercise
@whatever_the_seed
def test_right_answers_written_differently_pass(exercise, seeds):
    alternatives = right_answers(exercise)
    assert len(alternatives) >= 3
    for name, answer in alternatives.items():
        for seed in seeds:
            verdict = mark(exercise, answer, seed)
            assert verdict.state == "passed", f"{name}, seed {seed}: {said(verdict)}"


@each_catalogue
def test_every_catalogued_mistake_is_called_by_its_name(exercise):
    assert len(exercise.mistakes) >= 6
    for mistake, (verdict, _) in marked_mistakes(exercise).items():
        assert verdict.state == "failed", mistake.name
        named = verdict.diagnosis.name if verdict.diagnosis else None
        assert named == mistake.name, f"{mistake.name}: {said(verdict)}"


@each_catalogue
def test_every_case_is_the_first_to_catch_some_mistake(exercise):
    firsts = {verdict.finding.trial for verdict, _ in marked_mistakes(exercise).values()}
    idle = [case.name for case in exercise.cases if case.name not in firsts]
    assert not idle, f"no listed mistake needs these cases: {idle}"


@each_catalogue
def test_wrong_numbers_are_caught_by_hand_worked_cases(exercise):
    """They do not ask the reference: one that is wrong in the same way fails its own check."""
    cases = {case.name for case in exercise.cases}
    for mistake, (verdict, _) in marked_mistakes(exercise).items():
        assert mistake.kind != "values" or verdict.finding.trial in cases, mistake.name


@each_catalogue
def test_a_check_is_quick(exercise):
    """In CPU time of a quiet core: what a learner waits whose machine does nothing else."""
    spent = [seconds for _, seconds in marked_mistakes(exercise).values()]
    assert quick_enough(max(spent), 2.0), "the first, which looks at all mistakes, or another"
    assert quick_enough(median(spent), 0.4)


@each_exercise
def test_the_untouched_stub_is_neither_right_nor_wrong(exercise):
    page = {"__name__": "__learner__", "nn": nn}  # a class stub names its base
    stub = typed(stub_source(exercise), f"my_{exercise.name}", page)
    assert mark(exercise, stub) == Verdict("not_attempted")
    assert mark(exercise, exercise.reference).borrowed == callable(exercise.reference)


@pytest.mark.slow
@each_exercise
def test_what_an_answer_does_to_its_inputs_does_not_reach_the_next_one(exercise):
    if not callable(exercise.reference):
        return
    right = typed_reference(exercise)
    mark(exercise, emptying_its_inputs(right))
    assert mark(exercise, right).state == "passed"


@pytest.mark.slow
@each_exercise
def test_answers_spoiled_in_one_way_are_refused(exercise):
    passed = [f"{k}: {n}" for (k, n), no in spoiled_refused(exercise).items() if not no]
    assert not passed


@pytest.mark.slow
@each_exercise
def test_syntax_slips_are_refused_or_known_to_be_harmless(exercise):
    alive = {slip for slip, no in slips_refused(exercise).items() if not no}
    known = SURVIVORS.get(exercise.name, {})
    assert alive == known.keys(), "tests/checking/survivors.py lists each with its reason"


@pytest.mark.slow
def test_at_most_three_syntax_slips_in_a_hundred_are_known_to_be_harmless():
    made = sum(len(slips_of(exercise)) for exercise in EXERCISES)
    assert made > 10 * len(EXERCISES)
    assert sum(map(len, SURVIVORS.values())) / made <= 0.03


@pytest.mark.thorough
def test_the_report_of_wrong_answers_by_class():
    listed, spoiled, slips = Tally(), Tally(), Tally()
    for exercise in EXERCISES:
        for mistake, (verdict, _) in marked_mistakes(exercise).items():
            failed = verdict.state == "failed"
            listed.count(mistake.kind, f"{exercise.name}: {mistake.name}", refused=failed)
        for (kind, name), no in spoiled_refused(exercise).items():
            spoiled.count(kind, f"{exercise.name}: {name}", refused=no)
        for slip, no in slips_refused(exercise).items():
            slips.count("syntax", f"{exercise.name}: {slip}", refused=no)
    print(f"\nwrong answers to {len(EXERCISES)} exercises, and how many the checks refuse\n")
    print(table({"catalogued mistakes": listed, "spoiled answers": spoiled}))
    print(f"\nsyntax slips in the reference: {slips.cell().strip()}; the others are harmless:")
    for slip in listed.escaped + spoiled.escaped + slips.escaped:
        print(f"  {slip}")
    assert listed.share() == 1.0
    assert spoiled.share() >= 0.95
