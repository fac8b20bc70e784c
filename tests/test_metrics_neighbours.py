"""Votes of neighbours and bootstrap intervals: oracles, failings, coverage."""

import pytest
import torch

import oracles_metrics as oracles
from vgan_lessons import metrics
from vgan_lessons.runtime import new_rng


def cloud(n, d, seed, spread=1.0):
    return spread * torch.randn(n, d, generator=new_rng(seed), dtype=torch.float64)


# --- neighbours ---------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 4])
def test_votes_match_scikit_learns_neighbours(k):
    real, fake = cloud(31, 3, 0), cloud(23, 3, 1, spread=1.3)
    votes = metrics.neighbour_votes(real, fake, k)
    for name, expect in oracles.neighbour_means(real.numpy(), fake.numpy(), k).items():
        assert getattr(votes, name).mean().item() == pytest.approx(expect), name


def test_lost_modes_lower_recall_and_coverage_but_not_precision():
    rng = new_rng(0)
    centres = 20 * torch.arange(4).repeat_interleave(50)[:, None]
    real, fake = (torch.randn(200, 2, generator=rng) + centres for _ in range(2))
    votes = metrics.neighbour_votes(real, fake[:100])
    precision, recall, _, coverage = (vote.mean() for vote in votes)
    assert precision > 0.9
    assert recall.item() == pytest.approx(0.5, abs=0.06)
    assert coverage.item() == pytest.approx(0.5, abs=0.06)


def test_inflated_noise_lowers_precision_but_not_recall():
    rng = new_rng(0)
    real = torch.randn(200, 8, generator=rng)
    votes = metrics.neighbour_votes(real, 3 * torch.randn(200, 8, generator=rng))
    assert votes.precision.mean() < 0.2 and votes.recall.mean() > 0.9


def test_too_few_samples_for_a_neighbour_are_refused():
    with pytest.raises(ValueError, match="needs more than 5 samples"):
        metrics.neighbour_votes(torch.zeros(9, 2), torch.zeros(5, 2))


# --- copies -------------------------------------------------------------------------------


def test_a_copy_of_the_training_set_has_no_distance_but_is_found_out():
    train, held_out, honest = torch.randn(3, 150, 8, generator=new_rng(3)).unbind()
    assert metrics.feature_frechet(train, train) < 1e-9
    assert metrics.memorisation(train, held_out, train).max().item() == 0
    blurred = train + 0.3 * torch.randn(150, 8, generator=new_rng(4))
    assert metrics.memorisation(train, held_out, blurred).median().item() < 0.5
    ratio = metrics.memorisation(train, held_out, honest).median().item()
    assert ratio == pytest.approx(1, abs=0.1)


def test_memorisation_is_a_ratio_of_two_nearest_distances():
    train, held_out, clips = cloud(9, 3, 0), cloud(7, 3, 1), cloud(4, 3, 2)
    for clip, found in zip(clips, metrics.memorisation(train, held_out, clips), strict=True):
        near = min(float((clip - t).norm()) for t in train)
        far = min(float((clip - h).norm()) for h in held_out)
        assert found.item() == pytest.approx(near / far)


# --- intervals ----------------------------------------------------------------------------


def test_the_interval_of_a_mean_is_the_textbook_one():
    sample = torch.randn(400, generator=new_rng(0), dtype=torch.float64)
    found = metrics.bootstrap_interval(torch.mean, sample, rng=new_rng(1), n_resamples=1000)
    reach = 1.96 * sample.std().item() / 20
    assert found.value == sample.mean().item()
    assert found.low == pytest.approx(found.value - reach, abs=0.1 * reach)
    assert found.high == pytest.approx(found.value + reach, abs=0.1 * reach)


def test_ninety_five_percent_intervals_of_a_distance_hold_its_mean_about_that_often():
    rng = new_rng(0)

    def draw():
        real, fake = torch.randn(2, 200, 3, generator=rng).unbind()
        return real, fake + 0.5

    expected = torch.stack([metrics.feature_frechet(*draw()) for _ in range(400)]).mean().item()
    intervals = [
        metrics.bootstrap_interval(metrics.feature_frechet, *draw(), rng=rng, n_resamples=80)
        for _ in range(100)
    ]
    share = sum(low <= expected <= high for _, low, high in intervals) / 100
    assert 0.90 <= share <= 0.99


def test_intervals_come_from_their_own_rng_only():
    sample = torch.randn(30, generator=new_rng(0))
    before = torch.get_rng_state()
    first, second = (
        metrics.bootstrap_interval(torch.mean, sample, rng=new_rng(5)) for _ in range(2)
    )
    assert first == second
    assert torch.equal(before, torch.get_rng_state())
