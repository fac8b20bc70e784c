"""4.2: G's move, through a D that stands still."""

import torch
from torch import Tensor
from torch.nn import functional as F

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


def _frozen_parts(answer) -> dict:
    """A D that is frozen before G's step, and a G of which one weight is."""
    D = Line(3.0).requires_grad_(False)
    _step(answer, Line(1.0), D)
    return {
        "requires_grad of D": D.slope.requires_grad,
        "requires_grad of G's frozen weight": stays_thawed(lambda G: _step(answer, G, D)),
    }


def _what_is_left(answer) -> dict:
    G, D = Line(1.0), Line(3.0)
    loss = _step(answer, G, D)
    return {
        "loss is a tensor": isinstance(loss, Tensor),
        "graph behind the loss": isinstance(loss, Tensor) and loss.requires_grad,
        ".grad of G": G.slope.grad,
        "D in training mode": D.training,
    }


def _inputs(draw: Draw) -> dict:
    generator, discriminator = drawn_players(draw)
    with_stale_gradient(generator)
    return {
        "generator": generator,
        "discriminator": partly_frozen(discriminator),
        "g_optim": Descent(generator),
        "g_loss_fn": relativistic_g_loss,
        "real": draw.normal("B 2"),
        "z": draw.normal("B 3"),
    }


