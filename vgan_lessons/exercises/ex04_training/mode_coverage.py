"""4.3: which modes a generator reaches, how evenly, how cleanly."""

import math

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise
from vgan_lessons.datasets import ring_centres
from vgan_lessons.exercises.ex04_training.coverage_slips import MISTAKES
from vgan_lessons.metrics import ModeCoverage


def _seen(answer, points: Tensor, centres: Tensor, sigma: float) -> dict:
    """The three numbers by name: later cells read them by name."""
    found = answer(points, centres, sigma)
    return {
        "n_modes": found.n_modes,
        "kl_to_uniform": found.kl_to_uniform,
        "quality": found.quality,
    }


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


def _by_loop(points, centres, sigma):
    counts = [0] * len(centres)
    for point in points.tolist():
        ways = [math.dist(point, centre) for centre in centres.tolist()]
        if min(ways) <= 3 * sigma:
            counts[ways.index(min(ways))] += 1
    total = sum(counts)
    if total == 0:
        return ModeCoverage(0, math.inf, 0.0)
    kl = sum(n / total * math.log(n / total * len(counts)) for n in counts if n)
    return ModeCoverage(sum(n > 0 for n in counts), kl, total / len(points))


def _by_one_hot(points, centres, sigma):
    ways = torch.linalg.vector_norm(points.unsqueeze(1) - centres.unsqueeze(0), dim=-1)
    nearest = torch.nn.functional.one_hot(ways.argmin(1), len(centres))
    counts = (nearest * (ways <= 3 * sigma)).sum(0)
    shares = counts[counts > 0] / counts.sum()
    entropy = -(shares * shares.log()).sum().item()
    kl = math.log(len(centres)) - entropy if counts.any() else math.inf
    return ModeCoverage(int((counts > 0).sum()), kl, (counts.sum() / len(points)).item())


def _by_histogram(points, centres, sigma):
    ways, nearest = torch.cdist(
        points, centres, compute_mode="donot_use_mm_for_euclid_dist"
    ).min(dim=1)
    reached, counts = nearest[ways <= 3 * sigma].unique(return_counts=True)
    if len(reached) == 0:
        return ModeCoverage(n_modes=0, kl_to_uniform=float("inf"), quality=0)
    shares = counts / counts.sum()
    kl = (shares * (shares * len(centres)).log()).sum()
    return ModeCoverage(len(reached), kl, counts.sum() / len(points))


MODE_COVERAGE = Exercise(
    name="mode_coverage",
    number="4.3",
    minutes=12,
    difficulty="medium",
    contract=(
        "Return ModeCoverage(n_modes, kl_to_uniform, quality). A point is of high quality if "
        "it lies within 3 sigma of its nearest centre, the edge included; quality is the share "
        "of such points.",
        "n_modes counts the centres that are nearest to at least one point of high quality.",
        "kl_to_uniform is the KL divergence, in nats, of the shares of the high-quality points "
        "per mode from equal shares; a mode without points adds 0.",
        "Without any point of high quality the three are 0, infinity and 0.",
    ),
    reference=metrics.mode_coverage,
    inputs=_inputs,
    cases=(
        Case(
            name="half of the ring",
            run=_half_of_the_ring,
            expect=_wanted(4, 0.693147, 1.0),  # sum of 4 times 1/4 log(8/4)
            nudge="Four of eight modes with equal shares: four times 1/4 log(8 / 4) is log 2.",
        ),
        Case(
            name="uneven shares",
            run=lambda answer: _on_a_line(answer, [0, 0.5, -0.5, 100.0], [0.0, 100.0], 1.0),
            expect=_wanted(2, 0.130812, 1.0),  # 3/4 log(3/2) + 1/4 log(1/2)
            nudge="Shares of 3/4 and 1/4: 3/4 log(3/2) + 1/4 log(1/2) = 0.130812.",
        ),
        Case(
            name="points between the modes",
            run=_between_the_modes,
            expect=_wanted(1, 0.693147, 0.5),  # (2.5, -2.5) is 3.54 away
            nudge="Two of the four points lie within 3 of a centre, both at the first mode; "
            "the others count for no mode at all.",
        ),
        Case(
            name="the edge",
            run=lambda answer: _on_a_line(answer, [1.5, 1.25, -2.0, 11.5], [0.0, 10.0], 0.5),
            expect=_wanted(2, 0.056633, 0.75),  # shares of 2/3 and 1/3
            nudge="With sigma 0.5 the edge is at 1.5, and a point on it is inside.",
        ),
        Case(
            name="circles that overlap",
            run=lambda answer: _on_a_line(answer, [0.75, 0.25, 0.5], [0.0, 2.0, 4.0], 1.0),
            expect=_wanted(1, 1.098612, 1.0),  # all at one of three modes: log 3
            nudge="A point within 3 sigma of two centres counts once, for the nearer one.",
        ),
        Case(
            name="nothing near any mode",
            run=lambda answer: _on_a_line(answer, [50.0, 60.0], [0.0, 10.0], 1.0),
            expect=_wanted(0, math.inf, 0.0),
            nudge="No point is of high quality: there is no histogram, and KL is infinite.",
        ),
    ),
    hints=(
        "Three questions to each point: which centre is nearest, how far is it, is that near "
        "enough?",
        "`points[:, None] - centres` has one row a point and one column a centre; the minimum "
        "over the columns gives both the distance and the mode.",
        "`torch.bincount(nearest[good], minlength=len(centres))` is the histogram; divided by "
        "its sum it is shares, and `torch.xlogy(shares, shares * K)` is 0 where a share is 0.",
    ),
    mistakes=MISTAKES,
    alternatives={
        "a loop over points": _by_loop,
        "one-hot rows and the entropy": _by_one_hot,
        "unique": _by_histogram,
    },
    sizes={"N": (40, 1, 25)},
    waived=("graph cut", "dtype"),
)
