"""A recurrent network step by step: the cell, its unrolling, how long it remembers.

`nn.LSTM` computes the same in one call, and that is what `motion` trains with; a test plays
both with the same weights.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons.models.motion import State

Step = Callable[[Tensor, tuple[Tensor, ...]], tuple[Tensor, ...]]  # (x, state) -> state


def lstm_cell(
    x: Tensor, state: State, weight_ih: Tensor, weight_hh: Tensor, bias: Tensor
) -> State:
    """Take one step of an LSTM.

        i, f, o = sigmoid(W x + U h + b),  g = tanh(W x + U h + b)
        c' = f * c + i * g,                h' = o * tanh(c')

    Args:
        x: (B, input_dim), what comes in now.
        state: (h, c), each (B, hidden_dim).
        weight_ih: W of all four in torch's order i, f, g, o: (4 * hidden_dim, input_dim).
        weight_hh: U likewise, (4 * hidden_dim, hidden_dim).
        bias: b likewise, (4 * hidden_dim,): the sum of torch's two.

    Returns:
        (h', c'), each (B, hidden_dim). With all weights 0 and c = 2 they are 0.380797 and 1.

    Lesson 07. Hochreiter & Schmidhuber 1997, Long short-term memory; the forget gate is from
    Gers et al. 2000, Learning to forget.
    """
    h, c = state
    i, f, g, o = (x @ weight_ih.T + h @ weight_hh.T + bias).chunk(4, dim=1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def unroll(
    step: Step, inputs: Tensor, state: tuple[Tensor, ...]
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Apply one step again and again along time.

    Args:
        step: (x, state) -> the next state; x is (B, input_dim), the state's first tensor is h.
        inputs: (B, T, input_dim).
        state: a tuple of tensors (B, ...), where to begin.

    Returns:
        hidden: (B, T, hidden_dim), h after each step.
        state: after the last one, to go on from.

    Example:
        >>> start = (torch.zeros(1, 1),)
        >>> hidden, _ = unroll(lambda x, state: (state[0] + x,), torch.ones(1, 3, 1), start)
        >>> hidden.flatten().tolist()
        [1.0, 2.0, 3.0]

    Lesson 07.
    """
    hidden = []
    for x in inputs.unbind(dim=1):
        state = step(x, state)
        hidden.append(state[0])
    return torch.stack(hidden, dim=1), state


def half_life(lstm: nn.LSTM, target: float | None = None) -> Tensor:
    """After how many steps a memory cell has lost half, read from its forget bias or set by it.

    With nothing coming in, each step keeps sigmoid(b) of c, where b is the effective forget
    bias: the sum of torch's two. Half is left after log(1/2) / log sigmoid(b) steps.

    Args:
        lstm: of one layer; changed in place if there is a target, its other biases never.
        target: steps after which half is to be left, above 0; None only reads.

    Returns:
        (hidden_dim,) steps: 1 at b = 0, 14.27 at b = 3. A target of 16 sets b = 3.117.

    Lesson 07. Tallec & Ollivier 2018, Can recurrent neural networks warp time?,
    arXiv:1804.11188, draw such biases from the range of times in the data.
    """
    forget = slice(lstm.hidden_size, 2 * lstm.hidden_size)  # the gates' order: i, f, g, o
    with torch.no_grad():
        if target is not None:
            keep = 0.5 ** (1 / target)
            lstm.bias_ih_l0[forget] = math.log(keep / (1 - keep))
            lstm.bias_hh_l0[forget] = 0
        bias = lstm.bias_ih_l0[forget] + lstm.bias_hh_l0[forget]
        return math.log(0.5) / F.logsigmoid(bias)


def gradient_through_time(
    step: Step, inputs: Tensor, state: tuple[Tensor, ...], reach: int | None = None
) -> Tensor:
    """How much the last memory moves with the memory after each step: backprop through time.

    Args:
        step: (x, state) -> the next state; the state's last tensor is its memory, c of an
            LSTM.
        inputs: (B, T, input_dim).
        state: a tuple of tensors (B, hidden_dim), where to begin.
        reach: cut the graph so many steps before the end, 1 to T (truncated backprop through
            time); None cuts nowhere.

    Returns:
        (T + 1, B, hidden_dim): the gradient of the last memory's sum by the memory after 0, 1,
        ..., T steps; 0 before the cut, 1 in the last row. With U = 0 row t of an LSTM is the
        product of the forget gates from step t + 1 on.

    Lesson 07. Pascanu et al. 2013, On the difficulty of training recurrent neural networks,
    arXiv:1211.5063.
    """
    n_steps = inputs.shape[1]
    state = tuple(part.detach().requires_grad_() for part in state)
    memories = [state[-1]]
    for t in range(n_steps):
        if reach is not None and t == n_steps - reach:
            state = tuple(part.detach().requires_grad_() for part in state)
            memories[-1] = state[-1]
        state = step(inputs[:, t], state)
        memories.append(state[-1])
    slopes = torch.autograd.grad(memories[-1].sum(), memories, materialize_grads=True)
    return torch.stack(slopes)


def predict_next(
    step: Step,
    read: Callable[[Tensor], Tensor],
    past: Tensor,
    state: tuple[Tensor, ...],
    n_future: int,
) -> Tensor:
    """Predict positions one frame ahead, then on into the future from its own predictions.

    Each prediction is constant velocity and a correction: where it is, plus how far it moved
    in the last frame, plus `read(h)`. As long as the past lasts, the true positions go in
    (teacher forcing); after it the predicted ones do.

    Args:
        step: (x, state) -> the next state, h first; x is (B, 4), position beside displacement.
        read: h (B, hidden_dim) -> correction (B, 2).
        past: (B, T, 2), the true positions, T at least 2; in units of your own.
        state: a tuple of tensors (B, ...), before the first step.
        n_future: frames to predict beyond the past, 0 or more.

    Returns:
        (B, T - 2 + n_future, 2), the predictions for frames 2, 3, ..., counted from 0.

    Lesson 07. Williams & Zipser 1989, A learning algorithm for continually running fully
    recurrent neural networks, has teacher forcing.
    """
    n_past, predicted = past.shape[1], []
    before, now = past[:, 0], past[:, 1]
    for t in range(2, n_past + n_future):
        moved = now - before
        state = step(torch.cat([now, moved], dim=1), state)
        ahead = now + moved + read(state[0])
        predicted.append(ahead)
        before, now = now, past[:, t] if t < n_past else ahead
    return torch.stack(predicted, dim=1)
