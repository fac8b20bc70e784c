"""Right answers to lesson 07: cells by the gate, other recurrences, loops in other hands."""

import math

import torch
from einops import rearrange, repeat
from torch import nn
from torch.nn import functional as F


def _cell_by_blocks(x, state, weight_ih, weight_hh, bias):
    """Each gate from its own rows."""
    h, c = state
    n = h.shape[1]

    def gate(k):
        rows = slice(k * n, (k + 1) * n)
        return F.linear(x, weight_ih[rows]) + F.linear(h, weight_hh[rows], bias[rows])

    new = torch.sigmoid(gate(1)) * c + torch.sigmoid(gate(0)) * torch.tanh(gate(2))
    return torch.sigmoid(gate(3)) * torch.tanh(new), new


def _cell_by_einops(x, state, weight_ih, weight_hh, bias):
    """One product for x and h together."""
    h, c = state
    both, weight = torch.cat([x, h], dim=-1), torch.cat([weight_ih, weight_hh], dim=-1)
    sums = torch.einsum("bi,ri->br", both, weight) + bias
    i, f, g, o = rearrange(sums, "b (gate n) -> gate b n", gate=4)
    c = torch.addcmul(c * f.sigmoid(), i.sigmoid(), torch.tanh(g))
    return c.tanh() * o.sigmoid(), c


def _cell_by_torch(x, state, weight_ih, weight_hh, bias):
    """torch's own cell, as a function."""
    return torch.lstm_cell(x, state, weight_ih, weight_hh, bias, torch.zeros_like(bias))


def _unroll_into_columns(step, inputs, state):
    columns = []
    for t in range(inputs.size(1)):
        state = step(inputs[:, t], state)
        columns.append(state[0][:, None])
    return torch.cat(columns, 1), state


def _unroll_by_recursion(step, inputs, state):
    state = step(inputs[:, 0], state)
    first = state[0].unsqueeze(1)
    if inputs.shape[1] == 1:
        return first, state
    rest, state = _unroll_by_recursion(step, inputs[:, 1:], state)
    return torch.cat((first, rest), dim=1), state


def _unroll_by_einops(step, inputs, state):
    states = [state]
    for x in rearrange(inputs, "b t i -> t b i"):
        states.append(step(x, states[-1]))
    return rearrange([s[0] for s in states[1:]], "t b h -> b t h"), states[-1]


def _half_life_through_data(lstm, target=None):
    n = lstm.hidden_size
    ih, hh = lstm.bias_ih_l0.data, lstm.bias_hh_l0.data
    if target is not None:
        ih[n : 2 * n] = -math.log(math.expm1(math.log(2) / target)) - hh[n : 2 * n]
    return math.log(2) / F.softplus(-(ih + hh)[n : 2 * n])


def _half_life_shared(lstm, target=None):
    """Both biases get half of it."""
    biases = [bias.detach().view(4, -1)[1] for bias in (lstm.bias_ih_l0, lstm.bias_hh_l0)]
    if target is not None:
        b = torch.logit(torch.tensor(0.5 ** (1 / target), dtype=torch.float64)).item()
        for bias in biases:
            bias.fill_(b / 2)
    return torch.log(torch.tensor(2.0)) / torch.log1p(torch.exp(-sum(biases)))


@torch.no_grad()
def _half_life_in_float64(lstm, target=None):
    rows = torch.arange(lstm.hidden_size) + lstm.hidden_size
    if target is not None:
        keep = math.exp(math.log(0.5) / target)
        lstm.bias_hh_l0[rows] = math.log(keep) - math.log1p(-keep)
        lstm.bias_ih_l0[rows] = 0
    b = lstm.bias_ih_l0[rows].double() + lstm.bias_hh_l0[rows].double()
    return (math.log(0.5) / torch.log(torch.sigmoid(b))).float()


