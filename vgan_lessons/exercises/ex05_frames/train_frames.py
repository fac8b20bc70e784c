"""5.5: the loop around both turns, with its penalty and its average."""

import torch

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.diary import Diary
from vgan_lessons.exercises.tiny_players import Descent, Line
from vgan_lessons.training import frames

_REALS = [2.0, 1.0]
_LATENTS = [[1.0, 0.0], [0.0, 1.0], [-1.0, 1.0], [1.0, 0.5]]  # two turns in two rounds


class _Bowl(Line):
    """A discriminator that is not as steep everywhere: D(x) = slope x^2 / 2."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B,) -> (B,)."""
        return self.slope * x.square() / 2


class _Game:
    """G(z) = 2 z against D(x) = x^2 / 2, steps of 0.5, and a list of all that was drawn."""

    def __init__(self, answer, n_rounds: int = 2) -> None:
        self.G, self.D, self.drawn = Line(2.0), _Bowl(1.0), []
        self.rounds = answer(
            *(self.G, self.D, Descent(self.G), Descent(self.D)),
            *(self.draw_real, self.draw_z, n_rounds, 0.1, 0.2),
        )

    def draw_real(self) -> torch.Tensor:
        self.drawn.append("real")
        return torch.tensor(_REALS)

    def draw_z(self) -> torch.Tensor:
        self.drawn.append("z")
        n_asked = self.drawn.count("z") - 1
        return torch.tensor(_LATENTS[n_asked % 4])


def _losses(answer) -> list[float]:
    """D's and G's losses of two rounds."""
    return [
        float(loss) for d_loss, g_loss, _ in _Game(answer).rounds for loss in (d_loss, g_loss)
    ]


def _weights(answer, n_rounds: int) -> tuple:
    """After so many rounds, before anybody asks for another."""
    game = _Game(answer, n_rounds)
    rounds = iter(game.rounds)
    *_, average = [next(rounds) for _ in range(n_rounds)][-1]
    return game.D.slope, game.G.slope, average.slope


def _draws(answer) -> list[str]:
    game = _Game(answer)
    list(game.rounds)
    return game.drawn


