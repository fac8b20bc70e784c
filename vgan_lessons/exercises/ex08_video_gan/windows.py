"""8.3: which frames of a path are painted and looked at in one step."""

from collections import Counter

import torch

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.training import VideoTrainConfig, windows

_TIGHT = VideoTrainConfig(n_frames=9, window_frames=3, max_stride=2, single_frames=1)
_MANY = VideoTrainConfig(n_frames=11, window_frames=4, max_stride=3, single_frames=2)
_ALL = VideoTrainConfig(n_frames=5, window_frames=5, max_stride=1, single_frames=5)


def _rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _strides(answer) -> tuple:
    """The stride of steps 1 to 7, for two configurations."""
    return tuple(
        tuple(int(answer(config, step, 2, _rng()).stride) for step in range(1, 8))
        for config in (_TIGHT, _MANY)
    )


def _stride(answer) -> str:
    """What a stride is: Python's number or a tensor."""
    stride = answer(_MANY, 1, 2, _rng()).stride
    return "a tensor" if isinstance(stride, torch.Tensor) else "a plain number"


def _shapes(answer) -> tuple:
    made = [answer(config, 1, n, _rng()) for config, n in ((_TIGHT, 5), (_MANY, 7), (_ALL, 2))]
    return tuple(
        (tuple(w.index.shape), tuple(w.picked.shape), str(w.index.dtype)) for w in made
    )


def _gaps(answer) -> dict[str, tuple]:
    seen = {}
    for step in (1, 2, 3):
        window = answer(_MANY, step, 50, _rng(step))
        seen[f"step {step}"] = tuple(window.index.diff(dim=1).unique().tolist())
    return seen


def _starts(answer) -> dict[str, tuple]:
    """Every start that occurs in 4,000 windows: 9 - (2 * stride + 1) + 1 of them."""
    seen = {}
    for step in (2, 3):  # stride 1 and 2
        start = answer(_TIGHT, step, 4000, _rng(step)).index[:, 0]
        counts = Counter(start.tolist())
        seen[f"starts, step {step}"] = tuple(sorted(counts))
        seen[f"even, step {step}"] = max(counts.values()) < 1.4 * min(counts.values())
    return seen


def _picked(answer) -> dict:
    """Which frames of the window are looked at one by one, in 4,000 windows."""
    one, two, every = (answer(c, 1, 4000, _rng(9)).picked for c in (_TIGHT, _MANY, _ALL))
    counts = torch.cat([p.flatten().bincount() / len(p) for p in (one, two)])
    return {
        "places of one": tuple(one.unique().tolist()),
        "places of two": tuple(two.unique().tolist()),
        "evenly": bool(
            (counts[:3] - 1 / 3).abs().max() < 0.05 and (counts[3:] - 1 / 2).abs().max() < 0.05
        ),
        "never the same twice": bool((two[:, 0] != two[:, 1]).all()),
        "all five": bool((every.sort(dim=1).values == torch.arange(5)).all()),
    }


def _apart(answer) -> dict[str, bool]:
    first, again, other = (answer(_MANY, 1, 40, _rng(s)) for s in (0, 0, 1))
    parts = ("index", "picked")
    return {
        "same source, same window": all(
            torch.equal(getattr(first, p), getattr(again, p)) for p in parts
        ),
        "other source, other window": not any(
            torch.equal(getattr(first, p), getattr(other, p)) for p in parts
        ),
        "start and place are independent": len(
            set(zip(first.index[:, 0].tolist(), first.picked[:, 0].tolist(), strict=True))
        )
        > 8,
    }


_START = "torch.randint(0, config.n_frames - span + 1, (n_clips, 1), **draw)"