def _slopes_by_hooks(step, inputs, state, reach=None):
    """retain_grad on every memory, and one backward through a graph of its own."""
    T = inputs.shape[1]
    inputs = inputs.detach()
    state = tuple(part.detach().clone().requires_grad_() for part in state)
    kept = [state[-1]]
    for t in range(T):
        if reach is not None and T - t == reach:
            state = tuple(part.detach().clone().requires_grad_() for part in state)
            kept[t] = state[-1]
        state = step(inputs[:, t], state)
        state[-1].retain_grad()
        kept.append(state[-1])
    kept[-1].sum().backward(inputs=kept)  # and nothing on the weights of step
    rows = [torch.zeros_like(m) if m.grad is None else m.grad for m in kept]
    return torch.stack(rows)


def _slopes_caught_on_the_way(step, inputs, state, reach=None):
    """A hook on every memory writes down the gradient that passes."""
    T, caught = inputs.shape[1], {}

    def watch(parts, t):
        parts[-1].register_hook(lambda slope, t=t: caught.update({t: slope}))

    state = tuple(part.detach().requires_grad_() for part in state)
    leaf, empty = state[-1], torch.zeros_like(state[-1])
    watch(state, 0)
    for t in range(T):
        if reach is not None and t + reach == T:
            state = tuple(part.detach().requires_grad_() for part in state)
            leaf = state[-1]
            watch(state, t)
        state = step(inputs[:, t].detach(), state)
        watch(state, t + 1)
    torch.autograd.grad(state[-1], leaf, torch.ones_like(empty), allow_unused=True)
    return torch.stack([caught.get(t, empty).detach() for t in range(T + 1)])


def _slopes_with_none(step, inputs, state, reach=None):
    first = 0 if reach is None else inputs.shape[1] - reach
    memories = [state[-1].detach()]
    state = tuple(part.detach() for part in state)
    for t, x in enumerate(inputs.detach().unbind(1)):
        if t == first:
            state = tuple(part.detach().requires_grad_(True) for part in state)
            memories[-1] = state[-1]
        state = step(x, state)
        memories.append(state[-1])
    found = torch.autograd.grad(memories[-1].sum(), memories[first:], allow_unused=True)
    rows = [torch.zeros_like(m) for m in memories[:first]]
    return torch.stack(rows + list(found)).detach()


class FunctionalPath(nn.Module):
    """A plain recurrence written out, with a leak; the state is one tensor."""

    def __init__(self, *, noise_dim=16, hidden_dim=64, motion_dim=16):
        super().__init__()
        self.enter = nn.Parameter(torch.randn(noise_dim, hidden_dim) / noise_dim**0.5)
        self.again = nn.Parameter(torch.randn(hidden_dim, hidden_dim) / hidden_dim**0.5)
        self.show = nn.Parameter(torch.randn(hidden_dim, motion_dim) / hidden_dim**0.5)

    def forward(self, noise, state=None):
        h = noise.new_zeros(len(noise), self.again.shape[0]) if state is None else state
        path = []
        for x in noise.unbind(1):
            h = 0.7 * h + 0.3 * torch.tanh(x @ self.enter + h @ self.again)
            path.append(h @ self.show)
        return torch.stack(path, 1), h


class GRUPath(nn.Module):
    """A GRU, begun from zeros."""

    def __init__(self, *, noise_dim=16, hidden_dim=64, motion_dim=16):
        super().__init__()
        self.rnn = nn.GRU(noise_dim, hidden_dim, batch_first=True)
        self.out = nn.Sequential(nn.Linear(hidden_dim, motion_dim))

    def forward(self, noise, state=None):
        hidden, state = self.rnn(noise, state)
        return self.out(hidden), state


