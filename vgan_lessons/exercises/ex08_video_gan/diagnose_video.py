"""8.7: from the log of a training to the name of its trouble."""

from collections.abc import Callable
from copy import deepcopy

import torch

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.evaluation import diagnosing
from vgan_lessons.evaluation.recorded import (
    VIDEO_LABELS,
    VideoCurves,
    held_out_video_curves,
    recorded_video_runs,
)

N_LOGS = 16
CHANGE = 11  # where a log that changes does so


def _log(**columns: float | list[float]) -> VideoCurves:
    """A made-up log of a sound training, but for the columns given."""
    usual = {
        "d_loss": 1.2,
        "g_loss": 2.0,
        "clip_margin": 0.4,
        "frame_margin": 0.3,
        "motion": 0.95,
        "restless": 0.2,
        "comes_back": 2.5,
        "content_change": 0.01,
        "variety": 0.95,
    }
    filled = {n: torch.zeros(N_LOGS) + torch.tensor(v) for n, v in (usual | columns).items()}
    return VideoCurves(step=50.0 * torch.arange(1, N_LOGS + 1), **filled)


def _turned(before: float, after: float) -> list[float]:
    return [before] * CHANGE + [after] * (N_LOGS - CHANGE)


def _at(place: int, there: float, elsewhere: float) -> list[float]:
    return [there if k == place else elsewhere for k in range(N_LOGS)]


def _by_hand(answer: Callable) -> dict:
    return {name: answer(deepcopy(run)) for name, (run, _) in _BY_HAND.items()}


def _on_the_page(answer: Callable) -> dict:
    return {name: answer(deepcopy(run.curves)) for name, run in recorded_video_runs().items()}


def _held_out(answer: Callable) -> dict:
    found: dict[str, list] = {label: [] for label in VIDEO_LABELS}
    for label, curves in held_out_video_curves():
        found[label].append(answer(deepcopy(curves)))
    return found


def _right_held_out() -> dict:
    labels = [label for label, _ in held_out_video_curves()]
    return {label: (label,) * labels.count(label) for label in VIDEO_LABELS}


_BY_HAND = {  # in words -> the log and its label
    "a sound training": (_log(), "healthy"),
    "a young one that finds its feet": (
        _log(
            motion=_turned(2.4, 0.9),
            variety=_turned(0.2, 0.9),
            content_change=_turned(0.4, 0.02),
        ),
        "healthy",
    ),
    "lively, and sound": (_log(motion=1.3, restless=0.35, comes_back=1.8), "healthy"),
    "next to nothing moves": (_log(motion=0.05, restless=0.1), "frozen"),
    "it moved at first": (_log(motion=_turned(0.9, 0.1)), "frozen"),
    "nothing moves at all": (_log(motion=0.0, restless=0.0, comes_back=0.0), "frozen"),
    "every frame a stranger": (_log(motion=5.0, restless=0.97, comes_back=1.0), "flicker"),
    "the fifth frame is the first": (_log(motion=0.6, restless=0.6, comes_back=0.0), "loop"),
    "a loop of large steps": (_log(motion=0.9, restless=0.9, comes_back=0.05), "loop"),
    "a loop that is not perfect": (_log(motion=0.8, restless=0.5, comes_back=0.25), "loop"),
    "red at first, blue at last": (_log(content_change=0.7), "drift"),
    "one look for all": (_log(variety=0.02, motion=1.0), "collapse"),
    "one look, and nothing moves": (_log(variety=0.01, motion=0.1), "collapse"),
    "one odd log at the end": (
        _log(motion=_at(N_LOGS - 1, 0.1, 0.9), variety=_at(N_LOGS - 2, 0.1, 0.9)),
        "healthy",
    ),
    "a draw, and still frozen": (
        _log(clip_margin=0.0, frame_margin=0.0, d_loss=1.386, motion=0.1),
        "frozen",
    ),
}

_START = "def late"


def _asked_first(rule: str, label: str) -> dict[str, str]:
    return {_START: f"if {rule}:\n        return {label!r}\n    {_START}"}