# fmt: off
WINDOWS = Exercise(
    name="windows",
    number="8.3",
    minutes=7,
    difficulty="medium",
    contract=(
        "Return a `Window(stride, index, picked)`. Of `config` it reads n_frames, window_frames, max_stride and single_frames.",
        "stride: 1 + step % max_stride, a plain number; strides take turns.",
        "index, (n_clips, window_frames) int64: the frames of each path, `stride` apart. The first one is drawn "
        "for every clip by itself, each place from which the window fits into n_frames equally likely.",
        "picked, (n_clips, single_frames) int64: which of the window's frames, counted from 0, the frame "
        "discriminator sees; drawn for every clip by itself, evenly, and none twice.",
        "Every draw comes from rng.",
    ),
    reference=windows.draw_window,
    stub='''def my_windows(config, step, n_clips, rng):
    """Choose a window of every path of a batch."""
    ...  # your code
''',
    cases=(
        Case("strides of steps 1 to 7", _strides, ((2, 1, 2, 1, 2, 1, 2), (2, 3, 1, 2, 3, 1, 2)),
             "1 + step % max_stride: with max_stride 2 step 1 has stride 2, step 2 has stride 1."),
        Case("sizes and type", _shapes, (((5, 3), (5, 1), "torch.int64"), ((7, 4), (7, 2), "torch.int64"), ((2, 5), (2, 5), "torch.int64")),
             "index is (n_clips, window_frames), picked is (n_clips, single_frames).", "axes"),
        Case("what the stride is", _stride, "a plain number", "It follows from step by Python's own arithmetic.", "axes"),
        Case("gaps between frames", _gaps, {"step 1": (2,), "step 2": (3,), "step 3": (1,)},
             "Frames of a window lie `stride` apart."),
        Case("where windows begin", _starts,
             {"starts, step 2": (0, 1, 2, 3, 4, 5, 6), "even, step 2": True, "starts, step 3": (0, 1, 2, 3, 4), "even, step 3": True},
             "3 frames at stride 2 span 5 of 9: the first is 0, 1, 2, 3 or 4; randint leaves its upper end out."),
        Case("single frames", _picked,
             {"places of one": (0, 1, 2), "places of two": (0, 1, 2, 3), "evenly": True, "never the same twice": True, "all five": True},
             "A random order of the window's frames, of which the first single_frames are taken."),
        Case("the random source", _apart,
             {"same source, same window": True, "other source, other window": True, "start and place are independent": True},
             "Every draw names `generator=rng`.", "dtype/device/seed"),
    ),
    hints=(
        "How many frames does a window span, from its first to its last? That says where it may begin.",
        "The span is (window_frames - 1) * stride + 1. A column of starts plus a row of steps is a table of frames.",
        "`start = torch.randint(0, n_frames - span + 1, (n_clips, 1), generator=rng, device=rng.device)`; index = start + "
        "stride * arange(window_frames); picked = the first columns of `torch.rand(n_clips, window_frames, ...).argsort(1)`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("stride as a tensor", {"return Window(stride,": "return Window(torch.tensor(stride),"}, "The stride is a tensor: a plain number is asked for.", "axes"),
        Mistake("strides from 0", {"1 + step % config.max_stride": "step % config.max_stride"},
                "Stride 0 shows one frame again and again: strides run from 1 to max_stride."),
        Mistake("one stride", {"1 + step % config.max_stride": "config.max_stride"},
                "The stride never changes: they take turns, 1 + step % max_stride."),
        Mistake("always the beginning", {_START: "torch.zeros(n_clips, 1, dtype=torch.int64, device=rng.device)"},
                "Every window begins at frame 0: what comes later is never seen, and never learned."),
        Mistake("one start for the batch", {_START: _START.replace("n_clips, 1", "1, 1") + ".expand(n_clips, 1)"},
                "All clips of the batch begin at the same frame: draw a start for each.", "values"),
        Mistake("the last place forgotten", {"config.n_frames - span + 1": "config.n_frames - span"},
                "The last place where a window fits is never drawn: randint leaves its upper end out."),
        Mistake("one place too far", {"config.n_frames - span + 1": "config.n_frames - span + 2"},
                "The last window leaves the path by a frame."),
        Mistake("the span forgets the stride", {"(config.window_frames - 1) * stride + 1": "config.window_frames"},
                "A window of K frames spans (K - 1) * stride + 1 frames, not K."),
        Mistake("a window without its stride", {"torch.arange(config.window_frames, device=rng.device) * stride": "torch.arange(config.window_frames, device=rng.device)"},
                "The frames of the window are neighbours whatever the stride: it says one thing and shows another."),
        Mistake("always frame 0", {"return Window(stride, start + steps, picked": "return Window(stride, start + steps, 0 * picked"},
                "The frame discriminator sees the first frame of every window: the others are never looked at."),
        Mistake("the same frame twice", {"torch.rand(n_clips, config.window_frames, **draw).argsort(dim=1)": "torch.randint(0, config.window_frames, (n_clips, config.window_frames), **draw)"},
                "Two of the single frames may be the same one: draw an order, and take its beginning."),
        Mistake("picked frames of the path", {"return Window(stride, start + steps, picked[:, : config.single_frames])": "return Window(stride, start + steps, (start + steps).gather(1, picked[:, : config.single_frames]))"},
                "picked counts frames of the window, from 0 to window_frames - 1; these are places on the path."),
        Mistake("the first single frames", {"torch.rand(n_clips, config.window_frames, **draw).argsort(dim=1)": "torch.arange(config.window_frames).expand(n_clips, -1)"},
                "Always the first frames of the window are looked at: draw which."),
        Mistake("the global source", {'{"generator": rng, "device": rng.device}': '{"device": rng.device}'},
                "The draws come from torch's global source: name `generator=rng`.", "dtype/device/seed"),
        Mistake("strides a step late", {"1 + step % config.max_stride": "1 + (step - 1) % config.max_stride"},
                "The strides are those of the step before: 1 + step % max_stride."),
        Mistake("one choice for the batch", {"torch.rand(n_clips, config.window_frames, **draw).argsort(dim=1)": "torch.rand(1, config.window_frames, **draw).argsort(dim=1).expand(n_clips, -1)",
                                             "picked = torch.randint(0, config.window_frames, (n_clips, 1), **draw)": "picked = torch.randint(0, config.window_frames, (1, 1), **draw).expand(n_clips, 1)"},
                "All clips of the batch show the same single frames: draw them for each."),
        Mistake("index and picked exchanged", {"return Window(stride, start + steps, picked[:, : config.single_frames])": "return Window(stride, picked[:, : config.single_frames], start + steps)"},
                "index and picked are exchanged: the frames of the window come first.", "axes"),
        Mistake("always the first single frames", {"torch.rand(n_clips, config.window_frames, **draw).argsort(dim=1)": "torch.arange(config.window_frames).expand(n_clips, -1)",
                                                   "picked = torch.randint(0, config.window_frames, (n_clips, 1), **draw)": "picked = torch.zeros(n_clips, 1, dtype=torch.int64)"},
                "Always the first frames of the window are looked at, a single one included: draw which."),
        Mistake("a stride by chance", {"1 + step % config.max_stride": "int(torch.randint(1, config.max_stride + 1, (), generator=rng))"},
                "The stride is drawn: it follows from step, so that strides take turns."),
    ),
)
