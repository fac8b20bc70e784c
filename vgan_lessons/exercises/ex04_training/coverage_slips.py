"""What goes wrong when modes are counted."""

import math

import torch

from vgan_lessons.checking import Mistake
from vgan_lessons.metrics import ModeCoverage


def _measured(
    points,
    centres,
    sigma,
    *,
    reach=3.0,
    inside=torch.le,
    squared=False,
    all_points=False,
    log=torch.log,
    at_least=1,
    of_modes_found=False,
    swapped=False,
):
    """The right measure, with one thing wrong at a time."""
    ways = (points[:, None] - centres).square().sum(2)
    ways = ways if squared else ways.sqrt()
    nearest_way, nearest = ways.min(dim=1)
    good = inside(nearest_way, torch.as_tensor(reach * sigma, dtype=ways.dtype))
    kept = nearest if all_points else nearest[good]
    counts = torch.bincount(kept, minlength=len(centres))
    quality = good.double().mean().item()
    if not good.any():
        return ModeCoverage(0, math.inf, 0.0)
    shares = counts.double() / counts.sum()
    shares = shares[shares > 0]
    n_bins = len(shares) if of_modes_found else len(centres)
    kl = (shares * log(shares * n_bins)).sum().item()
    if swapped:
        full = len(shares) == len(centres)
        kl = -(log(shares * n_bins)).mean().item() if full else math.inf
    return ModeCoverage(int((counts >= at_least).sum()), kl, quality)


def _with(**slip):
    return lambda points, centres, sigma: _measured(points, centres, sigma, **slip)


def _unhandled(points, centres, sigma):
    found = _measured(points, centres, sigma)
    return found._replace(kl_to_uniform=math.nan) if found.quality == 0 else found


def _any_circle(points, centres, sigma):
    """Every circle that a point lies in gets it."""
    inside = (points[:, None] - centres).norm(dim=2) <= 3 * sigma
    counts, quality = inside.sum(0), inside.any(1).double().mean().item()
    if not counts.any():
        return ModeCoverage(0, math.inf, 0.0)
    shares = counts.double() / counts.sum()
    kl = torch.xlogy(shares, shares * len(centres)).sum().item()
    return ModeCoverage(int((counts > 0).sum()), kl, quality)


def _per_axis(points, centres, sigma):
    nearest = (points[:, None] - centres).square().sum(2).argmin(1)
    near = (points - centres[nearest]).sum(1).abs() <= 3 * sigma
    found = _measured(centres[nearest][near], centres, sigma) if near.any() else None
    quality = near.double().mean().item()
    return found._replace(quality=quality) if found else ModeCoverage(0, math.inf, 0.0)


def _covered_share(points, centres, sigma):
    found = _measured(points, centres, sigma)
    return found._replace(n_modes=found.n_modes / len(centres))


def _quality_as_count(points, centres, sigma):
    found = _measured(points, centres, sigma)
    return found._replace(quality=found.quality * len(points))


def _bare_tuple(points, centres, sigma):
    return tuple(_measured(points, centres, sigma))


MISTAKES = (
    Mistake(
        "KL in bits",
        _with(log=torch.log2),
        "These are bits, from log2; in nats half of the modes costs log 2 = 0.693.",
    ),
    Mistake(
        "even shares over the modes found",
        _with(of_modes_found=True),
        "The even histogram has a share for every mode, not only for those that were found: "
        "lost modes must cost something.",
    ),
    Mistake(
        "KL the other way round",
        _with(swapped=True),
        "This is the divergence of equal shares from the histogram: infinite as soon as one "
        "mode is lost.",
    ),
    Mistake(
        "two points a mode",
        _with(at_least=2),
        "A mode counts from the first point of high quality on.",
    ),
    Mistake(
        "all points in the histogram",
        _with(all_points=True),
        "Points between the modes were counted for the nearest mode: only points of high "
        "quality belong to one.",
    ),
    Mistake(
        "one sigma",
        _with(reach=1.0),
        "The reach is 3 sigma: in the plane only 39 of 100 real points lie within one sigma.",
    ),
    Mistake(
        "squared distance against 3 sigma",
        _with(squared=True),
        "The squared distance was held against 3 sigma: compare it with (3 sigma) squared.",
    ),
    Mistake(
        "edge left out",
        _with(inside=torch.lt),
        "A point at exactly 3 sigma is inside: <=, not <.",
    ),
    Mistake(
        "every circle counts",
        _any_circle,
        "A point within 3 sigma of two centres was counted for both; it belongs to the nearer.",
    ),
    Mistake(
        "0 / 0",
        _unhandled,
        "Without a point of high quality the histogram is 0 / 0: say infinity there.",
    ),
    Mistake(
        "differences added, not squared",
        _per_axis,
        "The distance is the root of the sum of squares; plain differences cancel.",
    ),
    Mistake(
        "share of the modes",
        _covered_share,
        "n_modes is a count, not a share of all modes.",
    ),
    Mistake(
        "count of good points",
        _quality_as_count,
        "quality is a share of all points, not their count.",
    ),
    Mistake(
        "a tuple without names",
        _bare_tuple,
        "Later cells read the numbers by name: return ModeCoverage(...).",
    ),
)