class _Watched(_Bowl):
    """Keeps every number that it is shown."""

    def __init__(self) -> None:
        super().__init__(1.0)
        self.shown: set[float] = set()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B,) -> (B,)."""
        self.shown |= set(x.detach().flatten().tolist())
        return super().forward(x)


def _reals_shown(answer) -> dict[str, tuple[float, ...]]:
    """Which reals D is shown in each round, where every round draws one of its own."""
    G, D, reals = Line(2.0), _Watched(), [7.5, 8.5, 9.5]
    waiting = [torch.tensor([value]) for value in reals]
    given = (lambda: waiting.pop(0)), (lambda: torch.tensor([0.25]))
    seen = {}
    rounds = answer(G, D, Descent(G), Descent(D), *given, 2, 0.1, 0.2)
    for number, _ in enumerate(rounds, 1):
        seen[f"round {number}"] = tuple(value for value in reals if value in D.shown)
        D.shown.clear()
    return seen


def _handed_out(answer) -> dict[str, bool]:
    game = _Game(answer)
    rounds = iter(game.rounds)
    first = next(rounds)
    drawn = len(game.drawn)
    second = next(rounds)
    return {
        "one round at a time": drawn <= 3,
        "plain numbers": all(isinstance(loss, float) for loss in first[:2]),
        "one average all along": first[2] is second[2],
        "the average is G itself": second[2] is game.G,
    }


def _events(answer) -> dict[str, tuple[str, ...]]:
    """What happens in three rounds."""
    diary, G, D = Diary(), Line(2.0), _Bowl(1.0)
    optims = Descent(G), Descent(D)
    for name, network, optim in (("G", G, optims[0]), ("D", D, optims[1])):
        diary.watch_gradients(name, network)
        diary.watch_steps(f"{name}'s optimiser", optim, name)
    draws = [lambda: torch.tensor(_REALS), lambda: torch.tensor(_LATENTS[0])]
    noted = map(diary.watch_draws, ("reals", "latents"), draws)

    def play() -> None:
        last = G.slope.item()
        for _, _, average in answer(G, D, *optims, *noted, 3, 0.1, 0.2):
            now = average.slope.item()
            changed = "has changed" if now != last else "has not changed"
            changed = "equals G" if now == G.slope.item() else changed
            diary.note(f"a round is handed out whose average {changed}")
            last = now

    return {"": diary.read(play)}


# what the mistakes exchange in the reference
_D_TURN = "relativistic_d_loss, real, draw_z(), penalty"
_G_TURN = "relativistic_g_loss, real, draw_z()"
_BEGIN = "real, players = draw_real(), (generator, discriminator)"
_FOLLOW = "ema_update(average, generator, ema_decay_at(step, decay))"
_YIELD = "yield FrameRound(d_loss.item(), g_loss.item(), average)"

# fmt: off
TRAIN_FRAMES = Exercise(
    name="train_frames",
    number="5.5",
    minutes=15,
    difficulty="medium",
    contract=(
        "Play `n_steps` rounds of the relativistic game: D's turn with `d_step` and "
        "`relativistic_d_loss`, then G's turn with `g_step` and `relativistic_g_loss`.",
        "Each round calls `draw_real()` once, for both turns, and `draw_z()` twice, once for each turn.",
        "D's turn has a penalty: `r1_penalty` at the reals plus `r2_penalty` at the fakes, both of weight gamma.",
        "`average` is a copy of the generator, made before the first round. After each round "
        "`ema_update` moves it, with the decay `ema_decay_at(step, decay)`, where step is 1 in the first round.",
        "After every round yield `(d_loss, g_loss, average)`, in this order: both losses as plain numbers of type "
        "float, and the same averaged module every time. A round is played when it is asked for, not before.",
    ),
    reference=frames.train_frames,
    events=_events,
    cases=(  # by hand: D'(x) and G'(z) are one number each, so a round is a few lines of arithmetic
        Case("what is drawn in two rounds", _draws, ("real", "z", "z", "real", "z", "z"),
             "One batch of reals for both turns, fresh latents for each.", "side effects"),
        Case("the reals of each round", _reals_shown, {"round 1": (7.5,), "round 2": (8.5,)},
             "The batch that a round draws serves both of its turns, and no other round.", "side effects"),
        Case("the losses of two rounds", _losses, (0.583612, 1.038321, 1.193041, 0.682804),
             "G(z) = 2 z, D(x) = x^2 / 2, reals 2 and 1, latents 1 and 0: the first fake is as good as its real, the second scores 0.5 less."),
        Case("D, G and the average after one round", lambda answer: _weights(answer, 1), (0.822193, 2.092746, 2.075883),
             # (0 - 0.5 sigmoid(-0.5)) / 2 + 0.1 * (2.5 + 2) = 0.355615, and 1 - 0.5 * 0.355615
             "The slope of D moves by half of the gradient of its loss and both penalties; the average keeps 2/11 of the old G."),
        Case("D, G and the average after two rounds", lambda answer: _weights(answer, 2), (0.175640, 2.149365, 2.134669),
             "With decay 0.2 the average keeps 2/11 in the first round, and from then on 0.2."),
        Case("what is handed out", _handed_out,
             {"one round at a time": True, "plain numbers": True, "one average all along": True, "the average is G itself": False},
             "Yield inside the loop; .item() makes a number; the copy is made once, before it.", "side effects"),
    ),
    hints=(
        "You have written every part: two turns, two penalties, an average. The loop puts them in order.",
        "`d_step` takes the penalty as a function of (discriminator, real, fake). The copy is "
        "`copy.deepcopy(generator)`, and it is made before the loop.",
        "Before the loop `average = copy.deepcopy(generator)` and a `def penalty(D, real, fake)`; `for step in "
        "range(1, n_steps + 1):` draw, d_step, g_step, ema_update, `yield d_loss.item(), g_loss.item(), average`.",
    ),
    mistakes=(
        Mistake("one z for both turns", {_BEGIN: _BEGIN + "\n        z = draw_z()", _D_TURN: "relativistic_d_loss, real, z, penalty", _G_TURN: "relativistic_g_loss, real, z"},
                "G is trained on the latents that D has just seen: draw afresh for each turn.", "side effects"),
        Mistake("reals drawn twice a round", {_G_TURN: "relativistic_g_loss, draw_real(), draw_z()"},
                "G's turn draws other reals: one batch serves both turns.", "side effects"),
        Mistake("the logistic game", {"relativistic_d_loss": "lambda r, f: F.softplus(-r).mean() + F.softplus(f).mean()", "relativistic_g_loss": "lambda r, f: F.softplus(-f).mean()"},
                "These are the losses of the logistic game: the relativistic one compares each real with a fake."),
        Mistake("G's and D's losses exchanged", {"relativistic_d_loss": "relativistic_g_loss", "relativistic_g_loss": "relativistic_d_loss"},
                "Each player minimises the other's loss: D would learn to be fooled."),
        Mistake("no penalty", {", penalty)": ")"},
                "D's slope is unchecked: hand the penalty to d_step."),
        Mistake("R1 alone", {" + r2_penalty(discriminator, fake, gamma)": ""},
                "Half of the penalty is missing: R1 looks at the reals, R2 at the fakes, and gamma / 2 is already inside of each."),
        Mistake("the average stands still", {_FOLLOW: "pass"},
                "The average is still the untrained generator: nothing moves it."),
        Mistake("one decay all along", {"ema_decay_at(step, decay)": "decay"},
                "A young average has to forget its random start faster: ema_decay_at says how fast."),
        Mistake("steps counted from 0", {"ema_decay_at(step, decay)": "ema_decay_at(step - 1, decay)"},
                "The first round is step 1: its decay is 2/11, not 1/10."),
        Mistake("a step that is never counted", {"ema_decay_at(step, decay)": "ema_decay_at(1, decay)"},
                "The second round still has the decay of the first: step goes up by 1 in every round."),
        Mistake("one round too few", {"range(1, n_steps + 1)": "range(1, n_steps)"},
                "range leaves its end out: the last round is missing.", "side effects"),
        Mistake("the average is G", {"copy.deepcopy(generator)": "generator"},
                "The average is the generator itself under another name: copy it, or both move as one.", "side effects"),
        Mistake("a new average every round", {_YIELD: _YIELD.replace("average", "copy.deepcopy(average)")},
                "Each round hands out another module: yield the same one.", "side effects"),
        Mistake("losses with their tensors", {"d_loss.item(), g_loss.item()": "d_loss, g_loss"},
                "The losses are tensors: .item() makes plain numbers.", "side effects"),
        Mistake("all rounds at once", {"average = copy.deepcopy(generator)": "average, rows = copy.deepcopy(generator), []",
                                       _YIELD: _YIELD.replace("yield FrameRound(", "rows.append((")[:] + ")\n    return rows"},
                "All rounds are played before the first is handed out: use yield, so that the caller can look and stop.", "side effects"),
        Mistake("R2 at the reals", {"r2_penalty(discriminator, fake, gamma)": "r2_penalty(discriminator, real, gamma)"},
                "R2 is taken at the reals, which R1 looks at already: it belongs to the fakes."),
        Mistake("gamma halved", {"r1_penalty(discriminator, real, gamma)": "r1_penalty(discriminator, real, gamma / 2)", "r2_penalty(discriminator, fake, gamma)": "r2_penalty(discriminator, fake, gamma / 2)"},
                "The penalties have half of their weight: gamma / 2 is inside of them already."),
        Mistake("R1 halved", {"r1_penalty(discriminator, real, gamma)": "r1_penalty(discriminator, real, gamma / 2)"},
                "R1 has half of its weight: gamma / 2 is inside of it already."),
        Mistake("the average follows too late", {_FOLLOW: "pass", _YIELD: _YIELD + "\n        " + _FOLLOW},
                "The average moves after the yield, so that what is handed out lacks this round, and the last round is lost."),
        Mistake("G follows the average", {_FOLLOW: _FOLLOW.replace("average, generator", "generator, average")},
                "ema_update moves its first argument: here the generator is drawn back to its average."),
        Mistake("the last round alone handed out", {_YIELD: "pass\n    " + _YIELD},
                "The yield stands behind the loop: all rounds are played, and one is handed out.", "side effects"),
        Mistake("return for yield", {_YIELD: _YIELD.replace("yield", "return")},
                "`return` ends the loop in its first round: `yield` hands a round out and goes on.", "side effects"),
        Mistake("the reals of the round before", {_BEGIN: _BEGIN + "\n        before = real if step == 1 else seen\n        seen = real", _G_TURN: "relativistic_g_loss, before, draw_z()"},
                "G's turn compares with the reals of the round before: the batch of this round serves both turns.", "side effects"),
        Mistake("one batch of reals for all rounds", {_BEGIN: _BEGIN.replace("draw_real()", "(real if step > 1 else draw_real())")},
                "The reals are drawn once, before the first round: each round wants a batch of its own.", "side effects"),
        Mistake("D's loss in G's turn", {"relativistic_g_loss": "relativistic_d_loss"},
                "G minimises D's loss: g_step wants relativistic_g_loss."),
    ),
)
