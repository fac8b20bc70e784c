"""10.3: a round in which both players are judged by altered clips."""

import torch
from torch import Tensor, nn

from vgan_lessons import training
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.tiny_players import Descent, Line, stays_thawed
from vgan_lessons.training import augmented


class _Watched(Line):
    """A discriminator that notes what it is asked about."""

    def __init__(self, slope: float, stale: float | None = None) -> None:
        super().__init__(slope, stale)
        self.seen: list[list[float]] = []

    def forward(self, x: Tensor) -> Tensor:
        """(B,) -> (B,)."""
        self.seen.append([round(value, 4) for value in x.detach().tolist()])
        return super().forward(x)


def _alter(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    return real + 1, 3 * fake


def _round(answer, alter=_alter) -> tuple[Line, _Watched, tuple]:
    """G doubles its latents, D is the identity; stale gradients everywhere."""
    G, D = Line(2.0, stale=7.0), _Watched(1.0, stale=9.0)
    real, z = torch.tensor([2.0]), torch.tensor([0.5])
    return G, D, answer(G, D, Descent(G), Descent(D), real, z, alter)


def _of_what_d_sees(seen: dict) -> tuple[str, str] | None:
    """Which clips D is asked about that alter did not return."""
    other = [value for value in seen["what D is asked about"] if value != 3]
    known = {2.0: "the real as it was", 1.0: "the fake as it was"}
    told = " and ".join(known.get(value, f"one of {value:.3g}") for value in other)
    return ("D sees other clips", f"D is asked about {told}: show it what alter returned.")


def _of_the_round(seen: dict[str, float]) -> tuple[str, str] | None:
    """Whose loss or step is off, from the first on."""
    ln2 = 0.6931472
    if abs(seen["d_loss"] - ln2) > 1e-4:
        what = f"D's loss is {seen['d_loss']:.3g}, and for equal logits it is ln 2"
        return "another loss for D", f"{what}: relativistic_d_loss, once, the reals first."
    if abs(seen["g_loss"] - ln2) > 1e-4:
        what = f"G's loss is {seen['g_loss']:.3g}, and for equal logits it is ln 2"
        return "another loss for G", f"{what}: relativistic_g_loss, once, the reals first."
    if abs(seen["D"] - 1) > 1e-4:
        return "another step of D", "Both losses are right, and D moves where its slope is 0."
    return "another step of G", "Both losses and D are right, and G's gradient is another."


def _by_hand(answer) -> dict[str, float]:
    G, D, (d_loss, g_loss) = _round(answer)
    found = {"d_loss": d_loss, "g_loss": g_loss, "D": D.slope, "G": G.slope}
    found["G's gradient"] = torch.zeros(()) if G.slope.grad is None else G.slope.grad
    return {name: float(value) for name, value in found.items()}


def _seen(answer) -> dict:
    _, D, _ = _round(answer)
    everything = {value for clips in D.seen for value in clips}
    return {"what D is asked about": sorted(everything)}


def _called(answer) -> dict:
    calls = []

    def noted(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        calls.append((real.tolist(), fake.tolist()))
        return real + len(calls), fake

    _round(answer, noted)
    return {"calls of alter": len(calls), "with": calls[0]}


def _left_behind(answer) -> dict:
    _, D, losses = _round(answer, lambda real, fake: (real + 2, 3 * fake))
    return {
        "D's gradient": 0.0 if D.slope.grad is None else D.slope.grad,
        "D is trainable": D.slope.requires_grad,
        "a frozen weight of D thawed": stays_thawed(lambda D: _with_d(answer, D)),
        "losses with a graph": any(torch.as_tensor(loss).requires_grad for loss in losses),
    }


def _with_d(answer, D: nn.Module) -> None:
    G = Line(2.0)
    answer(G, D, Descent(G), _Trained(D), torch.tensor([2.0]), torch.tensor([0.5]), _alter)


class _Trained(Descent):
    """Over the weights that are not frozen, as one passes them to an optimiser."""

    def __init__(self, player: nn.Module) -> None:
        super().__init__(player)
        trained = [weight for weight in player.parameters() if weight.requires_grad]
        self.param_groups[0]["params"] = trained


def _of_rounds(off: dict[str, float]) -> tuple[str, str] | None:
    """What right weights with wrong losses show."""
    if off["weights"] > 1e-9:
        what = "One clip goes right, and six clips in three rounds do not"
        return "right for one clip", f"{what}: pairs, means, or the D that G's turn faces?"
    what = "Both networks move as they should, and the losses are others"
    return "losses of another moment", f"{what}: each is the one before its own step."


def _of_d_gradient(seen: dict) -> tuple[str, str] | None:
    """What another gradient on D than that of its own turn shows."""
    pull = float(seen["D's gradient"])
    if abs(pull + 0.2689414) < 1e-4:
        return None
    if pull == 0:
        said = "D's gradient is gone after G's turn: it stays as D's turn left it."
        return "D's gradient cleared at the end", said
    said = "G's backward leaves a gradient on D: name G's weights in `inputs`."
    return "G's gradient left on D", said


def _deep(answer) -> dict[str, float]:
    """Three rounds in float64 of networks with a bend, beside d_step and g_step."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        mine = [
            nn.Sequential(nn.Linear(n, 5), nn.Tanh(), nn.Linear(5, m)).double()
            for n, m in ((3, 4), (4, 1))
        ]
        theirs = [
            nn.Sequential(nn.Linear(n, 5), nn.Tanh(), nn.Linear(5, m)).double()
            for n, m in ((3, 4), (4, 1))
        ]
    for a, b in zip(mine, theirs, strict=True):
        b.load_state_dict(a.state_dict())
    rng = torch.Generator().manual_seed(4)
    off = 0.0
    for k in range(3):
        real = torch.randn(6, 4, generator=rng, dtype=torch.float64)
        z = torch.randn(6, 3, generator=rng, dtype=torch.float64)
        both = []
        for play, (G, D) in ((answer, mine), (_two_steps, theirs)):
            score = _Squeezed(D)
            both.append(play(G, score, Descent(G), Descent(D), real, z, _bend(k)))
        pairs = zip(*both, strict=True)
        off = max(off, *(abs(float(a) - float(b)) for a, b in pairs))
    weights = (
        torch.cat([w.flatten() for net in nets for w in net.parameters()])
        for nets in (mine, theirs)
    )
    first, second = weights
    return {"losses": off, "weights": float((first - second).detach().abs().max())}


class _Squeezed(nn.Module):
    """(B, 1) logits as (B,)."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Tensor:
        """(B, 4) -> (B,)."""
        return self.net(x).squeeze(1)


def _bend(k: int):
    def alter(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        return torch.sin(real + k), torch.sin(fake + k) * 1.5

    return alter


def _two_steps(G, D, g_optim, d_optim, real, z, alter) -> tuple[Tensor, Tensor]:
    """The same put together from lesson 04's steps."""
    from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss

    with torch.no_grad():
        seen_real, _ = alter(real, G(z))

    def painted(z: Tensor) -> Tensor:
        return alter(real, G(z))[1]

    painter = nn.Module()
    painter.forward = painted
    painter.inner = G
    d_loss = training.d_step(painter, D, d_optim, relativistic_d_loss, seen_real, z)
    return d_loss, training.g_step(painter, D, g_optim, relativistic_g_loss, seen_real, z)


_ALTER = "seen_real, seen_fake = alter(real, generator(z))"
_D_LOSS = "d_loss = relativistic_d_loss(discriminator(seen_real), discriminator(still))"
_G_LOSS = "g_loss = relativistic_g_loss(real_logits, discriminator(seen_fake))"
_REALS = "real_logits = discriminator(seen_real)"
_BACK = "g_loss.backward(inputs=weights)"
_RETURN = "return d_loss.detach(), g_loss.detach()"

# fmt: off
AUGMENTED_ROUND = Exercise(
    name="augmented_round",
    number="10.3",
    minutes=14,
    difficulty="medium",
    contract=(
        "generator(z) makes as many fakes as there are reals; discriminator(clips) gives one logit a clip; `alter(real, fake)` returns both, altered. Call each of generator and alter once: what D sees in either turn is what alter returned, and nothing else.",
        "D's turn: `relativistic_d_loss(real_logits, fake_logits)`, one step of d_optim. G gets nothing of it.",
        "Then G's turn, against D as it stands now: `relativistic_g_loss(real_logits, fake_logits)`, one step of g_optim, with the gradient running back through alter. D's weights and D's `.grad` stay as they are, and the reals' logits send no gradient anywhere.",
        "Gradients of earlier rounds do not count. Every weight leaves as it came: one that could be trained still can, and one that was frozen (requires_grad is False) is still frozen.",
        "Return d_loss and g_loss, each before its step and without a graph.",
    ),
    reference=augmented.augmented_round,
    stub='''def my_augmented_round(generator, discriminator, g_optim, d_optim, real, z, alter):
    """Move D once and G once on altered clips, the same ones in both turns."""
    ...  # your code
''',
    cases=(
        # real 2 -> 3, fake 1 -> 3: equal logits, ln 2; D's slope: -(3 - 3)/2 = 0
        Case("what D sees", _seen, {"what D is asked about": (3.0,)},
             "The real 2 becomes 3, the fake 2 * 0.5 = 1 becomes 3, too: 2 and 1 themselves D never sees, in no turn.", tells=_of_what_d_sees),
        Case("a round by hand", _by_hand, {"d_loss": 0.6931472, "g_loss": 0.6931472, "D": 1.0, "G": 2.375, "G's gradient": -0.75},
             "Equal logits: both losses are ln 2 and D's slope is 0. G's: half of D's slope times 3 times the latent 0.5, so G steps up by 0.5 * 0.75.", tells=_of_the_round),
        Case("alter", _called, {"calls of alter": 1, "with": ((2.0,), (1.0,))}, "One call a round, with the reals and the fakes: two calls would be two draws.", "side effects"),
        Case("three rounds beside the steps of lesson 04", _deep, "nothing above 1e-9", holds=lambda off: max(off.values()) < 1e-9,
             nudge="In float64 losses and weights agree with d_step and g_step on altered clips to 1e-9. Whose turn differs?", tells=_of_rounds),
        Case("what a round leaves behind", _left_behind, {"D's gradient": -0.2689414, "D is trainable": True, "a frozen weight of D thawed": False, "losses with a graph": False},
             "G's loss goes through D: let backward collect for G's weights alone, and D's gradient stays that of D's turn, -sigmoid(-1). Detach what is returned.", "side effects", tells=_of_d_gradient),
    ),
    hints=(
        "Lesson 04's two turns. What is new stands in the first line: what both turns look at.",
        "`seen_real, seen_fake = alter(real, generator(z))`; D's turn sees `seen_fake.detach()`, G's turn `seen_fake`.",
        "d_loss with detached fakes, zero_grad, backward, step; `with torch.no_grad(): real_logits = discriminator(seen_real)`; g_loss; g_optim.zero_grad(); `g_loss.backward(inputs=[*generator.parameters()])`; step.",
    ),
    mistakes=(
        Mistake("D sees clips as they are", {_D_LOSS: "d_loss = relativistic_d_loss(discriminator(real), discriminator(generator(z).detach()))"}, "D's turn looks at unaltered clips: it can learn them by heart again."),
        Mistake("reals only", {_ALTER: "seen_fake = generator(z)\n    seen_real, _ = alter(real, seen_fake)"}, "Only the reals are altered: G learns to paint the alterations."),
        Mistake("fakes only", {_ALTER: "_, seen_fake = alter(real, generator(z))\n    seen_real = real"}, "Only the fakes are altered: G learns to undo the alterations before they come."),
        Mistake("D's turn only", {_REALS: "real_logits = discriminator(real)", _G_LOSS: "g_loss = relativistic_g_loss(real_logits, discriminator(generator(z)))"}, "G's turn looks at unaltered clips, which D has never seen: it can say nothing about them."),
        Mistake("G cut off by the alteration", {_ALTER: "seen_real, seen_fake = alter(real, generator(z))\n    seen_fake = generator(z) * 0 + seen_fake.detach()"}, "No gradient arrives at G's step: it does not run back through alter, or it is cleared between backward and step."),
        Mistake("altered anew for G", {_REALS: "seen_real, seen_fake = alter(real, generator(z))\n        real_logits = discriminator(seen_real)", "with torch.no_grad():  # G cannot move the reals' scores": "if True:"}, "alter is called twice: one call, one draw for both turns of a round.", "side effects"),
        Mistake("the losses exchanged", {_D_LOSS: "d_loss = relativistic_g_loss(discriminator(seen_real), discriminator(still))", _G_LOSS: "g_loss = relativistic_d_loss(real_logits, discriminator(seen_fake))"}, "Each side minimises the other's loss."),
        Mistake("without pairs", {_D_LOSS: "d_loss = F.softplus(-discriminator(seen_real)).mean() + F.softplus(discriminator(still)).mean()"}, "This is the logistic loss: the relativistic one compares real and fake."),
        Mistake("reals and fakes exchanged", {_D_LOSS: "d_loss = relativistic_d_loss(discriminator(still), discriminator(seen_real))"}, "relativistic_d_loss takes the reals' logits first."),
        Mistake("D steps after G", {"    d_optim.step()\n": "", "g_optim.step()": "g_optim.step()\n    d_optim.step()"}, "G's turn faces D as it stood before its step."),
        Mistake("D does not step", {"d_optim.step()": "pass"}, "D's gradient is computed and no step is taken."),
        Mistake("G does not step", {"g_optim.step()": "pass"}, "G's gradient is computed and no step is taken."),
        Mistake("no zero_grad for D", {"d_optim.zero_grad()": "pass"}, "D's gradient of an earlier round is still there: clear it first."),
        Mistake("no zero_grad for G", {"g_optim.zero_grad()": "pass"}, "G's gradient of an earlier round is still there: clear it first."),
        Mistake("G's gradient left on D", {_BACK: "g_loss.backward()"}, "G's backward leaves a gradient on D: name G's weights in `inputs`.", "side effects"),
        Mistake("D left frozen", {_BACK: "discriminator.requires_grad_(False)\n    g_loss.backward(inputs=weights)"}, "D was frozen for G's turn and never thawed.", "side effects"),
        Mistake("D thawed", {_BACK: "discriminator.requires_grad_(False)\n    g_loss.backward(inputs=weights)\n    discriminator.requires_grad_(True)"}, "All of D is trainable afterwards, also a weight that came frozen: put back what was there, or freeze nothing.", "side effects"),
        Mistake("D's gradient cleared at the end", {"g_optim.step()": "g_optim.step()\n    d_optim.zero_grad()"}, "D's gradient is gone after G's turn: it stays as D's turn left it.", "side effects"),
        Mistake("reals scored before D's step", {_D_LOSS: "real_logits = discriminator(seen_real)\n    d_loss = relativistic_d_loss(real_logits, discriminator(still))", _REALS: "real_logits = real_logits.detach()"}, "G's turn uses the reals' logits of D's turn: score them again, D has moved."),
        Mistake("fakes still on G in D's turn", {"seen_fake.detach()": "seen_fake"}, "D's backward runs on into G and uses up the graph that G's turn needs: detach the fakes for D."),
        Mistake("D's loss pulls at G", {"seen_fake.detach()": "seen_fake", "d_loss.backward()": "d_loss.backward(retain_graph=True)", "g_optim.zero_grad()": "pass"}, "D's backward leaves its gradient on G, and G steps by it as well: detach the fakes for D."),
        Mistake("G's turn on clips as they are", {_ALTER: "fake = generator(z)\n    seen_real, seen_fake = alter(real, fake)", _G_LOSS: "g_loss = relativistic_g_loss(real_logits, discriminator(fake))"}, "G's turn looks at unaltered fakes beside altered reals: D sees altered clips in both turns."),
        Mistake("alter's arguments exchanged", {_ALTER: "seen_fake, seen_real = alter(generator(z), real)"}, "alter takes the reals first and the fakes second."),
        Mistake("alter's results exchanged", {_ALTER: "seen_fake, seen_real = alter(real, generator(z))"}, "alter gives the reals back first and the fakes second."),
        Mistake("cleared before the step", {"d_optim.zero_grad()": "pass", "d_optim.step()": "d_optim.zero_grad()\n    d_optim.step()", "g_optim.zero_grad()": "pass", "g_optim.step()": "g_optim.zero_grad()\n    g_optim.step()"}, "The gradients are cleared between backward and step: nothing is left to step by."),
        Mistake("G raises D's loss", {_G_LOSS: "g_loss = -relativistic_d_loss(real_logits, discriminator(seen_fake))"}, "G maximises D's loss: it minimises its own, relativistic_g_loss."),
        Mistake("G minimises D's loss", {_G_LOSS: "g_loss = relativistic_d_loss(real_logits, discriminator(seen_fake))"}, "G minimises D's loss (or its own with real and fake exchanged): it helps D."),
        Mistake("G's loss without the reals", {_G_LOSS: "g_loss = F.softplus(-discriminator(seen_fake)).mean()"}, "G's loss looks at the fakes alone: the relativistic one compares them with the reals."),
        Mistake("against the mean of the reals", {_G_LOSS: "g_loss = relativistic_g_loss(real_logits.mean().expand_as(real_logits), discriminator(seen_fake))"}, "Each fake is compared with the mean of the reals: with one real, pair by pair."),
        Mistake("the reals cut off in D's turn", {_D_LOSS: "d_loss = relativistic_d_loss(discriminator(seen_real).detach(), discriminator(still))"}, "In D's turn the reals' logits are detached: D learns from both sides."),
        Mistake("losses by name", {_RETURN: 'return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}'}, "A dict comes back: return d_loss, g_loss."),
        Mistake("losses with their graph", {_RETURN: "return d_loss, g_loss"}, "The losses still hold their graph: detach them.", "side effects"),
        Mistake("losses in the other order", {_RETURN: "return g_loss.detach(), d_loss.detach()"}, "d_loss comes first."),
    ),
)
