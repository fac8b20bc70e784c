"""Long films: drift by stretches, periods and their index, and whether copying is beaten."""

import pytest
import torch

from vgan_lessons.metrics import beats_copy, repetition, rollout_drift
from vgan_lessons.runtime import new_rng


def gap(known, seen):
    return (known.mean() - seen.mean()).abs()


def test_a_steady_drift_rises_by_the_same_amount_and_a_loop_does_not_drift():
    rising = torch.arange(32.0).view(1, 32, 1).expand(3, 32, 1)
    loop = rising % 4
    drifts = [
        rollout_drift(f, f[:, :8], lambda c: c.flatten(1), gap, 8) for f in (rising, loop)
    ]
    assert drifts[0].tolist() == [0, 8, 16, 24]
    assert drifts[1].tolist() == [0, 0, 0, 0]


def test_a_stretch_needs_all_of_its_frames():
    drift = rollout_drift(torch.zeros(1, 9, 1), torch.zeros(1, 4, 1), lambda c: c[:, 0], gap, 4)
    assert drift.shape == (2,)
    with pytest.raises(
        ValueError, match="at least 4 frames and a reference of 4 expected, got 3"
    ):
        rollout_drift(torch.zeros(1, 3, 1), torch.zeros(1, 4, 1), lambda c: c, gap, 4)


@pytest.mark.parametrize("period", [3, 7, 16])
def test_an_exact_loop_has_its_period_and_index_1(period):
    loop = torch.randn(period, 5, generator=new_rng(period)).repeat(8, 1)
    found, index = repetition(loop)
    assert found == period and index == pytest.approx(1, abs=1e-6)


def test_noise_has_no_period_and_a_low_index():
    for seed in range(5):
        period, index = repetition(torch.randn(128, 8, generator=new_rng(seed)))
        assert period == 0 and 0 <= index < 0.3


def test_what_stands_still_has_neither_and_short_paths_are_refused():
    assert repetition(torch.ones(20, 3)) == (0, 0.0)
    with pytest.raises(ValueError, match="T >= 6"):
        repetition(torch.ones(5, 3))


def test_the_truth_beats_copying_and_noise_does_not():
    real = torch.randn(6, 8, 3, generator=new_rng(0)).cumsum(1)
    noise = 50 * torch.randn(6, 4, 8, 3, generator=new_rng(1))
    mixed = noise.clone()
    mixed[:, 2] = real
    results = [
        tuple(map(float, beats_copy(futures, real, lambda c: c.flatten(1))))
        for futures in (real[:, None].expand(-1, 4, -1, -1), noise, mixed)
    ]
    assert results == [(1, 1), (0, 0), (0, 1)]
    with pytest.raises(ValueError, match="same films and length"):
        beats_copy(noise, real[:, :4], lambda c: c.flatten(1))
