"""4.4: the whole loop: what is drawn when, who moves when, what is logged, what is shown."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.tiny_players import Descent, Line
from vgan_lessons.training import rounds

_REALS = (2.0, 1.0, 3.0, 0.5)  # means of the batches, as they are drawn
_LATENTS = (0.5, 1.0, 2.0, -1.0)


def _d_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return fake_logits.mean() - real_logits.mean()


def _g_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return 2 * real_logits.mean() - fake_logits.mean()


def _real_score(D: Line, real: Tensor, fake: Tensor) -> Tensor:
    return D(real).mean()


class _Game:
    """G(z) = 2 z against D(x) = x, steps of 0.5, and a list of all that was drawn."""

    def __init__(self, answer, n_rounds: int = 2, **habits) -> None:
        self.G, self.D, self.drawn = Line(2.0), Line(1.0), []
        optims = Descent(self.G), Descent(self.D)
        draws = self.draw_real, self.draw_z
        players = self.G, self.D
        self.rounds = answer(*players, *optims, _d_loss, _g_loss, *draws, n_rounds, **habits)

    def draw_real(self) -> Tensor:
        return self._draw("real", _REALS)

    def draw_z(self) -> Tensor:
        return self._draw("z", _LATENTS)

    def _draw(self, name: str, means: tuple[float, ...]) -> Tensor:
        self.drawn.append(name)
        mean = means[(self.drawn.count(name) - 1) % 4]
        return torch.tensor([mean + 1, mean - 1])


def _losses_and_weights(answer, n_rounds: int, **habits) -> tuple:
    game = _Game(answer, n_rounds, **habits)
    losses = [float(loss) for played in game.rounds for loss in tuple(played)[:2]]
    return losses, game.D.slope, game.G.slope


def _averages(answer) -> tuple:
    """Of two rounds with a decay of 0.9, and of one with the usual decay."""
    found = []
    for n_rounds, habits in ((2, {"decay": 0.9}), (1, {})):
        *_, (_, _, average) = _Game(answer, n_rounds, **habits).rounds
        found.append(average.slope)
    return tuple(found)


def _handed_out(answer) -> dict[str, bool]:
    game = _Game(answer)
    played = iter(game.rounds)
    first = next(played)
    drawn = len(game.drawn)
    second = next(played)
    return {
        "one round at a time": drawn <= 3,
        "plain numbers": all(isinstance(loss, float) for loss in tuple(first)[:2]),
        "one average all along": first[2] is second[2],
        "the average is G itself": second[2] is game.G,
    }


# what the mistakes exchange in the reference
_BEGIN = "real, players = draw_real(), (generator, discriminator)"
_CRITIC = "for _ in range(n_critic):\n"
_D_TURN = "d_loss_fn, real, draw_z(), penalty"
_G_TURN = "g_loss_fn, real, draw_z())"
_FOLLOW = "ema_update(average, generator, decay)"
_YIELD = "yield Round(d_loss.item(), g_loss.item(), average)"

_STUB = '''def my_play(
    generator,
    discriminator,
    g_optim,
    d_optim,
    d_loss_fn,
    g_loss_fn,
    draw_real,
    draw_z,
    n_rounds,
    n_critic=1,
    penalty=None,
    decay=0.99,
):
    """Play rounds of a game: turns of D, a turn of G, then the average follows."""
    ...  # your code
'''

# fmt: off
PLAY = Exercise(
    name="play",
    number="4.4",
    minutes=12,
    difficulty="medium",
    contract=(
        "Play `n_rounds` rounds. A round is `n_critic` turns of D with `d_step`, each on a fresh `draw_real()` "
        "and a fresh `draw_z()`, then one turn of G with `g_step` on the reals of D's last turn and a fresh `draw_z()`.",
        "`penalty` is handed to `d_step` as it is.",
        "`average` is a copy of the generator, made before the first round; after each round "
        "`ema_update` moves it with `decay`.",
        "After every round yield `(d_loss, g_loss, average)`, in this order: the losses of D's last turn and of G's as "
        "plain numbers of type float, and the same averaged module every time. A round is played when it is "
        "asked for, not before.",
    ),
    reference=rounds.play,
    stub=_STUB,
    cases=(  # by hand: with D(x) = s x and G(z) = w z the losses are s (w z - r) and s (2 r - w z)
        Case("two rounds", lambda answer: _losses_and_weights(answer, 2), ((-1.0, 3.0, 6.75, -3.5625), -0.75, 3.125),
             # s 1 -> 1 - 0.5 (1 - 2) = 1.5; w 2 -> 2 + 0.5 * 1.5 = 2.75; s -> 1.5 - 0.5 (5.5 - 1); w -> 2.75 + 0.5 * 0.75
             "D(x) = x, G(z) = 2 z, steps of 0.5; reals of mean 2, then 1; latents of mean 0.5, 1, 2, -1, in the order of the turns."),
        Case("one round with two turns of D", lambda answer: _losses_and_weights(answer, 1, n_critic=2),
             ((1.5, -2.0), 1.0, 3.0),  # s 1 -> 1.5 -> 1.5 - 0.5 (2 - 1) = 1; w 2 -> 2 + 0.5 * 2
             "D moves twice, on other reals and other latents each time; G's turn compares with the second batch of reals."),
        Case("one round with a penalty", lambda answer: _losses_and_weights(answer, 1, penalty=_real_score),
             ((-1.0, 1.0), 0.5, 2.25),  # s 1 -> 1 - 0.5 (-1 + 2) = 0.5; w 2 -> 2 + 0.5 * 0.5
             "The penalty, here D's mean score of the reals, turns D's slope of -1 into +1."),
        Case("the average", _averages, (2.18, 2.0075),  # 0.9 (0.9 * 2 + 0.1 * 2.75) + 0.1 * 3.125; 0.99 * 2 + 0.01 * 2.75
             "Copied before the first round, it keeps the share decay of itself and takes the rest from G, once a round."),
        Case("what is handed out", _handed_out,
             {"one round at a time": True, "plain numbers": True, "one average all along": True, "the average is G itself": False},
             "Yield inside the loop; .item() makes a number; the copy is made once, before it.", "side effects"),
    ),
    hints=(
        "You have written every part. What has to be fresh for each turn, and what happens once a round?",
        "A loop over rounds, in it a loop over D's turns; after that inner loop G's turn, the average, the yield. "
        "The copy is `copy.deepcopy(generator)`, before both.",
        "`average = copy.deepcopy(generator)`; `for _ in range(n_rounds):` `for _ in range(n_critic):` "
        "`real = draw_real()`, `d_loss = d_step(...)`; then `g_loss = g_step(...)`, `ema_update(...)`, "
        "`yield d_loss.item(), g_loss.item(), average`.",
    ),
    mistakes=(
        Mistake("one z for both turns", {_D_TURN: "d_loss_fn, real, (z := draw_z()), penalty", _G_TURN: "g_loss_fn, real, z)"},
                "G is trained on the latents that D has just seen: draw afresh for each turn."),
        Mistake("reals drawn once more for G", {_G_TURN: "g_loss_fn, draw_real(), draw_z())"},
                "G's turn draws other reals: the batch of D's last turn serves it."),
        Mistake("reals drawn once a round", {_CRITIC: "given = draw_real()\n        " + _CRITIC, _BEGIN: "real, players = given, (generator, discriminator)"},
                "All of D's turns of a round see one batch: draw inside the inner loop."),
        Mistake("one turn of D", {"range(n_critic)": "range(1)"},
                "n_critic has no influence: D moves once a round."),
        Mistake("as many turns of G", {_CRITIC: "for turn in range(n_critic):\n", "g_loss = g_step(": "    g_loss = g_step("},
                "G moves after every turn of D: its turn stands behind the inner loop, not in it."),
        Mistake("no penalty", {", penalty)": ")"},
                "D's slope is unchecked: hand the penalty to d_step."),
        Mistake("G's and D's losses exchanged", {"d_optim, d_loss_fn": "d_optim, g_loss_fn", "g_optim, g_loss_fn": "g_optim, d_loss_fn"},
                "Each player minimises the other's loss: D would learn to be fooled."),
        Mistake("losses handed out in the other order", {"d_loss.item(), g_loss.item()": "g_loss.item(), d_loss.item()"},
                "The log names G's loss first: yield D's, then G's."),
        Mistake("the average stands still", {_FOLLOW: "pass"},
                "The average is still the untrained generator: nothing moves it."),
        Mistake("the average is copied late", {"average = copy.deepcopy(generator)": "average = None", _FOLLOW: "average = average or copy.deepcopy(generator); " + _FOLLOW},
                "The copy is made after G has moved: the average begins before the first round."),
        Mistake("a decay of its own", {", decay)": ", 0.999)"},
                "The average moves at a rate that is not the decay that was handed in."),
        Mistake("one round too few", {"range(n_rounds)": "range(1, n_rounds)"},
                "range leaves its end out: the last round is missing."),
        Mistake("the average is G", {"copy.deepcopy(generator)": "generator"},
                "The average is the generator itself under another name: copy it, or both move as one.", "side effects"),
        Mistake("a new average every round", {_YIELD: _YIELD.replace("average", "copy.deepcopy(average)")},
                "Each round hands out another module: yield the same one.", "side effects"),
        Mistake("losses with their tensors", {"d_loss.item(), g_loss.item()": "d_loss, g_loss"},
                "The losses are tensors: .item() makes plain numbers.", "side effects"),
        Mistake("all rounds at once", {"average = copy.deepcopy(generator)": "average, rows = copy.deepcopy(generator), []",
                                       _YIELD: "rows.append((d_loss.item(), g_loss.item(), average))\n    return rows"},
                "All rounds are played before the first is handed out: use yield, so that the caller can look and stop.", "side effects"),
        Mistake("the latents of D's turn never change", {"average = copy": "z, average = draw_z(), copy", _D_TURN: "d_loss_fn, real, z, penalty"},
                "D always sees fakes of the same latents: draw inside the loop."),
    ),
)
