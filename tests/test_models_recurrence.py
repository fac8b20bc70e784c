"""A cell, its unrolling and its memory against torch, against hand and against each other."""

import math

import pytest
import torch
from torch import nn

from vgan_lessons.models.motion import MotionLSTM
from vgan_lessons.models.recurrence import (
    gradient_through_time,
    half_life,
    lstm_cell,
    predict_next,
    unroll,
)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def new_lstm(n_in=3, n_hidden=5, seed=0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.LSTM(n_in, n_hidden, batch_first=True)


def step_of(lstm):
    """The step that an nn.LSTM takes, by the course's own cell."""

    def step(x, state):
        bias = lstm.bias_ih_l0 + lstm.bias_hh_l0
        return lstm_cell(x, state, lstm.weight_ih_l0, lstm.weight_hh_l0, bias)

    return step


@pytest.mark.parametrize("batch, n_in, n_hidden", [(1, 1, 1), (4, 3, 5), (3, 7, 2)])
def test_a_step_is_that_of_torch(batch, n_in, n_hidden):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(batch)
        cell = nn.LSTMCell(n_in, n_hidden)
    x, h, c = (torch.randn(batch, n, generator=rng(n)) for n in (n_in, n_hidden, n_hidden + 1))
    c = c[:, :n_hidden]
    found = lstm_cell(x, (h, c), cell.weight_ih, cell.weight_hh, cell.bias_ih + cell.bias_hh)
    for own, other in zip(found, cell(x, (h, c)), strict=True):
        assert (own - other).abs().max() < 1e-6


def test_without_weights_half_of_the_memory_stays():
    nothing = torch.zeros(4, 1, dtype=torch.float64)
    state = torch.zeros(1, 1, dtype=torch.float64), torch.full((1, 1), 2.0, dtype=torch.float64)
    h, c = lstm_cell(state[0], state, nothing, nothing, nothing[:, 0])
    assert c.item() == 1.0
    assert h.item() == pytest.approx(0.380797, abs=5e-7)  # tanh(1) / 2


def test_an_unrolled_cell_is_the_lstm_of_torch_and_goes_on_where_it_stopped():
    lstm, inputs = new_lstm(), torch.randn(4, 9, 3, generator=rng())
    start = torch.randn(2, 4, 5, generator=rng(1)).unbind()
    hidden, state = unroll(step_of(lstm), inputs, tuple(start))
    wanted, (h, c) = lstm(inputs, tuple(part[None] for part in start))
    assert (hidden - wanted).abs().max() < 1e-6
    assert max((state[0] - h[0]).abs().max(), (state[1] - c[0]).abs().max()) < 1e-6
    first, state = unroll(step_of(lstm), inputs[:, :4], tuple(start))
    second, _ = unroll(step_of(lstm), inputs[:, 4:], state)
    assert torch.allclose(torch.cat([first, second], dim=1), hidden, atol=1e-7)


def test_the_motion_of_the_final_model_is_this_cell_unrolled():
    """One path, two speeds: `MotionLSTM` calls nn.LSTM, and gradients agree as well."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        motion = MotionLSTM(noise_dim=4, hidden_dim=6, motion_dim=3).double()
    noise = torch.randn(2, 7, 4, dtype=torch.float64, generator=rng())
    fast, (h, c) = motion(noise)
    begin = tuple(part[0] for part in motion.initial_state(noise[:, 0]))
    hidden, state = unroll(step_of(motion.lstm), noise, begin)
    slow = motion.project(hidden)
    assert torch.allclose(fast, slow, rtol=0, atol=1e-12)
    assert torch.allclose(h[0], state[0], atol=1e-12)
    assert torch.allclose(c[0], state[1], atol=1e-12)
    slopes = [
        torch.autograd.grad(path.square().sum(), list(motion.parameters()), retain_graph=True)
        for path in (fast, slow)
    ]
    for one, other in zip(*slopes, strict=True):
        assert torch.allclose(one, other, rtol=0, atol=1e-10)


@pytest.mark.parametrize("bias, steps", [(0, 1.0), (1, 2.21), (2, 5.46), (3, 14.27)])
def test_a_half_life_is_read_from_the_sum_of_both_biases(bias, steps):
    lstm = new_lstm()
    with torch.no_grad():
        lstm.bias_ih_l0.fill_(bias + 7)
        lstm.bias_hh_l0.fill_(-7)
    assert half_life(lstm).tolist() == pytest.approx([steps] * 5, abs=5e-3)
    assert half_life(lstm)[0].item() == pytest.approx(
        math.log(0.5) / math.log(1 / (1 + math.exp(-bias))), rel=1e-5
    )


def test_sixteen_steps_need_a_bias_of_3_117_and_halve_the_memory():
    lstm = new_lstm()
    assert half_life(lstm, 16).tolist() == pytest.approx([16.0] * 5, rel=1e-5)
    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0
    assert bias[5:10].tolist() == pytest.approx([3.117] * 5, abs=5e-4)
    with torch.no_grad():  # nothing comes in, and nothing is written
        for weight in (lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_hh_l0):
            weight.zero_()
        lstm.bias_ih_l0[10:15] = 0
        _, (_, c) = lstm(torch.zeros(1, 16, 3), (torch.zeros(1, 1, 5), torch.ones(1, 1, 5)))
    assert c.flatten().tolist() == pytest.approx([0.5] * 5, rel=1e-4)


def test_without_u_the_slope_is_the_product_of_the_forget_gates():
    lstm, inputs = new_lstm().double(), torch.randn(2, 8, 3, generator=rng()).double()
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
    state = tuple(torch.randn(2, 2, 5, generator=rng(1)).double().unbind())
    sums = inputs @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    gates = sums[..., 5:10].sigmoid()
    slopes = gradient_through_time(step_of(lstm), inputs, state)
    for t in range(9):
        assert torch.allclose(slopes[t], gates[:, t:].prod(dim=1), atol=1e-12)


def test_a_linear_network_has_powers_of_u():
    u = torch.tensor([[0.5, 1.0], [0.0, -2.0]], dtype=torch.float64)
    start = (torch.ones(1, 2, dtype=torch.float64),)
    slopes = gradient_through_time(lambda x, s: (s[0] @ u.T,), torch.zeros(1, 5, 1), start)
    wanted = torch.ones(2, dtype=torch.float64) @ torch.linalg.matrix_power(u, 5)
    assert torch.allclose(slopes[0, 0], wanted)


@pytest.mark.parametrize("reach", [1, 3, 8])
def test_a_truncated_gradient_reaches_so_many_steps_and_no_further(reach):
    lstm, inputs = new_lstm(), torch.randn(2, 8, 3, generator=rng())
    state = tuple(torch.zeros(2, 2, 5).unbind())
    slopes = gradient_through_time(step_of(lstm), inputs, state, reach)
    reached = slopes.ne(0).any(dim=2).any(dim=1).tolist()
    assert reached == [False] * (8 - reach) + [True] * (reach + 1)
    if reach == 8:
        assert torch.equal(slopes, gradient_through_time(step_of(lstm), inputs, state))


def test_predictions_without_a_correction_are_constant_velocity():
    past = torch.tensor([[[0.0, 0.0], [1.0, 2.0], [4.0, 3.0]]])
    ahead = predict_next(
        lambda x, s: s, lambda h: torch.zeros(1, 2), past, (torch.zeros(1, 1),), 3
    )
    assert ahead[0].tolist() == [[2, 4], [7, 4], [10, 5], [13, 6]]


def test_what_is_predicted_goes_in_after_the_past_and_the_truth_before():
    seen = []

    def watching(x, state):
        seen.append(x[0].tolist())
        return state

    past = torch.tensor([[[0.0, 0.0], [1.0, 0.0], [1.0, 5.0]]])
    predict_next(watching, lambda h: torch.ones(1, 2), past, (torch.zeros(1, 1),), 2)
    assert seen == [[1, 0, 1, 0], [1, 5, 0, 5], [2, 11, 1, 6]]
