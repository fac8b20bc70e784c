"""4.5: which modes a generator reaches, how evenly, how cleanly."""

import math

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.datasets import ring_centres

NO_NUMBER = "a tensor where later cells need a plain number: .item() makes it one"


def _seen(answer, points: Tensor, centres: Tensor, sigma: float) -> dict:
    """The three by name: they may come as ModeCoverage or as any other three in its order."""
    n_modes, kl_to_uniform, quality = answer(points, centres, sigma)
    found = {"n_modes": n_modes, "kl_to_uniform": kl_to_uniform, "quality": quality}
    return {name: NO_NUMBER if isinstance(v, Tensor) else v for name, v in found.items()}


def _wanted(n_modes: int, kl_to_uniform: float, quality: float) -> dict:
    return {"n_modes": n_modes, "kl_to_uniform": kl_to_uniform, "quality": quality}


def _on_a_line(answer, points: list[float], centres: list[float], sigma: float) -> dict:
    """Points and centres on the x axis, from lists."""
    flat = [torch.tensor([[x, 0.0] for x in xs]) for xs in (points, centres)]
    return _seen(answer, *flat, sigma)


def _half_of_the_ring(answer) -> dict:
    centres = ring_centres(8)
    return _seen(answer, centres[::2].repeat(3, 1), centres, 0.1)


def _between_the_modes(answer) -> dict:
    points = torch.tensor([[0.0, 0.0], [1.0, 0.0], [2.5, -2.5], [40.0, 0.0]])
    return _seen(answer, points, torch.tensor([[0.0, 0.0], [10.0, 0.0]]), 1.0)


def _inputs(draw: Draw) -> dict:
    """Points around all centres but the last, near and less near."""
    centres = draw.normal("K 2", scale=3.0)
    home = centres[draw.integers("N", 0, max(1, len(centres) - 1))]
    points = home + draw.uniform("N 2", -2, 2)
    return {"points": points, "centres": centres, "sigma": draw.number(0.4, 0.6)}


# fmt: off
MODE_COVERAGE = Exercise(
    name="mode_coverage",
    number="4.5",
    minutes=10,
    difficulty="medium",
    contract=(
        "Return the three plain numbers `(n_modes, kl_to_uniform, quality)` in a tuple, plain or "
        "named. A point is of high quality if it lies within 3 sigma of its nearest "
        "centre, the edge included; quality is the share of such points.",
        "`n_modes` counts the centres that are nearest to at least one point of high quality.",
        "`kl_to_uniform` is the KL divergence, in nats, of the shares of the high-quality points "
        "per mode from equal shares; a mode without points adds 0.",
        "Without any point of high quality the three are 0, infinity and 0.",
    ),
    reference=metrics.mode_coverage,
    inputs=_inputs,
    cases=(  # situation, what is seen, by hand, where to look
        Case("half of the ring", _half_of_the_ring, _wanted(4, 0.693147, 1.0),  # sum of 4 times 1/4 log(8/4)
             "Four of eight modes with equal shares: four times 1/4 log(8 / 4) is log 2."),
        Case("uneven shares", lambda answer: _on_a_line(answer, [0, 0.5, -0.5, 100.0], [0.0, 100.0], 1.0),
             _wanted(2, 0.130812, 1.0),  # 3/4 log(3/2) + 1/4 log(1/2)
             "Shares of 3/4 and 1/4: 3/4 log(3/2) + 1/4 log(1/2) = 0.130812."),
        Case("points between the modes", _between_the_modes, _wanted(1, 0.693147, 0.5),  # (2.5, -2.5) is 3.54 away
             "Two of the four points lie within 3 of a centre, both at the first mode; the others count for no mode at all."),
        Case("the edge", lambda answer: _on_a_line(answer, [1.5, 1.25, -2.0, 11.5], [0.0, 10.0], 0.5),
             _wanted(2, 0.056633, 0.75),  # shares of 2/3 and 1/3
             "With sigma 0.5 the edge is at 1.5, and a point on it is inside."),
        Case("circles that overlap", lambda answer: _on_a_line(answer, [0.75, 0.25, 0.5], [0.0, 2.0, 4.0], 1.0),
             _wanted(1, 1.098612, 1.0),  # all at one of three modes: log 3
             "A point within 3 sigma of two centres counts once, for the nearer one."),
        Case("nothing near any mode", lambda answer: _on_a_line(answer, [50.0, 60.0], [0.0, 10.0], 1.0),
             _wanted(0, math.inf, 0.0),
             "No point is of high quality: there is no histogram, and KL is infinite."),
    ),
    hints=(
        "Three questions to each point: which centre is nearest, how far is it, is that near "
        "enough?",
        "`points[:, None] - centres` has one row a point and one column a centre; the minimum "
        "over the columns gives both the distance and the mode.",
        "`torch.bincount(nearest[good], minlength=len(centres))` is the histogram; divided by "
        "its sum it is shares, and `torch.xlogy(shares, shares * K)` is 0 where a share is 0.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis
        Mistake("KL in bits", {"kl.item()": "kl.item() / math.log(2)"},
                "These are bits, from log2; in nats half of the modes costs log 2 = 0.693."),
        Mistake("even shares over the modes found", {"len(centres)": "(counts > 0).sum()"},
                "The even histogram has a share for every mode, not only for those that were found: lost modes must cost something."),
        Mistake("KL the other way round",
                {"nearest[good]": "nearest[good], minlength=len(centres)",
                 "torch.xlogy(shares, shares * len(centres)).sum()": "-(shares * len(centres)).log().mean()"},
                "This is the divergence of equal shares from the histogram: infinite as soon as one mode is lost."),
        Mistake("two points a mode", {"counts > 0": "counts >= 2"},
                "A mode counts from the first point of high quality on."),
        Mistake("all points in the histogram", {"nearest[good]": "nearest"},
                "Points between the modes were counted for the nearest mode: only points of high quality belong to one."),
        Mistake("one sigma", {"3 * sigma": "sigma"},
                "The reach is 3 sigma: in the plane only 39 of 100 real points lie within one sigma."),
        Mistake("squared distance against 3 sigma", {".sqrt()": ""},
                "The squared distance was held against 3 sigma: compare it with (3 sigma) squared."),
        Mistake("edge left out", {"way <= 3": "way < 3"},
                "A point at exactly 3 sigma is inside: <=, not <."),
        Mistake("every circle counts", {"torch.bincount(nearest[good])": "(ways <= 3 * sigma).sum(dim=0)"},
                "A point within 3 sigma of two centres was counted for both; it belongs to the nearer."),
        Mistake("0 / 0", {"math.inf": "math.nan"},
                "Without a point of high quality the histogram is 0 / 0: say infinity there."),
        Mistake("differences added, not squared", {"way <= 3": "(points - centres[nearest]).sum(dim=1).abs() <= 3"},
                "The distance is the root of the sum of squares; plain differences cancel."),
        Mistake("share of the modes",
                {"ModeCoverage(0": "ModeCoverage(0.0", "int((counts > 0).sum())": "int((counts > 0).sum()) / len(centres)"},
                "n_modes is a count, not a share of all modes."),
        Mistake("count of good points", {"good.double().mean()": "good.double().sum()"},
                "quality is a share of all points, not their count."),
        Mistake("tensors for numbers", {"kl.item()": "kl", "good.double().mean().item()": "good.double().mean()"},
                "Later cells take means and medians of these numbers, and Python's statistics know no tensors: .item()."),
    ),
    sizes={"N": (40, 1, 25)},
    free_gradients=("points", "centres"),
    waived=("graph cut", "dtype", "device"),
)
