"""4.5: what a discriminator can see of a whole group."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise
from vgan_lessons.exercises.ex04_training.minibatch_slips import MISTAKES
from vgan_lessons.models import minibatch

EPS = 1e-8


def _channel(answer, features: Tensor, group_size: int) -> Tensor:
    """The channel that was added, one number a sample if it is the same at all places."""
    added = answer(features, group_size)[:, features.shape[1] :]
    return added.flatten(1)[:, 0]


def _column(*values: float) -> Tensor:
    return torch.tensor(values)[:, None]


def _pictures(answer) -> Tensor:
    features = torch.arange(2 * 3 * 2 * 4).view(2, 3, 2, 4).float()  # value = b * 24 + ...
    seen = answer(features, 2)
    return torch.stack([seen[1, 0, 0, 1], seen[1, 2, 1, 3], *seen[0, 3, 1, 2:], seen.sum()])


def _equal_samples(answer) -> dict:
    features = torch.ones(3, 2, requires_grad=True)
    seen = answer(features, 3)[:, 2]
    (slope,) = torch.autograd.grad(seen.sum(), features)
    return {"below 0.001": bool((seen < 1e-3).all()), "slope is finite": slope.isfinite().all()}


def _holds(seen) -> bool:
    return bool(seen["below 0.001"]) and bool(seen["slope is finite"])


def _inputs(draw: Draw) -> dict:
    features = draw.normal("B C H W")
    return {"features": features, "group_size": len(features) // 2}


def _grouped(features, group_size):
    spread = [
        (group.var(0, unbiased=False) + EPS).sqrt().mean()
        for group in features.split(group_size)
    ]
    channel = torch.stack(spread).repeat_interleave(group_size)
    shape = (len(features), 1, *features.shape[2:])
    return torch.cat(
        [features, channel.reshape(-1, *[1] * (features.ndim - 1)).expand(shape)], 1
    )


def _from_the_squares(features, group_size):
    groups = features.reshape(-1, group_size, *features.shape[1:])
    apart = groups - groups.mean(1, keepdim=True)
    spread = (apart.pow(2).mean(1, keepdim=True) + EPS).sqrt()
    spread = spread.flatten(1).mean(1).view(-1, 1, *[1] * (features.ndim - 1))
    channel = spread.expand(-1, group_size, *[1] * (features.ndim - 1)).flatten(0, 1)
    channel = channel + torch.zeros_like(features[:, :1])
    return torch.cat([features, channel], dim=1)


def _with_the_mean_beside_it(features, group_size):
    found = []
    for start in range(0, len(features), group_size):
        group = features[start : start + group_size]
        variance, _ = torch.var_mean(group, dim=0, correction=0)
        value = torch.sqrt(variance + EPS).mean()
        found.append(torch.cat([group, value.expand_as(group[:, :1])], dim=1))
    return torch.cat(found)


MINIBATCH_STD = Exercise(
    name="minibatch_std",
    number="4.5",
    minutes=10,
    difficulty="medium",
    contract=(
        "Neighbours in the batch form groups of group_size: the first group_size samples, the "
        "next, and so on; groups know nothing of each other.",
        "At every channel and place take the standard deviation over the group, dividing by "
        "group_size, then the mean over all channels and places: one number a group.",
        "Return the features with one more channel behind them, which holds that number at "
        "every place of every sample of the group. features is (B, C, H, W), or (B, C).",
        "A group of equal samples gives 0, up to 0.001, and a finite slope: add 1e-8 under the "
        "root.",
    ),
    reference=minibatch.minibatch_std,
    inputs=_inputs,
    cases=(
        Case(
            name="two groups of two",
            run=lambda answer: _channel(answer, _column(1.0, -1.0, 30.0, 50.0), 2),
            expect=torch.tensor([1.0, 1.0, 10.0, 10.0]),
            nudge="1 and -1 lie 1 from their mean, 30 and 50 lie 10 from theirs.",
        ),
        Case(
            name="two channels",
            run=lambda answer: _channel(answer, torch.tensor([[0.0, 0.0], [2.0, 6.0]]), 2),
            expect=torch.tensor([2.0, 2.0]),  # mean of 1 and 3
            nudge="The deviations are 1 in the first channel and 3 in the second: their "
            "mean is 2.",
        ),
        Case(
            name="pictures",
            run=_pictures,
            # values 25 and 47 kept, deviation 12 everywhere; 0 + ... + 47, and 16 times 12
            expect=torch.tensor([25.0, 47.0, 12.0, 12.0, 1128.0 + 192.0]),
            nudge="The features come first and unchanged, then one channel of the same height "
            "and width.",
            kind="axes",
        ),
        Case(
            name="equal samples",
            run=_equal_samples,
            holds=_holds,
            nudge="The root of 0 has an infinite slope, which becomes NaN: 1e-8 belongs under "
            "the root.",
            kind="gradients",
        ),
    ),
    hints=(
        "A real batch varies, a collapsed one does not. Which axis has to be compared, and "
        "within which groups?",
        "`features.unflatten(0, (-1, group_size))` is (groups, group_size, C, ...): the "
        "deviation runs over axis 1, the mean over all axes behind it.",
        "`(groups.var(dim=1, correction=0) + 1e-8).sqrt().flatten(1).mean(dim=1)` is one "
        "number a group; `repeat_interleave`, `view`, `expand` and `torch.cat` bring it to "
        "its place.",
    ),
    mistakes=MISTAKES,
    alternatives={
        "group by group": _grouped,
        "from the squares": _from_the_squares,
        "var_mean": _with_the_mean_beside_it,
    },
    sizes={"B": (6, 4, 8)},
)
