"""What a wrong answer is called: a catalogued mistake, a relation, or nothing at all."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from checking.toys import EMA, HINGE, NOISY, PENALTY, half, toy
from vgan_lessons.checking import Case, Mistake, mark
from vgan_lessons.checking.feedback import line
from vgan_lessons.checking.results import Relation


def squares(x: Tensor) -> Tensor:
    """The mean of squares of (N, K)."""
    return x.square().mean()


def curve(x: Tensor) -> Tensor:
    """Numbers of both signs, as many as come in: (N, K)."""
    return x.sin() + x / 3


def spread(x: Tensor) -> Tensor:
    """The variance over the batch, (N, K) -> (K,)."""
    return x.var(0, correction=0)


def both(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The mean of x, and the mean square of y; any shapes."""
    return x.mean(), y.square().mean()


def ratio(x: Tensor, y: Tensor) -> Tensor:
    """The mean of x e^y, (N, K) each."""
    return (x * y.exp()).mean()


def pairs(x: Tensor, y: Tensor) -> Tensor:
    """The mean softplus of y - x over all pairs, (N,) and (M,)."""
    return F.softplus(y[None] - x[:, None]).mean()


def one(draw):
    return {"x": draw.normal("N K") + 0.3}


def two(draw):
    return {"x": draw.normal("N K") + 0.5, "y": draw.uniform("N K", -1, 2)}


def unequal(draw):
    return {"x": draw.normal("N"), "y": draw.normal("M")}


SQUARES, CURVE, SPREAD = (toy(f, inputs=one) for f in (squares, curve, spread))
BOTH, RATIO = (toy(f, inputs=two) for f in (both, ratio))
PAIRS = toy(pairs, inputs=unequal)


def name(exercise, answer) -> str | None:
    diagnosis = mark(exercise, answer).diagnosis
    return diagnosis and diagnosis.name


def in_place(x):
    return x.neg_().square().mean() * 2


def standardised(x):
    right = x.sin() + x / 3
    return (right - right.mean()) / right.std(correction=0).clamp(min=1e-3)


def without_return(x):
    x.square().mean()


def test_a_mistake_is_called_by_its_name_however_it_is_written():
    verdict = mark(HINGE, lambda r, f: (1 + r).clamp(min=0).mean() + (1 - f).clamp(0).mean())
    assert verdict.diagnosis.name == "labels swapped"
    assert verdict.finding.trial == "unequal batch sizes"


def test_a_mistake_in_another_dtype_still_has_its_name():
    verdict = mark(
        HINGE, lambda r, f: torch.cat([F.relu(1 - r), F.relu(1 + f)]).mean().float() * 2
    )
    assert verdict.diagnosis.name == "one mean over both"


def test_where_no_gradient_is_asked_none_takes_part_in_the_naming():
    doubled = Mistake("doubled", lambda x: 2 * x.square().mean(), "Twice too much.")
    free = toy(squares, free_gradients=("x",), inputs=one, mistakes=(doubled,))
    asked = toy(squares, inputs=one, mistakes=(doubled,))

    def cut_off(x):
        return 2 * x.detach().square().mean()

    assert mark(free, cut_off).diagnosis is doubled
    assert isinstance(mark(asked, cut_off).diagnosis, Relation)
    assert mark(free, lambda x: x.detach().square().mean()).state == "passed"


def test_a_catalogued_name_wins_over_a_relation():
    doubled = Mistake("doubled", lambda x: 2 * x.square().mean(), "Twice too much.")
    listed = toy(squares, inputs=one, mistakes=(doubled,))
    assert name(listed, lambda x: 2 * x.square().mean()) == "doubled"
    assert name(SQUARES, lambda x: 2 * x.square().mean()) == "twice too large"


