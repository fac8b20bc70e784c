"""Every exercise, tested both ways: right answers pass, wrong ones fail and hear why.

The report of kill rates: `python -m pytest tests/test_exercises.py -rP -k report`.
"""

import dataclasses
import time
from functools import cache
from statistics import median

import pytest
import torch

import checking.spoiled_conduct
import checking.spoiled_results  # noqa: F401
import vgan_lessons.exercises  # noqa: F401  (fills the registry)
from answers import right_answers
from checking.demands import applies
from checking.mutants import mutants
from checking.report import Tally, table
from checking.spoiling import WRONG
from checking.survivors import SURVIVORS
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
SEEDS = range(25)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


@cache
def typed_reference(exercise: Exercise):
    """The library's own code, typed into a cell: a right answer that is not borrowed."""
    return typed(solved_source(exercise), f"my_{exercise.name}")


@cache
def verdict_on(exercise: Exercise, mistake: Mistake) -> Verdict:
    return mark(exercise, exercise.wrong_answers[mistake])


@cache
def mutant_verdicts(exercise: Exercise) -> dict[str, Verdict]:
    name = f"my_{exercise.name}"
    if not callable(exercise.reference):
        return {}
    return {
        slip: mark(exercise, typed(text, name))
        for slip, text in mutants(solved_source(exercise), name).items()
    }


@cache
def spoiled_verdicts(exercise: Exercise) -> dict[tuple[str, str], Verdict]:
    right = typed_reference(exercise)
    found = {}
    for kind, spoilers in WRONG.items():
        for name, spoil in spoilers:
            with torch.random.fork_rng(devices=[]):
                applied = applies(exercise, kind, name, right, spoil(right))
            torch.set_grad_enabled(True)
            if applied:
                found[kind, name] = mark(exercise, spoil(right))
    return found


def said(verdict: Verdict) -> str:
    return str(verdict.finding or verdict.state)


@each_exercise
def test_the_reference_passes_its_own_check_whatever_the_seed(exercise):
    for seed in SEEDS:
        verdict = mark(exercise, typed_reference(exercise), seed)
        assert verdict.state == "passed", f"seed {seed}: {said(verdict)}"
        assert not verdict.notes


@each_exercise
def test_right_answers_written_differently_pass_whatever_the_seed(exercise):
    alternatives = right_answers(exercise)
    assert len(alternatives) >= 3
    for name, answer in alternatives.items():
        for seed in SEEDS:
            verdict = mark(exercise, answer, seed)
            assert verdict.state == "passed", f"{name}, seed {seed}: {said(verdict)}"


@each_exercise
def test_every_catalogued_mistake_is_called_by_its_name(exercise):
    assert len(exercise.mistakes) >= 6
    for mistake in exercise.mistakes:
        verdict = verdict_on(exercise, mistake)
        assert verdict.state == "failed", mistake.name
        named = verdict.diagnosis.name if verdict.diagnosis else None
        assert named == mistake.name, f"{mistake.name}: {said(verdict)}"


@each_exercise
def test_every_case_is_the_first_to_catch_some_mistake(exercise):
    firsts = {verdict_on(exercise, mistake).finding.trial for mistake in exercise.mistakes}
    idle = [case.name for case in exercise.cases if case.name not in firsts]
    assert not idle, f"no listed mistake needs these cases: {idle}"


@each_exercise
def test_wrong_numbers_are_caught_by_hand_worked_cases(exercise):
    """So that a reference that is wrong in the same way fails its own check."""
    cases = {case.name for case in exercise.cases}
    for mistake in exercise.mistakes:
        if mistake.kind == "values":
            wrong = exercise.wrong_answers[mistake]
            wrong_inside = dataclasses.replace(exercise, reference=wrong, mistakes=())
            verdict = mark(wrong_inside, lambda *args, wrong=wrong: wrong(*args))
            trial = verdict.finding.trial if verdict.finding else verdict.state
            assert trial in cases | {"not_attempted"}, mistake.name


@each_exercise
def test_the_untouched_stub_is_neither_right_nor_wrong(exercise):
    stub = typed(stub_source(exercise), f"my_{exercise.name}")
    assert mark(exercise, stub) == Verdict("not_attempted")
    assert mark(exercise, exercise.reference).borrowed == callable(exercise.reference)


@each_exercise
def test_answers_spoiled_in_one_way_are_refused(exercise):
    passed = [
        f"{k}: {n}" for (k, n), v in spoiled_verdicts(exercise).items() if v.state == "passed"
    ]
    assert not passed


@each_exercise
def test_syntax_slips_are_refused_or_known_to_be_harmless(exercise):
    alive = {slip for slip, v in mutant_verdicts(exercise).items() if v.state == "passed"}
    known = SURVIVORS.get(exercise.name, {})
    assert alive == known.keys(), "tests/checking/survivors.py lists each with its reason"


def test_at_most_three_syntax_slips_in_a_hundred_survive():
    verdicts = [v for e in EXERCISES for v in mutant_verdicts(e).values()]
    assert len(verdicts) > 10 * len(EXERCISES)
    assert sum(v.state != "passed" for v in verdicts) / len(verdicts) >= 0.97


def test_a_check_is_quick():
    """In CPU time: what a learner waits on a machine that does nothing else."""
    spent = []
    for exercise in EXERCISES:
        record_of_reference.cache_clear()  # cold, as a learner's first check is
        record_of_mistake.cache_clear()
        for answer in (exercise.wrong_answers[exercise.mistakes[0]], typed_reference(exercise)):
            before = time.process_time()
            mark(exercise, answer)
            spent.append(time.process_time() - before)
    assert median(spent) <= 0.3
    assert max(spent) <= 2.0


def test_the_report_of_wrong_answers_by_class():
    listed, spoiled, slips = Tally(), Tally(), Tally()
    for exercise in EXERCISES:
        for mistake in exercise.mistakes:
            refused = verdict_on(exercise, mistake).state == "failed"
            listed.count(mistake.kind, f"{exercise.name}: {mistake.name}", refused=refused)
        for (kind, name), verdict in spoiled_verdicts(exercise).items():
            refused = verdict.state != "passed"
            spoiled.count(kind, f"{exercise.name}: {name}", refused=refused)
        for slip, verdict in mutant_verdicts(exercise).items():
            slips.count("syntax", f"{exercise.name}: {slip}", refused=verdict.state != "passed")
    print(f"\nwrong answers to {len(EXERCISES)} exercises, and how many the checks refuse\n")
    print(table({"catalogued mistakes": listed, "spoiled answers": spoiled}))
    print(f"\nsyntax slips in the reference: {slips.cell().strip()}; the others are harmless:")
    for slip in listed.escaped + spoiled.escaped + slips.escaped:
        print(f"  {slip}")
    assert listed.share() == 1.0
    assert spoiled.share() >= 0.95
