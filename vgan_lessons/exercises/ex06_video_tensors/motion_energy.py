"""6.3: how much changes between neighbouring frames."""

import torch

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _of(*films: list):
    return lambda answer: answer(torch.tensor(films))


def _one_frame(answer) -> str:
    try:
        answer(torch.ones(2, 1, 3))
    except ValueError:
        return "ValueError"
    return "no error"


def _inputs(draw: Draw) -> dict:
    return {"videos": draw.normal("B T C H")}


_CHANGE = "videos.diff(dim=1)"
_MEAN = "flatten(1).mean(1)"
_WHOLE = "return videos.diff(dim=1).square().flatten(1).mean(1)"


def _refusing(videos):
    if len(videos) < 2:
        raise ValueError("one video")
    return videos.diff(dim=1).square().flatten(1).mean(1)


# fmt: off
MOTION_ENERGY = Exercise(
    name="motion_energy",
    number="6.3",
    minutes=5,
    contract=(
        "videos is (B, T, ...), with one axis or more behind T: pixels, or any other numbers.",
        "Return (B,): for each video the mean, over all pairs of neighbouring frames and all numbers of a frame, of the squared change from one frame to the next.",
        "A video of one frame has no motion to measure: raise `ValueError`.",
    ),
    reference=metrics.motion_energy,
    inputs=_inputs,
    cases=(
        Case("one pixel", _of([[0.0], [1.0], [0.0]], [[2.0], [2.0], [2.0]]), torch.tensor([1.0, 0.0]),
             "0, 1, 0 changes by 1 twice: mean 1. The second film is frozen."),
        Case("the same frames in another order", _of([[0.0], [1.0], [2.0], [3.0]], [[0.0], [2.0], [1.0], [3.0]]), torch.tensor([1.0, 3.0]),
             "0, 2, 1, 3 changes by 2, -1, 2: (4 + 1 + 4) / 3."),  # and by 1 three times
        Case("two frames of two pixels", _of([[0.0, 0.0], [1.0, 3.0]]), torch.tensor([5.0]),  # (1 + 9) / 2
             "Square each change, then average over the pixels: (1 + 9) / 2."),
        Case("one frame", _one_frame, "ValueError", "Without a neighbour there is nothing to compare: raise ValueError.", "side effects"),
    ),
    hints=(
        "Subtract from every frame but the first the one before it.",
        "`videos[:, 1:] - videos[:, :-1]`, or `videos.diff(dim=1)`. Every axis but the first is averaged away.",
        "`if videos.shape[1] < 2: raise ValueError(...)`; then difference, square, `.flatten(1).mean(1)`.",
    ),
    mistakes=(
        Mistake("along the batch", lambda videos: (videos - videos.roll(1, 0)).square().flatten(1).mean(1),
                "This compares different videos: time is axis 1.", "axes"),
        Mistake("one number for the batch", {_MEAN: "mean()"}, "All videos share one number: keep the first axis.", "axes"),
        Mistake("absolute change", {".square()": ".abs()"}, "The change is squared, not made positive."),
        Mistake("summed over the pixels", {_MEAN: "flatten(2).sum(2).mean(1)"}, "Summed over the pixels of a frame: average, so that sizes compare."),
        Mistake("against the first frame", {_CHANGE: "(videos[:, 1:] - videos[:, :1])"}, "Every frame is compared with the first: compare it with the one before."),
        Mistake("mean before the square", {_WHOLE: "return videos.diff(dim=1).flatten(1).mean(1).square()"}, "Changes up and down cancel before they are squared."),
        Mistake("the variance over time", {_WHOLE: "return videos.var(1).flatten(1).mean(1)"}, "A variance over time takes no notice of the order of the frames."),
        Mistake("divided by T", {_WHOLE: "return videos.diff(dim=1).square().sum(1).flatten(1).mean(1) / videos.shape[1]"}, "T frames have T - 1 pairs of neighbours."),
        Mistake("round to the first frame", {_CHANGE: "(videos - videos.roll(1, 1))"}, "The last frame is compared with the first: they are no neighbours."),
        Mistake("a root at the end", {_WHOLE: _WHOLE + ".sqrt()"}, "The energy is the mean square itself, without a root."),
        Mistake("acceleration", {_CHANGE: "videos.diff(n=2, dim=1)"}, "This is the change of the change: constant speed would count 0."),
        Mistake("one frame let through", {"_need_frames(videos, 2)": "pass"}, "A single frame gives nan, which spoils every mean later: raise ValueError.", "side effects"),
        Mistake("all changes added up", {_MEAN: "flatten(1).sum(1)"}, "All squared changes of a video are added: take their mean, over pairs and pixels."),
        Mistake("the length of the change", {_WHOLE: "return videos.diff(dim=1).flatten(1).norm(dim=1)"}, "This is the length of all changes together, the root of a sum: the mean of the squares is asked for."),
        Mistake("along the channels", {_CHANGE: "videos.diff(dim=2)"}, "The change is taken along axis 2: time is axis 1.", "axes"),
        Mistake("one video refused", lambda videos: _refusing(videos), "A batch of one video is refused: it is one *frame*, axis 1, that has no motion.", "axes"),
        Mistake("every second pair", {_CHANGE: "(videos[:, 1::2] - videos[:, : videos.shape[1] // 2 * 2 : 2])"}, "Frames are taken two by two: every frame but the last has a next one, T - 1 pairs."),
    ),
)