# fmt: off
DIAGNOSE_VIDEO = Exercise(
    name="diagnose_video",
    number="8.7",
    minutes=12,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return one of six words: " + "; ".join(f'"{label}", {what}' for label, what in VIDEO_LABELS.items()) + ".",
        "`run` has the columns step, d_loss, g_loss, clip_margin, frame_margin, and of 64 clips motion, restless, comes_back, "
        "content_change and variety, one entry a log; 10 logs or more.",
        "How a training ends is read off its last five logs, not off one and not off the first.",
        "Where all clips show the same thing it is a collapse, whatever else they do; what hardly moves is frozen, whatever else it does.",
        "Any rules will do that name the six trainings of the page, and others like them.",
    ),
    reference=diagnosing.diagnose_video,
    cases=(
        Case("logs worked by hand", _by_hand, {name: label for name, (_, label) in _BY_HAND.items()},
             "One rule for each trouble, on a median of the last five logs: which column must it change?"),
        Case("the six trainings of the page", _on_the_page,
             holds=lambda said: said == {n: run.label for n, run in recorded_video_runs().items()},
             nudge="Not every one has its right name yet. Each of the six occurs once."),
        Case("trainings that are not on the page", _held_out, _right_held_out(),
             "Other seeds, lengths and slips: leave room around the values that you saw."),
    ),
    hints=(
        "Each trouble moves one of the last five columns far away from a sound training's. Print them for the six runs.",
        "variety near 0; motion near 0; comes_back near 0; restless near 1; content_change well above 0. In this order.",
        "`late = lambda column: column[-5:].median()`, then `if late(run.variety) < ...: return \"collapse\"`, and so on; `return \"healthy\"` at the end.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis
        Mistake("everything is healthy", lambda run: "healthy", "Not one of the troubles is ever named."),
        Mistake("judged by the first logs", {"column[-LATE:]": "column[:LATE]"},
                "Every training begins badly; what counts is where it ends."),
        Mistake("judged by the last log", {"column[-LATE:].median()": "column[-1]"},
                "One log is one moment: take the last five together."),
        Mistake("a mean that one log upsets", {"column[-LATE:].median()": "column[-LATE:].min()"},
                "One odd log decides: a median of the last five does not let it."),
        Mistake("the whole run", {"column[-LATE:].median()": "column.median()"},
                "The whole log is weighed, the beginning included: look at its end."),
        Mistake("frozen before collapse", _asked_first("run.motion[-LATE:].median() < STILL", "frozen"),
                "Clips that are all alike and stand still are called frozen: ask for the collapse first."),
        Mistake("loops taken for flicker", _asked_first("run.restless[-LATE:].median() > NOISE", "flicker"),
                "A loop of large steps is restless, too: ask whether it comes back first."),
        Mistake("more motion than real is flicker", {"late(run.restless) > NOISE": "late(run.motion) > 1.2"},
                "A lively training is no flicker: compare one frame's change with that of several."),
        Mistake("flicker never named", {"late(run.restless) > NOISE": "False"}, "Flicker is never named."),
        Mistake("drift never named", {"late(run.content_change) > ANOTHER": "False"}, "Drift is never named."),
        Mistake("collapse never named", {"late(run.variety) < ALIKE": "False"}, "Collapse is never named."),
        Mistake("frozen never named", {"late(run.motion) < STILL": "False"}, "What stands still is never called frozen."),
        Mistake("a loop only if it is perfect", {"late(run.comes_back) < AGAIN": "late(run.comes_back) == 0"},
                "A loop need not be perfect: near 0 is enough."),
        Mistake("the margins alone", {"late(run.motion) < STILL": "late(run.clip_margin).abs() < 0.001"},
                "A clip discriminator that sees nothing has margin 0, but one that is fooled may have it, too: look at the clips."),
        Mistake("frozen only if next to nothing is left", {"late(run.motion) < STILL": "late(run.motion) < 0.12"},
                "A fifth of the real motion is next to nothing, too: leave room around the values you saw."),
        Mistake("a fixed place instead of the end", {"column[-LATE:]": "column[12:]"},
                "Logs have different lengths: count from the end."),
        Mistake("any change of colour is drift", {"late(run.content_change) > ANOTHER": "late(run.content_change) > 0.001"},
                "A sound training's colours tremble a little; drift is a good part of the way to another clip's colour."),
    ),
)
