"""7.2: one step applied along time."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.models import recurrence


def _step(x, state):
    """Any recurrence whose two tensors are not alike."""
    h, c = state
    c = 0.5 * c + x + 0.3 * h
    return (0.8 * c).tanh(), c


def _inputs(draw: Draw) -> dict:
    inputs = draw.normal("B T I")
    return {"step": _step, "inputs": inputs, "state": (draw.normal("B I"), draw.normal("B I"))}


def _adding(x, state):
    return state[0] + x, 10 * x


def _zeros(*shape: int) -> tuple[Tensor, Tensor]:
    return torch.zeros(shape), torch.zeros(shape)


def _running_sum(answer) -> Tensor:
    """x is 1, 2, 3 in one sequence, 10, 20, 30 in the other."""
    inputs = torch.tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])[..., None]
    return answer(_adding, inputs, _zeros(2, 1))[0][..., 0]


def _last_state(answer) -> tuple[Tensor, ...]:
    return tuple(answer(_adding, torch.tensor([[[1.0], [2.0], [4.0]]]), _zeros(1, 1))[1])


def _two_halves(answer) -> Tensor:
    """1, 2 first and 3, 4 after them, with the state that came back."""
    inputs = torch.tensor([[[1.0], [2.0], [3.0], [4.0]]])
    first, state = answer(_adding, inputs[:, :2], _zeros(1, 1))
    second, _ = answer(_adding, inputs[:, 2:], state)
    return torch.cat([first, second], dim=1).flatten()


def _calls(answer) -> list[float]:
    """What the step was given, call by call."""
    given: list[float] = []

    def noted(x, state):
        given.append(float(x))
        return _adding(x, state)

    answer(noted, torch.tensor([[[1.0], [2.0], [4.0]]]), _zeros(1, 1))
    return given


def _one_tensor_alone(answer) -> Tensor:
    """A state of h alone, as a plain recurrent network has."""
    hidden, _ = answer(lambda x, s: (2 * s[0] + x,), torch.ones(1, 3, 1), (torch.ones(1, 1),))
    return hidden.flatten()


_KEEP = "hidden.append(state[0])"
_GO = "state = step(x, state)"
_OUT = "return torch.stack(hidden, dim=1), state"
_TIME = "inputs.unbind(dim=1)"

# fmt: off
UNROLL = Exercise(
    name="unroll",
    number="7.2",
    minutes=7,
    contract=(
        "step(x, state) returns the next state, a tuple of as many tensors; its first is h. Call it "
        "once for each of the T frames of inputs (B, T, input_dim), in order, each time with the "
        "state that the call before returned.",
        "Return (hidden, state): hidden is h after every step, (B, T, hidden_dim); state is the whole tuple after the last.",
        "The state may have one tensor or more, as `step` likes it.",
        "Nothing is cut off from the graph, and the state that comes in is not changed.",
    ),
    reference=recurrence.unroll,
    inputs=_inputs,
    cases=(
        Case("a running sum", _running_sum, torch.tensor([[1.0, 3.0, 6.0], [10.0, 30.0, 60.0]]),
             "The step adds x to h: 1, 3, 6 in one sequence and 10, 30, 60 in the other, (B, T, 1)."),
        Case("two halves", _two_halves, torch.tensor([1.0, 3.0, 6.0, 10.0]),
             "The second half begins with the state that the first returned: 6, then 10."),
        Case("the state after the last step", _last_state, (torch.tensor([[7.0]]), torch.tensor([[40.0]])),
             "Its second tensor is 10 times the last x: return the whole tuple, as the last step made it."),
        Case("each call of step", _calls, (1.0, 2.0, 4.0), "One call a frame, in the order of time, and no other.", "side effects"),
        Case("a state of one tensor", _one_tensor_alone, torch.tensor([3.0, 7.0, 15.0]),
             "A plain recurrent network has h alone: do not take the state apart by two names."),
    ),
    hints=(
        "A loop over time, a variable that holds the state, and a list.",
        "Time is axis 1: `inputs[:, t]` is the x of all sequences at frame t. The list is stacked along the same axis.",
        "`hidden = []`; for each t: `state = step(inputs[:, t], state)` and `hidden.append(state[0])`; at the end "
        "`torch.stack(hidden, dim=1)` and the state.",
    ),
    mistakes=(
        Mistake("the last frame twice", {_OUT: "step(x, state)\n    return torch.stack(hidden, dim=1), state"}, "step is called once more than there are frames: once for each of the T frames.", "side effects"),
        Mistake("the batch for the time", {_TIME: "inputs.unbind(dim=0)"},
                "The loop runs over the batch: axis 0 holds the sequences, axis 1 the frames (torch's batch_first=True)."),
        Mistake("stacked along the batch", {"torch.stack(hidden, dim=1)": "torch.stack(hidden, dim=0)"},
                "hidden is (T, B, hidden_dim), as nn.LSTM has it without batch_first: stack along axis 1.", "axes"),
        Mistake("the state never carried on", {_GO: "new = step(x, state)", _KEEP: "hidden.append(new[0])", _OUT: "return torch.stack(hidden, dim=1), new"},
                "Every step begins from the first state: nothing is remembered from one to the next."),
        Mistake("h before the step", {_GO: "pass", _KEEP: "hidden.append(state[0])\n        state = step(x, state)"},
                "These are the h before each step: call step first, then keep h."),
        Mistake("the other tensor kept", {_KEEP: "hidden.append(state[-1])"},
                "These are the last tensors of the state, the c of an LSTM: h is the first."),
        Mistake("the last h alone", {"torch.stack(hidden, dim=1)": "state[0]"},
                "This is h after the last step: every frame needs its own.", "axes"),
        Mistake("backwards in time", {_TIME: "inputs.flip(1).unbind(dim=1)"},
                "The frames come in from the last to the first."),
        Mistake("the last frame left out", {_TIME: "inputs[:, :-1].unbind(dim=1)"},
                "The last frame never comes in: T frames, T steps.", "axes"),
        Mistake("h for the state", {_OUT: "return torch.stack(hidden, dim=1), state[:1]"},
                "Only h is handed back: without c the next call cannot go on."),
        Mistake("the first state handed back", {"hidden = []": "hidden, first = [], state", _OUT: "return torch.stack(hidden, dim=1), first"},
                "The state that came in is handed back: return the one after the last step."),
        Mistake("always begun from zero", {"hidden = []": "hidden = []\n    state = tuple(torch.zeros_like(part) for part in state)"},
                "The state that comes in is thrown away: a long clip in two halves starts anew in the middle."),
        Mistake("a state of two tensors only", {_GO: "h, c = state\n        state = step(x, (h, c))"},
                "The state is taken apart into h and c: a step with one tensor breaks there."),
        Mistake("cut at every step", {_GO: "state = tuple(part.detach() for part in step(x, state))", },
                "The state is detached at every step: the gradient reaches one step back and no further.", "gradients"),
        Mistake("only the first state for every step", {_GO: "new = step(x, state)", _KEEP: "hidden.append(new[0])"},
                "Every step begins from the first state, and that state is handed back: nothing is remembered."),
        Mistake("as many steps as sequences", {_TIME: "inputs.unbind(dim=1)[: len(inputs)]"},
                "The loop counts the sequences, not the frames: T is the length of axis 1.", "axes"),
        Mistake("h alone handed back", {_OUT: "return torch.stack(hidden, dim=1), state[0]"},
                "The state that is handed back is h alone, no tuple: return all of it, as the last step made it."),
    ),
)
