"""3.8: the penalty that wants D flat where the generator is."""

import torch

from vgan_lessons import penalties
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.critics import bowl
from vgan_lessons.exercises.ex03_dynamics.flat_parts import (
    SCALES,
    SIZES,
    TOLERANCE,
    at_points,
    probe_inputs,
    squares,
    variant,
)
from vgan_lessons.exercises.ex03_dynamics.flat_penalties import flat_cases, flat_slips


def _pull_on_the_generator(answer):
    """G shifts noise by theta; how much of the penalty reaches theta."""
    theta = torch.tensor([3.0, 4.0], requires_grad=True)
    penalty = answer(bowl(1.0), torch.zeros(3, 2) + theta, 2.0)
    if not isinstance(penalty, torch.Tensor) or not penalty.requires_grad:
        return penalty, torch.zeros(2)
    (pull,) = torch.autograd.grad(penalty, theta, allow_unused=True, materialize_grads=True)
    return penalty, pull


def _by_squares_of_lengths(critic, fake, gamma):
    at = fake.detach().clone().requires_grad_()
    logits = critic(at)
    (slope,) = torch.autograd.grad(logits.sum(), at, create_graph=True)
    return gamma * torch.einsum("bi,bi->b", slope.flatten(1), slope.flatten(1)).mean() / 2


R2_PENALTY = Exercise(
    name="r2_penalty",
    number="3.8",
    minutes=3,
    difficulty="easy",
    contract=(
        "Return one number: gamma / 2 times the mean over the batch of the squared length of "
        "D's slope at the fakes.",
        "It is D's penalty: gradient reaches the weights of D, and none reaches fake or the "
        "generator behind it.",
    ),
    reference=penalties.r2_penalty,
    inputs=lambda draw: probe_inputs(draw, "fake"),
    sizes=SIZES,
    scales=SCALES,
    second_order=True,
    tolerance=TOLERANCE,
    cases=(
        *flat_cases(),
        Case(
            name="the pull on G",
            run=_pull_on_the_generator,
            expect=(25.0, torch.zeros(2)),
            nudge="G could calm this penalty by moving its fakes, and must not: cut it off.",
            kind="gradients",
        ),
    ),
    hints=(
        "Exercise 3.7 asks the same at other points.",
        "The fakes hang on G's graph; what is differentiated must not.",
        "`r1_penalty(discriminator, ..., gamma)`.",
    ),
    mistakes=(
        *flat_slips(),
        Mistake(
            "the caller's fakes detached in place",
            at_points(lambda fake: fake.detach_().requires_grad_()),
            "detach_() cuts the caller's own tensor off from G, and G's step finds no graph.",
            "side effects",
        ),
        Mistake(
            "cast to float32",
            variant(score=lambda s: squares(s.float()).mean() / 2),
            "The penalty must keep the dtype of the data, float64 included.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "R1 at the fakes": lambda critic, fake, gamma: penalties.r1_penalty(
            critic, fake, gamma
        ),
        "written out": variant(),
        "lengths by einsum": _by_squares_of_lengths,
    },
)
