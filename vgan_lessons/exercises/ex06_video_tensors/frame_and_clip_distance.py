"""6.4: one distance, measured on frames and on clips."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Exercise, Mistake


def _features(clips: Tensor) -> Tensor:
    """Of a clip: its mean, from the first to the last frame, its length, its mean square."""
    flat = clips.flatten(2)
    change = flat[:, -1].mean(1) - flat[:, 0].mean(1)
    length = torch.full_like(change, flat.shape[1])
    return torch.stack([flat.mean((1, 2)), change, length, flat.square().mean((1, 2))], dim=1)


def _apart(one: Tensor, other: Tensor) -> Tensor:
    """Squared distance of the means."""
    return (one.mean(0) - other.mean(0)).square().sum()


def _films(*values: list[float]) -> Tensor:
    """Films of one pixel: (N, T, 1, 1, 1)."""
    return torch.tensor(values)[:, :, None, None, None]


def _between(real: Tensor, fake: Tensor, distance=_apart):
    return lambda answer: tuple(answer(real.clone(), fake.clone(), _features, distance))


def _rows(one: Tensor, other: Tensor) -> float:
    return 100.0 * len(one) + len(other) + 10_000 * one[0, 2].item()


def _kinds(answer) -> list[str]:
    layer = torch.nn.Linear(4, 2).requires_grad_(False)
    films = _films([0.0, 1.0], [1.0, 3.0])
    found = answer(films, films + 1, lambda clips: layer(_features(clips)), _apart)
    return [type(value).__name__ for value in found]


_STILLS = "features(frames_from_videos(videos).unsqueeze(1))"
_CLIPS = "clips = [features(videos) for videos in (real, fake)]"
_RETURN = "return float(distance(*stills)), float(distance(*clips))"

# fmt: off
FRAME_AND_CLIP_DISTANCE = Exercise(
    name="frame_and_clip_distance",
    number="6.4",
    minutes=8,
    difficulty="easy",
    contract=(
        "real is (N, T, C, H, W), fake (M, T, C, H, W). features takes clips (K, T', C, H, W) of any length T' and returns (K, d); "
        "distance takes the features of the reals, then those of the fakes, and returns one number, a tensor or a plain one.",
        "The frame distance compares all frames: each goes through features as a clip of one frame, (N * T, 1, C, H, W) for the reals.",
        "The clip distance compares the clips as they are.",
        "Return (frame distance, clip distance) as two plain numbers of type float.",
    ),
    reference=metrics.frame_and_clip_distance,
    cases=(
        Case("played backwards", _between(_films([0.0, 1.0, 2.0]), _films([2.0, 1.0, 0.0])), (0.0, 16.0),
             "The frames are the same: 0. As clips one gains 2 and one loses 2: (2 + 2)^2 = 16."),
        Case("frozen at the first frame", _between(_films([0.0, 1.0, 2.0]), _films([0.0, 0.0, 0.0])), (1 + 25 / 9, 5 + 25 / 9),
             "Mean pixels 1 and 0, mean squares 5/3 and 0: 1 + 25/9. As clips they also differ by 2 from first to last frame."),
        Case("reals first", _between(_films([1.0, 1.0]), _films([0.0, 0.0]), lambda one, other: one.mean() - 2 * other.mean()), (0.25, 0.0),
             "The distance need not be the same both ways round: reals first."),  # 3/4 - 2 * 1/4, and 4/4 - 2 * 2/4
        Case("how many rows are compared", _between(torch.zeros(2, 4, 3, 2, 5), torch.zeros(3, 4, 3, 2, 5), _rows), (10_812.0, 40_203.0),
             "Two clips of 4 frames beside three: 8 and 12 frames of length 1, then 2 and 3 clips of length 4."),
        Case("plain numbers", _kinds, ("float", "float"), "float(...) makes a plain number of either.", "gradients"),
    ),
    hints=(
        "The same three steps twice: what to show, its features, the distance. Only what is shown differs.",
        "Fold time into the batch, then give each frame an axis of time of length 1: (N * T, C, H, W) becomes (N * T, 1, C, H, W).",
        '`video_layouts(real, "videos", "frames", T)[:, None]` are the reals as clips of one frame; then `float(distance(features(...), features(...)))`, twice.',
    ),
    mistakes=(
        Mistake("the mean frame", {_STILLS: "features(videos.mean(1, keepdim=True))"}, "The frames of a clip are averaged to one picture: show each by itself."),
        Mistake("the first frame only", {_STILLS: "features(videos[:, :1])"}, "Only the first frames are compared: show all of them."),
        Mistake("frames held for a whole clip", {_STILLS: "features(frames_from_videos(videos).unsqueeze(1).repeat(1, videos.shape[1], 1, 1, 1))"},
                "Each frame is shown as a long still: here as a clip of one frame."),
        Mistake("one row a clip", {_STILLS: "features(frames_from_videos(videos).unsqueeze(1)).unflatten(0, videos.shape[:2]).mean(1)"},
                "The features of a clip's frames are averaged first: every frame is a row of its own."),
        Mistake("clips first", {_RETURN: "return float(distance(*clips)), float(distance(*stills))"}, "Frame distance first, clip distance second.", "axes"),
        Mistake("frames twice", {_CLIPS: "clips = stills"}, "The clip distance compares single frames again: show the clips as they are."),
        Mistake("clips twice", {_STILLS: "features(videos)"}, "The frame distance compares whole clips: take time apart first."),
        Mistake("reals against themselves", {_CLIPS: "clips = [features(real), features(real)]"}, "The fakes are never shown as clips."),
        Mistake("fakes first", {"float(distance(*stills))": "float(distance(*stills[::-1]))", "float(distance(*clips))": "float(distance(*clips[::-1]))"},
                "The fakes stand in the place of the reals: reals first."),
        Mistake("tensors", {_RETURN: "return distance(*stills) + 0.0, distance(*clips) + 0.0"}, "The distances are tensors: make plain numbers of them.", "gradients"),
        Mistake("pixels compared", {_STILLS: "frames_from_videos(videos).flatten(1)", _CLIPS: "clips = [videos.flatten(1) for videos in (real, fake)]"},
                "The pixels themselves are compared: their features are asked for."),
        Mistake("clips with the fakes first", {"float(distance(*clips))": "float(distance(*clips[::-1]))"}, "In the clip distance the fakes stand in the place of the reals: reals first."),
        Mistake("frames with the fakes first", {"float(distance(*stills))": "float(distance(*stills[::-1]))"}, "In the frame distance the fakes stand in the place of the reals: reals first."),
        Mistake("one endless clip", {_STILLS: "features(frames_from_videos(videos).unsqueeze(0))"}, "All frames become one long clip: each is a clip of its own, so the new axis is axis 1.", "axes"),
        Mistake("frames without their axis", {_STILLS: "features(frames_from_videos(videos))"}, "Frames go in without an axis of time, and features takes the colours for it: unsqueeze(1).", "axes"),
        Mistake("a distance for each time", {_RETURN: "return sum(float(distance(features(real[:, t : t + 1]), features(fake[:, t : t + 1]))) for t in range(real.shape[1])) / real.shape[1], float(distance(*clips))"},
                "A distance is taken at each time and averaged: the frame distance compares all frames at once."),
    ),
)