@pytest.mark.parametrize(
    "exercise, answer, said",
    [
        (SQUARES, lambda x: x.square().mean() / 2, "half"),
        (SQUARES, lambda x: -x.square().mean(), "wrong sign"),
        (SQUARES, lambda x: -2 * x.square().mean(), "twice too large, wrong sign"),
        (SQUARES, lambda x: 0.88 * x.square().mean(), "0.88 times"),
        (SQUARES, lambda x: x.square().mean() / torch.tensor(2.0).log(), "bits for nats"),
        (SQUARES, lambda x: x.square().sum(), "sum for mean"),
        (SQUARES, lambda x: x.square().mean() / len(x), "mean for sum"),
        (SQUARES, lambda x: x.square().mean() + 0.25, "0.25 too large"),
        (SQUARES, lambda x: x.square().mean().sqrt(), "square root"),
        (SQUARES, lambda x: x.square().mean().square(), "squared"),
        (SQUARES, lambda x: x.square().mean(0), "mean missing"),
        (SQUARES, lambda x: x.square().mean().reshape(1), "another shape"),
        (CURVE, lambda x: (x.sin() + x / 3).abs(), "sign lost"),
        (CURVE, lambda x: 1 - x.sin() - x / 3, "one minus"),
        (CURVE, lambda x: F.relu(x.sin() + x / 3), "cut off at 0"),
        (CURVE, lambda x: (x.sin() + x / 3).clamp(-0.4, 0.3), "cut off"),
        (CURVE, lambda x: 0.996 * (x.sin() + x / 3) + 0.004, "stretched and shifted"),
        (CURVE, standardised, "scaled by what is in the input"),
        (CURVE, lambda x: list(x.sin() + x / 3), "a list of tensors"),
        (CURVE, lambda x: x.detach().sin() + x / 3, "gradient in part"),
        (CURVE, lambda x: (x.sin() + x / 3).flip(1), "axis reversed"),
        (CURVE, lambda x: (x.sin() + x / 3).T, "axes in another order"),
        (CURVE, lambda x: (x.sin() + x / 3).mean(1), "mean too many"),
        (SPREAD, lambda x: x.var(0), "n - 1 for n"),
        (BOTH, lambda x, y: (y.square().mean(), x.mean()), "results in another order"),
        (BOTH, lambda x, y: (x.mean(), y.square().mean() * 2), "twice too large"),
        (BOTH, lambda x, y: x.mean(), "a result is missing"),
        (RATIO, lambda x, y: (y * x.exp()).mean(), "arguments in another order"),
        (RATIO, lambda x, y: (x * x.exp()).mean(), "x for y"),
        (PAIRS, lambda x, y: F.softplus(y[None] - x[:, None]).sum(), "sum for mean"),
        (PAIRS, lambda x, y: F.softplus(y - x).mean(), "sizes must agree"),
        (RATIO, lambda x, y: (x / y.exp()).mean(), "sign of y"),
        (RATIO, lambda x, y: (x * 1.3).mean() + x.square().sum(), "y unused"),
        (SQUARES, lambda x: x.detach().square().mean(), "gradient missing"),
        (SQUARES, in_place, "input changed"),
        (SQUARES, without_return, "no return"),
        (SQUARES, lambda x: x.view(-1).square().mean(), "not contiguous"),
        (CURVE, lambda x: x[:1].sin() + x[:1] / 3 if len(x) > 1 else x, None),
    ],
)
def test_a_relation_has_a_name(exercise, answer, said):
    assert name(exercise, answer) == said


def test_a_relation_is_said_in_one_plain_sentence():
    said = line(SQUARES, mark(SQUARES, lambda x: x.square().sum()))
    assert "the number of elements of x times the right one: a sum for a mean" in said


def doubled_slope(x):
    return x.square().mean() + x.square().mean() - x.detach().square().mean()


def test_a_gradient_may_be_wrong_where_the_number_is_right():
    said = mark(SQUARES, doubled_slope).diagnosis.diagnosis
    assert said == "The numbers are right, but the gradient for x is twice the right one."


def test_the_gradients_tell_which_part_of_a_sum_is_wrong():
    verdict = mark(HINGE, lambda real, fake: half(-real) + 3 * half(fake))
    assert "for fake_logits is 3 times the right one; the one for real_logits is right" in (
        verdict.diagnosis.diagnosis
    )
    verdict = mark(HINGE, lambda real, fake: half(fake))
    assert verdict.diagnosis.name == "nothing from real_logits"
    verdict = mark(HINGE, lambda real, fake: half(-real) + F.softplus(fake).mean())
    assert verdict.diagnosis.name == "fake_logits alone is wrong"


def test_a_second_gradient_may_be_missing():
    def no_graph(critic, real):
        x = real.detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x).sum(), x)
        return slope.square().sum(1).mean() / 2

    assert name(PENALTY, no_graph) == "gradient missing"


