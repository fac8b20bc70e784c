"""7.6: positions of the next frames, with the true ones going in and with one's own."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.models import recurrence


def _step(x, state):
    """Any recurrence whose two tensors are not alike, over a position and a displacement."""
    h, c = state
    c = 0.5 * c + x + 0.3 * h
    return (0.8 * c).tanh(), c


def _read(h):
    return h[:, :2] * 0.4 - h[:, 2:] * 0.7


def _inputs(draw: Draw) -> dict:
    return {
        "step": _step,
        "read": _read,
        "past": draw.normal("B T 2"),
        "state": (draw.normal("B 4"), draw.normal("B 4")),
        "n_future": draw.size("F"),
    }


def _remember(x, state):
    """h is what came in, c counts the steps."""
    return x, state[1] + 1


def _nothing() -> tuple[Tensor, Tensor]:
    return torch.zeros(1, 4), torch.zeros(1, 4)


def _path(*places: tuple[float, float]) -> Tensor:
    return torch.tensor(places, dtype=torch.float32)[None]


def _zero(h):
    return torch.zeros_like(h[:, :2])


def _teacher_alone(answer) -> Tensor:
    """No correction: constant velocity from the last true pair of positions."""
    return answer(_remember, _zero, _path((0, 0), (1, 2), (4, 3), (4, 5)), _nothing(), 0)[0]


def _on_its_own(answer) -> Tensor:
    return answer(_remember, _zero, _path((0, 0), (1, 2)), _nothing(), 3)[0]


def _handed_over(answer) -> Tensor:
    """The correction is the position that went in, half of it."""
    return answer(
        _remember, lambda h: h[:, :2] / 2, _path((0, 0), (2, 0), (2, 4)), _nothing(), 2
    )[0]


def _state_used(answer) -> Tensor:
    """h counts the steps on from 10."""

    def count(x, state):
        return (state[0] + 1,)

    return answer(
        count, lambda h: h[:, :2], _path((0, 0), (0, 0), (0, 0)), (torch.full((1, 4), 10.0),), 1
    )[0]


_X = "torch.cat([now, moved], dim=1)"
_GO = "before, now = now, past[:, t] if t < n_past else ahead"
_AHEAD = "ahead = now + moved + read(state[0])"
_STEP = "state = step(torch.cat([now, moved], dim=1), state)"

# fmt: off
PREDICT_NEXT = Exercise(
    name="predict_next",
    number="7.6",
    minutes=12,
    difficulty="medium",
    contract=(
        "past (B, T, 2) holds the true positions p_0 to p_(T-1), T at least 2. For t = 1, 2, ... call step(x, state) once, with "
        "x = [p_t, p_t - p_(t-1)], (B, 4), and with the state of the step before; the first is `state`.",
        "The prediction for t + 1 is constant velocity and a correction: p_t + (p_t - p_(t-1)) + read(h), "
        "where h is the first tensor of the state that step has just returned.",
        "While there are true positions they go in (teacher forcing). After frame T - 1 the prediction takes the place of "
        "the position, for the displacement as well.",
        "Return the predictions for frames 2 to T - 1 + n_future: (B, T - 2 + n_future, 2).",
        "Gradients reach whatever the predictions depend on: past and state are not cut off.",
    ),
    reference=recurrence.predict_next,
    inputs=_inputs,
    sizes={"T": (5, 2, 4), "F": (2, 3, 1)},
    scales=(1.0, 0.3, 2.0),
    cases=(
        Case("constant velocity", _teacher_alone, torch.tensor([[2.0, 4.0], [7.0, 4.0]]),  # (1, 2) + (1, 2); (4, 3) + (3, 1)
             "With no correction the next place is as far again as the last step went, from the true position."),
        Case("on its own", _on_its_own, torch.tensor([[2.0, 4.0], [3.0, 6.0], [4.0, 8.0]]),
             "From (0, 0) and (1, 2) it goes on in steps of (1, 2)."),
        Case("handed over", _handed_over, torch.tensor([[5.0, 0.0], [3.0, 10.0], [5.5, 21.0]]),
             # (2,0)+(2,0)+(1,0); (2,4)+(0,4)+(1,2); then from (3,10): + (1,6) + (1.5,5)
             "At frame 3 the prediction (3, 10) goes in: with it the displacement is (1, 6)."),
        Case("the state goes on", _state_used, torch.tensor([[11.0, 11.0], [12.0, 12.0]]),
             # p stays 0 in the past: 0 + 0 + 11, 0 + 0 + 12
             "The step counts on from the state that came in: 11, 12. The state may have one tensor."),
    ),
    hints=(
        "One loop over t. Only where the next position comes from changes when the past is used up.",
        "Keep two positions, before and now. After the step: `ahead = now + (now - before) + read(state[0])`.",
        "`before, now = past[:, 0], past[:, 1]`; `for t in range(2, T + n_future):` step on `torch.cat([now, now - before], dim=1)`, "
        "predict, append; then `before, now = now, past[:, t] if t < T else ahead`.",
    ),
    mistakes=(
        Mistake("its own predictions from the start", {_GO: "before, now = now, ahead"},
                "The predictions go in although the true positions are there: errors add up inside the past as well."),
        Mistake("the correction alone", {_AHEAD: "ahead = now + read(state[0])"},
                "The velocity is missing: p_t + (p_t - p_(t-1)) + read(h)."),
        Mistake("the displacement alone", {_AHEAD: "ahead = moved + read(state[0])"},
                "These are displacements: add them to where the thing is."),
        Mistake("displacement backwards", {"moved = now - before": "moved = before - now"},
                "The displacement is the later position minus the earlier one."),
        Mistake("no correction", {_AHEAD: "ahead = now + moved"},
                "This is constant velocity: the network's correction is missing."),
        Mistake("displacement before position", {_X: "torch.cat([moved, now], dim=1)"},
                "x is the position and then the displacement."),
        Mistake("the last true position used again", {_GO: "before, now = now, past[:, min(t, n_past - 1)]"},
                "After the past the last true position goes in again and again: the prediction has to take its place."),
        Mistake("handed over a frame too early", {_GO: _GO.replace("t < n_past", "t < n_past - 1")},
                "The last true position never goes in: the predictions take over a frame too early."),
        Mistake("an old displacement", {"before, now = past[:, 0], past[:, 1]": "before, now = past[:, 0], past[:, 1]\n    last = now - before", "moved = now - before": "moved = now - before if len(predicted) < n_past - 1 else last"},
                "After the past the displacement stands still: it follows from the predictions, too."),
        Mistake("the state never carried on", {_STEP: _STEP.replace("state = step", "new = step"), "read(state[0])": "read(new[0])"},
                "Every step begins from the first state: nothing is remembered, and a wall is a surprise each time."),
        Mistake("h of the step before", {_STEP: "h = state[0]\n        " + _STEP, "read(state[0])": "read(h)"},
                "The correction is read from h before the step: what came in now is not in it yet."),
        Mistake("read from the memory", {"read(state[0])": "read(state[-1])"},
                "read takes h, the first tensor of the state; this is the last."),
        Mistake("the future alone", {"return torch.stack(predicted, dim=1)": "return torch.stack(predicted, dim=1)[:, n_past - 2:]"},
                "Only the future comes back: the predictions for frames 2 to T - 1 are asked for as well.", "axes"),
        Mistake("time first", {"torch.stack(predicted, dim=1)": "torch.stack(predicted, dim=0)"},
                "The result is (T - 2 + n_future, B, 2): the batch comes first.", "axes"),
        Mistake("one frame short", {"range(2, n_past + n_future)": "range(2, n_past + n_future - 1)"},
                "The last frame is missing: T - 2 + n_future predictions.", "axes"),
        Mistake("own predictions cut off", {_GO: _GO.replace("else ahead", "else ahead.detach()")},
                "The predictions that go in are detached: nothing learns from errors further on.", "gradients"),
        Mistake("the correction for the place", {_AHEAD: "ahead = read(state[0])"},
                "read(h) is taken for the place itself: it corrects p_t + (p_t - p_(t-1))."),
        Mistake("one frame too many", {"range(2, n_past + n_future)": "range(2, n_past + n_future + 1)"},
                "There is a prediction too many: T - 2 + n_future of them, for frames 2 to T - 1 + n_future.", "axes"),
        Mistake("the place before stands still", {_GO: "before, now = (now, past[:, t]) if t < n_past else (before, ahead)"},
                "After the past the earlier of the two places stands still, and the displacement grows: both have to move on."),
        Mistake("twice the velocity", {_AHEAD: "ahead = now + 2 * moved + read(state[0])"},
                "The displacement counts twice: constant velocity is p_t + (p_t - p_(t-1))."),
    ),
)
