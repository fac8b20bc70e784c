"""What is seen of an answer: its own line, its form, its time; and the session afterwards."""

import contextlib
import functools
import time

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from checking.toys import (
    HINGE,
    PENALTY,
    drawing,
    half,
    leaving_gradients_off,
    reseeding,
    right,
    toy,
)
from machine_speed import quick_enough
from vgan_lessons.checking import Case, feedback, mark, typed
from vgan_lessons.checking.observing import observe
from vgan_lessons.checking.probes import PROBES
from vgan_lessons.checking.results import THE_CALL


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
        n = 0  # plain numbers: to free the graph of a million sums would take time of its own
        while True:
            with contextlib.suppress(Exception):
                n += 1

    mark(HINGE, reseeding)  # what a first check fetches is not the loop's time
    started = time.process_time()
    verdict = mark(HINGE, endless)
    assert (
        verdict.finding.what == "it ran too long and was stopped, as an endless loop would be"
    )
    assert quick_enough(time.process_time() - started, 2.0)


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


def test_inputs_with_weights_of_their_own_leave_the_session_alone():
    def forgetful(critic, real):
        return critic(real).sum()

    before = torch.get_rng_state()
    finding = mark(PENALTY, forgetful).finding
    assert feedback.failing_call(PENALTY, finding)["critic"]
    assert torch.equal(torch.get_rng_state(), before)


def test_a_record_holds_every_case_and_probe_in_their_order():
    record = observe(HINGE, right)
    names = [case.name for case in HINGE.cases] + [p.name for p in PROBES if not p.extreme]
    assert list(record.seen) == names and not record.borrowed
    first, far = record.seen["random inputs"], record.seen["inputs on another device"]
    assert first.gradients.keys() == first.after.keys() == {"real_logits", "fake_logits"}
    assert first.attached and not first.changed and not first.moved and first.settings_kept
    assert far.devices == ("far",) and first.dtypes == ("float32",)


def test_what_cannot_be_called_leaves_one_trouble():
    assert list(observe(HINGE, half).seen) == [THE_CALL]


def test_a_changed_input_is_seen_where_there_are_only_cases():
    def centred(paths):
        """Each path around its mean."""
        return paths[0] - paths[0].mean()

    def in_place(paths):
        return paths[0].sub_(paths[0].mean())

    line = Case("a line", lambda a: a([torch.tensor([1.0, 3.0])]), torch.tensor([-1.0, 1]), ".")
    found = mark(toy(centred, cases=(line,)), in_place).finding
    assert found.what == "it changes its input paths[0]" and found.kind == "side effects"
    allowed = toy(centred, cases=(line,), waived=("inputs untouched",))
    assert mark(allowed, in_place).state == "passed"


def test_an_input_list_that_grew_is_a_changed_input():
    total = toy(
        lambda xs: xs[0].sum() + xs[1].sum(),
        name="total",
        inputs=lambda draw: {"xs": [draw.normal("3"), draw.normal("3")]},
    )

    def growing(xs):
        xs.append(xs[0])
        return xs[0].sum() + xs[1].sum()

    assert mark(total, growing).finding.what == "it changes its input xs (values)"


def add_in_place(real, fake):
    both = half(-real).exp()
    return both.mul_(2).log() + half(fake)


@pytest.mark.parametrize(
    "answer, words",
    [
        (add_in_place, "a tensor that the gradient still needs was changed in place"),
        (lambda real, fake: half(-torch.from_numpy(real.numpy())), ".numpy() leaves torch"),
        (
            lambda real, fake: half(-real.view(-1)) + half(fake.expand(2, -1).T.view(-1)),
            "`view`",
        ),
        (
            lambda real, fake: torch.autograd.grad(half(fake.detach()), fake)[0].sum(),
            "a gradient was asked of something that is cut off from the graph",
        ),
    ],
)
def test_what_torch_says_is_put_into_plain_words(answer, words):
    inputs_only = toy(HINGE.reference, inputs=HINGE.inputs)
    assert words in mark(inputs_only, answer).finding.what


def test_a_gradient_left_inside_of_a_list_is_seen_too():
    both = toy(
        lambda xs: xs[0].sum() + xs[1].sum(),
        name="both",
        inputs=lambda draw: {"xs": [draw.normal("3"), draw.normal("3")]},
    )

    def walking(xs):
        total = xs[0].sum() + xs[1].sum()
        if total.requires_grad:
            total.backward(retain_graph=True)
        return total

    assert mark(both, walking).finding.what.endswith(".grad of its input xs[0]")


def test_a_tensor_of_the_answers_own_making_is_another_type():
    class Mine(Tensor):
        def __sub__(self, other):
            return torch.zeros(())

    def answer(real, fake):
        return (real.sum() + fake.sum()).as_subclass(Mine)

    assert mark(HINGE, answer).finding.what == "expected one number, got a Mine"
