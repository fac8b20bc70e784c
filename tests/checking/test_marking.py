"""One answer in, one verdict out: passed, borrowed or failed."""

import functools

from checking.toys import HINGE, half, hinge, toy
from vgan_lessons.checking import Case, mark, solved_source, typed


def test_a_right_answer_passes_without_a_word():
    verdict = mark(HINGE, lambda real, fake: (1 - real).clamp(min=0).mean() + half(fake))
    assert verdict.state == "passed" and not verdict.notes and verdict.finding is None


def test_an_answer_may_be_a_plain_value():
    value = toy(
        0.5, name="gamma", cases=(Case(name="it", run=lambda a: a, expect=0.5, nudge="Half."),)
    )
    assert mark(value, ...).state == "not_attempted"
    assert mark(value, 0.5).state == "passed"
    assert mark(value, 0.6).finding.what == "expected 0.5, got 0.6"


def test_the_librarys_own_code_is_borrowed_and_never_a_pass():
    for answer in (hinge, lambda r, f: hinge(r, f), functools.partial(hinge)):
        verdict = mark(HINGE, answer)
        assert verdict.borrowed and verdict.state == "not_attempted"
    assert mark(HINGE, typed(solved_source(HINGE), "my_hinge")).state == "passed"
