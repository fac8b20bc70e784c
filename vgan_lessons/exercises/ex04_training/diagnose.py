"""4.6: from the curves of a game to the name of its trouble."""

import math
from collections.abc import Callable
from copy import deepcopy

import torch

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.plane import diagnosing
from vgan_lessons.plane.recorded import (
    LABELS,
    RunCurves,
    held_out_curves,
    recorded_runs,
)

N_LOGS = 20
CHANGE = 13  # where a log that changes does so


def _log(**columns: float | list[float]) -> RunCurves:
    """A made-up log of a silent D whose G reaches every mode, but for the columns given.

    Args:
        columns: one number for the whole game, or one for each of the N_LOGS logs.

    Returns:
        Curves with columns (N_LOGS,).
    """
    usual = {
        "d_loss": 2 * math.log(2),
        "g_loss": math.log(2),
        "real_logit": 0.02,
        "fake_logit": -0.02,
        "d_grad_norm": 1.0,
        "g_grad_norm": 1.0,
        "modes": 8.0,
        "quality": 0.9,
    }
    step = 50.0 * torch.arange(1, N_LOGS + 1)
    filled = {n: torch.zeros(N_LOGS) + torch.tensor(v) for n, v in (usual | columns).items()}
    return RunCurves(step=step, **filled)


def _turned(before: float, after: float) -> list[float]:
    return [before] * CHANGE + [after] * (N_LOGS - CHANGE)


def _at(place: int, there: float, elsewhere: float) -> list[float]:
    return [there if k == place else elsewhere for k in range(N_LOGS)]


def _by_hand(answer: Callable) -> dict:
    return {name: answer(deepcopy(run)) for name, (run, _) in _BY_HAND.items()}


def _on_the_page(answer: Callable) -> dict:
    return {name: answer(deepcopy(run.curves)) for name, run in recorded_runs().items()}


def _held_out(answer: Callable) -> dict:
    found: dict[str, list] = {label: [] for label in LABELS}
    for label, curves in held_out_curves():
        found[label].append(answer(deepcopy(curves)))
    return found


def _right_held_out() -> dict:
    labels = [label for label, _ in held_out_curves()]
    return {label: (label,) * labels.count(label) for label in LABELS}


# What the mistakes exchange in the reference: its rules, and the place before all of them.
_TWO_SIGMOIDS = "logits.min() >= 0 and logits.max() <= 1"
_WON = "run.d_loss[-LATE:].max() < WON"
_COLLAPSED = "run.modes[-LATE:].median() <= FEW_MODES"
_START = "logits = torch"


def _asked_first(rule: str, label: str) -> dict[str, str]:
    return {_START: f"if {rule}:\n        return {label!r}\n    {_START}"}


# fmt: off
_NO_FAKES = {"modes": 0.0, "quality": 0.0}
_BY_HAND = {  # in words -> the log and its label
    "a silent D, every mode reached": (_log(), "healthy"),
    "a D that is never wrong": (  # 2 log(1 + exp(-8)) = 0.00067
        _log(d_loss=0.0006, g_loss=8.0, real_logit=8.0, fake_logit=-8.0, g_grad_norm=9.0, **_NO_FAKES), "d_won"),
    "D wins at last": (  # 2 log(1 + exp(-6)) = 0.00495
        _log(d_loss=_turned(1.3, 0.005), g_loss=_turned(0.7, 6.0),
             real_logit=_turned(0.1, 6.0), fake_logit=_turned(-0.1, -6.0), **_NO_FAKES), "d_won"),
    "one lucky batch": (_log(d_loss=_at(N_LOGS - 2, 0.1, 1.3)), "healthy"),
    "a lucky batch at the end": (_log(d_loss=_at(N_LOGS - 1, 0.1, 1.3)), "healthy"),
    "a right D behind two sigmoids": (  # log(1 + 1/e) + log 2
        _log(d_loss=1.0064, real_logit=1.0, fake_logit=0.0, d_grad_norm=0.0001, g_grad_norm=0.0, **_NO_FAKES), "double_sigmoid"),
    "a D that likes everything": (_log(d_loss=1.0222, g_loss=0.5544, real_logit=1.7, fake_logit=0.3), "healthy"),
    "every mode reached at last": (_log(modes=_turned(1, 8)), "healthy"),
    "all modes but one lost at last": (_log(modes=_turned(8, 1)), "mode_collapse"),
    "a jolt that passes": (_log(d_grad_norm=_at(8, 90.0, 1.0)), "healthy"),
    "a growing pile": (
        _log(g_grad_norm=[1.0 + 4 * k**2 for k in range(N_LOGS)], modes=1.0, quality=0.1), "no_zero_grad"),
    "numbers lost": (_log(d_loss=_turned(1.3, math.nan), g_loss=_turned(0.8, math.nan), **_NO_FAKES), "nan"),
}

