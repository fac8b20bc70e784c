"""What is seen of an answer: its own line, its form, its time; and the session afterwards."""

import contextlib
import functools
import time

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from checking.toys import HINGE, drawing, leaving_gradients_off, reseeding
from vgan_lessons.checking import mark, typed


class Callable:
    def __call__(self, real_logits, fake_logits):
        return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()


def with_more_arguments(real, fake, margin=1.0, **rest):
    return F.relu(margin - real).mean() + F.relu(margin + fake).mean()


def value_by_value(real, fake):
    total = real.new_zeros(())
    for score in real.flatten():
        total = total + (1 - score if score.item() < 1 else 0 * score)
    return total / real.numel() + F.relu(1 + fake).mean()


@pytest.mark.parametrize(
    "answer",
    [
        Callable(),
        with_more_arguments,
        value_by_value,
        functools.partial(with_more_arguments, margin=1.0),
    ],
)
def test_right_answers_come_in_many_forms(answer):
    verdict = mark(HINGE, answer)
    assert verdict.state == "passed", verdict.finding


def test_an_exception_shows_the_learners_own_line():
    cell = "def my_hinge(real, fake):\n    margin = 1\n    return margin - reals\n"
    verdict = mark(HINGE, typed(cell, "my_hinge"))
    assert verdict.finding.what == (
        "your line `return margin - reals` raised NameError: name 'reals' is not defined"
    )


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
