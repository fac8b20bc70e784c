"""One answer in, one verdict out: passed, borrowed, or failed and called by its name."""

import functools

import torch
from torch.nn import functional as F

from checking.toys import HINGE, half, hinge, toy
from vgan_lessons.checking import Case, Mistake, mark, solved_source, typed


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


def test_a_mistake_is_called_by_its_name_however_it_is_written():
    verdict = mark(HINGE, lambda r, f: (1 + r).clamp(min=0).mean() + (1 - f).clamp(0).mean())
    assert verdict.diagnosis.name == "labels swapped"
    assert verdict.finding.trial == "unequal batch sizes"


def test_a_mistake_in_another_dtype_still_has_its_name():
    verdict = mark(
        HINGE, lambda r, f: torch.cat([F.relu(1 - r), F.relu(1 + f)]).mean().float() * 2
    )
    assert verdict.diagnosis.name == "one mean over both"


def test_a_mistake_that_nobody_listed_has_no_name():
    assert mark(HINGE, lambda real, fake: half(-real) + 3 * half(fake)).diagnosis is None


def test_where_no_gradient_is_asked_none_takes_part_in_the_naming():
    doubled = Mistake("doubled", lambda x: 2 * x.square().sum(), "Twice too much.")
    inputs = {"inputs": lambda draw: {"x": draw.normal("N")}, "mistakes": (doubled,)}
    free = toy(squares, free_gradients=("x",), **inputs)
    asked = toy(squares, **inputs)

    def cut_off(x):
        return 2 * x.detach().square().sum()

    assert mark(free, cut_off).diagnosis is doubled
    assert mark(asked, cut_off).diagnosis is None


def squares(x: torch.Tensor) -> torch.Tensor:
    """The sum of squares of (N,)."""
    return x.square().sum()
