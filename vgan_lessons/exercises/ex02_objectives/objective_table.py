"""2.6: every objective on one batch of scores, and whom it still pushes."""

from collections.abc import Callable

import torch

from vgan_lessons import divergences, losses
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _half_at_rest(real, fake):
    """A D loss that pushes what is below 0 only, and reals three times as hard."""
    return 3 * torch.relu(-real).mean() + torch.relu(-fake).square().mean()


def _crossed(real, fake):
    """A G loss that looks at the reals, too."""
    return (fake.square() - 2 * fake * real.mean()).mean()


def _inputs(draw: Draw) -> dict:
    objectives = {
        "crossed": (_half_at_rest, _crossed),
        "Wasserstein": (losses.wasserstein_d_loss, losses.wasserstein_g_loss),
    }
    return {
        "objectives": objectives,
        "real_logits": draw.normal("N"),
        "fake_logits": draw.normal("M"),
    }


_HINGE = {"hinge": (losses.hinge_d_loss, losses.hinge_g_loss)}
_SQUARES = {"least squares": (losses.least_squares_d_loss, losses.least_squares_g_loss)}
_MINIMAX = {"minimax": (losses.non_saturating_d_loss, losses.minimax_g_loss)}
_PAIRS = {"pairs": (losses.relativistic_d_loss, losses.relativistic_g_loss)}


def _rows(objectives: dict, real: list[float], fake: list[float]) -> Callable:
    """A case body: each row as its four numbers, by the names of the columns."""
    return lambda answer: answer(objectives, torch.tensor(real), torch.tensor(fake))


def _row(d_loss: float, g_loss: float, at_rest: float, pull: float) -> dict[str, float]:
    return {"D loss": d_loss, "G loss": g_loss, "D at rest": at_rest, "pull on G": pull}


_D_GRAD = "torch.cat(torch.autograd.grad(d_loss, (real, fake)))"
_REST = "(d_slopes == 0).double().mean()"
_PULL = "-g_slope.sum()"

