"""Spectral norm against SVD and torch's own; what it promises about slopes, u and gradients."""

from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm as torchs_spectral_norm

from vgan_lessons.penalties import spectral_norm

KERNELS = [(5, 7), (7, 5), (1, 6), (6, 1), (4, 3, 5, 2), (3, 2, 3, 4, 5)]


def drawn(*shape, seed=0, dtype=torch.float32):
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=rng, dtype=dtype)


def guess(n, seed=1, dtype=torch.float32):
    u = drawn(n, seed=seed, dtype=dtype)
    return u / u.norm()


def largest_singular_value(weight):
    return torch.linalg.svdvals(weight.reshape(weight.shape[0], -1))[0]


@pytest.mark.parametrize("shape", KERNELS)
@pytest.mark.parametrize("seed", range(3))
def test_forty_iterations_are_within_one_percent_of_the_svd(shape, seed):
    weight = drawn(*shape, seed=seed)
    sigma, u = spectral_norm(weight, guess(shape[0], seed + 10), 40)
    assert sigma.item() == pytest.approx(largest_singular_value(weight).item(), rel=0.01)
    assert sigma.shape == () and u.shape == (shape[0],)


def test_one_iteration_a_step_follows_weights_that_move_slowly():
    weight, drift, u = drawn(6, 9), 0.01 * drawn(6, 9, seed=5), guess(6)
    for _ in range(100):
        weight = weight + drift
        sigma, u = spectral_norm(weight, u, 1)
    assert sigma.item() == pytest.approx(largest_singular_value(weight).item(), rel=0.01)


@pytest.mark.parametrize("n_iterations", [0, 1, 2, 5])
def test_every_iteration_agrees_with_torchs_own(n_iterations):
    weight, u = drawn(4, 3, 5, 2, dtype=torch.float64), guess(4, dtype=torch.float64)
    layer = nn.Conv2d(3, 4, (5, 2), bias=False, dtype=torch.float64)
    layer.weight.data = weight.clone()
    torchs_spectral_norm(layer, n_power_iterations=max(1, n_iterations))
    buffers = layer.parametrizations.weight[0]
    v = weight.reshape(4, -1).T @ u
    buffers._u.copy_(u)
    buffers._v.copy_(v / v.norm())
    layer.train(n_iterations > 0)
    normalised = layer.weight
    sigma, moved = spectral_norm(weight, u, n_iterations)
    assert torch.allclose(weight / sigma, normalised)
    assert torch.allclose(moved, buffers._u)
    pull = drawn(4, 3, 5, 2, seed=9, dtype=torch.float64)
    (theirs,) = torch.autograd.grad(
        (normalised * pull).sum(), layer.parametrizations.weight.original
    )
    weight.requires_grad_()
    sigma, _ = spectral_norm(weight, u, n_iterations)
    (ours,) = torch.autograd.grad((weight / sigma * pull).sum(), weight)
    assert torch.allclose(ours, theirs)


def test_the_estimate_rises_from_below_and_belongs_to_the_u_that_comes_back():
    weight, u = drawn(5, 8), guess(5)
    sigmas = []
    for _ in range(30):
        sigma, u = spectral_norm(weight, u, 1)
        assert spectral_norm(weight, u, 0)[0].item() == pytest.approx(sigma.item(), rel=1e-6)
        sigmas.append(sigma.item())
    assert all(later > earlier - 1e-5 for earlier, later in pairwise(sigmas))
    assert sigmas[0] < sigmas[-1] <= largest_singular_value(weight).item() * (1 + 1e-5)


def test_a_kernel_is_stretched_as_its_output_channels_are():
    """Index-coded: the row of an output channel holds its own entries and no other's."""
    weight = torch.zeros(2, 3, 2, 2)
    weight[1] = 1.0  # 12 ones in the second row: norm sqrt(12)
    sigma, u = spectral_norm(weight, torch.tensor([0.6, 0.8]), 3)
    assert sigma.item() == pytest.approx(12**0.5, rel=1e-6)
    assert u.tolist() == pytest.approx([0, 1])


def test_the_gradient_reaches_the_weight_through_sigma_and_none_through_u():
    weight, u = drawn(4, 6).requires_grad_(), guess(4).requires_grad_()
    sigma, moved = spectral_norm(weight, u, 60)
    assert not moved.requires_grad
    pull, through_u = torch.autograd.grad(sigma, (weight, u), allow_unused=True)
    left, _, right = torch.linalg.svd(weight.detach())
    assert torch.allclose(pull, torch.outer(left[:, 0], right[0]), atol=1e-3)
    assert through_u is None or not through_u.any()


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 1e6])
def test_u_has_length_1_at_every_scale_and_the_old_one_stays(scale):
    weight, u = scale * drawn(4, 6), guess(4)
    before = u.clone()
    sigma, moved = spectral_norm(weight, u, 30)
    assert moved.norm().item() == pytest.approx(1, rel=1e-5)
    assert sigma.item() == pytest.approx(largest_singular_value(weight).item(), rel=0.01)
    assert torch.equal(u, before)


@pytest.mark.parametrize("n_iterations", [0, 1, 2])
def test_u_and_v_stand_still_however_few_iterations_there_are(n_iterations):
    weight, u = drawn(4, 6).requires_grad_(), guess(4).requires_grad_()
    sigma, moved = spectral_norm(weight, u, n_iterations)
    pull, through_u = torch.autograd.grad(sigma, (weight, u), allow_unused=True)
    v = weight.detach().T @ moved
    assert torch.allclose(pull, torch.outer(moved, v / v.norm()), atol=1e-6)
    assert through_u is None and not moved.requires_grad


def test_a_matrix_of_zeros_has_norm_0_and_does_not_spoil_u():
    weight, u = torch.zeros(3, 4, requires_grad=True), guess(3)
    sigma, moved = spectral_norm(weight, u, 5)
    (pull,) = torch.autograd.grad(sigma, weight)
    assert sigma.item() == 0 and torch.equal(moved, u)
    assert pull.isfinite().all()
    grown, _ = spectral_norm(torch.eye(3, 4), moved, 5)
    assert grown.item() == pytest.approx(1)


def test_a_net_of_normalised_layers_stretches_no_distance():
    D = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU())
    D.append(nn.Linear(16, 1))
    for number, layer in enumerate([D[0], D[2], D[4]]):
        layer.weight.data = 3 * drawn(*layer.weight.shape, seed=number)
        sigma, _ = spectral_norm(layer.weight.data, guess(layer.out_features), 200)
        layer.weight.data = layer.weight.data / sigma
    x, y = drawn(1000, 8, seed=20), drawn(1000, 8, seed=21)
    moved, apart = (D(x) - D(y)).abs().squeeze(1), (x - y).norm(dim=1)
    assert (moved <= apart * (1 + 1e-4)).all()
    near = x + 1e-2 * y  # close pairs ask for the slope itself
    assert ((D(x) - D(near)).abs().squeeze(1) <= (x - near).norm(dim=1) * (1 + 1e-3)).all()
