"""4.9: a published training loop in which nobody moves, and how to bring it to life."""

import torch
from torch import Tensor

from vgan_lessons.article import Line, Watched, mended, published, watch_training
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.faulty_stubs import as_published

_REAL, _LATENTS = torch.tensor([[2.0], [0.0]]), torch.tensor([[1.0], [-1.0]])


def _rounds(train, sizes, *, lr: float = 0.0) -> tuple[Watched, Line, Line]:
    """Start from G(z) = z and D(x) = x, on reals 2, 0, 2, ... and latents 1, -1, 1, ..."""
    one, zero = torch.ones(1, 1), torch.zeros(1)
    G, D = Line(one, zero), Line(one, zero, scores=True)
    reals = [_REAL[torch.arange(n) % 2] for n in sizes]
    seen = watch_training(
        train, G, D, reals, lambda n: _LATENTS[torch.arange(n) % 2], g_lr=lr, d_lr=lr
    )
    return seen, G, D


def _one_round(train, player: int) -> tuple:
    """The loss and the weights of a player, 0 for D and 1 for G, after a step of length 1."""
    seen, G, D = _rounds(train, [2], lr=1.0)
    mover = (D, G)[player]
    return seen.losses[0][player], mover.weight, mover.bias


def _what_piles_up(train) -> dict:
    seen, G, D = _rounds(train, [2, 2])
    pairs = [number for pair in seen.losses for number in pair]
    return {
        "gradients at each step": tuple(seen.gradients),
        "gradient on G in D's turn": seen.leaked,
        "graphs behind the losses": any(
            isinstance(number, Tensor) and number.requires_grad for number in pairs
        ),
        "losses are plain numbers": not any(isinstance(number, Tensor) for number in pairs),
        "both players in training mode": G.training and D.training,
    }


def _inputs(draw: Draw) -> dict:
    return {
        "reals": [draw.normal("A 2"), draw.normal("B 2"), draw.normal("C 2")],
        "pool": draw.normal("N 3"),
        "g_weights": (draw.normal("2 3"), draw.normal("2")),
        "d_weights": (draw.normal("1 2"), draw.normal("1")),
    }


def _three_rounds(train, reals, pool, g_weights, d_weights) -> tuple:
    """From drawn weights: the losses, and the weights afterwards."""
    G = Line(*(part.detach() for part in g_weights))
    D = Line(*(part.detach() for part in d_weights), scores=True)
    calls = []

    def sample_latents(n: int) -> Tensor:
        calls.append(n)
        return pool.detach()[(torch.arange(n) + len(calls)) % len(pool)]

    reals = [real.detach() for real in reals]
    seen = watch_training(train, G, D, reals, sample_latents, g_lr=0.1, d_lr=0.2)
    weights = [part.detach() for player in (G, D) for part in player.parameters()]
    return [tuple(map(float, pair)) for pair in seen.losses], weights


# pieces of the mended loop, which the mistakes edit
_D_DRAWS = "fake = generator(sample_latents(len(real)))"
_G_DRAWS = "discriminator(generator(sample_latents(len(real))))"
_D_LOSS = "F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()"
_G_LOSS = "F.softplus(-fake_logits).mean()"
_D_MOVES = "d_optim.zero_grad()\n        d_loss.backward()\n        d_optim.step()"

