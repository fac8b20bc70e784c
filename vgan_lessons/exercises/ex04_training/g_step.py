"""4.2: G's move, through a D that stands still."""

import torch
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons import training
from vgan_lessons.checking import Case, Draw, Exercise
from vgan_lessons.exercises.ex04_training.g_step_slips import MISTAKES
from vgan_lessons.exercises.tiny_players import (
    Descent,
    Line,
    drawn_players,
    with_stale_gradient,
)
from vgan_lessons.losses import relativistic_g_loss


def _minus_score(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return -fake_logits.mean()


def _lead_of_the_reals(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return F.relu(real_logits - fake_logits).mean()


def _step(answer, G: Line, D: Line, loss_fn=_minus_score) -> Tensor:
    """One step on latents 1 and 3 and on reals 2 and 4."""
    return answer(G, D, Descent(G), loss_fn, torch.tensor([2.0, 4.0]), torch.tensor([1.0, 3.0]))


def _loss_and_slope(answer, stale=None, loss_fn=_minus_score) -> tuple:
    G = Line(1.0, stale)
    return _step(answer, G, Line(3.0), loss_fn), G.slope


def _what_became_of_d(answer) -> dict:
    D = Line(3.0)
    _step(answer, Line(1.0), D)
    pull = 0.0 if D.slope.grad is None else D.slope.grad
    return {"weight": D.slope, ".grad": pull, "requires_grad": D.slope.requires_grad}


def _what_is_left(answer) -> dict:
    G, D = Line(1.0), Line(3.0)
    loss = _step(answer, G, D)
    return {
        "graph behind the loss": isinstance(loss, Tensor) and loss.requires_grad,
        ".grad of G": G.slope.grad,
        "D in training mode": D.training,
    }


def _inputs(draw: Draw) -> dict:
    generator, discriminator = drawn_players(draw)
    with_stale_gradient(generator)
    return {
        "generator": generator,
        "discriminator": discriminator,
        "g_optim": Descent(generator),
        "g_loss_fn": relativistic_g_loss,
        "real": draw.normal("B 2"),
        "z": draw.normal("B 3"),
    }


def _d_frozen_for_the_while(G, D, optim, loss_fn, real, z):
    for weight in D.parameters():
        weight.requires_grad_(False)
    loss = loss_fn(D(real), D(G(z)))
    optim.zero_grad()
    loss.backward()
    optim.step()
    for weight in D.parameters():
        weight.requires_grad_(True)
    return loss.detach()


def _gradient_by_hand(G, D, optim, loss_fn, real, z):
    loss = loss_fn(D(real).detach(), D(G(z)))
    weights = list(G.parameters())
    for weight, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        weight.grad = slope
    optim.step()
    return loss.detach()


def _d_cleared_afterwards(G, D, optim, loss_fn, real, z):
    G.zero_grad()
    loss = loss_fn(D(real), D(G(z)))
    loss.backward()
    optim.step()
    D.zero_grad(set_to_none=False)
    return loss.item()


def _d_put_back_afterwards(G, D, optim, loss_fn, real, z):
    before = [weight.grad for weight in D.parameters()]
    optim.zero_grad()
    loss = loss_fn(D(real).detach(), D(G(z)))
    D.zero_grad()
    loss.backward()
    for weight, slope in zip(D.parameters(), before, strict=True):
        weight.grad = slope
    optim.step()
    return loss.detach()


G_STEP = Exercise(
    name="g_step",
    number="4.2",
    minutes=10,
    difficulty="medium",
    contract=(
        "Move G once with g_optim, so that g_loss_fn(real logits, fake logits) falls; the "
        "fakes are G's for z, and the real logits are D's for real.",
        "Whatever G carries in .grad when the step begins must not count; afterwards .grad "
        "holds this step's gradient.",
        "D stands still: its weights and its requires_grad stay as they are, and no gradient "
        "of this step is left in its .grad.",
        "Return the loss that was differentiated, without a graph.",
    ),
    reference=training.g_step,
    inputs=_inputs,
    cases=(
        Case(
            name="one step by hand",
            run=_loss_and_slope,
            expect=(-6.0, 4.0),  # loss -3 * 2; slope -3 * 2; 1 - 0.5 * -6
            nudge="G(z) = z, D(x) = 3 x, loss -E D(fake): its slope in G's weight is -3 times "
            "the mean latent, 2, and the step size is 0.5.",
        ),
        Case(
            name="a gradient left from before",
            run=lambda answer: _loss_and_slope(answer, stale=10.0),
            expect=(-6.0, 4.0),
            nudge="G carries a gradient of 10 from an earlier step: clear it before backward.",
        ),
        Case(
            name="D stands still",
            run=_what_became_of_d,
            expect={"weight": 3.0, ".grad": 0.0, "requires_grad": True},
            nudge="The gradient runs through D on its way to G; nothing of it may stay there.",
            kind="side effects",
        ),
        Case(
            name="a game that compares",
            run=lambda answer: _loss_and_slope(answer, loss_fn=_lead_of_the_reals),
            expect=(3.0, 4.0),  # relu(6 - 3, 12 - 9) = 3, 3; slope -3 * 2
            nudge="The reals score 6 and 12, the fakes 3 and 9: they are 3 behind.",
        ),
        Case(
            name="what is left behind",
            run=_what_is_left,
            expect={
                "graph behind the loss": False,
                ".grad of G": -6.0,
                "D in training mode": True,
            },
            nudge="Afterwards: a loss without graph, this step's gradient on G, the same mode.",
            kind="side effects",
        ),
    ),
    hints=(
        "The gradient must pass through D and may not stay on it. Which weights should "
        "backward be told to collect for?",
        "D(real) without a graph, D(G(z)) with one; then clear, differentiate, step, the "
        "clearing and the step being g_optim's.",
        "`loss.backward(inputs=[*generator.parameters()])` leaves D alone; switching D's "
        "requires_grad off and on again around the step does so too.",
    ),
    mistakes=MISTAKES,
    alternatives={
        "D frozen for the while": _d_frozen_for_the_while,
        "gradient by hand": _gradient_by_hand,
        "D cleared afterwards": _d_cleared_afterwards,
        "D's gradient put back afterwards": _d_put_back_afterwards,
    },
    waived=("device",),
)
