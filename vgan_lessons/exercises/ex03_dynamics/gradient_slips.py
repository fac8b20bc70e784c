"""Wrong ways to write the gradient penalty of exercise 3.6."""

import torch
from torch import nn
from torch.nn import functional as F

from vgan_lessons.checking import Mistake
from vgan_lessons.exercises.ex03_dynamics.gradient_parts import (
    TINY,
    checked,
    length_of,
    points_between,
    slope_of,
    variant,
)


def _not_detached(critic, real, fake, mix, gp_weight):
    at = points_between(real, fake, mix)
    at = at if at.requires_grad else at.requires_grad_()
    return gp_weight * (length_of(slope_of(critic, at)) - 1).square().mean()


def _flag_on_the_callers(critic, real, fake, mix, gp_weight):
    at = points_between(real.requires_grad_(), fake, mix)
    return gp_weight * (length_of(slope_of(critic, at)) - 1).square().mean()


def _no_graph(critic, at):
    return torch.autograd.grad(critic(at).sum(), at)[0]


def _mean_logit(critic, at):
    return torch.autograd.grad(critic(at).mean(), at, create_graph=True)[0]


def _in_evaluation_mode(critic, at):
    if isinstance(critic, nn.Module):
        critic.eval()
    return slope_of(critic, at)


def _drawn_inside(real, fake, mix):
    return points_between(real, fake, torch.rand_like(mix))


GRADIENT_PENALTY_SLIPS = (
    Mistake(
        "squared length against 1",
        variant(score=lambda s: (s.flatten(1).square().sum(1) - 1).square().mean()),
        "The length itself is held at 1: a root is missing, and w = (3, 4) costs 576.",
    ),
    Mistake(
        "not squared",
        variant(score=lambda s: (length_of(s) - 1).abs().mean()),
        "The distance from 1 is squared, so that it pulls less the nearer it is.",
    ),
    Mistake(
        "one-sided",
        variant(score=lambda s: F.relu(length_of(s) - 1).square().mean()),
        "This lets slopes below 1 go free, a variant of its own; here they pay, too.",
    ),
    Mistake(
        "pulled to 0",
        variant(score=lambda s: s.flatten(1).square().sum(1).mean()),
        "This wants D flat, as R1 does; the Wasserstein game needs a slope of 1.",
    ),
    Mistake(
        "sign turned",
        variant(score=lambda s: -(length_of(s) - 1).square().mean()),
        "D minimises this number: with a minus it is paid for being steep.",
    ),
    Mistake(
        "weight halved",
        variant(score=lambda s: (length_of(s) - 1).square().mean() / 2),
        "The half belongs to R1 and R2; here the weight stands alone.",
    ),
    Mistake(
        "mean over the values",
        variant(
            score=lambda s: (s.flatten(1).square().mean(1) + TINY).sqrt().sub(1).square().mean()
        ),
        "A length sums the squares of all entries; their mean shrinks it by a root of their "
        "number.",
        "axes",
    ),
    Mistake(
        "one length for the whole batch",
        variant(score=lambda s: ((s.square().sum() + TINY).sqrt() - 1).square()),
        "Every sample has a slope of its own; this takes the length of all of them at once.",
        "axes",
    ),
    Mistake(
        "summed over the batch",
        variant(score=lambda s: (length_of(s) - 1).square().sum()),
        "A sum grows with the batch; take the mean over the samples.",
        "axes",
    ),
    Mistake(
        "length over axis 1 only",
        variant(score=lambda s: ((s.square().sum(1) + TINY).sqrt() - 1).square().mean()),
        "This is right for points only: on images axis 1 holds the channels, and every pixel "
        "gets a length of its own.",
        "axes",
    ),
    Mistake(
        "slope of the mean logit",
        variant(slope=_mean_logit),
        "Differentiating a mean divides every slope by the number of logits; add them up.",
        "axes",
    ),
    Mistake(
        "at the reals",
        variant(points=lambda real, fake, mix: real),
        "That is where R1 looks; this penalty looks between reals and fakes.",
    ),
    Mistake(
        "at the fakes",
        variant(points=lambda real, fake, mix: fake),
        "That is where R2 looks; this penalty looks between reals and fakes.",
    ),
    Mistake(
        "mix the wrong way round",
        variant(points=lambda real, fake, mix: points_between(fake, real, mix)),
        "mix = 1 is the real and mix = 0 the fake.",
    ),
    Mistake(
        "one mix for the whole batch",
        variant(points=lambda real, fake, mix: mix[0] * real + (1 - mix[0]) * fake),
        "Every pair has its own weight: this moves all of them by the first.",
        "axes",
    ),
    Mistake(
        "no graph of the slope",
        variant(slope=_no_graph),
        "The number is right, but without create_graph=True no weight learns from it.",
        "gradients",
    ),
    Mistake(
        "a root at 0",
        variant(score=lambda s: (s.flatten(1).square().sum(1).sqrt() - 1).square().mean()),
        "Where D is flat the root divides 0 by 0 on its way back, and one such sample makes "
        "every weight NaN.",
        "gradients",
    ),
    Mistake(
        "graph kept to G",
        checked(_not_detached),
        "G would learn from a penalty that is D's own affair: detach the points between.",
        "gradients",
    ),
    Mistake(
        "shapes not compared",
        lambda critic, real, fake, mix, gp_weight: (
            gp_weight
            * (
                length_of(
                    slope_of(critic, points_between(real, fake, mix).detach().requires_grad_())
                )
                - 1
            )
            .square()
            .mean()
        ),
        "Broadcasting makes points between pairs that do not exist, without a word.",
        "axes",
    ),
    Mistake(
        "the caller's reals ask for a gradient",
        checked(_flag_on_the_callers),
        "requires_grad_() on an argument switches the flag on for the caller, too; detach "
        "first.",
        "side effects",
    ),
    Mistake(
        "D left in evaluation mode",
        variant(slope=_in_evaluation_mode),
        "The mode of D is the training loop's affair; leave it as you found it.",
        "side effects",
    ),
    Mistake(
        "mix drawn inside",
        variant(points=_drawn_inside),
        "mix is given: drawing it here uses up global randomness and makes the number noisy.",
        "dtype/device/seed",
    ),
    Mistake(
        "cast to float32",
        variant(score=lambda s: (length_of(s.float()) - 1).square().mean()),
        "The penalty must keep the dtype of the data, float64 included.",
        "dtype/device/seed",
    ),
)
