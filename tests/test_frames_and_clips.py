"""What frames tell and clips tell: two distances, two AUCs, and laws of the AR(1) signal."""

import pytest
import torch
from torch import nn

from vgan_lessons.exercises.tiny_players import Descent
from vgan_lessons.metrics import feature_frechet, frame_and_clip_distance, motion_energy
from vgan_lessons.training.frame_and_clip_auc import frame_and_clip_auc

RHO, T = 0.95, 8


def signals(n, seed):
    """AR(1) of unit variance, as films of one pixel (n, T, 1, 1, 1)."""
    rng = torch.Generator().manual_seed(seed)
    noise = torch.randn(n, T, generator=rng)
    x = [noise[:, 0]]
    for t in range(1, T):
        x.append(RHO * x[-1] + (1 - RHO**2) ** 0.5 * noise[:, t])
    return torch.stack(x, dim=1)[..., None, None, None]


def shuffled(videos, seed):
    rng = torch.Generator().manual_seed(seed)
    order = torch.rand(videos.shape[:2], generator=rng).argsort(1)
    return videos[torch.arange(len(videos))[:, None], order]


def test_an_ar1_signal_has_the_motion_energy_of_its_correlation():
    """2 (1 - rho) = 0.1 in order; shuffled, 2 (1 - rho^k) on average over all pairs: 0.278."""
    lags = [abs(i - j) for i in range(T) for j in range(T) if i != j]
    by_hand = sum(2 * (1 - RHO**lag) for lag in lags) / len(lags)
    assert by_hand == pytest.approx(0.278, abs=1e-3)
    real = signals(40_000, 0)
    assert motion_energy(real).mean().item() == pytest.approx(0.1, rel=0.02)
    assert motion_energy(shuffled(real, 1)).mean().item() == pytest.approx(by_hand, rel=0.02)
    frozen = real[:, :1].expand(-1, T, -1, -1, -1)
    assert motion_energy(frozen).max() == 0


def spread(clips):
    """Features: the numbers themselves, as many as a clip has."""
    return clips.flatten(1)


def test_shuffling_and_freezing_change_the_clip_distance_alone():
    real, other = signals(4000, 0), signals(4000, 1)
    sets = {
        "same": other,
        "shuffled": shuffled(other, 2),
        "frozen": other[:, :1].expand(-1, T, -1, -1, -1),
    }
    found = {
        name: frame_and_clip_distance(real, fake, spread, feature_frechet)
        for name, fake in sets.items()
    }
    assert all(frames < 0.005 for frames, _ in found.values())
    assert found["same"][1] < 0.01 < found["shuffled"][1] / 3
    assert found["frozen"][1] > found["shuffled"][1]


class Linear(nn.Module):
    """(B, ...) -> (B,)."""

    def __init__(self, size):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(size, 8), nn.ReLU())
        self.score = nn.Linear(8, 1)

    def forward(self, pictures):
        return self.score(self.layers(pictures)).squeeze(1)


def test_only_who_sees_clips_tells_shuffled_signals_from_real_ones():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        D = Linear(1), Linear(T)
    optims = [Descent(d, lr=0.2) for d in D]
    batches = ((signals(64, n), shuffled(signals(64, 900 + n), n)) for n in range(300))
    held_out = signals(400, 5000), shuffled(signals(400, 5001), 1)
    frames, clips = frame_and_clip_auc(*D, *optims, batches, *held_out)
    assert abs(frames - 0.5) < 0.06
    assert clips > 0.75
