"""4.4: a moving average of weights."""

import torch
from torch import nn

from vgan_lessons import training
from vgan_lessons.checking import Case, Draw, Exercise
from vgan_lessons.exercises.ex04_training.ema_slips import MISTAKES


class _Counted(nn.Module):
    """Two weights and what a batch norm keeps beside them: a mean and a count of batches."""

    def __init__(self, weight, shift, mean, count) -> None:
        super().__init__()
        self.weight, self.shift = nn.Parameter(weight), nn.Parameter(shift)
        self.register_buffer("mean", mean)
        self.register_buffer("count", count)


def _number(weight: float, mean: float = 0.0, count: int = 0) -> _Counted:
    parts = (torch.tensor([value]) for value in (weight, 0.0, mean))
    return _Counted(*parts, torch.tensor(count))


def _network(draw: Draw) -> _Counted:
    return _Counted(
        draw.normal("M K"), draw.normal("M"), draw.normal("K"), draw.integers("", 3, 90)
    )


def _inputs(draw: Draw) -> dict:
    average, model = _network(draw), _network(draw)
    for part in average.parameters():
        part.requires_grad_(False)  # as the average of a training is
    return {"average": average, "model": model, "decay": draw.number(0.6, 0.95)}


def _after(answer, steps: int, decay: float, start: float = 2.0, goal: float = 1.0) -> dict:
    average, model = _number(start), _number(goal)
    for _ in range(steps):
        answer(average, model, decay)
    return {"average": average.weight, "model": model.weight}


def _buffers(answer) -> dict:
    average, model = _number(2.0, mean=4.0, count=1), _number(1.0, mean=8.0, count=7)
    answer(average, model, 0.5)
    return {"mean": average.mean, "count": average.count}


def _independence(answer) -> dict:
    """Whether the model's next step moves the average, and whether gradients are kept."""
    average, model = _number(2.0, mean=4.0), _number(1.0, mean=8.0)
    weight = average.weight
    answer(average, model, 0.0)
    with torch.no_grad():
        model.weight += 10
        model.mean += 10
    return {
        "weight": average.weight,
        "mean": average.mean,
        "same parameter": average.weight is weight,
        "graph": average.weight.grad_fn is not None,
    }


@torch.no_grad()
def _from_the_state(average, model, decay):
    kept, current = average.state_dict(), model.state_dict()
    weights = dict(model.named_parameters())
    for name, value in kept.items():
        value.copy_(
            torch.lerp(current[name], value, decay) if name in weights else current[name]
        )


def _by_data(average, model, decay):
    for old, new in zip(average.parameters(), model.parameters(), strict=True):
        old.data = decay * old.data + (1 - decay) * new.data
    for old, new in zip(average.buffers(), model.buffers(), strict=True):
        old.data = new.data.clone()


def _in_place(average, model, decay):
    with torch.no_grad():
        for old, new in zip(average.parameters(), model.parameters(), strict=True):
            old.mul_(decay).add_(new, alpha=1 - decay)
        for old, new in zip(average.buffers(), model.buffers(), strict=True):
            old[...] = new


EMA_UPDATE = Exercise(
    name="ema_update",
    number="4.4",
    minutes=8,
    contract=(
        "Change average in place: each weight becomes decay times itself plus (1 - decay) "
        "times the model's weight of the same place.",
        "Buffers (running means, counters) are copied from the model as they are.",
        "The average keeps its parameters, shares no memory with the model and keeps no graph; "
        "the model does not change.",
    ),
    reference=training.ema_update,
    inputs=_inputs,
    cases=(
        Case(
            name="one step",
            run=lambda answer: _after(answer, 1, decay=0.75, start=2.0, goal=6.0),
            expect={"average": torch.tensor([3.0]), "model": torch.tensor([6.0])},
            nudge="0.75 of the old average, 2, and 0.25 of the model, 6; the model stays.",
        ),
        Case(
            name="a hundred steps towards a constant",
            run=lambda answer: _after(answer, 100, decay=0.999)["average"] - 1,
            expect=torch.tensor([0.904792]),  # 0.999 ** 100
            nudge="The error starts at 1 and shrinks to decay of itself at each step.",
        ),
        Case(
            name="buffers",
            run=_buffers,
            expect={"mean": torch.tensor([8.0]), "count": 7},
            nudge="A running mean of 4 becomes the model's 8, a count of 1 the model's 7.",
        ),
        Case(
            name="the model moves on",
            run=_independence,
            expect={
                "weight": torch.tensor([1.0]),
                "mean": torch.tensor([8.0]),
                "same parameter": True,
                "graph": False,
            },
            nudge="At decay 0 the average equals the model; what the model does afterwards, "
            "and its gradients, are no matter of the average.",
            kind="side effects",
        ),
    ),
    hints=(
        "How much of the old average survives a step, and how much of the model comes in? The "
        "two shares add to 1.",
        "Go through the parameters of both side by side, then through the buffers; without a "
        "graph, and into the tensors that are already there.",
        "Under `torch.no_grad()`: `old.lerp_(new, 1 - decay)` for each pair of parameters, "
        "`old.copy_(new)` for each pair of buffers.",
    ),
    mistakes=MISTAKES,
    alternatives={
        "through the state dict": _from_the_state,
        "by .data": _by_data,
        "mul_ and add_": _in_place,
    },
)
