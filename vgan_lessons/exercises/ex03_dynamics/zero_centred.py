"""3.5a and 3.5b: the penalties that want D flat, where the data are and where G is."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import torch

from vgan_lessons import penalties
from vgan_lessons.checking import Case, Draw, Exercise, Mistake, edited
from vgan_lessons.exercises.critics import (
    SLOPE_PROBES,
    SmoothCritic,
    bowl,
    linear,
    pull_on_weights,
    total,
)


def _inputs(draw: Draw, points: str) -> dict:
    clips = draw.normal("B T C H W")
    return {"discriminator": SmoothCritic(draw), points: clips, "gamma": draw.number(2, 12)}


def _pull(weights: list[float]) -> Callable:
    return lambda answer: pull_on_weights(
        weights, lambda critic: answer(critic, torch.zeros(3, 2), 2.0)
    )


def _pull_on_the_generator(answer):
    """G shifts noise by theta; how much of the penalty reaches theta."""
    theta = torch.tensor([3.0, 4.0], requires_grad=True)
    penalty = answer(bowl(1.0), torch.zeros(3, 2) + theta, 2.0)
    if not isinstance(penalty, torch.Tensor) or not penalty.requires_grad:
        return penalty, torch.zeros(2)
    (pull,) = torch.autograd.grad(penalty, theta, allow_unused=True, materialize_grads=True)
    return penalty, pull


def _scored(score: Callable) -> Callable:
    """An answer that makes another number of the slope, (B, ...), than its squared length."""

    def answer(critic, points, gamma):
        at = points.detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(at).sum(), at, create_graph=True)
        return gamma / 2 * score(slope)

    return answer


# fmt: off
_CASES = (  # situation, what is seen, by hand, where to look; the points are reals or fakes
    Case("a linear D, w = (3, 4)", lambda answer: answer(linear(3.0, 4.0), torch.zeros(5, 2), 10.0), 125.0,  # 10 / 2 * 25
         "The slope is w at every point; its squared length is 25."),
    Case("a bowl, whose slope at x is x", lambda answer: answer(bowl(1.0), torch.tensor([[3.0, 4.0], [0.0, 1.0]]), 2.0),
         13.0,  # 2 / 2 * (25 + 1) / 2
         "At (3, 4) the slope has length 5, at (0, 1) it has 1: average the squares."),
    Case("clips", lambda answer: answer(total, torch.zeros(2, 3, 1, 4, 5), 1.0), 30.0,  # 1 / 2 * 60 slopes of 1
         "60 values a clip, each with slope 1: every axis but the batch is summed.", "axes"),
    Case("the pull on D's weights", _pull([3.0, 4.0]), (25.0, torch.tensor([6.0, 8.0])),  # d |w|^2 / dw
         "The slope is itself a function of D's weights: its graph has to be kept.", "gradients"),
    Case("a D without any slope", _pull([0.0, 0.0]), (0.0, torch.zeros(2)),
         "Nothing to punish, and nothing to pull on: 0 and 0.", "gradients"),
)

_MISTAKES = (  # name, edits of r1_penalty or another algorithm, diagnosis, kind
    Mistake("gamma not halved", {"gamma / 2": "gamma"},
            "The paper's weight is gamma / 2: this is twice the penalty."),
    Mistake("length, not its square", _scored(lambda slope: slope.flatten(1).norm(dim=1).mean()),
            "The square of the length is punished: no root here."),
    Mistake("held at 1", _scored(lambda slope: (slope.flatten(1).norm(dim=1) - 1).square().mean()),
            "A slope of 1 is the aim of the Wasserstein penalty; this one wants D flat."),
    Mistake("sign turned", {"return gamma": "return -gamma"},
            "D minimises this number: with a minus it is paid for being steep."),
    Mistake("slope of the probability", {"discriminator(inputs)": "discriminator(inputs).sigmoid()"},
            "The logit is differentiated: a sigmoid is flat wherever D is sure, and hides how steep it is."),
    Mistake("mean over the values", _scored(lambda slope: slope.square().mean()),
            "The squares of one sample are summed; only the batch is averaged.", "axes"),
    Mistake("summed over the batch", {".mean()": ".sum()"},
            "A sum grows with the batch; take the mean over the samples.", "axes"),
    Mistake("square of the mean length", {".mean()": ".add(1e-12).sqrt().mean().square()"},
            "Square first, average afterwards: the steepest samples have to count most.", "axes"),
    Mistake("summed over axis 1 only", _scored(lambda slope: slope.square().sum(1).mean()),
            "This is right for points only: on images axis 1 holds the channels.", "axes"),
    Mistake("slope of the mean logit", {"discriminator(inputs)": "discriminator(inputs).mean()"},
            "Differentiating a mean divides every slope by the number of logits; add them up.", "axes"),
    Mistake("no graph of the slope", _scored(lambda slope: slope.detach().square().flatten(1).sum(1).mean()),
            "The number is right, but without create_graph=True no weight learns from it.", "gradients"),
    Mistake("rooted, then squared again", {".mean()": ".sqrt().square().mean()"},
            "The root divides 0 by 0 on its way back wherever D is flat; leave it out.", "gradients"),
    Mistake("graph kept to the points",
            {"real.detach().requires_grad_(True)": "real if real.requires_grad else real.clone().requires_grad_()"},
            "The penalty is D's own affair: detach the points first, or their maker learns from it.", "gradients"),
    Mistake("cast to float32", {".mean()": ".float().mean()"},
            "The penalty must keep the dtype of the data, float64 included.", "dtype/device/seed"),
)

R1_PENALTY = Exercise(
    name="r1_penalty",
    number="3.5a",
    minutes=8,
    difficulty="medium",
    contract=(
        "Return one number: gamma / 2 times the mean over the batch of the squared length of "
        "D's slope at the reals.",
        "The slope is the gradient of D's logits (those of one sample added up) by the reals; "
        "its length runs over every axis but the batch.",
        "Gradient reaches the weights of D through the slope, and the penalty can be "
        "differentiated twice. None reaches real.",
    ),
    reference=penalties.r1_penalty,
    inputs=lambda draw: _inputs(draw, "real"),
    **SLOPE_PROBES,
    cases=_CASES,
    hints=(
        "How steep is D where the data are? Only a gradient of its logits by its inputs can tell.",
        "Detach the reals, let the copy ask for a gradient, and only then show it to D. "
        "Square the slope, sum over all axes but the first, average.",
        "`(slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)`, then "
        "`gamma / 2 * ....flatten(1).sum(1).mean()`.",
    ),
    mistakes=(
        *_MISTAKES,
        Mistake("the caller's reals ask for a gradient", {"real.detach()": "real"},
                "requires_grad_() on an argument switches the flag on for the caller, too; detach first.", "side effects"),
        Mistake("backward inside the penalty",
                {"return": "penalty =", ".mean()": ".mean()\n    if penalty.requires_grad:\n"
                 "        penalty.backward(retain_graph=True)\n    return penalty"},
                "A penalty is a value that D adds to its loss; backward belongs to the step.", "side effects"),
        Mistake("D left in evaluation mode",
                {"inputs =": "if isinstance(discriminator, nn.Module):\n        discriminator.eval()\n    inputs ="},
                "The mode of D is the training loop's affair; leave it as you found it.", "side effects"),
    ),
)


def _at_the_fakes(mistake: Mistake) -> Mistake:
    """The same slip for R2, whose reference only hands its fakes on to r1_penalty."""
    if isinstance(mistake.wrong, Mapping):
        return replace(mistake, wrong=edited(penalties.r1_penalty, mistake.wrong))
    return mistake


R2_PENALTY = Exercise(
    name="r2_penalty",
    number="3.5b",
    minutes=3,
    difficulty="easy",
    contract=(
        "Return one number: gamma / 2 times the mean over the batch of the squared length of "
        "D's slope at the fakes.",
        "As in `r1_penalty`, the slope is the gradient of D's logits (those of one sample added "
        "up), and its length runs over every axis but the batch.",
        "It is D's penalty: gradient reaches the weights of D through the slope, and the penalty "
        "can be differentiated twice. None reaches fake or the generator behind it.",
    ),
    reference=penalties.r2_penalty,
    inputs=lambda draw: _inputs(draw, "fake"),
    **SLOPE_PROBES,
    cases=(
        *_CASES,
        Case("the pull on G", _pull_on_the_generator, (25.0, torch.zeros(2)),
             "G could calm this penalty by moving its fakes, and must not: cut it off.", "gradients"),
    ),
    hints=(
        "`r1_penalty` asks the same at other points.",
        "The fakes hang on G's graph; what is differentiated must not.",
        "`r1_penalty(discriminator, ..., gamma)`.",
    ),
    mistakes=tuple(map(_at_the_fakes, (
        *_MISTAKES,
        Mistake("the caller's fakes detached in place", {"real.detach()": "real.detach_()"},
                "detach_() cuts the caller's own tensor off from G, and G's step finds no graph.", "side effects"),
    ))),
)
