"""Gradient penalties against hand-worked slopes, their reach and their gradients."""

import pytest
import torch

from slope_tools import by_differences
from vgan_lessons.penalties import r1_penalty, r2_penalty, squared_gradient_norm

W = torch.tensor([3.0, 4.0])


def test_a_linear_discriminator_has_the_slope_of_its_weights_everywhere():
    assert r1_penalty(lambda x: x @ W, torch.randn(7, 2), gamma=10.0).item() == pytest.approx(
        125
    )
    assert r2_penalty(lambda x: x @ W, torch.randn(3, 2), gamma=10.0).item() == pytest.approx(
        125
    )


def test_a_constant_discriminator_is_not_punished():
    assert (
        r1_penalty(lambda x: x.flatten(1).sum(1) * 0 + 5, torch.randn(4, 3), 10.0).item() == 0
    )


def test_the_norm_runs_over_every_axis_of_a_clip_but_the_batch():
    clips = torch.randn(2, 3, 1, 4, 5).requires_grad_()
    slopes = torch.tensor([1.0, 2.0]).view(2, 1, 1, 1, 1)
    norms = squared_gradient_norm((clips * slopes).flatten(1).sum(1), clips)
    assert norms.tolist() == pytest.approx([60.0, 240.0])  # 3 * 1 * 4 * 5 entries of 1 and of 4


def test_the_penalty_pulls_on_the_discriminator_and_on_nothing_else():
    weights, fake = W.clone().requires_grad_(), torch.randn(4, 2, requires_grad=True)
    r2_penalty(lambda x: x @ weights, fake, gamma=2.0).backward()
    assert weights.grad.tolist() == pytest.approx([6.0, 8.0])  # d |w|^2 / dw
    assert fake.grad is None


def test_inputs_without_a_gradient_are_refused():
    inputs = torch.randn(2, 2)
    with pytest.raises(ValueError, match="require a gradient"):
        squared_gradient_norm(inputs @ W, inputs)


@pytest.mark.parametrize("shape", [(4,), (4, 2), (4, 3, 5, 2), (2, 3, 1, 4, 5)])
def test_a_bowl_is_as_steep_as_its_points_are_far_out(shape):
    points = torch.randn(shape, generator=torch.Generator().manual_seed(3))
    slow = [sum((2 * v) ** 2 for v in p) for p in points.reshape(len(points), -1).tolist()]
    got = r1_penalty(lambda x: x.reshape(len(x), -1).square().sum(1), points, gamma=3.0)
    assert got.item() == pytest.approx(3 / 2 * sum(slow) / len(slow), rel=1e-5)


def test_the_pull_on_the_weights_is_the_derivative_of_the_penalty():
    real = torch.randn(3, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    steep = torch.tensor([[0.7, -1.2], [0.4, 0.9]], dtype=torch.float64, requires_grad=True)

    def penalty(weights):
        return r1_penalty(lambda x: torch.sin(x @ weights).sum(1), real, 10.0)

    (pull,) = torch.autograd.grad(penalty(steep), steep)
    assert torch.allclose(pull, by_differences(penalty, steep), rtol=1e-6)


def test_half_precision_is_squared_in_float32_and_float64_keeps_its_digits():
    faint = torch.tensor([3e-5, 4e-5])
    for dtype, kept in [(torch.float16, torch.float32), (torch.float64, torch.float64)]:
        inputs = torch.zeros(3, 2, dtype=dtype, requires_grad=True)
        norms = squared_gradient_norm(inputs @ faint.to(dtype), inputs)
        assert norms.dtype is kept
        assert norms.tolist() == pytest.approx([2.5e-9] * 3, rel=1e-2)  # 0 in float16


def test_gamma_0_switches_the_penalty_off():
    assert r1_penalty(lambda x: x @ W, torch.randn(3, 2), gamma=0.0).item() == 0
