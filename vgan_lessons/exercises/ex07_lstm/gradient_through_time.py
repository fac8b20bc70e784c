"""7.4: how far back a gradient reaches."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.models import recurrence

_GATES = (0.5, 0.25, 0.1)


def _gated(x, state):
    """A memory whose forget gate is what comes in."""
    return state[1] * 0 + 1, x * state[1]


def _coupled(x, state):
    """c is written from h, and h shows c: two ways back."""
    h, c = state
    c = x * c + h
    return 3 * c, c


def _bent(x, state):
    return x * state[0], torch.tanh(x * state[1])


def _doubling(x, state):
    return (2 * state[0] + x,)


def _gates(*gates: float) -> Tensor:
    return torch.tensor(gates)[None, :, None]


def _ones() -> tuple[Tensor, Tensor]:
    return torch.ones(1, 1), torch.ones(1, 1)


def _through(step, inputs: Tensor, *reach: int):
    """The slopes of one unit in one sequence."""
    n_parts = 1 if step is _doubling else 2
    return lambda answer: answer(step, inputs.clone(), _ones()[:n_parts], *reach).flatten()


def _several_units(answer) -> Tensor:
    inputs = torch.tensor([[[0.5, 2.0, 1.0]], [[0.0, -1.0, 3.0]]])  # (B, T, I) = (2, 1, 3)
    return answer(_gated, inputs, (torch.ones(2, 3), torch.full((2, 3), 0.7)))


def _afterwards(answer) -> dict[str, bool]:
    """A caller's graph and the step's weight, and what is left of them."""
    root = torch.ones(1, 1, requires_grad=True)
    weight = torch.ones(1, requires_grad=True)
    state, inputs = (root * 1, root * 2), _gates(*_GATES)
    slopes = answer(lambda x, parts: _bent(weight * x, parts), inputs, state)
    flat = _ones()
    answer(_gated, inputs, flat)
    return {
        "gradients left behind": not (root.grad is weight.grad is None),
        "the caller's state wants gradients": any(part.requires_grad for part in flat),
        "slopes that hang on a graph": slopes.requires_grad,
    }


_CUT = "            state = tuple(part.detach().requires_grad_() for part in state)\n            memories[-1] = state[-1]"
_WHEN = "t == n_steps - reach"
_GRAD = "torch.autograd.grad(memories[-1].sum(), memories, materialize_grads=True)"
_OUT = "return torch.stack(slopes)"

# fmt: off
GRADIENT_THROUGH_TIME = Exercise(
    name="gradient_through_time",
    number="7.4",
    minutes=12,
    difficulty="hard",
    contract=(
        "step(x, state) returns the next state, a tuple of as many tensors (B, hidden_dim); the last "
        "one is the memory: c of an LSTM, h of a plain recurrent network. Run it over inputs (B, T, "
        "input_dim) from `state`.",
        "Return the gradient of the sum of the last memory by the memory after 0, 1, ..., T steps, (T + 1, B, "
        "hidden_dim). All ways on from that memory count, also the one through the h that its own step makes of it; the last row is 1.",
        "With reach = k, 1 to T, the graph is cut k steps before the end: the whole state after step T - k is "
        "detached. Rows 0 to T - k - 1 are 0, and row T - k is the gradient by the detached memory.",
        "The slopes hang on no graph, no .grad is left behind, and the state that comes in is not changed "
        "in any way.",
    ),
    reference=recurrence.gradient_through_time,
    cases=(
        Case("a product of gates", _through(_gated, _gates(*_GATES)), torch.tensor([0.0125, 0.025, 0.1, 1.0]),
             # 0.5 * 0.25 * 0.1, 0.25 * 0.1, 0.1, 1
             "Each step multiplies c by its gate, 0.5, 0.25 and 0.1: from the start the slope is their product."),
        Case("powers of U", _through(_doubling, torch.zeros(1, 3, 1)), torch.tensor([8.0, 4.0, 2.0, 1.0]),
             "h' = 2 h + x: three steps back make 2 to the power of 3. The state has one tensor, and it is the memory."),
        Case("two ways back", _through(_coupled, _gates(0.5, 0.25)), torch.tensor([1.625, 3.25, 1.0]),  # (0.25 + 3) * 0.5, 0.25 + 3
             "c reaches the next c by its gate and, three times as strong, through h."),
        Case("three units in two sequences", _several_units, torch.tensor([[[0.5, 2.0, 1.0], [0.0, -1.0, 3.0]], [[1.0] * 3] * 2]),
             "One number for each unit of each sequence: (T + 1, B, hidden_dim)."),
        Case("cut two steps before the end", _through(_gated, _gates(*_GATES, 0.2, 0.4, 0.5), 2), torch.tensor([0.0, 0.0, 0.0, 0.0, 0.2, 0.5, 1.0]),
             "Of six steps the last two have the gates 0.4 and 0.5; what lies before them gets 0."),
        Case("h is cut as well", _through(_coupled, _gates(0.5, 0.25), 1), torch.tensor([0.0, 0.25, 1.0]),
             "The whole state is detached, h too: what is left of the step before is its gate 0.25."),
        Case("what is left behind", _afterwards, {"gradients left behind": False, "the caller's state wants gradients": False, "slopes that hang on a graph": False},
             "Detach the state before you ask for its gradient, and use torch.autograd.grad, which writes no .grad.", "side effects"),
    ),
    hints=(
        "Keep the memory after every step in a list, then ask autograd for the slope of the last one by each.",
        "`torch.autograd.grad(last.sum(), memories)` differentiates by tensors inside a graph as well. Those before "
        "the cut have no way to the end: `materialize_grads=True` gives zeros for them.",
        "Begin with the state, detached and with requires_grad_(); `memories = [state[-1]]`. In the loop: at t == T - reach "
        "detach the state anew and put its memory in place of the last one kept; step; append `state[-1]`.",
    ),
    mistakes=(
        Mistake("by h instead of the memory", {"memories = [state[-1]]": "memories = [state[0]]", "memories.append(state[-1])": "memories.append(state[0])"},
                "These are slopes of h, the first tensor of the state: the memory is its last."),
        Mistake("a state of two tensors only", {"memories = [state[-1]]": "memories = [state[1]]"},
                "The memory is taken by its place in a pair: a plain recurrent network has one tensor, and the last is always there."),
        Mistake("the memory before the first step left out", {_OUT: "return torch.stack(slopes)[1:]"},
                "There are T + 1 memories: the one before the first step counts as well.", "axes"),
        Mistake("the last memory left out", {_OUT: "return torch.stack(slopes)[:-1]"},
                "The last row is missing: the memory's slope by itself, 1.", "axes"),
        Mistake("from the end to the start", {_OUT: "return torch.stack(slopes).flip(0)"},
                "Row 0 belongs to the memory before the first step: these run from the end to the start."),
        Mistake("the mean for the sum", {"memories[-1].sum()": "memories[-1].mean()"},
                "This is the gradient of a mean: with several units or sequences every slope is too small."),
        Mistake("sizes only", {_OUT: "return torch.stack(slopes).abs()"},
                "The signs are lost: the slope of a memory can be negative."),
        Mistake("batch first", {_OUT: "return torch.stack(slopes, dim=1)"},
                "The time is the first axis here: (T + 1, B, hidden_dim).", "axes"),
        Mistake("one way back only", {"memories.append(state[-1])": "memories.append(state[-1])\n        state = (*(part.detach() for part in state[:-1]), state[-1])" },
                "Only the way from c to c is left: the gradient also flows through h."),
        Mistake("a step too far", {_WHEN: "t == n_steps - reach - 1"},
                "The cut lies reach + 1 steps before the end."),
        Mistake("a step too short", {_WHEN: "t == n_steps - reach + 1"},
                "The cut lies reach - 1 steps before the end: count the steps that are left."),
        Mistake("cut at the start instead", {_WHEN: "t == reach"},
                "The cut lies reach steps after the start; it belongs so many before the end."),
        Mistake("only c is cut", {_CUT: "            state = (*state[:-1], state[-1].detach().requires_grad_())\n            memories[-1] = state[-1]"},
                "c is detached and h is not: the gradient slips past the cut through h."),
        Mistake("cut at every step from there", {_WHEN: "t >= n_steps - reach"},
                "Every one of the last steps is cut: the gradient reaches one step back."),
        Mistake("never cut", {"if reach is not None and t == n_steps - reach": "if False"},
                "reach has no effect: the gradient goes back to the start."),
        Mistake("backward instead of grad", {"    state = tuple(part.detach().requires_grad_() for part in state)\n    memories = ": "    state = tuple(part if part.requires_grad else part.detach().requires_grad_() for part in state)\n    memories = ",
                _GRAD: "torch.autograd.grad(memories[-1].sum(), memories, materialize_grads=True, retain_graph=True)\n    memories[-1].sum().backward()"},
                ".backward() writes into .grad of everything that made the state: ask with torch.autograd.grad.", "side effects"),
        Mistake("the caller's state made to want gradients", {"    state = tuple(part.detach().requires_grad_() for part in state)\n    memories = ": "    state = tuple(part.requires_grad_() for part in state)\n    memories = "},
                "requires_grad_() is set on the caller's own tensors: detach first.", "side effects"),
        Mistake("slopes on a graph", {"materialize_grads=True": "materialize_grads=True, create_graph=True", _OUT: "return torch.stack(slopes) + 0 * memories[0]"},
                "The slopes hang on the graph: whoever keeps them keeps every step in memory.", "side effects"),
    ),
)