@pytest.mark.parametrize("wrong", [0.5, 2.0])
def test_answers_that_draw_random_numbers_are_left_alone(wrong):
    def scaled(videos, *, rng):
        return wrong * videos.sum(0)

    assert mark(NOISY, scaled).diagnosis is None


def test_a_relation_on_one_draw_is_none():
    """Right by chance, or wrong by a factor on one kind of input only."""

    def sometimes(x):
        return x.square().mean() * (2 if len(x) == 3 else 1.7)

    assert name(SQUARES, sometimes) is None
    constant = toy(lambda x: torch.ones(()), name="constant", inputs=one)
    assert name(constant, lambda x: torch.ones(()) * 1.5 + x.sum() * 0) != "0.5 too large"


def test_a_hand_worked_case_may_contradict_a_relation():
    case = Case("at 100", lambda f: f(torch.full((2, 2), 100.0)), 1e4, "Squares.")
    watched = toy(squares, inputs=one, cases=(case,))

    def doubled_when_small(x):
        return x.square().mean() * (2 if x.max() < 50 else torch.inf)

    assert name(SQUARES, doubled_when_small) == "twice too large"
    assert name(watched, doubled_when_small) is None


def logistic(x: Tensor) -> Tensor:
    """The mean of log(1 + e^x), x of (N, K)."""
    return F.softplus(x).mean()


def entropy(p: Tensor, q: Tensor) -> Tensor:
    """The sum of p log p + q log q, (N,) each, where 0 log 0 is 0."""
    return (torch.xlogy(p, p) + torch.xlogy(q, q)).sum()


def shares(p: Tensor, q: Tensor) -> Tensor:
    """p / (p + q), (N,) each, and 0 where both are 0."""
    return p / (p + q).clamp(min=1e-9)


def length(x: Tensor) -> Tensor:
    """A mean square that is taken of lengths, (N, K)."""
    return x.square().sum(1).mean()


def slope_at_0(f):
    x = torch.zeros(3, 2, requires_grad=True)
    value = f(x)
    return value, torch.autograd.grad(value, x)[0]


LARGE = Case("far out", lambda f: f(torch.tensor([[-200.0, 0.0, 200.0]])), 66.8977, "Large.")
HOLES = Case(
    "empty", lambda f: f(torch.tensor([0.0, 1.0]), torch.tensor([0.0, 2.0])), 1.386294, "0."
)
BOTH_0 = Case(
    "empty",
    lambda f: f(torch.tensor([0.0, 1.0]), torch.tensor([0.0, 1.0])),
    torch.tensor([0.0, 0.5]),
    "0.",
)
AT_0 = Case("zeros", slope_at_0, (0.0, torch.zeros(3, 2)), "At 0.")
LOGISTIC = toy(logistic, cases=(LARGE,), inputs=one)
ENTROPY = toy(entropy, cases=(HOLES,), inputs=two, free_gradients=("x", "y"))
SHARES = toy(shares, cases=(BOTH_0,), inputs=two)
LENGTH = toy(length, cases=(AT_0,), inputs=one)


@pytest.mark.parametrize(
    "exercise, answer, said",
    [
        (LOGISTIC, lambda x: -torch.log(1 - x.sigmoid()).mean(), "log of a rounded sigmoid"),
        (LOGISTIC, lambda x: (1 + x.exp()).log().mean(), "exp beyond its range"),
        (LOGISTIC, lambda x: F.softplus(x).mean() / 0, None),
        (ENTROPY, lambda p, q: (p * p.log() + q * q.log()).sum(), "0 * log(0)"),
        (ENTROPY, lambda p, q: entropy_without(p, q) / 0, None),
        (SHARES, lambda p, q: p / (p + q), "division by 0"),
        (LENGTH, lambda x: x.square().sum(1).sqrt().square().mean(), "slope of a root at 0"),
    ],
)
def test_infinities_are_traced_where_inputs_and_code_show_the_cause(exercise, answer, said):
    assert name(exercise, answer) == said


def entropy_without(p, q):
    return (torch.xlogy(p, p) + torch.xlogy(q, q)).sum()


def test_what_is_right_with_many_items_may_be_wrong_with_one():
    assert name(CURVE, lambda x: (x.sin() + x / 3).squeeze(0)) == "a batch of 1"
    assert (
        name(SPREAD, lambda x: x.var(0, correction=0) if len(x) > 1 else x[0]) == "a batch of 1"
    )


