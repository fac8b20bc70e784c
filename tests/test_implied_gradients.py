"""The pulls that the two logistic generator losses imply, in closed form."""

import math

import pytest
import torch
from torch import Tensor

from vgan_lessons import divergences


@pytest.fixture
def x() -> Tensor:
    return torch.linspace(-12, 22, 3401, dtype=torch.float64)


def normal(x: Tensor, centre: float) -> Tensor:
    return torch.exp(-((x - centre) ** 2) / 2) / math.sqrt(2 * math.pi)


def test_the_two_logistic_slopes_are_what_autograd_finds():
    logits = torch.linspace(-20, 20, 41, requires_grad=True)
    closed = divergences.g_grad_wrt_logit(logits.detach())
    saturating = torch.log1p(-torch.sigmoid(logits.double())).sum()
    non_saturating = -torch.log(torch.sigmoid(logits.double())).sum()
    for expect, slope in zip((saturating, non_saturating), closed, strict=True):
        (found,) = torch.autograd.grad(expect, logits)
        assert slope.tolist() == pytest.approx(found.tolist(), abs=1e-6)


def test_slopes_keep_their_ratio_where_one_minus_a_probability_is_zero():
    saturating, non_saturating = divergences.g_grad_wrt_logit(torch.tensor([-5.0, 30.0]))
    ratio = (non_saturating / saturating).log()
    assert ratio.tolist() == pytest.approx([5.0, -30.0], rel=1e-5)


@pytest.mark.parametrize(
    "theta, minimax, non_saturating", [(1.0, 0.397973, 0.602027), (4.0, 0.137195, 3.862805)]
)
def test_implied_gradients_have_their_landmarks_and_add_to_theta(
    x, theta, minimax, non_saturating
):
    shift = torch.tensor(theta, dtype=torch.float64)
    pulls = [pull.item() for pull in divergences.implied_gradient(shift, x)]
    assert pulls == pytest.approx([minimax, non_saturating], abs=1e-6)
    assert sum(pulls) == pytest.approx(theta)
    mirrored = [pull.item() for pull in divergences.implied_gradient(-shift, -x.flip(0))]
    assert mirrored == pytest.approx([-minimax, -non_saturating], abs=1e-6)


@pytest.mark.parametrize("theta", [0.5, 1.0, 3.0])
def test_the_switch_of_loss_adds_a_kl_term(x, theta):
    def js_at(shift: float) -> float:
        return divergences.js_vs_w1(normal(x, 0), normal(x, shift), x)[0].item()

    js_slope = (js_at(theta + 1e-4) - js_at(theta - 1e-4)) / 2e-4
    shift = torch.tensor(theta, dtype=torch.float64)
    minimax, non_saturating = (pull.item() for pull in divergences.implied_gradient(shift, x))
    assert minimax == pytest.approx(2 * js_slope, abs=1e-6)
    assert non_saturating == pytest.approx(theta - 2 * js_slope, abs=1e-6)  # KL is theta^2 / 2
