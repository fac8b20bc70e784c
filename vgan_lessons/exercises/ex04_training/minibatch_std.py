"""4.7: what a discriminator can see of a whole group."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.models import minibatch


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


def _at_every_place(mean: str) -> dict[str, str]:
    """Edits that leave a deviation for each place, after this mean if any."""
    return {
        ".flatten(1).mean(dim=1)": mean,
        "(group_size).view(B, 1, *[1] * len(places))": "(group_size, dim=0)",
        ".expand(B, 1, *places)": "",
    }


# fmt: off
MINIBATCH_STD = Exercise(
    name="minibatch_std",
    number="4.7",
    minutes=10,
    importance="extra",
    difficulty="medium",
    contract=(
        "Neighbours in the batch form groups of `group_size`: the first `group_size` samples, the "
        "next, and so on; groups know nothing of each other.",
        "At every channel and place take the standard deviation over the group, dividing by "
        "`group_size`, then the mean over all channels and places: one number a group.",
        "Return the features with one more channel behind them, which holds that number at "
        "every place of every sample of the group. features is (B, C, H, W), or (B, C).",
        "A group of equal samples gives 0, up to 0.001, and a finite slope: add 1e-8 under the "
        "root. Gradient reaches the features through the new channel, too.",
    ),
    reference=minibatch.minibatch_std,
    inputs=_inputs,
    cases=(  # situation, what is seen, by hand, where to look
        Case("two groups of two", lambda answer: _channel(answer, _column(1.0, -1.0, 30.0, 50.0), 2),
             torch.tensor([1.0, 1.0, 10.0, 10.0]),
             "1 and -1 lie 1 from their mean, 30 and 50 lie 10 from theirs."),
        Case("two channels", lambda answer: _channel(answer, torch.tensor([[0.0, 0.0], [2.0, 6.0]]), 2),
             torch.tensor([2.0, 2.0]),  # mean of 1 and 3
             "The deviations are 1 in the first channel and 3 in the second: their mean is 2."),
        Case("pictures", _pictures,  # values 25 and 47 kept, deviation 12 everywhere; 0 + ... + 47, and 16 times 12
             torch.tensor([25.0, 47.0, 12.0, 12.0, 1128.0 + 192.0]),
             "The features come first and unchanged, then one channel of the same height and width.", "axes"),
        Case("equal samples", _equal_samples, "both to be true", holds=_holds, kind="gradients",
             nudge="The root of 0 has an infinite slope, which becomes NaN: 1e-8 belongs under the root."),
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
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("every k-th sample a group", {"-1, group_size": "group_size, -1", "var(dim=1": "var(dim=0", "repeat_interleave": "repeat"},
                "These groups take every k-th sample; here neighbours belong together."),
        Mistake("numbers dealt out in turn", {"repeat_interleave": "repeat"},
                "The groups are right, but `repeat` deals their numbers out in turn: use repeat_interleave.", "axes"),
        Mistake("whole batch as one group", {"-1, group_size": "1, B", "repeat_interleave(group_size)": "repeat_interleave(B)"},
                "group_size is ignored: the whole batch was taken for one group."),
        Mistake("divided by group_size - 1", {"correction=0": "correction=1"},
                "torch divides by group_size - 1 unless told otherwise: correction=0."),
        Mistake("variance instead of deviation", {".sqrt()": ""},
                "The root is missing: this is the variance."),
        Mistake("deviation within each sample",
                {"groups.var": "features.flatten(1).var", ".flatten(1).mean(dim=1)": "", ".repeat_interleave(group_size)": ""},
                "The deviation was taken over a sample's own features: compare over the group.", "axes"),
        Mistake("one deviation over everything", {"groups.var": "groups.flatten(1).var", ".flatten(1).mean(dim=1)": ""},
                "Channels and places differ from each other even in equal samples: deviation over the group first, at each place, "
                "then the mean."),
        Mistake("root after the mean", {"variance +": "variance.flatten(1).mean(dim=1) +", ".flatten(1).mean(dim=1)": ""},
                "The mean was taken of the variances, then the root: first the root at each place."),
        Mistake("no constant under the root", {"(variance + 1e-8).sqrt()": "(variance.sqrt() + 1e-8)"},
                "The slope of a root at 0 is infinite, so equal samples give NaN gradients: 1e-8 belongs under the root.",
                "gradients"),
        Mistake("a channel for each channel", _at_every_place(""),
                "The number of channels doubled: average over the channels, too.", "axes"),
        Mistake("a map, not a number", _at_every_place(".mean(dim=1, keepdim=True)"),
                "The new channel differs from place to place: average over the places, too.", "axes"),
        Mistake("flattened", {"features, channel.expand(B, 1, *places)": "features.flatten(1), channel.flatten(1)"},
                "Height and width are gone: the number is spread over a channel of the same places.", "axes"),
        Mistake("channel in front", {"features, channel.expand(B, 1, *places)": "channel.expand(B, 1, *places), features"},
                "The new channel comes behind the features, not before them.", "axes"),
        Mistake("deviation detached", {"features.unflatten": "features.detach().unflatten"},
                "The channel is cut off from the graph, so G never hears that its samples are alike.", "gradients"),
    ),
    sizes={"B": (6, 4, 8)},
)