def test_one_mean_over_two_batches_shows_in_the_gradients():
    listed = toy(HINGE.reference, name="hinge", inputs=HINGE.inputs)

    def together(real, fake):
        return torch.cat([F.relu(1 - real), F.relu(1 + fake)]).mean() * 2

    assert name(listed, together) == "one mean over both"


def test_a_sigmoid_before_a_function_of_logits_is_seen():
    listed = toy(HINGE.reference, name="hinge", inputs=HINGE.inputs)
    squashed = mark(listed, lambda real, fake: half(-real.sigmoid()) + half(fake.sigmoid()))
    assert squashed.diagnosis.name == "sigmoid of the inputs"


def test_of_several_results_the_right_ones_are_told():
    said = mark(BOTH, lambda x, y: (x.mean(), y.exp().mean())).diagnosis
    assert said.name == "the second alone wrong"
    assert said.diagnosis.startswith("The first of your 2 results is right on every random")


def test_numbers_that_are_wrong_in_part_are_told_from_the_right_ones():
    def louder(x):
        y = x.sin() + x / 3
        return torch.where(x > 0, 3 * y, y)

    assert name(CURVE, louder) == "3 times, in part"


def test_where_the_right_result_has_no_graph_gradients_play_no_part():
    def level(x):
        """The mean of (N, K), as a number without a graph."""
        return x.detach().mean()

    doubled = Mistake("doubled", lambda x: 2 * x.detach().mean(), "Twice too much.")
    plain = toy(level, inputs=one, mistakes=(doubled,))
    assert name(plain, lambda x: 2 * x.mean()) == "doubled"


def test_naming_draws_nothing_from_the_session():
    torch.manual_seed(7)
    before = torch.get_rng_state()
    mark(PENALTY, lambda critic, real: critic(real).square().sum())
    assert torch.equal(torch.get_rng_state(), before)


def test_a_return_is_missed_only_where_something_has_to_come_back():
    def half_way(average, model, decay):
        for old, new in zip(average.parameters(), model.parameters(), strict=True):
            old.data.lerp_(new.data, 0.5)

    assert name(EMA, half_way) != "no return"


@pytest.mark.parametrize(
    "answer, said",
    [
        (lambda average, model, decay: average.weight * decay, "nothing changes"),
        (
            lambda average, model, decay: average.weight.data.lerp_(model.weight, 1 - decay),
            "a part stays as it was",
        ),
        (
            lambda average, model, decay: [
                old.data.lerp_(new, 2 - 2 * decay)
                for old, new in zip(average.parameters(), model.parameters(), strict=True)
            ],
            "moved: twice too large",
        ),
    ],
)
def test_what_is_moved_in_place_is_related_to_the_right_move(answer, said):
    assert name(EMA, answer) == said


def test_large_numbers_of_a_case_may_fall_short():
    large = Case("far out", lambda answer: answer(torch.tensor([[100.0, -3.0]])), None, "Far.")
    wanted = torch.tensor([[100.0, -3.0]])
    line_through_0 = toy(lambda x: x * 1.0, inputs=one, cases=(replace(large, expect=wanted),))
    assert name(line_through_0, lambda x: x.clamp(-50, 50)) == "cut off"
    assert name(line_through_0, lambda x: x.where(x < 50, 300.0)) is None


def test_one_mean_may_stand_for_two():
    def together(real, fake):
        return torch.cat([F.relu(1 - real), F.relu(1 + fake)]).mean()

    assert name(replace(HINGE, mistakes=()), together) == "one mean for two"


def test_a_loop_is_related_by_its_first_wrong_number():
    def rounds(x):
        """Two rounds of two numbers, (N, K) in."""
        first = x.mean()
        return [(first, first.square()), (first.exp(), x.std())]

    def doubled(x):
        first = 2 * x.mean()
        return [(first, first.square()), (first.exp(), x.std())]

    assert name(toy(rounds, inputs=one), doubled) == "twice too large, at first"


def test_a_plain_number_for_a_tensor_has_a_name():
    plain = toy(lambda x: x.detach().square().mean(), inputs=one, waived=())
    assert name(plain, lambda x: x.square().mean().item()) == "plain number for a tensor"
