"""What goes wrong in D's step."""

import torch

from vgan_lessons.checking import Mistake
from vgan_lessons.exercises.ex04_training.walks import (
    step_first,
    walk,
    walk_cleared_again,
    walk_cleared_late,
    walk_uncleared,
    walk_uphill,
)


def _loss(G, D, loss_fn, real, z, penalty=None):
    fake = G(z).detach()
    loss = loss_fn(D(real), D(fake))
    return loss, loss if penalty is None else loss + penalty(D, real, fake)


def _walked(how):
    """D's step with another way of walking."""

    def step(G, D, optim, loss_fn, real, z, penalty=None):
        loss, objective = _loss(G, D, loss_fn, real, z, penalty)
        how(optim, objective)
        return loss.detach()

    return step


def _sides_swapped(G, D, optim, loss_fn, real, z, penalty=None):
    loss, objective = _loss(G, D, lambda r, f: loss_fn(f, r), real, z, penalty)
    walk(optim, objective)
    return loss.detach()


def _logits_detached(G, D, optim, loss_fn, real, z, penalty=None):
    loss, objective = _loss(G, D, lambda r, f: loss_fn(r, f.detach()), real, z, penalty)
    walk(optim, objective)
    return loss.detach()


def _fakes_attached(G, D, optim, loss_fn, real, z, penalty=None):
    fake = G(z)
    loss = loss_fn(D(real), D(fake))
    walk(optim, loss if penalty is None else loss + penalty(D, real, fake))
    return loss.detach()


def _g_left_frozen(G, D, optim, loss_fn, real, z, penalty=None):
    G.requires_grad_(False)
    loss, objective = _loss(G, D, loss_fn, real, z, penalty)
    walk(optim, objective)
    return loss.detach()


def _noise_of_its_own(G, D, optim, loss_fn, real, z, penalty=None):
    loss, objective = _loss(G, D, loss_fn, real, torch.randn_like(z), penalty)
    walk(optim, objective)
    return loss.detach()


def _without_penalty(G, D, optim, loss_fn, real, z, penalty=None):
    loss, _ = _loss(G, D, loss_fn, real, z)
    walk(optim, loss)
    return loss.detach()


def _penalty_returned(G, D, optim, loss_fn, real, z, penalty=None):
    _, objective = _loss(G, D, loss_fn, real, z, penalty)
    walk(optim, objective)
    return objective.detach()


def _penalty_on_swapped(G, D, optim, loss_fn, real, z, penalty=None):
    swapped = penalty and (lambda judge, real, fake: penalty(judge, fake, real))
    loss, objective = _loss(G, D, loss_fn, real, z, swapped)
    walk(optim, objective)
    return loss.detach()


def _graph_returned(G, D, optim, loss_fn, real, z, penalty=None):
    loss, objective = _loss(G, D, loss_fn, real, z, penalty)
    walk(optim, objective)
    return loss


def _d_left_in_eval_mode(G, D, optim, loss_fn, real, z, penalty=None):
    D.eval()
    loss, objective = _loss(G, D, loss_fn, real, z, penalty)
    walk(optim, objective)
    return loss.detach()


def _loss_after_the_step(G, D, optim, loss_fn, real, z, penalty=None):
    walk(optim, _loss(G, D, loss_fn, real, z, penalty)[1])
    return _loss(G, D, loss_fn, real, z)[0].detach()


MISTAKES = (
    Mistake(
        "forgotten zero_grad",
        _walked(walk_uncleared),
        "backward adds to what .grad already holds: without zero_grad D walks along the sum of "
        "this step's gradient and all earlier ones.",
    ),
    Mistake(
        "cleared after backward",
        _walked(walk_cleared_late),
        "zero_grad between backward and step throws this step's gradient away, so D stays.",
    ),
    Mistake(
        "stepped before backward",
        _walked(step_first),
        "The optimiser steps while .grad is still empty: backward comes first.",
    ),
    Mistake(
        "loss climbed",
        _walked(walk_uphill),
        "D walks uphill: d_loss_fn is what D minimises, so no sign is turned.",
    ),
    Mistake(
        "real and fake logits swapped",
        _sides_swapped,
        "d_loss_fn takes the real logits first; swapped, D learns to call the data fake.",
    ),
    Mistake(
        "fake logits detached",
        _logits_detached,
        "D(fake).detach() hides the fakes from D; what is detached is the fake itself, before "
        "D sees it.",
    ),
    Mistake(
        "missing detach",
        _fakes_attached,
        "The gradient ran on into G and was left there: detach the fakes before D sees them.",
        "side effects",
    ),
    Mistake(
        "G left frozen",
        _g_left_frozen,
        "requires_grad of G was switched off and stays off, so G will never learn again.",
        "side effects",
    ),
    Mistake(
        "noise of its own",
        _noise_of_its_own,
        "The fakes must come from the z that is handed in, or no step can be repeated.",
        "dtype/device/seed",
    ),
    Mistake(
        "penalty ignored",
        _without_penalty,
        "The step never calls penalty, so D grows as steep as it likes.",
    ),
    Mistake(
        "penalty returned with the loss",
        _penalty_returned,
        "D minimises loss plus penalty, but the loss alone is returned, to be held against "
        "landmarks such as 2 ln 2.",
    ),
    Mistake(
        "penalty given the fakes as reals",
        _penalty_on_swapped,
        "penalty takes (discriminator, real, fake), in this order.",
    ),
    Mistake(
        "loss returned with its graph",
        _graph_returned,
        "The loss still holds the whole graph of the step: a list of such losses fills the "
        "memory.",
        "gradients",
    ),
    Mistake(
        "D left in eval mode",
        _d_left_in_eval_mode,
        "D came in training mode and left in eval mode: a step changes no mode.",
        "side effects",
    ),
    Mistake(
        "gradient cleared at the end",
        _walked(walk_cleared_again),
        "After the step .grad is empty, and the loop cannot log how long the gradient was.",
        "side effects",
    ),
    Mistake(
        "loss measured after the step",
        _loss_after_the_step,
        "This is the loss of the D that has moved; return the one that was differentiated.",
    ),
)
