"""11.3: how far long films drift from short ones."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _mean_colour(clips: Tensor) -> Tensor:
    """Features of a clip: its frames one beside the other."""
    return clips.flatten(1)


def _gap(known: Tensor, seen: Tensor) -> Tensor:
    """Uneven on purpose: 10 times the mean of the first cloud, and the second's."""
    return 10 * known.mean() + seen.mean()


def _inputs(draw: Draw) -> dict:
    return {
        "films": draw.normal("N T C"),
        "reference": draw.normal("M 3 C"),
        "see": _mean_colour,
        "distance": _gap,
        "window": 3,
    }


def _last(clips: Tensor) -> Tensor:
    return clips[:, -1].flatten(1)


def _of(films: list, reference: list, window: int, see=_mean_colour):
    def run(answer) -> Tensor:
        return answer(torch.tensor(films), torch.tensor(reference), see, _gap, window)

    return run


def _shown(answer) -> bool:
    """Whether `see` is shown a stretch of all three films, or the two references, every time."""
    shown = set()

    def see(clips: Tensor) -> Tensor:
        shown.add(tuple(clips.shape))
        return clips.flatten(1)

    answer(torch.zeros(3, 7, 1), torch.zeros(2, 3, 1), see, _gap, 3)
    return shown == {(3, 3, 1), (2, 3, 1)}


def _refused(answer) -> dict[str, str]:
    told = {}
    for name, T, R in (
        ("films too short", 2, 3),
        ("another reference", 6, 4),
        ("a single stretch", 3, 3),
    ):
        try:
            answer(torch.zeros(2, T, 1), torch.zeros(2, R, 1), _mean_colour, _gap, 3)
        except ValueError:
            told[name] = "ValueError"
        else:
            told[name] = "no error"
    return told


_RANGE = "range(0, films.shape[1] - window + 1, window)"
_APPEND = "distance(known, see(films[:, start : start + window]))"
_KNOWN = "known = see(reference)"

# fmt: off
ROLLOUT_DRIFT = Exercise(
    name="rollout_drift",
    number="11.3",
    minutes=9,
    contract=(
        "films is (N, T, ...), reference (M, window, ...). Cut the films along time into stretches of `window` frames that do not overlap; what is left at the end is ignored.",
        "see turns clips (n, window, ...) into features (n, d); it is shown one stretch of all films at a time. distance takes the features of the reference, then those of a stretch, and returns a scalar tensor.",
        "Return (T // window,): the distance of each stretch, all against the same reference, in the order of time.",
        "If the films have fewer than `window` frames, or the reference has another number than `window`, raise `ValueError`. No gradient is asked for.",
    ),
    reference=metrics.rollout_drift,
    inputs=_inputs,
    sizes={"N": (3, 1, 4), "M": (2, 5, 3), "T": (7, 6, 11), "C": (2, 4, 3)},
    free_gradients=("films", "reference"),
    cases=(
        # reference mean 1: 10; stretches 1 2, 3 4; 9 is left over
        Case("stretches of two", _of([[[1.0], [2.0], [3.0], [4.0], [9.0]]], [[[1.0], [1.0]]], 2), torch.tensor([11.5, 13.5]),
             "Reference 1, so 10; the stretches 1, 2 and 3, 4 have means 1.5 and 3.5. The fifth frame is left over."),
        Case("two films", _of([[[0.0], [0.0], [2.0], [2.0]], [[4.0], [4.0], [6.0], [6.0]]], [[[0.0], [0.0]]], 2), torch.tensor([2.0, 4.0]),
             "The same stretch of all films together: 0 and 4 first, then 2 and 6."),
        Case("what is seen", _of([[[1.0], [2.0], [3.0], [4.0]]], [[[7.0], [0.5]]], 2, _last), torch.tensor([7.0, 9.0]),
             "Here `see` looks at the last frame of a clip only: 0.5 of the reference, then 2 and 4."),
        Case("one stretch at a time", _shown, True, "`see` is shown (N, window, ...) of one stretch, or the reference: nothing longer, and nothing else.", "side effects"),
        Case("too short, and another length", _refused, {"films too short": "ValueError", "another reference": "ValueError", "a single stretch": "no error"},
             "Clips of different lengths have features that do not compare: raise ValueError.", "side effects"),
    ),
    hints=(
        "A loop over the stretches; in each, the same question to all films.",
        "`films[:, start : start + window]` is one stretch of all films. The reference is looked at once, before the loop.",
        "`known = see(reference)`; `values = [distance(known, see(films[:, s : s + window])) for s in range(0, T - window + 1, window)]`; `torch.stack(values)`.",
    ),
    mistakes=(
        Mistake("all stretches seen at once", {_KNOWN: "known = see(reference)\n    see(films[:, : len(films[0]) // window * window].reshape(-1, window, *films.shape[2:]))"}, "`see` is shown more than one stretch of the films at a time: that needs the memory of all.", "side effects"),
        Mistake("sliding windows", {_RANGE: "range(0, films.shape[1] - window + 1)"}, "The windows slide by one frame: stretches do not overlap.", "axes"),
        Mistake("against the stretch before", {_APPEND: f"{_APPEND})\n        known = see(films[:, start : start + window]", }, "Each stretch is compared with the one before: slow drift would never show."),
        Mistake("from the beginning on", {_APPEND: _APPEND.replace("start : start + window", "start % 1 : start + window")}, "Each stretch reaches back to the first frame: cut out its own frames."),
        Mistake("the rest at the beginning", {_RANGE: "range(films.shape[1] % window, films.shape[1], window)"}, "What is left over is cut off at the beginning: it is the end that is ignored."),
        Mistake("stretch first", {_APPEND: "distance(see(films[:, start : start + window]), known)"}, "The stretch goes in first: the features of the reference come first."),
        Mistake("every frame of a place", {_APPEND: _APPEND.replace("start : start + window", "start // window :: films.shape[1] // window][:, :window")}, "Frames far apart are put together: a stretch is `window` frames in a row."),
        Mistake("the frames themselves", {_KNOWN: "see = lambda clips: clips.flatten(1)\n    known = see(reference)"}, "The frames themselves are compared: `see` says what counts."),
        Mistake("one number", {"return torch.stack(drift)": "return torch.stack(drift).mean()"}, "The stretches are averaged: a drift is a curve over time.", "axes"),
        Mistake("difference from the first", {"return torch.stack(drift)": "return torch.stack(drift) - drift[0]"}, "The first distance is taken away: return the distances themselves."),
        Mistake("the first film alone", {_APPEND: _APPEND.replace("films[:,", "films[:1,")}, "Only the first film is looked at."),
        Mistake("backwards", {"return torch.stack(drift)": "return torch.stack(drift).flip(0)"}, "The last stretch comes first.", "axes"),
        Mistake("against the own beginning", {_KNOWN: "known = see(films[:, :window])"}, "The films' own beginning is the reference: the one that is handed in has no influence."),
        Mistake("any length", {"films.shape[1] < window or reference.shape[1] != window": "False"}, "Lengths that do not fit are let through: raise ValueError.", "side effects"),
        Mistake("the rest counted", {_RANGE: "range(0, films.shape[1], window)"}, "What is left at the end is compared too: it is shorter than the reference."),
    ),
)
