"""4.3: a moving average of weights."""

import torch
from torch import Tensor, nn

from vgan_lessons import training
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


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


def _network(draw: Draw) -> nn.Module:
    """A network with another one inside, as networks are built."""
    outer, inner = (
        _Counted(
            draw.normal("M K"), draw.normal("M"), draw.normal("K"), draw.integers("", 3, 90)
        )
        for _ in range(2)
    )
    outer.inner = inner
    return outer


def _inputs(draw: Draw) -> dict:
    average, model = _network(draw), _network(draw)
    average.requires_grad_(False)  # as the average of a training is
    average.shift.requires_grad_(True)  # and one weight that is not
    model.inner.weight.requires_grad_(False)  # averaged all the same
    return {"average": average, "model": model, "decay": draw.number(0.6, 0.95)}


def _after(answer, steps: int, decay: float, start: float = 2.0, goal: float = 1.0) -> dict:
    average, model = _number(start), _number(goal)
    for _ in range(steps):
        answer(average, model, decay)
    return {"average": average.weight, "model": model.weight}


def _further_in(answer) -> Tensor:
    """The weight of a network that sits inside of another."""
    average, model = (nn.Sequential(nn.Sequential(_number(w))) for w in (2.0, 6.0))
    answer(average, model, 0.75)
    return average[0][0].weight


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


# What the mistakes exchange in the reference.
_LERP = "torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - decay)"


def _replaced_by(weight: str) -> str:
    """Code that takes each weight out of the average and puts this one in its place."""
    return (
        "for path, new in model.named_parameters():\n"
        "        home, _, name = path.rpartition('.')\n"
        "        home = average.get_submodule(home)\n"
        "        old = getattr(home, name)\n"
        "        delattr(home, name)\n"
        f"        setattr(home, name, {weight})"
    )


# fmt: off
EMA_UPDATE = Exercise(
    name="ema_update",
    number="4.3",
    minutes=6,
    contract=(
        "Change average in place: each weight becomes decay times itself plus (1 - decay) "
        "times the model's weight of the same place, however deep in the network it sits.",
        "Buffers (running means, counters) are copied from the model as they are.",
        "The average keeps its parameters, shares no memory with the model and keeps no graph; "
        "the model does not change.",
    ),
    reference=training.ema_update,
    inputs=_inputs,
    cases=(  # situation, what is seen, by hand, where to look
        Case("one step", lambda answer: _after(answer, 1, decay=0.75, start=2.0, goal=6.0),
             {"average": torch.tensor([3.0]), "model": torch.tensor([6.0])},
             "0.75 of the old average, 2, and 0.25 of the model, 6; the model stays."),
        Case("a hundred steps towards a constant", lambda answer: _after(answer, 100, decay=0.999)["average"] - 1,
             torch.tensor([0.904792]),  # 0.999 ** 100
             "The error starts at 1 and shrinks to decay of itself at each step."),
        Case("a network inside a network", _further_in, torch.tensor([3.0]),
             "The weights of layers inside of layers are weights, too: parameters() finds all of them."),
        Case("buffers", _buffers, {"mean": torch.tensor([8.0]), "count": 7},
             "A running mean of 4 becomes the model's 8, a count of 1 the model's 7."),
        Case("the model moves on", _independence,
             {"weight": torch.tensor([1.0]), "mean": torch.tensor([8.0]), "same parameter": True, "graph": False},
             "At decay 0 the average equals the model; what the model does afterwards, and its gradients, are no matter "
             "of the average.", "side effects"),
    ),
    hints=(
        "How much of the old average survives a step, and how much of the model comes in? The "
        "two shares add to 1.",
        "Go through the parameters of both side by side, then through the buffers; without a "
        "graph, and into the tensors that are already there.",
        "Under `torch.no_grad()`: `old.lerp_(new, 1 - decay)` for each pair of parameters, "
        "`old.copy_(new)` for each pair of buffers.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("decay and 1 - decay swapped", {"1 - decay": "decay"},
                "The shares are swapped: at 0.999 the average would be the model, one step late."),
        Mistake("shares that do not add to 1",
                {_LERP: "for old, new in zip(average.parameters(), model.parameters()): old.mul_(decay).add_(new)"},
                "All of the model is added to a part of the average: the weights grow and grow."),
        Mistake("plain mean", {"1 - decay": "0.5"},
                "Old and new count half each, whatever decay says."),
        Mistake("inner networks left out", {_LERP: _LERP.replace("parameters()", "parameters(recurse=False)")},
                "parameters(recurse=False) finds the outermost weights alone, and a network keeps most of its weights further in."),
        Mistake("model copied", {"1 - decay": "1.0"},
                "The average is the model itself: nothing of the past is kept."),
        Mistake("rounded decay", {"1 - decay": "1 - round(decay, 2)"},
                "decay has lost its digits: 0.999 and 1 are a half-life of 693 steps and for ever."),
        Mistake("buffers averaged", {"kept.copy_(current)": "kept.copy_(decay * kept + (1 - decay) * current)"},
                "Buffers are blended like weights; a running mean is an average already, and a count of batches is no number "
                "to blend. Copy them."),
        Mistake("buffers ignored", {"kept.copy_(current)": "pass"},
                "Only parameters are followed: the batch norms of the average keep the statistics of an untrained network."),
        Mistake("the model moved", {_LERP: "torch._foreach_lerp_(list(model.parameters()), list(average.parameters()), decay)"},
                "It is the model that was moved towards the average, in the middle of its training."),
        Mistake("both moved", {_LERP: f"{_LERP}; torch._foreach_copy_(list(model.parameters()), list(average.parameters()))"},
                "The result was written into the model as well: that is a smaller step size, not an average."),
        Mistake("graph kept", {"@torch.no_grad()": "", _LERP: _replaced_by("decay * old + (1 - decay) * new")},
                "The average hangs on the model's graph and grows with each step: work under no_grad.", "gradients"),
        Mistake("new parameters", {_LERP: _replaced_by("nn.Parameter(decay * old + (1 - decay) * new)")},
                "The parameters were replaced instead of changed: whoever holds the old ones, an optimiser for example, "
                "no longer sees the average.", "side effects"),
        Mistake("buffers shared with the model",
                {"for kept, current in zip(average.buffers(), model.buffers(), strict=True)": "for path, current in model.named_buffers()",
                 "kept.copy_(current)":
                     "home, _, name = path.rpartition('.'); setattr(average.get_submodule(home), name, current)"},
                "The average now holds the model's own buffers, so they change with the model: copy the values.", "side effects"),
    ),
)
