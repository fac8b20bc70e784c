"""Overfitting, leaks, ADA's controller and the sweep, each against an independent count."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from vgan_lessons import augment, metrics
from vgan_lessons.evaluation.little_data import data_sweep
from vgan_lessons.exercises.ex08_video_gan.tiny_video_gan import bent_gan, bent_inputs
from vgan_lessons.exercises.tiny_players import Descent
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import VideoTrainConfig, video
from vgan_lessons.training.augmented import augmented_round
from vgan_lessons.training.windows import draw_window


def test_the_gap_is_the_share_of_the_way_and_minds_neither_shift_nor_scale():
    train, new, fake = (
        torch.randn(9, generator=new_rng(s)) + m for s, m in ((0, 2), (1, 1), (2, 0))
    )
    way = [float(part.mean()) for part in (train, new, fake)]
    gap, sign = metrics.overfit_gap(train, new, fake)
    assert gap.item() == pytest.approx((way[0] - way[1]) / (way[0] - way[2]), rel=1e-5)
    assert sign.item() == pytest.approx(np.sign(train.numpy()).mean())
    moved, _ = metrics.overfit_gap(*(3 * part - 50 for part in (train, new, fake)))
    assert moved.item() == pytest.approx(gap.item(), rel=1e-3)


def test_a_d_that_knows_nothing_has_no_gap():
    low, high = torch.zeros(3), torch.ones(2)
    for train, fake in ((low, high), (low, low)):
        gap, _ = metrics.overfit_gap(train, -high, fake)
        assert gap.item() == 0


@pytest.mark.parametrize("p", [0.0, 0.3, 0.8, 1.0])
def test_even_quarter_turns_have_the_eigenvalues_1_and_1_minus_p(p):
    shares = torch.full((4,), p / 4, dtype=torch.float64)
    shares[0] += 1 - p
    values = np.sort(np.linalg.eigvals(augment.mixing_matrix(shares).numpy()).real)
    assert values == pytest.approx([1 - p] * 3 + [1])
    least, safe = augment.is_invertible(shares)
    assert least.item() == pytest.approx(1 - p, abs=1e-12) and safe == (p < 1)


def test_the_mixing_matrix_says_where_turned_clips_end():
    """Counted on clips: each orientation is a number, and turning adds."""
    shares, rng = torch.tensor([0.5, 0.3, 0.2]), new_rng(0)
    start = torch.multinomial(torch.tensor([0.6, 0.1, 0.3]), 200_000, True, generator=rng)
    turn = torch.multinomial(shares, 200_000, True, generator=rng)
    seen = torch.bincount((start + turn) % 3, minlength=3) / 200_000
    predicted = augment.mixing_matrix(shares) @ torch.tensor([0.6, 0.1, 0.3])
    assert torch.allclose(seen, predicted, atol=5e-3)


def test_more_turning_upside_down_can_be_safer():
    half, most = (augment.is_invertible(torch.tensor([1 - p, p])) for p in (0.5, 0.8))
    assert half[1] is False and most[1] is True and most[0].item() == pytest.approx(0.6)


def test_the_controller_settles_where_the_gap_meets_its_target():
    """A D whose gap falls from 1.2 to 0.2 as the probability rises from 0 to 1."""
    probability = 0.0
    for _ in range(400):
        gap = 1.2 - probability
        probability = augment.ada_update(probability, gap, n_clips=16, n_to_full=2000)
    assert probability == pytest.approx(0.6, abs=0.01)
    assert augment.ada_update(0.4, math.nan, n_clips=16) == 0.4


def test_the_interval_is_that_of_a_paired_t_test():
    rng = np.random.default_rng(0)
    for n_seeds in (2, 3, 6):
        plain, with_it = rng.normal(size=(2, n_seeds))
        runs = [
            {"films": 9, "augment": p, "seed": s, "distance": float(side[s])}
            for p, side in ((0.0, plain), (0.6, with_it))
            for s in range(n_seeds)
        ]
        t = stats.t.ppf(0.975, n_seeds - 1)
        effect = data_sweep(runs[::-1], t)[9]
        tested = stats.ttest_rel(with_it, plain).confidence_interval(0.95)
        assert (effect.low, effect.high) == pytest.approx(tuple(tested))
        assert effect.plain == pytest.approx(np.median(plain))
        told = "helps" if tested.high < 0 else "hurts" if tested.low > 0 else "not told apart"
        assert effect.verdict == told


def test_an_augmented_round_is_that_of_the_video_gan_with_one_discriminator(monkeypatch):
    """The frame discriminator is silenced: its logits are constant and pull nowhere."""
    config = VideoTrainConfig(
        n_frames=9, window_frames=3, max_stride=2, penalty_every=1000, augment=0.5
    )
    law = [lambda real, fake, *_: (torch.sin(real), torch.sin(fake) * 2)]
    monkeypatch.setattr(augment, "augment_both", law[0])
    mine, theirs = bent_gan(1, 3, 1), bent_gan(1, 3, 1)
    for gan in (mine, theirs):
        for weight in gan.frame_discriminator.parameters():
            weight.data.zero_()
    real, latents = bent_inputs(5, 4, 3)
    window = draw_window(config, 1, 4, new_rng(1))
    losses = video.video_gan_round(theirs, config, real, latents, window)[:2]
    stride = window.stride

    class Told(torch.nn.Module):
        def forward(self, clips):
            return mine.clip_discriminator(clips, stride=stride)

    ours = augmented_round(
        lambda z: mine.generator(z, window.index),
        Told(),
        mine.g_optim,
        Descent(mine.clip_discriminator),
        real,
        latents,
        law[0],
    )
    silent = math.log(2)
    for one, other in zip(ours, losses, strict=True):
        assert one.item() == pytest.approx(other.item() - silent, abs=1e-12)
    for name in ("generator", "clip_discriminator"):
        pairs = zip(
            mine.networks()[name].parameters(),
            theirs.networks()[name].parameters(),
            strict=True,
        )
        assert all(torch.allclose(a, b, atol=1e-12) for a, b in pairs)
