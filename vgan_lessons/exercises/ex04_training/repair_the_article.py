"""4.8: a published training loop in which nobody moves, and how to bring it to life."""

import torch
from torch import Tensor

from vgan_lessons.article import Line, Watched, mended, published, watch_training
from vgan_lessons.checking import Case, Draw, Exercise
from vgan_lessons.exercises.ex04_training.article_loop_answers import RIGHT_LOOPS
from vgan_lessons.exercises.ex04_training.article_loop_slips import MISTAKES
from vgan_lessons.exercises.faulty_stubs import as_published

_REAL, _LATENTS = torch.tensor([[2.0], [0.0]]), torch.tensor([[1.0], [-1.0]])


def _rounds(train, sizes, *, lr: float = 0.0) -> tuple[Watched, Line, Line]:
    """Play with G(z) = z and D(x) = x on reals 2, 0, 2, ... and latents 1, -1, 1, ..."""
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
    seen, _, _ = _rounds(train, [2, 2])
    pairs = [number for pair in seen.losses for number in pair]
    return {
        "gradients at each step": tuple(seen.gradients),
        "gradient on G in D's turn": seen.leaked,
        "graphs behind the losses": any(
            isinstance(number, Tensor) and number.requires_grad for number in pairs
        ),
    }


def _inputs(draw: Draw) -> dict:
    return {
        "reals": [draw.normal("A 2"), draw.normal("B 2"), draw.normal("C 2")],
        "pool": draw.normal("N 3"),
        "g_weights": (draw.normal("2 3"), draw.normal("2")),
        "d_weights": (draw.normal("1 2"), draw.normal("1")),
    }


def _play(train, reals, pool, g_weights, d_weights) -> tuple:
    """Three rounds from drawn weights: the losses, and the weights afterwards."""
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


REPAIR_THE_ARTICLE = Exercise(
    name="repair_the_article",
    number="4.8",
    minutes=15,
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
    call=_play,
    cases=(
        Case(
            name="latents for every turn, as many as the batch has reals",
            run=lambda train: _rounds(train, [3, 5, 2])[0].asked,
            expect=(3, 3, 5, 5, 2, 2),  # two turns in each of three rounds
            nudge="Who knows how large this batch is? And how often has G to be asked anew?",
        ),
        Case(
            name="whose turn it is, in two rounds",
            run=lambda train: _rounds(train, [2, 2])[0].movers,
            expect=("D", "G", "D", "G"),
            nudge="Look at which optimiser steps in which turn: D's comes first.",
            kind="side effects",
        ),
        Case(
            name="a gradient for the player whose turn it is",
            run=lambda train: [g is not None for g in _rounds(train, [2, 2])[0].gradients],
            expect=(True, True, True, True),
            nudge="Follow the loss back: somewhere it stops being torch's and is a number.",
            kind="gradients",
        ),
        Case(
            name="D after one step: reals at 2 and 0, fakes at 1 and -1",
            run=lambda train: _one_round(train, 0),
            # slopes: weight (-2 s(-2) + s(1) - s(-1)) / 2, bias (1 - s(-2) - s(0)) / 2
            expect=(1.223299, torch.tensor([[0.888144]]), torch.tensor([-0.190399])),
            nudge="The loss of a D whose logit is x itself; both halves take part in it.",
        ),
        Case(
            name="G after one step against that D",
            run=lambda train: _one_round(train, 1),
            # logits 0.697745 and -1.078543, so G's slopes are -0.888144 times
            # (0.332312 - 0.746218) / 2 for the weight, (0.332312 + 0.746218) / 2 for the bias
            expect=(0.887608, torch.tensor([[0.816196]]), torch.tensor([0.478945])),
            nudge="After its step G must be believed more; D has already moved when it steps.",
        ),
        Case(
            name="nothing piles up while the players stand still",
            run=_what_piles_up,
            expect={
                # weight, bias; the second round repeats the first
                "gradients at each step": (
                    torch.tensor([0.111856, 0.190399]),
                    torch.tensor([0.231059, -0.5]),
                )
                * 2,
                "gradient on G in D's turn": False,
                "graphs behind the losses": False,
            },
            nudge="What is left from the turn before when this one asks for its gradient?",
            kind="gradients",
        ),
    ),
    hints=(
        "Let the check lead you from fault to fault. Ask of each line: whose turn is it, what "
        "does this player want, and how does it hear of it?",
        "`real` never appears, `noise` is too early, `.item()` is too early, and two pairs of "
        "optimisers stand in each other's place; D's loss needs two halves.",
        "In D's turn: fakes detached, both logits, a sum of two means of softplus, zero_grad, "
        "backward, step. In G's turn: new fakes, one mean of softplus(-logit), the same three.",
    ),
    mistakes=MISTAKES,
    alternatives=RIGHT_LOOPS,
)
