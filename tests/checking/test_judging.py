"""Which promise an answer breaks, and in which words it is told."""

import time

import pytest
import torch
from torch.nn import functional as F

from checking.toys import (
    EMA,
    HINGE,
    NOISY,
    PENALTY,
    drawing,
    half,
    hinge,
    leaving_gradients_off,
    reseeding,
    toy,
)
from vgan_lessons.checking import Case, mark


def in_place(real, fake):
    real.neg_()
    return half(real) + half(fake)


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


def test_a_changed_input_is_reported_before_any_number():
    def both(real, fake):
        return half(-real) + half(fake.neg_())

    found = mark(HINGE, both).finding
    assert found.what == "it changes its input fake_logits (values)"


def test_an_object_that_equals_everything_is_a_wrong_type():
    class Agreeable(float):
        def __eq__(self, other):
            return True

        __hash__ = None

    verdict = mark(HINGE, lambda real, fake: Agreeable(2))
    assert verdict.finding.what == "expected one number, got a Agreeable"


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
    assert mark(EMA, too_fast).finding.what.startswith("average afterwards, weight")
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


def test_a_gradient_of_zeros_left_on_a_module_is_as_good_as_none():
    def first_weight(module):
        return module.weight[0].detach()

    def leaving(fill):
        def answer(module):
            for weight in module.parameters():
                weight.grad = fill(weight)
            return module.weight.detach()[0]

        return answer

    exercise = toy(first_weight, inputs=lambda draw: {"module": torch.nn.Linear(2, 3)})
    assert mark(exercise, leaving(torch.zeros_like)).state == "passed"
    finding = mark(exercise, leaving(torch.ones_like)).finding
    assert "it changes its input module" in finding.what


def test_several_results_are_compared_one_by_one():
    both = toy(
        lambda x: (x.sum(), {"mean": x.mean(), "n": len(x)}),
        name="both",
        inputs=lambda draw: {"x": draw.normal("N")},
    )
    assert mark(both, lambda x: [x.sum(), {"n": len(x), "mean": x.mean()}]).state == "passed"
    wrong = mark(both, lambda x: (x.sum(), {"n": len(x) + 1, "mean": x.mean()}))
    assert wrong.finding.what == "the 2nd of 2, n: expected 3, got 4"


def test_a_property_is_judged_on_what_was_seen():
    bounded = toy(
        torch.tanh,
        name="bounded",
        cases=(
            Case(
                name="extremes stay finite",
                run=lambda answer: answer(torch.tensor([1e4])),
                expect="at most 1",
                holds=lambda seen: bool(seen.abs() <= 1),
                nudge="Squash it.",
            ),
        ),
    )
    assert mark(bounded, lambda x: x.clamp(-1, 1)).state == "passed"
    assert mark(bounded, lambda x: x).finding.what == "expected at most 1, got [10000]"
    assert mark(bounded, lambda x: x.tolist() and None).state == "failed"


def turned(x):
    """Each number on the unit circle. (N,) in, (N,) out."""
    return torch.complex(x.cos(), x.sin())


TURNED = toy(turned, inputs=lambda draw: {"x": draw.normal("N")})


def test_a_right_answer_may_find_its_complex_numbers_another_way():
    verdict = mark(TURNED, lambda x: torch.polar(torch.ones_like(x), x))
    assert verdict.state == "passed", verdict.finding


def test_a_part_that_is_missing_is_seen():
    conjugate = mark(TURNED, lambda x: torch.complex(x.cos(), -x.sin())).finding
    assert conjugate.what.startswith("expected [") and "j" in conjugate.what
    assert mark(TURNED, lambda x: x.cos()).state == "failed"


def test_the_dtype_follows_the_inputs():
    wide = mark(TURNED, lambda x: torch.complex(x.double().cos(), x.double().sin())).finding
    assert wide.what == "expected a result in complex64, got complex128"


def test_gradients_pass_through_both_parts():
    def half_cut(x):
        return torch.complex(x.cos(), x.sin().detach())

    assert mark(TURNED, half_cut).finding.what.startswith("gradient for x")


def logistic(logits):
    """Mean softplus of logits of any shape."""
    return F.softplus(logits).mean()


def by_where(logits):
    return torch.where(logits > 20, logits, torch.log1p(torch.exp(logits))).mean()


@pytest.mark.parametrize(
    "answer, words",
    [
        (by_where, "gradient for logits: expected finite numbers, got nan"),
        (lambda logits: torch.log1p(torch.exp(logits)).mean(), "expected a finite result"),
    ],
)
def test_what_is_promised_to_stay_finite_is_tried_at_very_large_numbers(answer, words):
    fields = {"inputs": lambda draw: {"logits": draw.normal("B")}, "scales": (1.0, 0.3)}
    promised = toy(logistic, stays_finite=True, **fields)
    assert words in mark(promised, answer).finding.what
    assert mark(promised, lambda x: -F.logsigmoid(-x).mean()).state == "passed"
    assert mark(toy(logistic, **fields), answer).state == "passed"


def test_a_gradient_left_on_an_input_is_a_side_effect():
    def walking(real, fake):
        loss = half(-real) + half(fake)
        if loss.requires_grad:
            loss.backward(retain_graph=True)
        return loss

    assert mark(HINGE, walking).finding.what == (
        "it leaves a gradient in .grad of its input real_logits"
    )


TOTAL = toy(
    lambda x: x.sum(),
    name="total",
    inputs=lambda draw: {"x": draw.normal("N")},
    free_gradients=("x",),
)


def test_a_plain_number_is_no_tensor():
    finding = mark(TOTAL, lambda x: x.sum().item()).finding
    assert finding.what == "expected a tensor, got a plain number"
    number = toy(lambda x: x.sum().item(), name="number", inputs=TOTAL.inputs)
    assert mark(number, lambda x: float(x.sum())).state == "passed"


def test_an_answer_may_leave_torch_where_no_gradient_is_asked():
    def by_numpy(x):
        return torch.as_tensor(x.numpy().sum(), dtype=x.dtype)

    lenient = toy(
        TOTAL.reference,
        inputs=TOTAL.inputs,
        free_gradients=("x",),
        waived=("device",),
    )
    assert mark(lenient, by_numpy).state == "passed"
    asked = toy(TOTAL.reference, inputs=TOTAL.inputs, waived=("device",))
    assert ".numpy() leaves torch" in mark(asked, by_numpy).finding.what


def test_where_nothing_is_asked_to_come_back_anything_may():
    def handing_back(average, model, decay):
        with torch.no_grad():
            for old, new in zip(average.parameters(), model.parameters(), strict=True):
                old.lerp_(new, 1 - decay)
        return average

    assert mark(EMA, handing_back).state == "passed"


def test_a_new_tensor_of_the_default_kind_is_right_where_nobody_moves_the_inputs():
    def padded(x):
        return torch.cat([torch.zeros(1), x]).sum()

    paper = ("graph cut", "device", "default dtype")
    on_paper = toy(TOTAL.reference, inputs=TOTAL.inputs, free_gradients=("x",), waived=paper)
    verdict = mark(on_paper, padded)
    assert verdict.state == "passed" and not verdict.notes
    assert mark(on_paper, lambda x: x.float().sum()).state == "failed"
    assert mark(TOTAL, padded).finding.trial == "inputs on another device"
