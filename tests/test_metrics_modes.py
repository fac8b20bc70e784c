"""Coverage of a known mixture: against a count in plain Python, and at its landmarks."""

import math

import pytest
import torch

from vgan_lessons.datasets import ring_centres, ring_of_gaussians
from vgan_lessons.metrics import mode_coverage


def coverage_oracle(points: list, centres: list, sigma: float) -> tuple[int, float, float]:
    """The definition read aloud: plain Python, one point after the other."""
    counts = [0] * len(centres)
    for point in points:
        ways = [math.dist(point, centre) for centre in centres]
        if min(ways) <= 3 * sigma:
            counts[ways.index(min(ways))] += 1
    total = sum(counts)
    shares = [count / total for count in counts if count]
    kl = sum(share * math.log(share * len(centres)) for share in shares)
    return len(shares), kl, total / len(points)


@pytest.mark.parametrize("n, n_modes, dim", [(1, 1, 2), (40, 3, 2), (500, 7, 3)])
def test_the_three_numbers_are_those_of_the_definition(n, n_modes, dim):
    rng = torch.Generator().manual_seed(n)
    centres = 3 * torch.randn(n_modes, dim, generator=rng)
    points = centres[torch.randint(n_modes, (n,), generator=rng)]
    points = points + torch.randn(n, dim, generator=rng)
    found = mode_coverage(points, centres, sigma=0.5)
    wanted = coverage_oracle(points.tolist(), centres.tolist(), 0.5)
    assert found == pytest.approx(wanted, rel=1e-5, abs=1e-6)


def test_half_of_eight_modes_is_log_two_away_from_even():
    centres = ring_centres(8)
    found = mode_coverage(centres[::2].repeat(5, 1), centres, sigma=0.1)
    assert found.n_modes == 4 and found.quality == 1.0
    assert found.kl_to_uniform == pytest.approx(0.693147, abs=1e-6)


def test_one_mode_of_k_is_log_k_away_from_even():
    centres = ring_centres(8)
    found = mode_coverage(centres[3:4].repeat(9, 1), centres, sigma=0.1)
    assert found.n_modes == 1
    assert found.kl_to_uniform == pytest.approx(math.log(8))


def test_the_edge_of_three_sigma_is_inside():
    centres = torch.zeros(1, 2)
    at_edge, beyond = torch.tensor([[0.0, 1.5]]), torch.tensor([[0.0, 1.5001]])
    assert mode_coverage(at_edge, centres, sigma=0.5).quality == 1.0
    assert mode_coverage(beyond, centres, sigma=0.5).quality == 0.0


def test_real_points_cover_all_modes_evenly():
    rng = torch.Generator().manual_seed(0)
    found = mode_coverage(ring_of_gaussians(20_000, rng=rng), ring_centres(), sigma=0.1)
    assert found.n_modes == 8
    assert found.kl_to_uniform < 0.002
    assert found.quality == pytest.approx(1 - math.exp(-4.5), abs=0.003)  # 0.98889 in the plane


def test_points_far_from_every_mode_leave_no_histogram():
    far = torch.full((5, 2), 100.0)
    assert mode_coverage(far, ring_centres(), sigma=0.1) == (0, math.inf, 0.0)


def test_points_that_are_no_numbers_are_of_no_quality():
    lost = torch.full((4, 2), math.nan)
    assert mode_coverage(lost, ring_centres(), sigma=0.1) == (0, math.inf, 0.0)


def test_a_point_of_low_quality_counts_for_no_mode():
    centres = torch.tensor([[0.0, 0.0], [10.0, 0.0]])
    points = torch.tensor([[0.1, 0.0], [6.0, 0.0], [0.2, 0.0], [-4.0, 0.0]])
    found = mode_coverage(points, centres, sigma=1.0)
    assert found.n_modes == 1 and found.quality == 0.5


def test_the_order_of_points_and_of_centres_does_not_matter():
    rng = torch.Generator().manual_seed(1)
    centres, points = ring_centres(5), 2 * torch.randn(60, 2, generator=rng)
    found = mode_coverage(points, centres, sigma=0.3)
    turned = mode_coverage(points.flip(0), centres.flip(0), sigma=0.3)
    assert found == pytest.approx(turned)


def test_no_points_at_all_cover_nothing():
    none = torch.zeros(0, 2)
    assert mode_coverage(none, ring_centres(), sigma=0.1) == (0, math.inf, 0.0)
