"""Gradient penalties against hand-worked slopes, their reach and their gradients."""

import pytest
import torch

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
