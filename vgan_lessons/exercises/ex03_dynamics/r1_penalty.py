"""3.7: the penalty that wants D flat where the data are."""

import torch
from torch import nn

from vgan_lessons import penalties
from vgan_lessons.checking import Exercise, Mistake
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


def _backward_inside(critic, real, gamma):
    penalty = variant()(critic, real, gamma)
    if penalty.requires_grad:
        penalty.backward(retain_graph=True)
    return penalty


def _evaluating(critic, real, gamma):
    if isinstance(critic, nn.Module):
        critic.eval()
    return variant()(critic, real, gamma)


def _with_grad_outputs(critic, real, gamma):
    at = real.detach().clone().requires_grad_(True)
    logits = critic(at)
    ones = torch.ones_like(logits)
    (slope,) = torch.autograd.grad(logits, at, ones, create_graph=True)
    return 0.5 * gamma * slope.pow(2).flatten(1).sum(1).mean()


def _one_by_one(critic, real, gamma):
    steep = []
    for x in real.detach():
        at = x[None].requires_grad_()
        (slope,) = torch.autograd.grad(critic(at).sum(), at, create_graph=True)
        steep.append((slope * slope).sum())
    return gamma * torch.stack(steep).mean() / 2


R1_PENALTY = Exercise(
    name="r1_penalty",
    number="3.7",
    minutes=8,
    difficulty="medium",
    contract=(
        "Return one number: gamma / 2 times the mean over the batch of the squared length of "
        "D's slope at the reals.",
        "The slope is the gradient of D's logits (those of one sample added up) by the reals; "
        "its length runs over every axis but the batch.",
        "Gradient reaches the weights of D through the slope; none reaches real.",
    ),
    reference=penalties.r1_penalty,
    inputs=lambda draw: probe_inputs(draw, "real"),
    sizes=SIZES,
    scales=SCALES,
    second_order=True,
    tolerance=TOLERANCE,
    cases=flat_cases(),
    hints=(
        "As in exercise 3.6, but at the reals themselves, and without a root.",
        "Detach the reals, let the copy ask for a gradient, and only then show it to D. "
        "Square the slope, sum over all axes but the first, average.",
        "`(slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)`, then "
        "`gamma / 2 * ....flatten(1).sum(1).mean()`.",
    ),
    mistakes=(
        *flat_slips(),
        Mistake(
            "the caller's reals ask for a gradient",
            at_points(lambda real: real.requires_grad_()),
            "requires_grad_() on an argument switches the flag on for the caller, too; detach "
            "first.",
            "side effects",
        ),
        Mistake(
            "backward inside the penalty",
            _backward_inside,
            "A penalty is a value that D adds to its loss; backward belongs to the step.",
            "side effects",
        ),
        Mistake(
            "D left in evaluation mode",
            _evaluating,
            "The mode of D is the training loop's affair; leave it as you found it.",
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
        "grad_outputs of ones": _with_grad_outputs,
        "one sample after the other": _one_by_one,
        "sum over the batch size": lambda critic, real, gamma: variant(
            score=lambda slope: slope.square().sum() / len(slope) / 2
        )(critic, real, gamma),
    },
)
