"""The penalty of WGAN-GP: its landmarks, the points it looks at, its reach, its corner."""

import math

import pytest
import torch
from torch import nn

from slope_tools import by_differences
from vgan_lessons.penalties import gradient_penalty

W = torch.tensor([3.0, 4.0])
SHAPES = [(6, 2), (3, 2, 5, 4), (3, 4, 2, 3, 5)]  # points, images, clips


def linear(points):
    return points @ W


def bowl(points, steepness=0.5):
    """a |x|^2 / 2, whose slope at x is a x."""
    return steepness / 2 * points.flatten(1).square().sum(1)


def pairs(shape, seed=0):
    rng = torch.Generator().manual_seed(seed)
    real, fake = (torch.randn(shape, generator=rng) for _ in range(2))
    return real, fake, torch.rand(shape[0], generator=rng)


def bowl_oracle(real, fake, mix, steepness):
    """Plain Python over nested lists laid flat, one sample after the other."""
    total = 0.0
    for x, y, m in zip(real.flatten(1).tolist(), fake.flatten(1).tolist(), mix, strict=True):
        between = [float(m) * a + (1 - float(m)) * b for a, b in zip(x, y, strict=True)]
        total += (steepness * math.hypot(*between) - 1) ** 2
    return total / len(mix)


@pytest.mark.parametrize("seed", range(3))
def test_a_linear_discriminator_pays_16_wherever_it_is_asked(seed):
    real, fake, mix = pairs((5, 2), seed)
    assert gradient_penalty(linear, real, fake, mix, 1.0).item() == pytest.approx(16)
    assert gradient_penalty(linear, real, fake, mix, 10.0).item() == pytest.approx(160)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("steepness", [0.5, 2.0])
def test_a_bowl_pays_for_its_slope_at_each_point_between(shape, steepness):
    real, fake, mix = pairs(shape)
    got = gradient_penalty(lambda x: bowl(x, steepness), real, fake, mix, 1.0)
    assert got.item() == pytest.approx(bowl_oracle(real, fake, mix, steepness), rel=1e-5)


def test_a_slope_of_length_1_is_free():
    real, fake, mix = pairs((4, 2))
    free = gradient_penalty(lambda x: x @ (W / 5), real, fake, mix, 10.0)
    assert free.item() == pytest.approx(0, abs=1e-10)


def test_the_ends_of_the_mix_are_the_reals_and_the_fakes():
    seen = []

    def watching(points):
        seen.append(points.detach().clone())
        return bowl(points)

    real, fake, _ = pairs((3, 2, 5, 4))
    gradient_penalty(watching, real, fake, torch.tensor([1.0, 0.0, 0.25]), 1.0)
    assert torch.equal(seen[0][0], real[0]) and torch.equal(seen[0][1], fake[1])
    assert torch.allclose(seen[0][2], 0.25 * real[2] + 0.75 * fake[2])
    assert len(seen) == 1  # one pass through D, of one batch


@pytest.mark.parametrize("n_logits", [(), (1,), (1, 2, 3)])
def test_the_logits_of_one_sample_are_added_before_the_slope_is_taken(n_logits):
    real, fake, mix = pairs((4, 2))
    spread = torch.ones(n_logits) / max(1, math.prod(n_logits))
    patchy = gradient_penalty(
        lambda x: linear(x).view(-1, *[1] * len(n_logits)) * spread, real, fake, mix, 1.0
    )
    assert patchy.item() == pytest.approx(16, rel=1e-5) and patchy.shape == ()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_penalty_pulls_on_the_discriminator_alone(shape):
    real, fake, mix = (tensor.requires_grad_() for tensor in pairs(shape))
    layer = nn.Linear(real[0].numel(), 1)
    D = nn.Sequential(nn.Flatten(), layer, nn.Softplus())
    gradient_penalty(D, real, fake, mix, 10.0).backward()
    assert layer.weight.grad.abs().min() > 0
    assert layer.bias.grad.abs() > 0  # by way of softplus'', the second order
    assert real.grad is None and fake.grad is None and mix.grad is None


def test_the_pull_on_the_weights_is_the_derivative_of_the_penalty():
    real, fake, mix = (tensor.double() for tensor in pairs((3, 2)))
    steep = torch.tensor([[0.7, -1.2], [0.4, 0.9]], dtype=torch.float64, requires_grad=True)

    def penalty(weights):
        return gradient_penalty(lambda x: torch.sin(x @ weights).sum(1), real, fake, mix, 10.0)

    (pull,) = torch.autograd.grad(penalty(steep), steep, create_graph=True)
    assert torch.allclose(pull, by_differences(penalty, steep), rtol=1e-6)
    signs = pull.detach().cos()

    def mixed_pull(weights):
        weights = weights.detach().requires_grad_()
        (there,) = torch.autograd.grad(penalty(weights), weights)
        return (there * signs).sum()

    (turn,) = torch.autograd.grad((pull * signs).sum(), steep)
    assert torch.allclose(turn, by_differences(mixed_pull, steep), rtol=1e-6)


def test_a_flat_discriminator_pays_in_full_and_gets_a_gradient_of_zero_not_nan():
    real, fake, mix = pairs((5, 2))
    layer = nn.Linear(2, 1)
    nn.init.zeros_(layer.weight)
    penalty = gradient_penalty(layer, real, fake, mix, 10.0)
    penalty.backward()
    assert penalty.item() == pytest.approx(10, rel=1e-4)
    assert layer.weight.grad.tolist() == [[0, 0]]


def test_units_that_are_all_switched_off_give_no_nan_either():
    real, fake, mix = pairs((5, 2))
    D = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
    nn.init.constant_(D[0].bias, -100)
    gradient_penalty(D, real, fake, mix, 10.0).backward()
    assert all(p.grad is None or p.grad.eq(0).all() for p in D.parameters())


def test_the_callers_tensors_are_left_as_they_were():
    real, fake, mix = pairs((4, 2))
    before = [tensor.clone() for tensor in (real, fake, mix)]
    gradient_penalty(linear, real, fake, mix, 1.0)
    for tensor, old in zip((real, fake, mix), before, strict=True):
        assert torch.equal(tensor, old) and not tensor.requires_grad


def test_half_precision_is_measured_in_float32():
    faint = torch.tensor([3e-4, 4e-4], dtype=torch.bfloat16)
    real, fake, mix = (tensor.bfloat16() for tensor in pairs((4, 2)))
    got = gradient_penalty(lambda x: x @ faint, real, fake, mix, 1.0)
    assert got.dtype is torch.float32
    assert got.item() == pytest.approx((1 - 5e-4) ** 2, rel=1e-5)


@pytest.mark.parametrize(
    "real, fake, mix",
    [((3, 2), (1, 2), 3), ((3, 2), (3, 2), 1), ((3, 2), (3, 2), (3, 2)), ((3, 2), (3, 2), ())],
)
def test_what_would_broadcast_without_a_word_is_refused(real, fake, mix):
    mix = torch.zeros(mix)
    with pytest.raises(ValueError, match=r"real and fake must be \(B, \.\.\.\) and mix \(B,\)"):
        gradient_penalty(linear, torch.zeros(real), torch.zeros(fake), mix, 1.0)