# fmt: off
REPAIR_THE_ARTICLE = Exercise(
    name="repair_the_article",
    number="4.9",
    minutes=12,
    importance="extra",
    difficulty="medium",
    contract=(
        "Play one round for each real batch: first D's turn, then G's, which meets the new D.",
        "Each turn draws its own latents with `sample_latents(n)`, as many as the real batch "
        "has samples.",
        "D minimises the mean of -log D over the reals plus the mean of -log(1 - D) over the "
        "fakes; G minimises the mean of -log D over the fakes. `discriminator` returns "
        "logits: D = sigmoid(logit), so these are softplus(-logit) and softplus(logit).",
        "Every turn moves its own player by the gradient of that turn alone; D's turn leaves "
        "no gradient on G.",
        "Yield (or return a list of) the pairs `(d_loss, g_loss)` as plain numbers, each "
        "taken before its player moved.",
    ),
    reference=mended.train,
    stub=as_published(
        published.train,
        "my_repair_the_article",
        "Mend this loop: it never reaches its first round, and there is more.",
    ),
    inputs=_inputs,
    call=_three_rounds,
    cases=(  # situation, what is seen, by hand, where to look, kind
        Case("latents for every turn, as many as the batch has reals", lambda train: _rounds(train, [3, 5, 2])[0].asked,
             (3, 3, 5, 5, 2, 2),  # two turns in each of three rounds
             "Who knows how large this batch is? And how often has G to be asked anew?"),
        Case("whose turn it is, in two rounds", lambda train: _rounds(train, [2, 2])[0].movers, ("D", "G", "D", "G"),
             "Look at which optimiser steps in which turn: D's comes first.", "side effects"),
        Case("a gradient for the player whose turn it is", lambda train: [g is not None for g in _rounds(train, [2, 2])[0].gradients],
             (True, True, True, True),
             "Follow the loss back: somewhere it stops being torch's and is a number.", "gradients"),
        Case("D after one step: reals at 2 and 0, fakes at 1 and -1", lambda train: _one_round(train, 0),
             # slopes: weight (-2 s(-2) + s(1) - s(-1)) / 2, bias (1 - s(-2) - s(0)) / 2
             (1.223299, torch.tensor([[0.888144]]), torch.tensor([-0.190399])),
             "The loss of a D whose logit is x itself; both halves take part in it."),
        Case("G after one step against that D", lambda train: _one_round(train, 1),
             # logits 0.697745 and -1.078543, so G's slopes are -0.888144 times
             # (0.332312 - 0.746218) / 2 for the weight, (0.332312 + 0.746218) / 2 for the bias
             (0.887608, torch.tensor([[0.816196]]), torch.tensor([0.478945])),
             "After its step G must be believed more; D has already moved when it steps."),
        Case("nothing piles up while the players stand still", _what_piles_up,
             {"gradients at each step":  # weight, bias; the second round repeats the first
                 (torch.tensor([0.111856, 0.190399]), torch.tensor([0.231059, -0.5])) * 2,
              "gradient on G in D's turn": False,
              "graphs behind the losses": False,
              "losses are plain numbers": True,
              "both players in training mode": True},
             "What is left from the turn before when this one asks for its gradient?", "gradients"),
    ),
    hints=(
        "Let the check lead you from fault to fault. Ask of each line: whose turn is it, what "
        "does this player want, and how does it hear of it?",
        "`real` never appears, `noise` is too early, `.item()` is too early, and two pairs of "
        "optimisers stand in each other's place; D's loss needs two halves.",
        "In D's turn: fakes detached, both logits, a sum of two means of softplus, zero_grad, "
        "backward, step. In G's turn: new fakes, one mean of softplus(-logit), the same three.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("batch size undefined", {_D_DRAWS: "fake = generator(sample_latents(batch_size))"},
                "`batch_size` is defined nowhere: the batch itself knows its size, `len(real)`."),
        Mistake("noise drawn once",
                {"for real in real_batches:": "noise = None\n    for real in real_batches:",
                 _D_DRAWS: "noise = sample_latents(len(real)) if noise is None else noise\n        fake = generator(noise)",
                 _G_DRAWS: "discriminator(generator(noise))"},
                "The noise is drawn before the loop, so G is asked about the same batch for ever; draw inside the turn."),
        Mistake("one draw for both turns",
                {_D_DRAWS: "fake = generator(z := sample_latents(len(real)))", _G_DRAWS: "discriminator(generator(z))"},
                "Both turns of a round use the same latents: G is corrected on the very fakes that D "
                "has just learned; draw again for G's turn."),
        Mistake("updates swapped",
                {".detach()": "", "d_optim.zero_grad()": "g_optim.zero_grad()", "d_optim.step()": "g_optim.step()",
                 "g_optim.zero_grad()": "d_optim.zero_grad()", "g_optim.step()": "d_optim.step()"},
                "D's loss moves G and G's loss moves D: `d_loss` belongs with `d_optim`.", "side effects"),
        Mistake("losses leave the graph",
                {"d_loss.backward()": "torch.tensor(d_loss.item(), requires_grad=True).backward()",
                 "g_loss.backward()": "torch.tensor(g_loss.item(), requires_grad=True).backward()"},
                "A loss made from a plain number has no past: every gradient is None, and the "
                "optimiser passes over None without a word.", "gradients"),
        Mistake("fakes detached in G's turn, too", {_G_DRAWS: "discriminator(generator(sample_latents(len(real))).detach())"},
                "G's turn needs the road back through D into G: only D's turn detaches the fakes.", "gradients"),
        Mistake("no real data", {_D_LOSS: "F.softplus(fake_logits).mean()"},
                "D learns from fakes alone: the term of the reals, softplus of minus their logits, is missing."),
        Mistake("the printed objective for D", {_D_LOSS: "-F.softplus(real_logits).mean() - F.softplus(-fake_logits).mean()"},
                "This is the objective printed with the program, labels flipped and unbounded below "
                "(1.7): in the text it is wrong, too."),
        Mistake("raw scores for D", {_D_LOSS: "fake_logits.mean() - real_logits.mean()"},
                "D's loss is a difference of raw scores: that is the Wasserstein game, which needs a "
                "leash on D; here D plays the logistic game."),
        Mistake("G minimises the score", {_G_LOSS: "fake_logits.mean()"},
                "G lowers the score of its own fakes, as D does: it learns to be caught."),
        Mistake("G pushed the wrong way", {_G_LOSS: "F.softplus(fake_logits).mean()"},
                "A sign is turned in G's loss: it falls when D rejects the fakes."),
        Mistake("minimax loss for G", {_G_LOSS: "-F.softplus(fake_logits).mean()"},
                "This is the loss that goes flat where D rejects the fakes; the text, and this "
                "exercise, give G the other one, -log D."),
        Mistake("both players move at once", {_D_MOVES: "pass", "g_optim.step()": f"{_D_MOVES}\n        g_optim.step()"},
                "G answers the D of before this round: let G's turn begin after D has moved."),
        Mistake("D's zero_grad forgotten", {"d_optim.zero_grad()": "pass"},
                "Without `d_optim.zero_grad()` D's gradients of all turns, G's included, pile up.", "gradients"),
        Mistake("G's zero_grad forgotten", {"g_optim.zero_grad()": "pass"},
                "Without `g_optim.zero_grad()` the gradients of all of G's turns pile up.", "gradients"),
        Mistake("fakes not detached in D's turn", {".detach()": ""},
                "D's loss runs on into G and leaves gradients there: cut the fakes off with "
                "`.detach()`, or make them under `torch.no_grad()`.", "gradients"),
        Mistake("graphs handed out", {"d_loss.item(), g_loss.item()": "d_loss, g_loss"},
                "Losses that still hang on their graphs keep every round in memory: hand out `.item()`.", "side effects"),
        Mistake("tensors handed out", {"d_loss.item(), g_loss.item()": "d_loss.detach(), g_loss.detach()"},
                "The losses come as tensors, and plain numbers are asked for: `.item()`.", "side effects"),
        Mistake("G left in eval mode", {"fake = generator(": "fake = generator.eval()("},
                "G came in training mode and left in eval mode, so its dropout and batch norms would stop learning.", "side effects"),
    ),
)
