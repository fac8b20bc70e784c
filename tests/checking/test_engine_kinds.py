"""Answers and exercises of every form: random, penalties, mutators, several results, values."""

import functools
import time

import pytest
import torch
from torch.nn import functional as F

from checking.toys import EMA, HINGE, NOISY, PENALTY, toy
from vgan_lessons.checking import Case, mark


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


def test_random_answers_may_draw_in_their_own_order():
    def another_order(videos, *, rng):
        columns = [
            torch.randn(len(videos), generator=rng, dtype=videos.dtype) for _ in videos.T
        ]
        return torch.stack([v + c for v, c in zip(videos.T, columns, strict=True)], dim=1)

    assert mark(NOISY, another_order).state == "passed"


@pytest.mark.parametrize(
    "answer, words",
    [
        (lambda videos, *, rng: videos + torch.randn(videos.shape), "global random source"),
        (lambda videos, *, rng: videos * 1.5, "two calls with the same rng"),
        (
            lambda videos, *, rng: (
                videos
                + torch.randn(videos.shape, generator=rng.manual_seed(1), dtype=videos.dtype)
            ),
            "two calls with the same rng",
        ),
        (
            lambda videos, *, rng: (
                videos + torch.randn(videos.shape[1], generator=rng)[0, None, 0]
            ),
            "raised IndexError",
        ),
    ],
)
def test_random_answers_draw_from_rng_afresh(answer, words):
    verdict = mark(NOISY, answer)
    assert verdict.state == "failed" and words in verdict.finding.what


def test_numbers_that_hang_on_no_seed_are_seen():
    def clock(videos, *, rng):
        return (
            videos + torch.randn(videos.shape, generator=rng) * 0 + time.perf_counter_ns() % 1e5
        )

    assert mark(NOISY, clock).state == "failed"


def test_a_penalty_must_reach_the_critic_through_its_slope():
    def first_order_only(critic, real):
        x = real.detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x).sum(), x)
        return slope.square().sum(1).mean() / 2

    def summed(critic, real):
        x = real.clone().detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
        return 0.5 * (slope**2).flatten(1).sum(1).mean()

    assert mark(PENALTY, summed).state == "passed"
    assert (
        mark(PENALTY, first_order_only).finding.what == "the result is cut off from the graph"
    )


def test_a_gradient_of_the_gradient_is_compared_where_it_is_promised():
    once = toy(
        lambda x: x**3,
        name="cube",
        inputs=lambda draw: {"x": draw.normal("B")},
        second_order=True,
    )

    def frozen_slope(x):
        slope = (3 * x**2).detach()
        return x.detach() ** 3 + slope * (x - x.detach())

    assert mark(once, frozen_slope).finding.what.startswith("gradient of the gradient for x")


def test_what_the_reference_changes_must_be_changed_alike():
    def idle(average, model, decay):
        pass

    def idle_but_busy(average, model, decay):
        return [decay * p for p in model.parameters()] and None

    def too_fast(average, model, decay):
        with torch.no_grad():
            for old, new in zip(average.parameters(), model.parameters(), strict=True):
                old.copy_((1 - decay) * old + decay * new)

    def right(average, model, decay):
        state = model.state_dict()
        with torch.no_grad():
            for name, old in average.named_parameters():
                old.copy_(decay * old + (1 - decay) * state[name])

    assert mark(EMA, idle).state == "not_attempted"
    assert mark(EMA, idle_but_busy).state == "failed"
    assert mark(EMA, too_fast).finding.what.startswith("average afterwards, in ['weight']")
    assert mark(EMA, right).state == "passed"


def test_a_module_that_is_left_in_another_mode_is_a_side_effect():
    def evaluating(critic, real):
        critic.eval()
        x = real.detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
        return slope.square().sum(1).mean() / 2

    assert mark(PENALTY, evaluating).finding.what.startswith(
        "it changes its input critic (mode"
    )


def test_several_results_are_compared_one_by_one():
    both = toy(
        lambda x: (x.sum(), {"mean": x.mean(), "n": len(x)}),
        name="both",
        inputs=lambda draw: {"x": draw.normal("N")},
    )
    assert mark(both, lambda x: [x.sum(), {"n": len(x), "mean": x.mean()}]).state == "passed"
    wrong = mark(both, lambda x: (x.sum(), {"n": len(x) + 1, "mean": x.mean()}))
    assert wrong.finding.what == "in result[1]['n']: expected 3, got 4"


def test_an_answer_may_be_a_plain_value():
    value = toy(
        0.5, name="gamma", cases=(Case(name="it", run=lambda a: a, expect=0.5, nudge="Half."),)
    )
    assert mark(value, ...).state == "not_attempted"
    assert mark(value, 0.5).state == "passed"
    assert mark(value, 0.6).finding.what == "expected 0.5, got 0.6"


def test_a_property_is_judged_on_what_was_seen():
    bounded = toy(
        torch.tanh,
        name="bounded",
        cases=(
            Case(
                name="extremes stay finite",
                run=lambda answer: answer(torch.tensor([1e4])),
                holds=lambda seen: bool(seen.abs() <= 1),
                nudge="Squash it.",
            ),
        ),
    )
    assert mark(bounded, lambda x: x.clamp(-1, 1)).state == "passed"
    assert mark(bounded, lambda x: x).finding.what == "this does not hold for [10000]"
    assert mark(bounded, lambda x: x.tolist() and None).state == "failed"
