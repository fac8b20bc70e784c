"""Distances between clouds of features: slow oracles, landmarks, laws."""

import pytest
import torch
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.kid import KernelInceptionDistance

import oracles_metrics as oracles
from vgan_lessons import metrics
from vgan_lessons.runtime import new_rng


def cloud(n, d, seed, spread=1.0, shift=0.0):
    rng = new_rng(seed)
    mix = torch.randn(d, d, generator=rng, dtype=torch.float64) / d**0.5
    return spread * torch.randn(n, d, generator=rng, dtype=torch.float64) @ mix + shift


class _Flat(torch.nn.Module):
    """Stands where torchmetrics would load Inception: hands clips through as features."""

    num_features = 12

    def forward(self, clips):
        return clips.flatten(1)


# --- Fréchet distance ---------------------------------------------------------------------


def test_two_normals_three_apart_and_twice_as_wide_are_ten_apart():
    one = torch.ones(1)
    found = metrics.frechet_distance(0 * one, one[:, None], 3 * one, 4 * one[:, None])
    assert found.item() == pytest.approx(10)


@pytest.mark.parametrize("seed", range(3))
def test_frechet_distance_matches_scipys_square_root(seed):
    first, second = cloud(40, 6, seed), cloud(57, 6, seed + 9, spread=1.7, shift=0.4)
    found = metrics.feature_frechet(first, second).item()
    assert found * 6 == pytest.approx(oracles.frechet(first.numpy(), second.numpy()), rel=1e-6)


def test_frechet_distance_matches_torchmetrics_with_our_own_features():
    first, second = cloud(60, 12, 0), cloud(60, 12, 1, shift=0.5)
    oracle = FrechetInceptionDistance(
        feature=_Flat(), normalize=True, input_img_size=(3, 2, 2)
    ).set_dtype(torch.float64)
    oracle.update(first.view(-1, 3, 2, 2), real=True)
    oracle.update(second.view(-1, 3, 2, 2), real=False)
    expect = oracle.compute().item()
    assert metrics.feature_frechet(first, second).item() * 12 == pytest.approx(expect, rel=1e-4)


def test_frechet_distance_is_symmetric_and_zero_between_equal_laws():
    first, second = cloud(30, 4, 0), cloud(30, 4, 1)
    there, back = (metrics.feature_frechet(*p) for p in ((first, second), (second, first)))
    assert there.item() == pytest.approx(back.item())
    assert metrics.feature_frechet(first, first).item() < 1e-9


def test_frechet_distance_is_the_same_in_a_rotated_room():
    first, second = cloud(30, 4, 0), cloud(30, 4, 1, shift=1.0)
    turn = torch.linalg.qr(cloud(4, 4, 2)).Q
    straight = metrics.feature_frechet(first, second).item()
    assert metrics.feature_frechet(first @ turn, second @ turn).item() == pytest.approx(
        straight
    )


def test_frechet_distance_of_commuting_covariances_adds_up_axis_by_axis():
    wide, narrow = torch.tensor([4.0, 9.0]), torch.tensor([1.0, 16.0])
    zero = torch.zeros(2)
    found = metrics.frechet_distance(zero, wide.diag(), zero, narrow.diag())
    assert found.item() == pytest.approx((2 - 1) ** 2 + (3 - 4) ** 2)


def test_frechet_distance_is_finite_with_fewer_samples_than_dimensions():
    first, second = cloud(5, 40, 0), cloud(5, 40, 1)
    found = metrics.feature_frechet(first.float(), second.float())
    assert found.dtype == torch.float64 and found.isfinite() and found > 0


def test_a_mean_of_the_wrong_shape_is_named():
    with pytest.raises(ValueError, match=r"expected shapes \(2,\), \(2, 2\)"):
        metrics.frechet_distance(torch.zeros(2), torch.eye(3), torch.zeros(2), torch.eye(2))
    with pytest.raises(ValueError, match=r"N >= 2, got \(1, 3\)"):
        metrics.feature_statistics(torch.zeros(1, 3))


@pytest.mark.parametrize("n, expect", [(256, 2.31), (1024, 0.578), (4096, 0.145)])
def test_small_samples_look_far_apart_by_the_predicted_amount(n, expect):
    assert 2 * 32 / n + (32**2 + 32) / (2 * n) == pytest.approx(expect, abs=5e-3)
    rng = new_rng(n)
    draws = [
        32 * metrics.feature_frechet(*torch.randn(2, n, 32, generator=rng).unbind()).item()
        for _ in range(16)
    ]
    assert sum(draws) / 16 == pytest.approx(expect, rel=0.06)


# --- KID ----------------------------------------------------------------------------------


def test_kid_matches_its_definition_pair_by_pair():
    first, second = cloud(3, 2, 0), cloud(5, 2, 1)
    expect = oracles.kid(first.tolist(), second.tolist())
    assert metrics.kid(first, second).item() == pytest.approx(expect)


@pytest.mark.filterwarnings("ignore:Metric `Kernel Inception Distance`")
def test_kid_matches_torchmetrics_with_our_own_features():
    first, second = cloud(30, 12, 0), cloud(30, 12, 1, shift=0.5)
    oracle = KernelInceptionDistance(feature=_Flat(), subsets=1, subset_size=30, normalize=True)
    for real, side in ((True, first), (False, second)):
        oracle.update(side.float().view(-1, 3, 2, 2), real=real)
    expect = oracle.compute()[0].item()
    assert metrics.kid(first, second).item() == pytest.approx(expect, rel=1e-4)


def test_kid_of_equal_laws_is_zero_on_average_with_draws_on_both_sides():
    rng = new_rng(0)
    draws = [
        metrics.kid(*torch.randn(2, 40, 4, generator=rng).unbind()).item() for _ in range(60)
    ]
    assert min(draws) < 0 < max(draws)
    mean, error = torch.tensor(draws).mean().item(), torch.tensor(draws).std().item() / 60**0.5
    assert abs(mean) < 3 * error


def test_kid_of_chosen_rows_leaves_every_pair_of_a_sample_with_itself_out():
    first, second = cloud(6, 3, 0), cloud(5, 3, 1, shift=0.5)
    some = metrics.kid_of_rows(first, second)
    rows = torch.tensor([4, 0, 1]), torch.tensor([2, 3])
    expect = metrics.kid(first[rows[0]], second[rows[1]]).item()
    assert some(*rows).item() == pytest.approx(expect)
    twice = torch.tensor([4, 4, 0, 0, 1, 1]), torch.tensor([2, 3])
    assert some(*twice).item() == pytest.approx(expect)  # no gain from choosing twice


def test_kid_refuses_a_single_sample():
    with pytest.raises(ValueError, match="N, M >= 2"):
        metrics.kid(torch.zeros(1, 3), torch.zeros(4, 3))
