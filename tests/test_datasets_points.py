"""The ring of Gaussians: where its modes lie, how points scatter, and that a seed decides."""

import math

import pytest
import torch

from vgan_lessons.datasets import ring_batches, ring_centres, ring_of_gaussians


def test_the_centres_go_round_the_circle_against_the_clock():
    centres = ring_centres(8, radius=2.0)
    for k, (x, y) in enumerate(centres.tolist()):
        wanted = (2 * math.cos(k * math.pi / 4), 2 * math.sin(k * math.pi / 4))
        assert (x, y) == pytest.approx(wanted, abs=1e-6)


def test_neighbours_on_the_usual_ring_are_far_apart_in_units_of_sigma():
    centres = ring_centres()
    way = (centres[0] - centres[1]).norm().item()
    assert way == pytest.approx(1.5307, abs=1e-4)  # 2 * 2 * sin(pi / 8)
    assert way > 10 * 0.1


def test_each_mode_gets_its_share_and_its_own_scatter():
    points = ring_of_gaussians(40_000, rng=torch.Generator().manual_seed(0), sigma=0.2)
    centres = ring_centres()
    nearest = (points[:, None] - centres).norm(dim=2).argmin(dim=1)
    shares = torch.bincount(nearest, minlength=8) / len(points)
    assert shares.tolist() == pytest.approx([1 / 8] * 8, abs=0.006)  # 3.6 standard errors
    apart = points - centres[nearest]
    assert apart.std(dim=0).tolist() == pytest.approx([0.2, 0.2], rel=0.02)
    assert apart.mean(dim=0).tolist() == pytest.approx([0.0, 0.0], abs=0.005)


def test_a_seed_decides_the_points_and_batches_are_fresh():
    batches = ring_batches(16, rng=torch.Generator().manual_seed(3), n_modes=5, radius=1.0)
    first, second = next(batches), next(batches)
    rng = torch.Generator().manual_seed(3)
    again = ring_of_gaussians(16, rng=rng, n_modes=5, radius=1.0)
    assert torch.equal(first, again) and not torch.equal(first, second)
    assert first.shape == (16, 2) and first.dtype == torch.float32


def test_a_ring_without_modes_is_refused():
    with pytest.raises(ValueError, match="n_modes must be at least 1, got 0"):
        ring_centres(0)
