"""4.1: D's move, and nothing but D's move."""

import torch
from torch import Tensor

from vgan_lessons import training
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.tiny_players import (
    Descent,
    Line,
    drawn_players,
    partly_frozen,
    stays_thawed,
    with_stale_gradient,
)
from vgan_lessons.losses import non_saturating_d_loss


def _gap(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return fake_logits.mean() - real_logits.mean()


def _steep(D: Line, real: Tensor, fake: Tensor) -> Tensor:
    return D(real)[0] + D(fake)[0] / 2


def _seen_by_fakes(D: Line, real: Tensor, fake: Tensor) -> Tensor:
    return D(fake).mean()


def _step(answer, G: Line, D: Line, penalty=None) -> Tensor:
    """One step on fakes of mean 1 and reals of mean 2, if G doubles its latents."""
    extra = () if penalty is None else (penalty,)
    real, z = torch.tensor([3.0, 1.0]), torch.tensor([1.0, 0.0])
    return answer(G, D, Descent(D), _gap, real, z, *extra)


def _loss_and_slope(answer, stale=None, penalty=None) -> tuple:
    D = Line(1.0, stale)
    return _step(answer, Line(2.0), D, penalty), D.slope


def _what_became_of_g(answer) -> dict:
    """G carries a gradient of its own, and the penalty looks at its fakes."""
    G = Line(2.0, stale=5.0)
    _step(answer, G, Line(1.0), penalty=_seen_by_fakes)
    pull = 0.0 if G.slope.grad is None else G.slope.grad
    return {"weight": G.slope, ".grad": pull, "requires_grad": G.slope.requires_grad}


def _frozen_parts(answer) -> dict:
    """A G that is frozen before D's step, and a D of which one weight is."""
    G = Line(2.0).requires_grad_(False)
    _step(answer, G, Line(1.0))
    return {
        "requires_grad of G": G.slope.requires_grad,
        "requires_grad of D's frozen weight": stays_thawed(lambda D: _step(answer, G, D)),
    }


def _what_is_left(answer) -> dict:
    D = Line(1.0)
    loss = _step(answer, Line(2.0), D)
    return {
        "loss is a tensor": isinstance(loss, Tensor),
        "graph behind the loss": isinstance(loss, Tensor) and loss.requires_grad,
        ".grad of D": D.slope.grad,
        "D in training mode": D.training,
    }


def _inputs(draw: Draw) -> dict:
    generator, discriminator = drawn_players(draw)
    with_stale_gradient(discriminator)
    return {
        "generator": partly_frozen(with_stale_gradient(generator)),
        "discriminator": discriminator,
        "d_optim": Descent(discriminator),
        "d_loss_fn": non_saturating_d_loss,
        "real": draw.normal("R 2"),
        "z": draw.normal("F 3"),
    }


# fmt: off
D_STEP = Exercise(
    name="d_step",
    number="4.1",
    minutes=10,
    difficulty="medium",
    contract=(
        "Move D once with `d_optim`, so that `d_loss_fn`(real logits, fake logits) falls, plus "
        "penalty(discriminator, real, fake) if a penalty is given; the fakes are G's for z.",
        "Whatever D carries in `.grad` when the step begins must not count; afterwards `.grad` "
        "holds this step's gradient.",
        "G stands still: its weights, its `.grad` and its `requires_grad` stay as they are, and what "
        "was frozen stays frozen. The penalty sends G nothing either.",
        "Return the loss that was differentiated, without the penalty and without a graph, as a "
        "tensor: later cells call `.item()` on it.",
    ),
    reference=training.d_step,
    inputs=_inputs,
    free_gradients=("real", "z"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("one step by hand", _loss_and_slope, (-1.0, 1.5),  # loss 1 - 2; slope of the loss 1 - 2; 1 - 0.5 * -1
             "D(x) = x, fakes of mean 1, reals of mean 2, loss E D(fake) - E D(real): its slope in D's weight is 1 - 2, "
             "and the step size is 0.5."),
        Case("a gradient left from before", lambda answer: _loss_and_slope(answer, stale=10.0), (-1.0, 1.5),
             "D carries a gradient of 10 from an earlier step: clear it before backward."),
        Case("G stands still", _what_became_of_g, {"weight": 2.0, ".grad": 5.0, "requires_grad": True},
             "Nothing of G may change, its .grad of 5 included, and no gradient may reach it, not from the penalty either.",
             "side effects"),
        Case("a G that is frozen, and a weight of D", _frozen_parts, {"requires_grad of G": False, "requires_grad of D's frozen weight": False},
             "What came frozen must leave frozen: put back what was there, not True.", "side effects"),
        Case("with a penalty", lambda answer: _loss_and_slope(answer, penalty=_steep),
             (-1.0, -0.5),  # slope -1 + 3 + 2 / 2 = 3; 1 - 0.5 * 3
             "The penalty D(real)[0] + D(fake)[0] / 2 adds 3 + 1 to the slope of -1; the loss is still -1."),
        Case("what is left behind", _what_is_left,
             {"loss is a tensor": True, "graph behind the loss": False, ".grad of D": -1.0, "D in training mode": True},
             "Afterwards: a loss that is a tensor without graph, this step's gradient on D, the same mode.", "side effects"),
    ),
    hints=(
        "Who may move in this step, and through which tensor could the gradient reach the "
        "other player?",
        "Make the fakes without a graph. Then three verbs in this order: clear, differentiate, "
        "step; the clearing and the step are d_optim's.",
        "`with torch.no_grad(): fake = ...`, `loss = d_loss_fn(D(real), D(fake))`, "
        "`d_optim.zero_grad()`, `(...).backward()`, `d_optim.step()`, `return loss.detach()`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("forgotten zero_grad", {"d_optim.zero_grad()": "pass"},
                "backward adds to what .grad already holds: without zero_grad D walks along the sum of this step's gradient "
                "and all earlier ones."),
        Mistake("cleared after backward", {"d_optim.zero_grad()": "objective.backward()", "objective.backward()": "d_optim.zero_grad()"},
                "zero_grad between backward and step throws this step's gradient away, so D stays."),
        Mistake("no step after backward", {"objective.backward()": "d_optim.step()", "d_optim.step()": "objective.backward()"},
                "D stays where it was: d_optim.step() is missing, or comes before backward, while .grad is still empty."),
        Mistake("loss climbed", {"objective.backward()": "(-objective).backward()"},
                "D walks uphill: d_loss_fn is what D minimises, so no sign is turned."),
        Mistake("real and fake logits swapped", {"discriminator(real)": "discriminator(fake)", "discriminator(fake)": "discriminator(real)"},
                "d_loss_fn takes the real logits first; swapped, D learns to call the data fake."),
        Mistake("fake logits detached", {"discriminator(fake)": "discriminator(fake).detach()"},
                "D(fake).detach() hides the fakes from D; what is detached is the fake itself, before D sees it."),
        Mistake("missing detach", {"torch.no_grad()": "torch.enable_grad()"},
                "The gradient ran on into G and was left there: detach the fakes before D sees them.", "side effects"),
        Mistake("penalty on attached fakes",
                {"torch.no_grad()": "torch.enable_grad()", "discriminator(fake)": "discriminator(fake.detach())"},
                "The penalty got fakes that still hang on G, and left its gradient there: detach the fakes once, "
                "where they are made.", "side effects"),
        Mistake("G's gradient cleared", {"d_optim.zero_grad()": "d_optim.zero_grad(); generator.zero_grad()"},
                "zero_grad of G in D's turn: what stands in G's .grad is G's affair.", "side effects"),
        Mistake("G thawed", {"generator(z)": "generator.requires_grad_(False)(z); generator.requires_grad_(True)"},
                "Every weight of G came back trainable, also those that were frozen before: remember each "
                "requires_grad, or cut with no_grad or detach and touch none.", "side effects"),
        Mistake("loss returned as a plain number", {"d_loss.detach()": "d_loss.item()"},
                "Later cells call .item() on the loss, and a plain number has none: return loss.detach()."),
        Mistake("G left frozen", {"generator(z)": "generator.requires_grad_(False)(z)"},
                "requires_grad of G was switched off and stays off, so G will never learn again.", "side effects"),
        Mistake("noise of its own", {"generator(z)": "generator(torch.randn_like(z))"},
                "The fakes must come from the z that is handed in, or no step can be repeated.", "dtype/device/seed"),
        Mistake("penalty ignored", {" + penalty(discriminator, real, fake)": ""},
                "D moves as if there were no penalty: what penalty returns has to be added before backward, or D grows as steep as it likes."),
        Mistake("penalty returned with the loss", {"d_loss.detach()": "objective.detach()"},
                "D minimises loss plus penalty, but the loss alone is returned, to be held against landmarks such as 2 ln 2."),
        Mistake("penalty given the fakes as reals", {"penalty(discriminator, real, fake)": "penalty(discriminator, fake, real)"},
                "penalty takes (discriminator, real, fake), in this order."),
        Mistake("loss returned with its graph", {"d_loss.detach()": "d_loss"},
                "The loss still holds the whole graph of the step: a list of such losses fills the memory.", "gradients"),
        Mistake("D left in eval mode", {"discriminator(real)": "discriminator.eval()(real)"},
                "D came in training mode and left in eval mode: a step changes no mode.", "side effects"),
        Mistake("gradient cleared at the end", {"d_optim.step()": "d_optim.step(); d_optim.zero_grad()"},
                "After the step .grad is empty, and the loop cannot log how long the gradient was.", "side effects"),
        Mistake("loss measured after the step", {"d_loss.detach()": "d_loss_fn(discriminator(real), discriminator(fake)).detach()"},
                "This is the loss of the D that has moved; return the one that was differentiated."),
    ),
    waived=("device",),
)