# fmt: off
OBJECTIVE_TABLE = Exercise(
    name="objective_table",
    number="2.6",
    minutes=10,
    difficulty="medium",
    contract=(
        "objectives is a dict: name -> the pair (D's loss, G's loss), two functions of "
        "(real_logits, fake_logits). real_logits is (N,) and fake_logits (M,).",
        "Return a dict with a row for each name, in the same order. A row is a dict of four "
        "numbers (floats, or tensors without axes): `D loss`, `G loss`, `D at rest` and `pull on G`.",
        "`D at rest` is the share of all N + M scores at which the slope of D's loss is exactly "
        "0. `pull on G` is minus the slope of G's loss, summed over the fakes.",
        "The logits that are handed in stay as they are, requires_grad included. No gradient is "
        "asked for.",
    ),
    reference=divergences.objective_table,
    inputs=_inputs,
    free_gradients=("real_logits", "fake_logits"),
    waived=("graph cut", "dtype", "device", "default dtype", "tensors"),
    cases=(  # situation, what is seen, by hand, where to look
        # reals 2 and 0 cost 0 and 1, fakes 1 and -3 cost 2 and 0
        Case("hinge, half of the scores past the margin", _rows(_HINGE, [2.0, 0.0], [1.0, -3.0]),
             {"hinge": _row(1.5, 1.0, 0.5, 1.0)},
             "The real at 2 and the fake at -3 clear their margins: two of four scores rest. G has slope -1/2 at both fakes."),
        # reals 1, 3: (0 + 4) / 4; fakes 0, 4: (0 + 16) / 4; G: (1 + 9) / 4, slopes -1/2 and 3/2
        Case("least squares, a fake above the target", _rows(_SQUARES, [1.0, 3.0], [0.0, 4.0]),
             {"least squares": _row(5.0, 2.5, 0.5, -1.0)},
             "The fake at 4 is pulled down harder than the one at 0 is pulled up: the sum is below 0."),
        Case("two objectives, one real and three fakes",
             _rows({**_MINIMAX, **_HINGE}, [0.0], [0.0, 0.0, -2.0]),
             {"minimax": _row(1.197554, -0.504407, 0.0, 0.373068),  # softplus(-2) = 0.126928, sigmoid(-2) = 0.119203
              "hinge": _row(1.666667, 0.666667, 0.25, 1.0)},  # 1 + 2/3; one of four rests
             "A row for each; shares are of all four scores, not of each side."),
        Case("pairs: G's loss needs the reals", _rows(_PAIRS, [2.0, 0.0], [1.0, -1.0]),
             {"pairs": _row(0.313262, 1.313262, 0.0, 0.731059)},  # softplus(-1), softplus(1), sigmoid(1)
             "Each real leads by 1, so G's loss is softplus(1) and pulls each fake with sigmoid(1) / 2."),
    ),
    hints=(
        "Two of the four are values, two are read off slopes: of D's loss by all scores, of G's "
        "loss by the fakes.",
        "`.detach().requires_grad_()` makes leaves of your own; "
        "`torch.autograd.grad(d_loss, (real, fake))` returns one slope a tensor.",
        "In `for name, (d_loss_fn, g_loss_fn) in objectives.items():` leaves, both losses, both "
        "slopes, then `table[name] = {...}`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("losses exchanged", {'"D loss": d_loss': '"D loss": g_loss', '"G loss": g_loss': '"G loss": d_loss'},
                "The pair holds D's loss first, then G's."),
        Mistake("pull of D's loss", {"torch.autograd.grad(g_loss, fake)": "torch.autograd.grad(d_loss_fn(real, fake), fake)"},
                "The pull on the fakes comes from G's loss: D's pushes them the other way."),
        Mistake("slope for pull", {_PULL: "g_slope.sum()"},
                "G goes down its loss: the pull is minus the slope."),
        Mistake("mean for the sum", {_PULL: "-g_slope.mean()"},
                "Losses are means, so each slope is already divided by M: sum over the fakes."),
        Mistake("pull without its sign", {_PULL: "g_slope.abs().sum()"},
                "A fake that is pulled down counts with a minus."),
        Mistake("strongest pull", {_PULL: "-g_slope.min()"},
                "All fakes count: sum over them."),
        Mistake("share that is pushed", {"d_slopes == 0": "d_slopes != 0"},
                "This is the share that D still pushes; the one at rest has slope 0."),
        Mistake("reals alone", {_D_GRAD: "torch.autograd.grad(d_loss, (real, fake))[0]"},
                "D scores fakes as well: the share is of all N + M."),
        Mistake("fakes alone", {_D_GRAD: "torch.autograd.grad(d_loss, (real, fake))[1]"},
                "D scores reals as well: the share is of all N + M."),
        Mistake("count for the share", {_REST: "(d_slopes == 0).sum()"},
                "Divide the number at rest by N + M."),
        Mistake("a mean of two shares", {_D_GRAD: "torch.autograd.grad(d_loss, (real, fake))",
                _REST: "sum((slope == 0).double().mean() for slope in d_slopes) / 2"},
                "Join the two sides first: with N reals and M fakes their shares weigh N and M."),
        Mistake("loss at rest", {_D_GRAD: "torch.stack([d_loss, d_loss])"},
                "A loss of 0 is not asked for: rest is a slope of 0, score by score."),
        Mistake("small for 0", {"d_slopes == 0": "d_slopes.abs() < 0.3"},
                "A small slope still pushes: at rest means exactly 0."),
        Mistake("the last row only", {"table[name] = {": "table = {}\n        table[name] = {"},
                "The table is begun anew for each objective: make it before the loop.", "axes"),
        Mistake("returned inside the loop", {"    return table": "        return table"},
                "The return stands inside the loop: only the first objective gets a row.", "axes"),
        Mistake("G's loss without the reals", {"g_loss_fn(real, fake)": "g_loss_fn(torch.zeros_like(real), fake)"},
                "Hand both logits to G's loss, too: paired objectives need the reals."),
        Mistake("gradients switched on for the caller",
                {"real_logits.detach()": "real_logits", "fake_logits.detach()": "fake_logits"},
                "requires_grad_ on the logits that were handed in changes them for the caller: detach first.", "side effects"),
    ),
)