# fmt: off
G_STEP = Exercise(
    name="g_step",
    number="4.2",
    minutes=8,
    difficulty="medium",
    contract=(
        "Move G once with `g_optim`, so that `g_loss_fn`(real logits, fake logits) falls; the "
        "fakes are G's for z, and the real logits are D's for real.",
        "Whatever G carries in `.grad` when the step begins must not count; afterwards `.grad` "
        "holds this step's gradient.",
        "D stands still: its weights and its `requires_grad` stay as they are, what was frozen "
        "stays frozen, and no gradient of this step is left in its `.grad`.",
        "Return the loss that was differentiated, without a graph, as a tensor: later cells call "
        ".item() on it.",
    ),
    reference=training.g_step,
    inputs=_inputs,
    free_gradients=("real", "z"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("one step by hand", _loss_and_slope, (-6.0, 4.0),  # loss -3 * 2; slope -3 * 2; 1 - 0.5 * -6
             "G(z) = z, D(x) = 3 x, loss -E D(fake): its slope in G's weight is -3 times the mean latent, 2, "
             "and the step size is 0.5."),
        Case("a gradient left from before", lambda answer: _loss_and_slope(answer, stale=10.0), (-6.0, 4.0),
             "G carries a gradient of 10 from an earlier step: clear it before backward."),
        Case("D stands still", _what_became_of_d, {"weight": 3.0, ".grad": 0.0, "requires_grad": True},
             "The gradient runs through D on its way to G; nothing of it may stay there.", "side effects"),
        Case("a D that is frozen, and a weight of G", _frozen_parts, {"requires_grad of D": False, "requires_grad of G's frozen weight": False},
             "What came frozen must leave frozen: put back what was there, not True.", "side effects"),
        Case("a game that compares", lambda answer: _loss_and_slope(answer, loss_fn=_lead_of_the_reals),
             (3.0, 4.0),  # relu(6 - 3, 12 - 9) = 3, 3; slope -3 * 2
             "The reals score 6 and 12, the fakes 3 and 9: they are 3 behind."),
        Case("what is left behind", _what_is_left,
             {"loss is a tensor": True, "graph behind the loss": False, ".grad of G": -6.0, "D in training mode": True},
             "Afterwards: a loss that is a tensor without graph, this step's gradient on G, the same mode.", "side effects"),
    ),
    hints=(
        "The gradient must pass through D and may not stay on it. Which weights should "
        "backward be told to collect for?",
        "D(real) without a graph, D(G(z)) with one; then clear, differentiate, step, the "
        "clearing and the step being g_optim's.",
        "`loss.backward(inputs=[*generator.parameters()])` leaves D alone; switching D's "
        "requires_grad off around the step, and back to what it was, does so too.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("forgotten zero_grad", {"g_optim.zero_grad()": "pass"},
                "backward adds to what .grad already holds: without zero_grad G walks along the sum of this step's gradient "
                "and all earlier ones."),
        Mistake("G gets no gradient", {"g_optim.zero_grad()": "pass", "g_optim.step()": "g_optim.zero_grad(); g_optim.step()"},
                "G's .grad is empty when g_optim steps: zero_grad came after backward, or the fakes were detached on their way "
                "to the loss.", "gradients"),
        Mistake("all of the gradient stays on D", {"generator(z)": "generator(z).detach()", "inputs=moving": ""},
                "The gradient reached D and not G: detached fakes belong into D's step, here they are the only road to G. "
                "(Or zero_grad came after backward.)", "gradients"),
        Mistake("loss climbed", {"g_loss.backward": "(-g_loss).backward"},
                "G walks uphill and learns to be caught: g_loss_fn is what G minimises, so no sign is turned."),
        Mistake("real and fake logits swapped", {"real_logits, discriminator(generator(z))": "discriminator(generator(z)), real_logits"},
                "g_loss_fn takes the real logits first, then the fake ones."),
        Mistake("zeros in place of the real logits", {"g_loss_fn(real_logits,": "g_loss_fn(torch.zeros_like(real_logits),"},
                "A relativistic G compares itself with the reals' scores: D(real) is needed here too."),
        Mistake("fake logits in place of the real ones", {"g_loss_fn(real_logits,": "g_loss_fn(discriminator(generator(z)),"},
                "Compared with itself, G always stands at a draw: the first argument is D(real)."),
        Mistake("gradient left on D", {"inputs=moving": ""},
                "backward passed through D and left a gradient on its weights, which a D step without zero_grad would walk along.",
                "side effects"),
        Mistake("D left frozen", {"discriminator(real)": "discriminator.requires_grad_(False)(real)"},
                "requires_grad of D was switched off and stays off, so D will never learn again.", "side effects"),
        Mistake("D thawed",
                {"discriminator(generator(z))": "discriminator.requires_grad_(False)(generator(z))",
                 "g_optim.step()": "g_optim.step(); discriminator.requires_grad_(True)"},
                "Every weight of D came back trainable, also those that were frozen before: remember each "
                "requires_grad, or name G's weights in backward(inputs=...).", "side effects"),
        Mistake("loss returned as a plain number", {"g_loss.detach()": "g_loss.item()"},
                "Later cells call .item() on the loss, and a plain number has none: return loss.detach()."),
        Mistake("D moved as well",
                {"inputs=moving": "", "g_optim.step()": "g_optim.step(); type(g_optim)(discriminator).step(); discriminator.zero_grad()"},
                "D was moved along G's loss: it helps its opponent. Only g_optim steps here.", "side effects"),
        Mistake("noise of its own", {"generator(z)": "generator(torch.randn_like(z))"},
                "The fakes must come from the z that is handed in, or no step can be repeated.", "dtype/device/seed"),
        Mistake("loss returned with its graph", {"g_loss.detach()": "g_loss"},
                "The loss still holds the whole graph of the step: a list of such losses fills the memory.", "gradients"),
        Mistake("D left in eval mode", {"discriminator(real)": "discriminator.eval()(real)"},
                "D came in training mode and left in eval mode: a step changes no mode.", "side effects"),
        Mistake("gradient cleared at the end", {"g_optim.step()": "g_optim.step(); g_optim.zero_grad()"},
                "After the step .grad is empty, and the loop cannot log how long the gradient was.", "side effects"),
        Mistake("loss measured after the step", {"g_loss.detach()": "g_loss_fn(real_logits, discriminator(generator(z))).detach()"},
                "This is the loss of the G that has moved; return the one that was differentiated."),
    ),
    waived=("device",),
)
