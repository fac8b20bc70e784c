"""Recorded games on the ring of eight: one that went well, and five that a slip broke.

`data_scripts/make_recorded_runs.py` played and wrote them. Nothing is made up: each broken
run comes from the code that its `slip` shows.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import torch
from torch import Tensor

LABELS = {  # what a run can be called, and what that means
    "healthy": "both players are in the game and the fakes reach the modes",
    "d_won": "D is sure of every point, and G gets nowhere",
    "mode_collapse": "D is no winner, yet the fakes sit on one or two modes, or between them",
    "double_sigmoid": "D's output is squashed by a sigmoid before a loss that wants logits",
    "no_zero_grad": "gradients of earlier steps are never cleared and pile up",
    "nan": "numbers are no numbers any more",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class RunCurves:
    """What was logged while a game was played: columns of equal length, (n_logs,) each."""

    step: Tensor  # updates of G so far
    d_loss: Tensor  # of the last step, logistic loss: 2 ln 2 = 1.386 for a silent D
    g_loss: Tensor  # non-saturating unless the run says otherwise: ln 2 = 0.693
    real_logit: Tensor  # mean of what D returned for a batch of reals
    fake_logit: Tensor  # and for a batch of fakes
    d_grad_norm: Tensor  # length of the gradient of each player's last step
    g_grad_norm: Tensor
    modes: Tensor  # of the 8, how many hold a fake within 3 sigma
    quality: Tensor  # share of such fakes, in [0, 1]


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordedRun:
    """One stored game: its curves, its fakes at a few moments, and what was wrong with it."""

    curves: RunCurves
    moments: tuple[int, ...]  # steps at which the fakes were kept
    points: Tensor  # (n_moments, N, 2): the same latents at every moment; NaN in a NaN run
    label: str  # one of LABELS
    slip: str  # the code that broke it, "" for the healthy one
    mended: str  # the same code as it should be


@cache
def recorded_runs() -> dict[str, RecordedRun]:
    """The six stored games, one of each label, under names that do not give it away.

    Returns:
        "A" to "F" -> run.

    Example:
        >>> runs = recorded_runs()
        >>> list(runs), runs["A"].points.shape[2]
        (['A', 'B', 'C', 'D', 'E', 'F'], 2)
    """
    return {name: _run(stored) for name, stored in _read("six_runs.json").items()}


@cache
def held_out_curves() -> tuple[tuple[str, RunCurves], ...]:
    """Curves of further games: other seeds, speeds and lengths, other slips of each kind.

    Returns:
        (label, curves) pairs, at least three of each label.
    """
    return tuple((s["label"], _curves(s["curves"])) for s in _read("held_out_runs.json"))


def _read(name: str) -> object:
    path = files("vgan_lessons.plane") / "recordings" / name
    return json.loads(path.read_text(encoding="utf-8"))


def _run(stored: dict) -> RecordedRun:
    points = [[_number(v) for v in moment] for moment in stored["points"]]
    return RecordedRun(
        curves=_curves(stored["curves"]),
        moments=tuple(stored["moments"]),
        points=torch.tensor(points).unflatten(1, (-1, 2)),
        label=stored["label"],
        slip=stored["slip"],
        mended=stored["mended"],
    )


def _curves(stored: dict[str, list]) -> RunCurves:
    return RunCurves(**{k: torch.tensor([_number(v) for v in c]) for k, c in stored.items()})


def _number(value: float | None) -> float:
    """JSON has no word for NaN: it is stored as null."""
    return math.nan if value is None else float(value)