class ResidualPath(nn.Module):
    """Each step adds a little to where it is; the state is a dictionary."""

    def __init__(self, *, noise_dim=16, hidden_dim=64, motion_dim=16):
        super().__init__()
        self.push = nn.Sequential(
            nn.Linear(noise_dim + motion_dim, hidden_dim),
            nn.SiLU(),
            nn.Linear(hidden_dim, motion_dim),
        )
        self.begin = nn.Linear(noise_dim, motion_dim)

    def forward(self, noise, state=None):
        place = self.begin(noise[:, 0]) if state is None else state["place"]
        path = []
        for t in range(noise.shape[1]):
            place = place + 0.5 * self.push(torch.cat([noise[:, t], place], dim=1))
            path.append(place)
        return torch.stack(path, dim=1), {"place": place}


class EinopsPath(nn.Module):
    """An LSTMCell over time, stacked by pattern."""

    def __init__(self, *, noise_dim=16, hidden_dim=64, motion_dim=16):
        super().__init__()
        self.cell = nn.LSTMCell(noise_dim, hidden_dim)
        self.first = nn.Parameter(torch.randn(2, hidden_dim))
        self.out = nn.Linear(hidden_dim, motion_dim)

    def forward(self, noise, state=None):
        if state is None:
            state = tuple(repeat(self.first, "s h -> s b h", b=len(noise)))
        hidden = []
        for x in rearrange(noise, "b t n -> t b n"):
            state = self.cell(x, state)
            hidden.append(state[0])
        return self.out(rearrange(hidden, "t b h -> b t h")), state


def _predict_in_two_loops(step, read, past, state, n_future):
    """First with the teacher, then alone."""
    rows = []
    for t in range(1, past.shape[1]):
        moved = past[:, t] - past[:, t - 1]
        state = step(torch.hstack([past[:, t], moved]), state)
        rows.append(past[:, t] + moved + read(state[0]))
    places = [past[:, -1]]
    for _ in range(n_future - 1):
        places.append(rows[-1])
        moved = places[-1] - places[-2]
        state = step(torch.hstack([places[-1], moved]), state)
        rows.append(places[-1] + moved + read(state[0]))
    rows = rows[: past.shape[1] - 2 + n_future]
    return torch.stack(rows, dim=1)


def _predict_with_a_list(step, read, past, state, n_future):
    places, rows = list(past.unbind(1)), []
    n_past = len(places)
    t = 1
    while len(rows) < n_past - 2 + n_future:
        now, before = places[t], places[t - 1]
        state = step(torch.cat((now, now - before), dim=-1), state)
        rows.append(2 * now - before + read(state[0]))
        t += 1
        if t == len(places):
            places.append(rows[-1])
    return torch.stack(rows, 1)


def _predict_by_closure(step, read, past, state, n_future):
    def ahead(before, now, state):
        state = step(torch.cat([now, now - before], 1), state)
        return torch.lerp(before, now, 2.0) + read(state[0]), state

    before, rows = past[:, 0], []
    truth = rearrange(past, "b t xy -> t b xy")
    now = truth[1]
    for t in range(2, len(truth) + n_future):
        guess, state = ahead(before, now, state)
        rows.append(guess)
        before = now
        now = truth[t] if t < len(truth) else guess
    return rearrange(rows, "t b xy -> b t xy")


ANSWERS = {
    "lstm_cell": {
        "gate by gate": _cell_by_blocks,
        "einsum": _cell_by_einops,
        "torch's own cell": _cell_by_torch,
    },
    "unroll": {
        "columns": _unroll_into_columns,
        "recursion": _unroll_by_recursion,
        "einops": _unroll_by_einops,
    },
    "half_life": {
        "through .data": _half_life_through_data,
        "shared by both biases": _half_life_shared,
        "in float64": _half_life_in_float64,
    },
    "gradient_through_time": {
        "retain_grad": _slopes_by_hooks,
        "hooks": _slopes_caught_on_the_way,
        "zeros before the cut": _slopes_with_none,
    },
    "motion_path": {
        "functional": FunctionalPath,
        "a GRU": GRUPath,
        "residual": ResidualPath,
        "einops": EinopsPath,
    },
    "predict_next": {
        "two loops": _predict_in_two_loops,
        "a list of places": _predict_with_a_list,
        "a closure": _predict_by_closure,
    },
}
