"""3.6: the penalty that holds D's slope near 1 between fakes and reals."""

import torch

from vgan_lessons import penalties
from vgan_lessons.checking import Case, Draw, Exercise
from vgan_lessons.exercises.critics import SmoothCritic, bowl, linear, pull_on_weights, total
from vgan_lessons.exercises.ex03_dynamics.flat_parts import SCALES, SIZES, TOLERANCE
from vgan_lessons.exercises.ex03_dynamics.gradient_parts import GRADIENT_PENALTY_WAYS
from vgan_lessons.exercises.ex03_dynamics.gradient_slips import GRADIENT_PENALTY_SLIPS


def _inputs(draw: Draw) -> dict:
    return {
        "discriminator": SmoothCritic(draw),
        "real": draw.normal("B T C H W"),
        "fake": draw.normal("B T C H W"),
        "mix": draw.uniform("B"),
        "gp_weight": draw.number(2, 12),
    }


def _on_linear_ones(answer):
    real, mix = torch.tensor([[1.0, 2.0], [0.0, -1.0], [5.0, 3.0]]), torch.tensor([0.1, 0.5, 1])
    steep, shallow = linear(3.0, 4.0), linear(0.3, 0.4)
    return (
        answer(steep, real, -real, mix, 1.0),
        answer(steep, real, -real, mix, 10.0),
        answer(shallow, real, -real, mix, 1.0),
    )


def _on_a_bowl(answer):
    real, fake = torch.tensor([[4.0, 0.0], [0.0, 0.0]]), torch.tensor([[0.0, 0.0], [0.0, 8.0]])
    return answer(bowl(0.5), real, fake, torch.tensor([0.5, 0.25]), 1.0)


def _on_clips(answer):
    real, fake = torch.zeros(2, 4, 1, 2, 2), torch.ones(2, 4, 1, 2, 2)
    return answer(total, real, fake, torch.tensor([0.25, 0.75]), 1.0)


def _pull(weights: list[float]):
    def run(answer):
        real, fake, mix = torch.zeros(3, 2), torch.ones(3, 2), torch.tensor([0.0, 0.5, 1.0])
        return pull_on_weights(weights, lambda critic: answer(critic, real, fake, mix, 1.0))

    return run


def _refusals(answer):
    """Three calls that broadcast silently: one mix for all, one mix a value, one fake."""
    said = []
    three, one = torch.zeros(3, 2), torch.zeros(1, 2)
    for fake, mix in ((three, torch.zeros(1)), (three, torch.zeros(3, 1)), (one, three[:, 0])):
        try:
            answer(linear(3.0, 4.0), three, fake, mix, 1.0)
            said.append("no error")
        except ValueError:
            said.append("ValueError")
    return tuple(said)


GRADIENT_PENALTY = Exercise(
    name="gradient_penalty",
    number="3.6",
    minutes=15,
    difficulty="hard",
    contract=(
        "Look between each real and its fake, at mix * real + (1 - mix) * fake, where mix "
        "holds one weight a sample. Return one number: gp_weight times the mean over the batch "
        "of (length of D's slope there - 1)^2.",
        "The slope is the gradient of D's logits (those of one sample added up) by the points; "
        "its length runs over every axis but the batch: points, images and clips alike.",
        "Gradient reaches the weights of D through the slope. None reaches real, fake or mix.",
        "A D without any slope pays in full, and the gradient of its weights is 0, not NaN.",
        "If real and fake differ in shape, or mix is not (B,), raise ValueError.",
    ),
    reference=penalties.gradient_penalty,
    inputs=_inputs,
    sizes=SIZES,
    scales=SCALES,
    second_order=True,
    tolerance=TOLERANCE,
    cases=(
        Case(
            name="linear ones, steep and shallow",
            run=_on_linear_ones,
            expect=(16.0, 160.0, 0.25),  # (5 - 1)^2, ten times that, (0.5 - 1)^2
            nudge="w = (3, 4) has length 5, w = (0.3, 0.4) has 0.5; both are away from 1.",
        ),
        Case(
            name="a bowl, whose slope at x is x / 2",
            run=_on_a_bowl,
            expect=2.0,  # at (2, 0) and (0, 6): lengths 1 and 3, so (0 + 4) / 2
            nudge="mix 0.5 and 0.25 put the two points at (2, 0) and (0, 6): lengths 1 and 3.",
        ),
        Case(
            name="clips",
            run=_on_clips,
            expect=9.0,  # 16 slopes of 1: length 4
            nudge="16 values a clip, each with slope 1: the length is 4, whatever the axes.",
            kind="axes",
        ),
        Case(
            name="the pull on D's weights",
            run=_pull([3.0, 4.0]),
            expect=(16.0, torch.tensor([4.8, 6.4])),  # 2 (5 - 1) w / |w|
            nudge="The slope is itself a function of D's weights: its graph has to be kept.",
            kind="gradients",
        ),
        Case(
            name="a D without any slope",
            run=_pull([0.0, 0.0]),
            expect=(1.0, torch.zeros(2)),
            nudge="A root is infinitely steep at 0. Keep what stands under it a hair above 0.",
            kind="gradients",
        ),
        Case(
            name="shapes that do not fit",
            run=_refusals,
            expect=("ValueError",) * 3,
            nudge="One mix for all, or one fake for three reals, broadcasts without a word: "
            "compare the shapes first.",
            kind="axes",
        ),
    ),
    hints=(
        "You need a gradient that can be differentiated again: torch.autograd.grad returns it "
        "as a tensor, and one of its options keeps the graph.",
        "Give mix as many axes as real has, all of length 1 but the first. Detach the points "
        "between before they ask for a gradient; flatten the slope to (B, rest).",
        "`(slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)`, then a root of "
        "`... .sum(1) + 1e-12`, then the mean of a square.",
    ),
    mistakes=GRADIENT_PENALTY_SLIPS,
    alternatives=GRADIENT_PENALTY_WAYS,
)
