"""4.6: from the curves of a game to the name of its trouble."""

import math
from collections.abc import Callable

import torch

from vgan_lessons.checking import Case, Exercise
from vgan_lessons.exercises.ex04_training.diagnose_answers import ALTERNATIVES, MISTAKES
from vgan_lessons.plane import diagnosing
from vgan_lessons.plane.recorded import (
    LABELS,
    RunCurves,
    held_out_curves,
    recorded_runs,
)

N_LOGS = 20
CHANGE = 13  # where a log that changes does so


def log(**columns: float | list[float]) -> RunCurves:
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


_NO_FAKES = {"modes": 0.0, "quality": 0.0}
BY_HAND = {  # in words -> the log and its label
    "a silent D, every mode reached": (log(), "healthy"),
    "a D that is never wrong": (
        log(
            d_loss=0.0006,  # 2 log(1 + exp(-8)) = 0.00067
            g_loss=8.0,
            real_logit=8.0,
            fake_logit=-8.0,
            g_grad_norm=9.0,
            **_NO_FAKES,
        ),
        "d_won",
    ),
    "D wins at last": (
        log(
            d_loss=_turned(1.3, 0.005),  # 2 log(1 + exp(-6)) = 0.00495
            g_loss=_turned(0.7, 6.0),
            real_logit=_turned(0.1, 6.0),
            fake_logit=_turned(-0.1, -6.0),
            **_NO_FAKES,
        ),
        "d_won",
    ),
    "one lucky batch": (log(d_loss=_at(N_LOGS - 2, 0.1, 1.3)), "healthy"),
    "a right D behind two sigmoids": (
        log(
            d_loss=1.0064,  # log(1 + 1/e) + log 2
            real_logit=1.0,
            fake_logit=0.0,
            d_grad_norm=0.0001,
            g_grad_norm=0.0,
            **_NO_FAKES,
        ),
        "double_sigmoid",
    ),
    "a D that likes everything": (
        log(d_loss=1.0222, g_loss=0.5544, real_logit=1.7, fake_logit=0.3),
        "healthy",
    ),
    "every mode reached at last": (log(modes=_turned(1, 8)), "healthy"),
    "all modes but one lost at last": (log(modes=_turned(8, 1)), "mode_collapse"),
    "a jolt that passes": (log(d_grad_norm=_at(8, 500.0, 1.0)), "healthy"),
    "a growing pile": (
        log(g_grad_norm=[1.0 + 4 * k**2 for k in range(N_LOGS)], modes=1.0, quality=0.1),
        "no_zero_grad",
    ),
    "numbers lost": (
        log(d_loss=_turned(1.3, math.nan), g_loss=_turned(0.8, math.nan), **_NO_FAKES),
        "nan",
    ),
}


def _by_hand(answer: Callable) -> dict:
    return {name: answer(run) for name, (run, _) in BY_HAND.items()}


def _on_the_page(answer: Callable) -> dict:
    return {name: answer(run.curves) for name, run in recorded_runs().items()}


def _held_out(answer: Callable) -> dict:
    found: dict[str, list] = {label: [] for label in LABELS}
    for label, curves in held_out_curves():
        found[label].append(answer(curves))
    return found


def _right_held_out() -> dict:
    labels = [label for label, _ in held_out_curves()]
    return {label: (label,) * labels.count(label) for label in LABELS}


DIAGNOSE = Exercise(
    name="diagnose",
    number="4.6",
    minutes=15,
    difficulty="medium",
    contract=(
        "Return one of six words for a logistic game on the ring of eight: "
        + "; ".join(f'"{label}", {what}' for label, what in LABELS.items())
        + ".",
        "`run` has the columns d_loss, g_loss, real_logit, fake_logit, d_grad_norm, "
        "g_grad_norm, modes, quality and step, one entry a log; 10 logs or more.",
        "How a game ends is read off its last five logs, not off one; what must not happen "
        "at all, or happens throughout, off the whole column.",
        "Any rules will do that name the six games of the page, and others like them.",
    ),
    reference=diagnosing.diagnose,
    cases=(
        Case(
            name="logs worked by hand",
            run=_by_hand,
            expect={name: label for name, (_, label) in BY_HAND.items()},
            nudge="Look for what is broken first, then for who won, then at the modes.",
        ),
        Case(
            name="the six games of the page",
            run=_on_the_page,
            holds=lambda said: said == {n: run.label for n, run in recorded_runs().items()},
            nudge="Not every one has its right name yet. Each of the six occurs once.",
        ),
        Case(
            name="games that are not on the page",
            run=_held_out,
            expect=_right_held_out(),
            nudge="Other seeds, speeds and lengths, the same six troubles: a rule should rest "
            "on what the trouble must do to the numbers.",
        ),
    ),
    hints=(
        "Two of the six leave numbers that no sound game can have. Which are they, and what "
        "does each leave behind besides?",
        "NaN anywhere; the length of the gradients at the end; the range of both logits over "
        "the whole game; D's loss at the end; the modes at the end. In this order.",
        "`if not run.d_loss.isfinite().all(): return ...`, then one `if` for each trouble, and "
        '`return "healthy"` at the end.',
    ),
    mistakes=MISTAKES,
    alternatives=ALTERNATIVES,
)
