"""11.4: the period of a film, and how exactly it repeats itself."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Exercise, Mistake


def _path(*places: float) -> Tensor:
    return torch.tensor(places)[:, None]


def _found(path: Tensor):
    def run(answer) -> dict[str, float]:
        period, index = answer(path.clone())
        kind = type(period).__name__
        return {"period": period if kind == "int" else kind, "index": float(index)}

    return run


def _noise(answer) -> dict[str, object]:
    rng = torch.Generator().manual_seed(4)
    period, index = answer(torch.randn(128, 12, generator=rng))
    return {"period": period, "index below 0.3": bool(0 <= index < 0.3)}


def _loop_with_noise() -> Tensor:
    rng = torch.Generator().manual_seed(5)
    loop = torch.randn(7, 12, generator=rng).repeat(18, 1)[:120]
    return loop + 0.3 * torch.randn(120, 12, generator=rng)


def _seven(answer) -> dict[str, object]:
    period, index = answer(_loop_with_noise() + 10 * torch.arange(12))
    return {"period": period, "index from 0.85 to 0.97": bool(0.85 < index < 0.97)}


def _without_peaks(answer) -> dict[str, tuple[float, ...]]:
    paths = {"line": _RAMP.clone(), "still": torch.ones(8, 2), "too long": _LATE.clone()}
    paths["at the last lag"] = _AT_THE_END.clone()
    return {name: tuple(map(float, answer(path))) for name, path in paths.items()}


def _refused(answer) -> str:
    try:
        answer(torch.zeros(5, 2))
    except ValueError:
        return "ValueError"
    return "no error"


_AROUND = "x = path.double() - path.double().mean(0)"
_PEAK = "peak = (middle > height[:-2]) & (middle > height[2:])"
_INDEX = "index = middle[peak].clamp(min=0).max().item() if peak.any() else 0.0"
_CLEAR = "clear = (peak & (middle >= _REPEATS)).nonzero()"
_PERIOD = "period = int(clear[0]) + 2 if len(clear) else 0"
_LAGS = "range(1, len(x) // 2 + 1)"
_ALIKE = "F.cosine_similarity(early, late, dim=0)"

_LOOP = _path(1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0)
_GROWING = _path(1.0, -1.0, 2.0, -2.0, 4.0, -4.0)
_RAMP = _path(*[float(t) for t in range(12)])
_AT_THE_END = _path(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)  # lag 4 is the last of 8 frames
_UNLIKE = torch.tensor([[10.0, 0.0, 0.0] * 3, [0.0, 1.0] * 4 + [0.0]]).T[:8]
_SWINGS = _path(*[1.0, 0.0, 0.6, 0.0] * 3)
_LATE = _path(1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)

# fmt: off
REPETITION = Exercise(
    name="repetition",
    number="11.4",
    minutes=13,
    difficulty="medium",
    contract=(
        "path is (T, d), one film as a signal over time. Take away its mean over time. The autocorrelation at lag k is the cosine between the path without its last k frames and the path without its first k, all T - k frames and d numbers as one long vector.",
        "Take the lags 1 to T // 2. A peak is a lag from 2 to T // 2 - 1 whose autocorrelation is above that of both neighbouring lags.",
        "Return (period, index). period is an int: the smallest lag with a peak of at least 0.5, or 0 if there is none. index is a plain number: the height of the highest of all peaks, and 0 where no peak is above 0.",
        "A path that stands still has autocorrelation 0 at every lag. A path of fewer than 6 frames: raise `ValueError`. No gradient is asked for.",
    ),
    reference=metrics.repetition,
    cases=(
        Case("1, 0, 0, again and again", _found(_LOOP), {"period": 3, "index": 1.0}, "After three frames it is the same again: the path without its last 3 frames equals that without its first 3. Of eight frames the lags 1 to 4 count."),
        # at lag 2: 1 -1 2 -2 and 2 -2 4 -4, twice as long; at lags 1 and 3 the products are below 0
        Case("larger and larger", _found(_GROWING), {"period": 2, "index": 1.0}, "1, -1, 2, -2, 4, -4: two frames later it is twice as large and points the same way. A cosine does not mind the size."),
        Case("a high swing and a lower one", _found(_SWINGS), {"period": 2, "index": 1.0}, "After 2 frames it is nearly the same, above 0.5; after 4 it is the same: the period is the first, the index the highest."),
        Case("noise", _noise, {"period": 0, "index below 0.3": True}, "In noise the highest peak is low, and no period is found."),
        Case("seven frames, again and again, with noise", _seven, {"period": 7, "index from 0.85 to 0.97": True},
             "The first peak of at least 0.5 is at lag 7; the same comes at 14, 21, ...: take the smallest. Each number has a mean of its own."),
        Case("a large number beside a small one", _found(_UNLIKE), {"period": 3, "index": 0.979434}, "10, 0, 0 again and again beside 0, 1, 0, 1: all numbers stand in one long vector, and large ones count for more."),
        Case("a line, standing still, and a loop that is too long", _without_peaks, {"line": (0.0, 0.0), "still": (0.0, 0.0), "too long": (0.0, 0.0), "at the last lag": (0.0, 0.0)},
             "None of them has a peak: a line falls from lag to lag, standing still is 0 everywhere, not nan, and a loop of 5 frames would have its peak at lag 5 of 4."),
        Case("five frames", _refused, "ValueError", "Lags of 1 to T // 2 need T >= 6 for a peak with two neighbours: raise ValueError.", "side effects"),
    ),
    hints=(
        "Lay the film over itself, k frames later: how alike are the two? Do that for every k and look for peaks.",
        "`early, late = x[:-k], x[k:]`; their cosine is `(early * late).sum()` divided by both norms. A list of them for k = 1 ... T // 2; entry i is lag i + 1.",
        "middle = r[1:-1]; peak = (middle > r[:-2]) & (middle > r[2:]); index = max(0, largest of middle[peak]); period = 2 + first place where peak & (middle >= 0.5). Guard the division and the empty list.",
    ),
    mistakes=(
        Mistake("every number to one size", {_AROUND: _AROUND + "\n    x = x / x.std(0).clamp(min=1e-9)"}, "Each number is divided by its spread: the cosine is of the path as it is, with large numbers counting for more."),
        Mistake("the index of the period", {_INDEX: "index = middle[period - 2].item() if period else middle[peak].clamp(min=0).max().item() if peak.any() else 0.0"}, "The index is the height at the period: it is the height of the highest of all peaks."),
        Mistake("the mean left in", {_AROUND: "x = path.double()"}, "The mean over time was not taken away: a film that is bright all the time looks alike at every lag."),
        Mistake("one mean for all numbers", {_AROUND: "x = path.double() - path.double().mean()"}, "One mean is taken away from all numbers: each of the d has its own, over time.", "axes"),
        Mistake("a lag too few", {_PERIOD: "period = int(clear[0]) + 1 if len(clear) else 0"}, "The period is one too small: the first lag that can be a peak is 2."),
        Mistake("the place in the list", {_PERIOD: "period = int(clear[0]) if len(clear) else 0"}, "This is the place in the list of peaks: its first entry is lag 2."),
        Mistake("the largest lag", {_PERIOD: "period = int(clear[-1]) + 2 if len(clear) else 0"}, "The last or the highest peak is taken: multiples of a period are peaks, too, and the smallest is meant."),
        Mistake("no peak needed", {_PEAK: "peak = torch.ones_like(middle, dtype=torch.bool)"}, "Every lag counts as a peak: a slow film is alike at short lags without repeating."),
        Mistake("a valley", {_PEAK: "peak = (middle < height[:-2]) & (middle < height[2:])"}, "These are valleys: a peak is above both neighbours."),
        Mistake("divided by one norm", {_ALIKE: "(early @ late) / early.square().sum().clamp(min=1e-12)"}, "The product is divided by the square of one part: a cosine divides by both lengths."),
        Mistake("not divided", {_ALIKE: "early @ late"}, "The products are not divided by the lengths: the index has to be 1 for an exact loop."),
        Mistake("the biased estimate", {_ALIKE: "(early @ late) / x.square().sum().clamp(min=1e-12)"}, "Divided by the length of the whole path: at lag k only T - k frames are left, and an exact loop gets less than 1."),
        Mistake("below 0", {_INDEX: "index = middle[peak].max().item() if peak.any() else -1.0"}, "Without a peak the index is 0, not less."),
        Mistake("any peak a period", {_CLEAR: "clear = peak.nonzero()"}, "Every small peak counts as a period: noise has many. It takes 0.5."),
        Mistake("how many repeats", {_INDEX: "index = peak.double().mean().item()"}, "This is the share of lags that are peaks: the index is the height of the highest."),
        Mistake("the first peak's height", {_INDEX: "index = middle[peak][0].clamp(min=0).item() if peak.any() else 0.0"}, "This is the height of the first peak: the index is that of the highest."),
        Mistake("index first", {"return period, index": "return index, period"}, "The two come in the other order: period, index."),
        Mistake("a quarter of the lags", {_LAGS: "range(1, len(x) // 4 + 1)"}, "Only lags to T // 4 are looked at: T // 2 are asked for."),
        Mistake("short films let through", {"path.ndim != 2 or len(path) < 6": "False"}, "Five frames are let through: raise ValueError.", "side effects"),
    ),
    waived=("graph cut", "dtype", "device", "tensors"),
)
