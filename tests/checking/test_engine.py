"""What the engine sees and says, on one small exercise."""

import contextlib
import functools
import time

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from checking.toys import HINGE, hinge, toy
from vgan_lessons.checking import mark, solved_source, typed


def half(score):
    return F.relu(1 + score).mean()


def in_place(real, fake):
    real.neg_()
    return half(real) + half(fake)


def reseeding(real, fake):
    torch.manual_seed(0)
    return half(-real) + half(fake)


def drawing(real, fake):
    np.random.rand()
    return half(-real) + half(fake)


def narrow(real, fake):
    return half(-real).float() + half(fake).float()


def on_the_cpu(real, fake):
    return torch.maximum(1 - real, torch.zeros(len(real), dtype=real.dtype)).mean() + half(fake)


def by_default(real, fake):
    return half(-real) + half(fake) + torch.zeros(())


def switched(real, fake):
    real.requires_grad_(True)
    return half(-real) + half(fake)


def half_cut(real, fake):
    return half(-real) + half(fake.detach())


def remembering(real, fake, seen=[]):  # noqa: B006  (that is the mistake)
    seen.append(1)
    return half(-real) + half(fake) * (1 if len(seen) < 10 else 2)


def leaving_gradients_off(real, fake):
    loss = half(-real) + half(fake)
    torch.set_grad_enabled(False)
    return loss


def test_a_right_answer_passes_without_a_word():
    verdict = mark(HINGE, lambda real, fake: (1 - real).clamp(min=0).mean() + half(fake))
    assert verdict.state == "passed" and not verdict.notes and verdict.finding is None


@pytest.mark.parametrize(
    "answer, words",
    [
        (in_place, "changes its input real_logits (values)"),
        (switched, "changes its input real_logits (requires_grad)"),
        (reseeding, "reseeds the global random source of torch"),
        (drawing, "draws from the global random source of numpy"),
        (narrow, "expected a result in float64, got float32"),
        (on_the_cpu, "raised WrongDevice"),
        (by_default, "expected a result in float32, got float64"),
        (half_cut, "gradient for fake_logits: none arrives"),
        (remembering, "expected"),
        (leaving_gradients_off, "gradient mode changed"),
        (lambda real, fake: None if len(real) else half(fake), "expected one number, got None"),
        (lambda real, fake: (half(-real), half(fake)), "got 2 results (a tuple)"),
        (lambda real, fake: half(-real).reshape(1) + half(fake), "got shape (1,)"),
        (lambda real, fake: half(-real) / 0 + half(fake), "got inf"),
        (lambda real, fake: "2.0", "got '2.0'"),
        (lambda real: half(real), "too many positional arguments"),
        (torch.zeros(3), "a Tensor, the result of a call"),
        (2.0, "a float, the result of a call"),
    ],
)
def test_a_wrong_answer_hears_what_is_wrong(answer, words):
    verdict = mark(HINGE, answer)
    assert verdict.state == "failed"
    assert words in verdict.finding.what


def test_an_object_that_equals_everything_is_a_wrong_type():
    class Agreeable(float):
        def __eq__(self, other):
            return True

        __hash__ = None

    verdict = mark(HINGE, lambda real, fake: Agreeable(2))
    assert verdict.finding.what == "expected one number, got a Agreeable"


def test_an_exception_shows_the_learners_own_line():
    cell = "def my_hinge(real, fake):\n    margin = 1\n    return margin - reals\n"
    verdict = mark(HINGE, typed(cell, "my_hinge"))
    assert verdict.finding.what == (
        "your line `return margin - reals` raised NameError: name 'reals' is not defined"
    )


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


def test_an_endless_loop_is_stopped():
    def endless(real, fake):
        while True:
            with contextlib.suppress(Exception):
                real = real + 1

    started = time.process_time()
    verdict = mark(HINGE, endless)
    assert (
        verdict.finding.what == "it ran too long and was stopped, as an endless loop would be"
    )
    assert time.process_time() - started <= 2.0


def test_the_librarys_own_code_is_borrowed_and_never_a_pass():
    for answer in (hinge, lambda r, f: hinge(r, f), functools.partial(hinge)):
        verdict = mark(HINGE, answer)
        assert verdict.borrowed and verdict.state == "not_attempted"
    assert mark(HINGE, typed(solved_source(HINGE), "my_hinge")).state == "passed"


def test_what_the_statement_does_not_demand_is_only_a_note():
    def talking(real, fake):
        print("hello " * 1000)
        return half(-real) + half(fake)

    assert mark(HINGE, talking).notes == ("it prints, and prints are not shown during a check",)
    lenient = toy(hinge, inputs=HINGE.inputs, cases=HINGE.cases, waived=("dtype",))
    verdict = mark(lenient, narrow)
    assert (
        verdict.state == "passed" and "which this exercise does not forbid" in verdict.notes[0]
    )
    rough = mark(HINGE, lambda r, f: half(-r.float()).double().to(r.dtype) + half(f))
    assert rough.notes == ("with float64 inputs digits are lost on the way",)


def test_the_session_is_as_it_was_after_any_answer(capsys):
    torch.manual_seed(5)
    np.random.seed(5)
    states = torch.get_rng_state(), np.random.get_state()[1].copy()
    for answer in (reseeding, drawing, leaving_gradients_off):
        mark(HINGE, answer)
    assert torch.equal(torch.get_rng_state(), states[0])
    assert (np.random.get_state()[1] == states[1]).all()
    assert torch.is_grad_enabled() and torch.get_default_dtype() is torch.float32
    assert capsys.readouterr() == ("", "")
