"""What goes wrong in G's step."""

import torch

from vgan_lessons.checking import Mistake
from vgan_lessons.exercises.ex04_training.walks import (
    walk,
    walk_cleared_again,
    walk_cleared_late,
    walk_uncleared,
    walk_uphill,
)
from vgan_lessons.exercises.tiny_players import Descent


def _loss(G, D, loss_fn, real, z):
    with torch.no_grad():
        real_logits = D(real)
    return loss_fn(real_logits, D(G(z)))


def _descend(optim, loss, D, how=walk):
    """Walk, and take the gradient off D again."""
    how(optim, loss)
    for weight in D.parameters():
        weight.grad = None
    return loss.detach()


def _walked(how):
    """G's step with another way of walking."""
    return lambda G, D, optim, loss_fn, real, z: _descend(
        optim, _loss(G, D, loss_fn, real, z), D, how
    )


def _detached_fakes(G, D, optim, loss_fn, real, z):
    loss = loss_fn(D(real).detach(), D(G(z).detach()))
    walk(optim, loss)
    return loss.detach()


def _sides_swapped(G, D, optim, loss_fn, real, z):
    return _descend(optim, _loss(G, D, lambda r, f: loss_fn(f, r), real, z), D)


def _zeros_for_the_reals(G, D, optim, loss_fn, real, z):
    fake_logits = D(G(z))
    return _descend(optim, loss_fn(torch.zeros_like(fake_logits), fake_logits), D)


def _fakes_for_the_reals(G, D, optim, loss_fn, real, z):
    fake_logits = D(G(z))
    return _descend(optim, loss_fn(fake_logits, fake_logits), D)


def _gradient_left_on_d(G, D, optim, loss_fn, real, z):
    loss = _loss(G, D, loss_fn, real, z)
    walk(optim, loss)
    return loss.detach()


def _d_left_frozen(G, D, optim, loss_fn, real, z):
    D.requires_grad_(False)
    return _descend(optim, _loss(G, D, loss_fn, real, z), D)


def _d_moved_too(G, D, optim, loss_fn, real, z):
    loss = _loss(G, D, loss_fn, real, z)
    walk(optim, loss)
    Descent(D).step()
    D.zero_grad()
    return loss.detach()


def _noise_of_its_own(G, D, optim, loss_fn, real, z):
    return _descend(optim, _loss(G, D, loss_fn, real, torch.randn_like(z)), D)


def _graph_returned(G, D, optim, loss_fn, real, z):
    loss = _loss(G, D, loss_fn, real, z)
    _descend(optim, loss, D)
    return loss


def _d_left_in_eval_mode(G, D, optim, loss_fn, real, z):
    D.eval()
    return _descend(optim, _loss(G, D, loss_fn, real, z), D)


def _loss_after_the_step(G, D, optim, loss_fn, real, z):
    _descend(optim, _loss(G, D, loss_fn, real, z), D)
    return _loss(G, D, loss_fn, real, z).detach()


MISTAKES = (
    Mistake(
        "forgotten zero_grad",
        _walked(walk_uncleared),
        "backward adds to what .grad already holds: without zero_grad G walks along the sum of "
        "this step's gradient and all earlier ones.",
    ),
    Mistake(
        "G gets no gradient",
        _walked(walk_cleared_late),
        "G's .grad is empty when g_optim steps: zero_grad came after backward, or the fakes "
        "were detached on their way to the loss.",
        "gradients",
    ),
    Mistake(
        "all of the gradient stays on D",
        _detached_fakes,
        "The gradient reached D and not G: detached fakes belong into D's step, here they are "
        "the only road to G. (Or zero_grad came after backward.)",
        "gradients",
    ),
    Mistake(
        "loss climbed",
        _walked(walk_uphill),
        "G walks uphill and learns to be caught: g_loss_fn is what G minimises, so no sign is "
        "turned.",
    ),
    Mistake(
        "real and fake logits swapped",
        _sides_swapped,
        "g_loss_fn takes the real logits first, then the fake ones.",
    ),
    Mistake(
        "zeros in place of the real logits",
        _zeros_for_the_reals,
        "A relativistic G compares itself with the reals' scores: D(real) is needed here too.",
    ),
    Mistake(
        "fake logits in place of the real ones",
        _fakes_for_the_reals,
        "Compared with itself, G always stands at a draw: the first argument is D(real).",
    ),
    Mistake(
        "gradient left on D",
        _gradient_left_on_d,
        "backward passed through D and left a gradient on its weights, which a D step without "
        "zero_grad would walk along.",
        "side effects",
    ),
    Mistake(
        "D left frozen",
        _d_left_frozen,
        "requires_grad of D was switched off and stays off, so D will never learn again.",
        "side effects",
    ),
    Mistake(
        "D moved as well",
        _d_moved_too,
        "D was moved along G's loss: it helps its opponent. Only g_optim steps here.",
        "side effects",
    ),
    Mistake(
        "noise of its own",
        _noise_of_its_own,
        "The fakes must come from the z that is handed in, or no step can be repeated.",
        "dtype/device/seed",
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
        "This is the loss of the G that has moved; return the one that was differentiated.",
    ),
)
