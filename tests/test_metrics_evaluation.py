"""Bias of the Fréchet distance, MMD, motion distance: against other code and closed forms."""

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.metrics.pairwise import rbf_kernel

from vgan_lessons import metrics
from vgan_lessons.runtime import new_rng


def cloud(n, d, seed, shift=0.0):
    return shift + torch.randn(n, d, generator=new_rng(seed), dtype=torch.float64)


@pytest.mark.parametrize("n, expect", [(256, 2.3125), (1024, 0.578125), (4096, 0.14453125)])
def test_the_bias_of_a_standard_normal_is_the_closed_form(n, expect):
    sizes = torch.tensor([n, 2 * n])
    predicted, _ = metrics.frechet_bias(torch.ones(32), sizes, torch.zeros(2))
    assert predicted.tolist() == pytest.approx([expect, expect / 2])


def test_the_bias_of_unequal_variances_is_predicted_within_a_tenth():
    variances, rng = torch.tensor([9.0, 4.0, 1.0, 0.25, 0.01], dtype=torch.float64), new_rng(1)
    draws = [
        metrics.feature_frechet(
            *(torch.randn(2, 200, 5, generator=rng).double() * variances.sqrt()).unbind()
        ).item()
        * 5
        for _ in range(200)
    ]
    sizes = torch.tensor([200, 400])
    predicted, _ = metrics.frechet_bias(variances, sizes, torch.zeros(2).double())
    assert sum(draws) / 200 == pytest.approx(predicted[0].item(), rel=0.1)


def test_the_limit_is_the_intercept_that_scipy_finds():
    sizes, distances = torch.tensor([40, 90, 300, 1000]), cloud(4, 1, 3)[:, 0]
    _, limit = metrics.frechet_bias(torch.ones(3).double(), sizes, distances)
    expect = stats.linregress(1 / sizes.numpy(), distances.numpy()).intercept
    assert limit.item() == pytest.approx(expect)


@pytest.mark.parametrize("n, m, d", [(2, 7, 1), (30, 20, 5)])
def test_mmd_matches_scikit_learns_kernel_without_its_diagonal(n, m, d):
    first, second = cloud(n, d, 0), cloud(m, d, 1, shift=0.3)

    def gauss(x, y):
        return torch.exp(-0.5 * torch.cdist(x, y).square())

    def within(points):
        table = rbf_kernel(points, gamma=0.5)
        return table[~np.eye(len(points), dtype=bool)].mean()

    x, y = first.numpy(), second.numpy()
    expect = within(x) + within(y) - 2 * rbf_kernel(x, y, gamma=0.5).mean()
    assert metrics.squared_mmd(first, second, gauss).item() == pytest.approx(expect)


def test_mmd_of_one_sample_is_refused():
    with pytest.raises(ValueError, match="two samples on each side, got 1 and 3"):
        metrics.squared_mmd(torch.ones(1, 2), torch.ones(3, 2), lambda x, y: x @ y.T)


def test_motion_histograms_match_numpys():
    real, fake = 3 * cloud(24, 2, 5).view(4, 6, 2), 3 * cloud(18, 2, 6).view(3, 6, 2)
    edges = torch.tensor([1.0, 2.5, 4.0, 7.0], dtype=torch.float64)
    rows = metrics.motion_distance(real, fake, lambda a, b: torch.cat([a, b]), edges)
    bins = [0.0, *edges.tolist(), 1e9]
    for row, film in zip(rows, [*real.numpy(), *fake.numpy()], strict=True):
        for half, order in ((row[:5], 1), (row[5:], 2)):
            sizes = np.linalg.norm(np.diff(film, n=order, axis=0), axis=-1)
            assert half.tolist() == pytest.approx(np.histogram(sizes, bins)[0] / len(sizes))


def test_motion_distance_ignores_the_direction_of_time_and_the_place():
    paths = cloud(60, 2, 7).view(5, 12, 2).cumsum(1)
    edges = torch.tensor([0.5, 1.0, 2.0, 3.0], dtype=torch.float64)
    for moved in (paths.flip(1), paths + 100, -paths):
        apart = metrics.motion_distance(paths, moved, metrics.feature_frechet, edges)
        assert apart.item() == pytest.approx(0, abs=1e-9)
    faster = metrics.motion_distance(paths, 3 * paths, metrics.feature_frechet, edges)
    assert faster > 0.01
