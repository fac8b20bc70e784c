"""4.1: D's move, and nothing but D's move."""

import torch
from torch import Tensor

from vgan_lessons import training
from vgan_lessons.checking import Case, Draw, Exercise
from vgan_lessons.exercises.ex04_training.d_step_slips import MISTAKES
from vgan_lessons.exercises.tiny_players import (
    Descent,
    Line,
    drawn_players,
    with_stale_gradient,
)
from vgan_lessons.losses import non_saturating_d_loss


def _gap(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return fake_logits.mean() - real_logits.mean()


def _step(answer, G: Line, D: Line, penalty=None) -> Tensor:
    """One step on fakes of mean 1 and reals of mean 2, if G doubles its latents."""
    extra = () if penalty is None else (penalty,)
    real, z = torch.tensor([3.0, 1.0]), torch.tensor([1.0, 0.0])
    return answer(G, D, Descent(D), _gap, real, z, *extra)


def _loss_and_slope(answer, stale=None, penalty=None) -> tuple:
    D = Line(1.0, stale)
    return _step(answer, Line(2.0), D, penalty), D.slope


def _what_became_of_g(answer) -> dict:
    G = Line(2.0)
    _step(answer, G, Line(1.0))
    pull = 0.0 if G.slope.grad is None else G.slope.grad
    return {"weight": G.slope, ".grad": pull, "requires_grad": G.slope.requires_grad}


def _what_is_left(answer) -> dict:
    D = Line(1.0)
    loss = _step(answer, Line(2.0), D)
    return {
        "graph behind the loss": isinstance(loss, Tensor) and loss.requires_grad,
        ".grad of D": D.slope.grad,
        "D in training mode": D.training,
    }


def _inputs(draw: Draw) -> dict:
    generator, discriminator = drawn_players(draw)
    with_stale_gradient(discriminator)
    return {
        "generator": generator,
        "discriminator": discriminator,
        "d_optim": Descent(discriminator),
        "d_loss_fn": non_saturating_d_loss,
        "real": draw.normal("R 2"),
        "z": draw.normal("F 3"),
    }


def _with_detach(G, D, optim, loss_fn, real, z, penalty=None):
    fake = G(z).detach()
    optim.zero_grad(set_to_none=False)
    loss = loss_fn(D(real), D(fake))
    total = loss if penalty is None else loss + penalty(D, real, fake)
    total.backward()
    optim.step()
    return loss.item()


def _one_pass_over_both(G, D, optim, loss_fn, real, z, penalty=None):
    with torch.no_grad():
        fake = G(z)
    D.zero_grad()
    real_logits, fake_logits = D(torch.cat([real, fake])).split([len(real), len(fake)])
    loss = loss_fn(real_logits, fake_logits)
    loss.backward()
    if penalty is not None:
        penalty(D, real, fake).backward()
    optim.step()
    return loss.detach()


def _gradient_by_hand(G, D, optim, loss_fn, real, z, penalty=None):
    fake = G(z).detach()
    loss = loss_fn(D(real), D(fake))
    total = loss if penalty is None else loss + penalty(D, real, fake)
    weights = list(D.parameters())
    for weight, slope in zip(weights, torch.autograd.grad(total, weights), strict=True):
        weight.grad = slope
    optim.step()
    return loss.detach()


def _g_frozen_for_the_while(G, D, optim, loss_fn, real, z, penalty=None):
    G.requires_grad_(False)
    fake = G(z).detach()
    loss = loss_fn(D(real), D(fake))
    optim.zero_grad()
    (loss + (penalty(D, real, fake) if penalty else 0)).backward()
    optim.step()
    G.requires_grad_(True)
    return loss.detach()


D_STEP = Exercise(
    name="d_step",
    number="4.1",
    minutes=10,
    difficulty="medium",
    contract=(
        "Move D once with d_optim, so that d_loss_fn(real logits, fake logits) falls, plus "
        "penalty(discriminator, real, fake) if a penalty is given; the fakes are G's for z.",
        "Whatever D carries in .grad when the step begins must not count; afterwards .grad "
        "holds this step's gradient.",
        "G stands still: its weights, its .grad and its requires_grad stay as they are.",
        "Return the loss that was differentiated, without the penalty and without a graph.",
    ),
    reference=training.d_step,
    inputs=_inputs,
    cases=(
        Case(
            name="one step by hand",
            run=_loss_and_slope,
            expect=(-1.0, 1.5),  # loss 1 - 2; slope of the loss 1 - 2; 1 - 0.5 * -1
            nudge="D(x) = x, fakes of mean 1, reals of mean 2, loss E D(fake) - E D(real): its "
            "slope in D's weight is 1 - 2, and the step size is 0.5.",
        ),
        Case(
            name="a gradient left from before",
            run=lambda answer: _loss_and_slope(answer, stale=10.0),
            expect=(-1.0, 1.5),
            nudge="D carries a gradient of 10 from an earlier step: clear it before backward.",
        ),
        Case(
            name="G stands still",
            run=_what_became_of_g,
            expect={"weight": 2.0, ".grad": 0.0, "requires_grad": True},
            nudge="Nothing of G may change, and no gradient may reach it.",
            kind="side effects",
        ),
        Case(
            name="with a penalty",
            run=lambda answer: _loss_and_slope(
                answer, penalty=lambda judge, real, fake: 2 * judge(real).mean()
            ),
            expect=(-1.0, -0.5),  # slope -1 + 2 * 2 = 3; 1 - 0.5 * 3
            nudge="The penalty 2 E D(real) adds 4 to the slope of -1; the loss is still -1.",
        ),
        Case(
            name="what is left behind",
            run=_what_is_left,
            expect={
                "graph behind the loss": False,
                ".grad of D": -1.0,
                "D in training mode": True,
            },
            nudge="Afterwards: a loss without graph, this step's gradient on D, the same mode.",
            kind="side effects",
        ),
    ),
    hints=(
        "Who may move in this step, and through which tensor could the gradient reach the "
        "other player?",
        "Make the fakes without a graph. Then three verbs in this order: clear, differentiate, "
        "step; the clearing and the step are d_optim's.",
        "`with torch.no_grad(): fake = ...`, `loss = d_loss_fn(D(real), D(fake))`, "
        "`d_optim.zero_grad()`, `(...).backward()`, `d_optim.step()`, `return loss.detach()`.",
    ),
    mistakes=MISTAKES,
    alternatives={
        "detach": _with_detach,
        "one pass over both": _one_pass_over_both,
        "gradient by hand": _gradient_by_hand,
        "G frozen for the while": _g_frozen_for_the_while,
    },
    waived=("device",),
)