DIAGNOSE = Exercise(
    name="diagnose",
    number="4.6",
    minutes=14,
    difficulty="medium",
    contract=(
        "Return one of six words for a logistic game on the ring of eight: "
        + "; ".join(f'"{label}", {what}' for label, what in LABELS.items())
        + ".",
        "`run` has the columns `d_loss`, `g_loss`, `real_logit`, `fake_logit`, `d_grad_norm`, "
        "`g_grad_norm`, modes, quality and step, one entry a log; 10 logs or more.",
        "How a game ends is read off its last five logs, not off one; what must not happen "
        "at all, or happens throughout, off the whole column.",
        "Any rules will do that name the six games of the page, and others like them.",
    ),
    reference=diagnosing.diagnose,
    cases=(  # situation, what is seen, by hand, where to look
        Case("logs worked by hand", _by_hand, {name: label for name, (_, label) in _BY_HAND.items()},
             "Look for what is broken first, then for who won, then at the modes."),
        Case("the six games of the page", _on_the_page, "each game by its name",
             holds=lambda said: said == {n: run.label for n, run in recorded_runs().items()},
             nudge="Not every one has its right name yet. Each of the six occurs once."),
        Case("games that are not on the page", _held_out, _right_held_out(),
             "Other seeds, speeds and lengths, the same six troubles: a rule should rest on what the trouble must do "
             "to the numbers."),
    ),
    hints=(
        "Two of the six leave numbers that no sound game can have. Which are they, and what "
        "does each leave behind besides?",
        "NaN anywhere; the length of the gradients at the end; the range of both logits over "
        "the whole game; D's loss at the end; the modes at the end. In this order.",
        "`if not run.d_loss.isfinite().all(): return ...`, then one `if` for each trouble, and "
        '`return "healthy"` at the end.',
    ),
    mistakes=(  # name, edits of the reference, diagnosis
        Mistake("everything is healthy", lambda run: "healthy",
                "Not one of the troubles is ever named."),
        Mistake("NaN sought with ==", {"not torch.stack([run.d_loss, run.g_loss]).isfinite().all()": "(run.d_loss == torch.nan).any()"},
                "NaN equals nothing, not even itself: ask with isnan or isfinite."),
        Mistake("modes before everything", _asked_first(_COLLAPSED, "mode_collapse"),
                "A NaN, a pile of gradients or a D that won also lose the modes: ask for causes first."),
        Mistake("the winner before the pile", _asked_first("run.d_loss[-LATE:].median() < 0.1", "d_won"),
                "A G that trips over its own old gradients lets D win: ask for the pile first."),
        Mistake("2 ln 2 taken for a fault", {_TWO_SIGMOIDS: "(run.d_loss[-LATE:] - 1.386).abs().max() < 0.1"},
                "A D that cannot tell reals from good fakes has this very loss: it is the goal."),
        Mistake("the floor of 1.0064 alone", {_TWO_SIGMOIDS: "run.d_loss.min() > 1.006"},
                "A healthy D's loss stays above 1.0064, too; its logits do not stay in [0, 1]."),
        Mistake("one logit in [0, 1] is enough", {"run.real_logit, run.fake_logit": "run.real_logit"},
                "A healthy D often scores reals between 0 and 1; under two sigmoids the fakes' scores lie there as well."),
        Mistake("a range without an upper end", {" and logits.max() <= 1": ""},
                "A D may like everything and score it above 1; probabilities cannot."),
        Mistake("a lead taken for a win", {_WON: "run.real_logit[-LATE:].mean() > run.fake_logit[-LATE:].mean()"},
                "D scores reals above fakes in every sound game; it has won when its loss is near 0."),
        Mistake("anything below 2 ln 2 is a win", {_WON: "run.d_loss[-LATE:].mean() < 1.35"},
                "Between 2 ln 2 and 0 lies the whole game; D has won when its loss is near 0."),
        Mistake("one lucky batch is a win", {".max() < WON": ".min() < WON"},
                "One log is one batch: the last five together say how the game stands."),
        Mistake("judged by the first logs", {"run.modes[-LATE:]": "run.modes[:LATE]"},
                "Every game starts with few modes; what counts is where it ends."),
        Mistake("a jolt taken for a pile", {"norms[:, -LATE:]": "norms"},
                "A gradient a little longer than usual can happen to anybody; a pile grows into the hundreds, and stays."),
        Mistake("only D's gradient watched", {"run.d_grad_norm, run.g_grad_norm": "run.d_grad_norm"},
                "G's step can forget zero_grad as well."),
        Mistake("collapse is one mode exactly", {_COLLAPSED: "(run.modes[-LATE:] == 1).all()"},
                "A collapsed cloud wanders: between two modes it holds none, across two it holds both."),
        Mistake("blurred taken for collapsed", {_COLLAPSED: "run.quality[-LATE:].mean() < 0.5"},
                "Low quality says that fakes miss their modes by a little; count the modes."),
        Mistake("a fixed place instead of the end", {_COLLAPSED: "run.modes[39] < 3"},
                "Games have different lengths: count from the end, with [-1] or [-5:]."),
    ),
)
