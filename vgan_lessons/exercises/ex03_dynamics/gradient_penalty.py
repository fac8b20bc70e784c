"""3.7: the penalty that holds D's slope near 1 between fakes and reals."""

import torch

from vgan_lessons import penalties
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.critics import (
    SLOPE_PROBES,
    SmoothCritic,
    bowl,
    linear,
    pull_on_weights,
    total,
)


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


_SQUARES = "squared_gradient_norm(discriminator(between), between)"

# fmt: off
GRADIENT_PENALTY = Exercise(
    name="gradient_penalty",
    number="3.7",
    minutes=15,
    importance="extra",
    difficulty="hard",
    contract=(
        "Look between each real and its fake, at mix * real + (1 - mix) * fake, where mix "
        "holds one weight a sample. Return one number: `gp_weight` times the mean over the batch "
        "of (length of D's slope there - 1)^2.",
        "The slope is the gradient of D's logits (those of one sample added up) by the points; "
        "its length runs over every axis but the batch: points, images and clips alike.",
        "Gradient reaches the weights of D through the slope, and the penalty can be "
        "differentiated twice. None reaches real, fake or mix.",
        "A D without any slope pays in full, and the gradient of its weights is 0, not NaN.",
        "If real and fake differ in shape, or mix is not (B,), raise `ValueError`.",
    ),
    reference=penalties.gradient_penalty,
    inputs=_inputs,
    **SLOPE_PROBES,
    cases=(  # situation, what is seen, by hand, where to look
        Case("linear ones, steep and shallow", _on_linear_ones, (16.0, 160.0, 0.25),  # (5 - 1)^2, ten times that, (0.5 - 1)^2
             "w = (3, 4) has length 5, w = (0.3, 0.4) has 0.5; both are away from 1."),
        Case("a bowl, whose slope at x is x / 2", _on_a_bowl, 2.0,  # at (2, 0) and (0, 6): lengths 1 and 3, so (0 + 4) / 2
             "mix 0.5 and 0.25 put the two points at (2, 0) and (0, 6): lengths 1 and 3."),
        Case("clips", _on_clips, 9.0,  # 16 slopes of 1: length 4
             "16 values a clip, each with slope 1: the length is 4, whatever the axes.", "axes"),
        Case("the pull on D's weights", _pull([3.0, 4.0]), (16.0, torch.tensor([4.8, 6.4])),  # 2 (5 - 1) w / |w|
             "The slope is itself a function of D's weights: its graph has to be kept.", "gradients"),
        Case("a D without any slope", _pull([0.0, 0.0]), (1.0, torch.zeros(2)),
             "A root is infinitely steep at 0. Keep what stands under it a hair above 0.", "gradients"),
        Case("shapes that do not fit", _refusals, ("ValueError",) * 3,
             "One mix for all, or one fake for three reals, broadcasts without a word: compare the shapes first.", "axes"),
    ),
    hints=(
        "You need a gradient that can be differentiated again: torch.autograd.grad returns it "
        "as a tensor, and one of its options keeps the graph.",
        "Give mix as many axes as real has, all of length 1 but the first. Detach the points "
        "between before they ask for a gradient; flatten the slope to (B, rest).",
        "`(slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)`, then a root of "
        "`... .sum(1) + 1e-12`, then the mean of a square.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("squared length against 1", {" + 1e-12).sqrt()": ")"},
                "The length itself is held at 1: a root is missing, and w = (3, 4) costs 576."),
        Mistake("not squared", {".square()": ".abs()"},
                "The distance from 1 is squared, so that it pulls less the nearer it is."),
        Mistake("one-sided", {"(steepness - 1)": "F.relu(steepness - 1)"},
                "This lets slopes below 1 go free, a variant of its own; here they pay, too."),
        Mistake("pulled to 0", {" + 1e-12).sqrt()": ")", "(steepness - 1).square()": "steepness"},
                "This wants D flat, as R1 does; the Wasserstein game needs a slope of 1."),
        Mistake("sign turned", {"return gp_weight": "return -gp_weight"},
                "D minimises this number: with a minus it is paid for being steep."),
        Mistake("weight halved", {"return gp_weight": "return gp_weight / 2"},
                "The half belongs to R1 and R2; here the weight stands alone."),
        Mistake("mean over the values", {_SQUARES: f"{_SQUARES} / real[0].numel()"},
                "A length sums the squares of all entries; their mean shrinks it by a root of their number.", "axes"),
        Mistake("one length for the whole batch", {_SQUARES: f"{_SQUARES}.sum()"},
                "Every sample has a slope of its own; this takes the length of all of them at once.", "axes"),
        Mistake("summed over the batch", {".mean()": ".sum()"},
                "A sum grows with the batch; take the mean over the samples.", "axes"),
        Mistake("length over axis 1 only",
                {_SQUARES: "torch.autograd.grad(discriminator(between).sum(), between, create_graph=True)[0].square().sum(1)"},
                "This is right for points only: on images axis 1 holds the channels, and every pixel "
                "gets a length of its own.", "axes"),
        Mistake("slope of the mean logit", {"discriminator(between)": "discriminator(between).mean()"},
                "Differentiating a mean divides every slope by the number of logits; add them up.", "axes"),
        Mistake("at the reals", {"(mix * real + (1 - mix) * fake)": "real"},
                "That is where R1 looks; this penalty looks between reals and fakes."),
        Mistake("at the fakes", {"(mix * real + (1 - mix) * fake)": "fake"},
                "That is where R2 looks; this penalty looks between reals and fakes."),
        Mistake("mix the wrong way round", {"mix * real + (1 - mix) * fake": "mix * fake + (1 - mix) * real"},
                "mix = 1 is the real and mix = 0 the fake."),
        Mistake("one mix for the whole batch", {"mix.reshape(-1, *[1] * (real.ndim - 1))": "mix[0]"},
                "Every pair has its own weight: this moves all of them by the first.", "axes"),
        Mistake("no graph of the slope",
                {_SQUARES: "torch.autograd.grad(discriminator(between).sum(), between)[0].square().flatten(1).sum(1)"},
                "The number is right, but without create_graph=True no weight learns from it.", "gradients"),
        Mistake("a root at 0", {" + 1e-12": ""},
                "Where D is flat the root divides 0 by 0 on its way back, and one such sample makes "
                "every weight NaN.", "gradients"),
        Mistake("graph kept to G", {".detach()": ""},
                "G would learn from a penalty that is D's own affair: detach the points between.", "gradients"),
        Mistake("shapes not compared", {"_require_one_mix_a_sample(real, fake, mix)": "pass"},
                "Broadcasting makes points between pairs that do not exist, without a word.", "axes"),
        Mistake("the caller's reals ask for a gradient", {"mix * real": "mix * real.requires_grad_()", ".detach()": ""},
                "requires_grad_() on an argument switches the flag on for the caller, too; detach first.", "side effects"),
        Mistake("D left in evaluation mode",
                {"steepness =": "if isinstance(discriminator, nn.Module):\n        discriminator.eval()\n    steepness ="},
                "The mode of D is the training loop's affair; leave it as you found it.", "side effects"),
        Mistake("mix drawn inside", {"mix.reshape": "torch.rand_like(mix).reshape"},
                "mix is given: drawing it here uses up global randomness and makes the number noisy.", "dtype/device/seed"),
        Mistake("cast to float32", {_SQUARES: f"{_SQUARES}.float()"},
                "The penalty must keep the dtype of the data, float64 included.", "dtype/device/seed"),
    ),
)
