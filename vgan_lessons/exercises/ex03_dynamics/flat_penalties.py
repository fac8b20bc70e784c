"""What the two penalties that want D flat share (3.7 and 3.8): cases and slips."""

from collections.abc import Callable

import torch

from vgan_lessons.checking import Case, Mistake
from vgan_lessons.exercises.critics import bowl, linear, pull_on_weights, total
from vgan_lessons.exercises.ex03_dynamics.flat_parts import at_points, squares, variant


def _pull(weights: list[float]) -> Callable:
    return lambda answer: pull_on_weights(
        weights, lambda critic: answer(critic, torch.zeros(3, 2), 2.0)
    )


def flat_cases() -> tuple[Case, ...]:
    """Hand-worked ones; the points are whatever the exercise calls them."""
    points = [[3.0, 4.0], [0.0, 1.0]]
    return (
        Case(
            name="a linear D, w = (3, 4)",
            run=lambda answer: answer(linear(3.0, 4.0), torch.zeros(5, 2), 10.0),
            expect=125.0,  # 10 / 2 * 25
            nudge="The slope is w at every point; its squared length is 25.",
        ),
        Case(
            name="a bowl, whose slope at x is x",
            run=lambda answer: answer(bowl(1.0), torch.tensor(points), 2.0),
            expect=13.0,  # 2 / 2 * (25 + 1) / 2
            nudge="At (3, 4) the slope has length 5, at (0, 1) it has 1: average the squares.",
        ),
        Case(
            name="clips",
            run=lambda answer: answer(total, torch.zeros(2, 3, 1, 4, 5), 1.0),
            expect=30.0,  # 1 / 2 * 60 slopes of 1
            nudge="60 values a clip, each with slope 1: every axis but the batch is summed.",
            kind="axes",
        ),
        Case(
            name="the pull on D's weights",
            run=_pull([3.0, 4.0]),
            expect=(25.0, torch.tensor([6.0, 8.0])),  # d |w|^2 / dw
            nudge="The slope is itself a function of D's weights: its graph has to be kept.",
            kind="gradients",
        ),
        Case(
            name="a D without any slope",
            run=_pull([0.0, 0.0]),
            expect=(0.0, torch.zeros(2)),
            nudge="Nothing to punish, and nothing to pull on: 0 and 0.",
            kind="gradients",
        ),
    )


def flat_slips() -> tuple[Mistake, ...]:
    """Slips that both penalties invite."""
    return (
        Mistake(
            "gamma not halved",
            variant(score=lambda s: squares(s).mean()),
            "The paper's weight is gamma / 2: this is twice the penalty.",
        ),
        Mistake(
            "length, not its square",
            variant(score=lambda s: s.flatten(1).norm(dim=1).mean() / 2),
            "The square of the length is punished: no root here.",
        ),
        Mistake(
            "held at 1",
            variant(score=lambda s: (s.flatten(1).norm(dim=1) - 1).square().mean() / 2),
            "A slope of 1 is the aim of the Wasserstein penalty; this one wants D flat.",
        ),
        Mistake(
            "sign turned",
            variant(score=lambda s: -squares(s).mean() / 2),
            "D minimises this number: with a minus it is paid for being steep.",
        ),
        Mistake(
            "slope of the probability",
            variant(logit=lambda logits: logits.sigmoid().sum()),
            "The logit is differentiated: a sigmoid is flat wherever D is sure, and hides how "
            "steep it is.",
        ),
        *_axis_slips(),
        *_graph_slips(),
    )


def _axis_slips() -> tuple[Mistake, ...]:
    return (
        Mistake(
            "mean over the values",
            variant(score=lambda s: s.square().mean() / 2),
            "The squares of one sample are summed; only the batch is averaged.",
            "axes",
        ),
        Mistake(
            "summed over the batch",
            variant(score=lambda s: s.square().sum() / 2),
            "A sum grows with the batch; take the mean over the samples.",
            "axes",
        ),
        Mistake(
            "square of the mean length",
            variant(score=lambda s: (squares(s) + 1e-12).sqrt().mean().square() / 2),
            "Square first, average afterwards: the steepest samples have to count most.",
            "axes",
        ),
        Mistake(
            "summed over axis 1 only",
            variant(score=lambda s: s.square().sum(1).mean() / 2),
            "This is right for points only: on images axis 1 holds the channels.",
            "axes",
        ),
        Mistake(
            "slope of the mean logit",
            variant(logit=torch.mean),
            "Differentiating a mean divides every slope by the number of logits; add them up.",
            "axes",
        ),
    )


def _graph_slips() -> tuple[Mistake, ...]:
    return (
        Mistake(
            "no graph of the slope",
            variant(graph=False),
            "The number is right, but without create_graph=True no weight learns from it.",
            "gradients",
        ),
        Mistake(
            "rooted, then squared again",
            variant(score=lambda s: squares(s).sqrt().square().mean() / 2),
            "The root divides 0 by 0 on its way back wherever D is flat; leave it out.",
            "gradients",
        ),
        Mistake(
            "graph kept to the points",
            at_points(
                lambda given: given if given.requires_grad else given.clone().requires_grad_()
            ),
            "The penalty is D's own affair: detach the points first, or their maker learns "
            "from it.",
            "gradients",
        ),
    )
