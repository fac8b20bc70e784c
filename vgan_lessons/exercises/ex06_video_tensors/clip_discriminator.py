"""6.5: from a clip to a logit, judged by what the network does with its frames."""

from collections.abc import Callable, Mapping
from functools import cache, partial

import torch
from torch import Tensor, nn

from vgan_lessons.article.probing import is_affine, reweighed
from vgan_lessons.checking import Case, Exercise, Mistake, edited
from vgan_lessons.checking.architecture import (
    every_frame_counts,
    frames_are_compared,
    gradient_arrives,
    option_has_effect,
    order_matters,
)
from vgan_lessons.checking.steadiness import (
    axes_are_turned,
    modes_agree,
    samples_stay_apart,
    state_travels,
)
from vgan_lessons.exercises.score_ends import told_of_ends, what_it_can_say
from vgan_lessons.models import clips, trunk

_SIZES = {"n_frames": 5, "image_size": 16, "channels": 3, "base_channels": 4}
_OTHERS = (  # sizes, and how many clips
    (_SIZES, 3),
    ({"n_frames": 2, "image_size": 8, "channels": 1, "base_channels": 3}, 1),
    ({"n_frames": 7, "image_size": 32, "channels": 2, "base_channels": 2}, 2),
)
_FULL = {"n_frames": 16, "image_size": 32, "channels": 3, "base_channels": 24}
_MOST = 150_000  # parameters at full size
_KEPT = "super().__init__()"  # an edit that changes nothing


def _clips(n: int = 6, n_frames: int = 5, channels: int = 3, image_size: int = 16) -> Tensor:
    rng = torch.Generator().manual_seed(n)
    return torch.rand(n, n_frames, channels, image_size, image_size, generator=rng) * 2 - 1


def _inputs() -> tuple[Tensor]:
    return (_clips(),)


def _built(answer) -> nn.Module:
    return answer(**_SIZES)


def _shapes(answer) -> list[tuple[int, ...]]:
    scored = [
        answer(**sizes)(_clips(n, sizes["n_frames"], sizes["channels"], sizes["image_size"]))
        for sizes, n in _OTHERS
    ]
    scored.append(answer()(_clips(1, 6, 3, 32)))
    return [tuple(logits.shape) for logits in scored]


def _what_it_can_say(answer) -> dict[str, bool]:
    return what_it_can_say(partial(_built, answer), *_inputs())


def _is_one_map(answer) -> bool:
    return is_affine(reweighed(_built(answer)), _clips().double())


def _keeps_to_the_budget(answer) -> bool:
    return sum(weight.numel() for weight in answer(**_FULL).parameters()) <= _MOST


def _spoiled(
    edits: Mapping[str, str], layers: Mapping[str, str] | None = None
) -> Callable[..., nn.Module]:
    """The reference with edits, and with edits of the trunk that it stands on."""
    edits = edits or {_KEPT: _KEPT}

    @cache
    def made() -> Callable[..., nn.Module]:  # not before it is wanted
        spoiled = edited(clips.ClipDiscriminator, edits)
        if layers:
            space = spoiled.__init__.__globals__  # the cell's own names
            space["DiscriminatorTrunk"] = edited(trunk.DiscriminatorTrunk, layers)
        return spoiled

    def build(**sizes: int) -> nn.Module:
        return made()(**sizes)

    return build


class _FrameByFrame(nn.Module):
    """A score for each frame, joined in one of several ways that cannot see motion."""

    def __init__(self, n_frames: int, channels: int, base_channels: int, image_size: int):
        super().__init__()
        self.trunk = trunk.DiscriminatorTrunk(channels, base_channels, image_size)
        self.weights = nn.Parameter(torch.linspace(0.5, 1.5, n_frames))

    def forward(self, videos: Tensor) -> Tensor:
        scores = [self.trunk(frame) for frame in videos.unbind(1)]
        return torch.stack(scores, dim=1)


def _each_frame(join: Callable[[Tensor, Tensor], Tensor]) -> Callable[..., nn.Module]:
    class Made(_FrameByFrame):
        def forward(self, videos: Tensor) -> Tensor:
            return join(super().forward(videos), self.weights)

    def build(
        *, n_frames: int = 6, image_size: int = 32, channels: int = 3, base_channels: int = 48
    ):
        return Made(n_frames, channels, base_channels, image_size)

    return build


# what the mistakes exchange in the class and in the trunk
_CLIPS = "stack_frames_as_channels(clips)"
_RETURN = "return self.trunk(layout.stack_frames_as_channels(clips))"
_BUILT = "DiscriminatorTrunk(n_frames * channels, base_channels, image_size)"
_LOGIT = "self.score(features).squeeze(1)"
_FIRST = "layers: list[nn.Module] = []"
_SCORE = "self.score = nn.Linear(in_channels * 16, 1)"
_LEAKY = "layers += [nn.LeakyReLU(_LEAK)]"

_STUB = '''class my_ClipDiscriminator(nn.Module):
    """Score clips: do these frames, in this order, look like a real film?"""

    def __init__(self, *, n_frames=6, image_size=32, channels=3, base_channels=48):
        super().__init__()
        ...  # your code

    def forward(self, clips):
        """Score each clip by itself."""
        ...  # your code
'''  # without the options that later lessons add

# fmt: off
CLIP_DISCRIMINATOR = Exercise(
    name="ClipDiscriminator",
    number="6.5",
    minutes=15,
    difficulty="medium",
    contract=(
        "A class, built by keyword with `n_frames`, `image_size`, channels and `base_channels`. The check builds it for several "
        "sizes: `n_frames` is 2 or more, odd or even; `image_size` is 8, 16, 32 or another power of two. Without arguments: 6, 32, 3 and 48, as in the stub.",
        "Called with clips `(B, n_frames, channels, image_size, image_size)` it returns one logit for each, (B,): any real number, without a sigmoid.",
        "Every pixel of every frame reaches the logit, and a gradient from the logits reaches each of them and every parameter.",
        "The order of the frames matters: exchange two neighbouring frames and the logit changes.",
        "Frames are compared: what a frame adds to the logit depends on the other frames. One affine map does not do that, nor does any sum in which a frame has a term of its own.",
        "Where axes change places, they are turned (`permute`, `transpose`, einops): a `view` or `reshape` that exchanges two sizes mixes frames and colours.",
        "The same clips give the same logits at every call, in train() and in eval().",
        "A logit depends on its own clip alone: the other clips of the batch do not change it.",
        "All it learns is in its state dict: a second network that loads it gives the same logits.",
        "A larger `base_channels` makes it larger. With 16 frames, 32x32 pixels, 3 channels and `base_channels`=24 it has at most 150,000 parameters.",
    ),
    reference=clips.ClipDiscriminator,
    stub=_STUB,
    cases=(
        Case("one logit a clip, sizes by argument", _shapes, ((3,), (1,), (2,), (1,)),
             "Three sets of sizes are tried, and none at all; the logits of B clips are (B,).", "axes"),
        axes_are_turned(_built, _inputs),
        modes_agree(_built, _inputs),
        samples_stay_apart(_built, _inputs, "clip"),
        every_frame_counts(_built, _inputs),
        order_matters(_built, _inputs),
        Case("one affine map", _is_one_map, False, "Layers without an activation between them are one layer.", "architecture",
             tells=lambda _: ("one affine map", "f(x) + f(-x) = 2 f(0) for every x tried, as of one affine map: is there an activation between the layers?")),
        frames_are_compared(_built, _inputs),
        gradient_arrives(_built, _inputs),
        Case("any real number", _what_it_can_say, {"below 0": True, "above 1": True},
             "With large weights the scores must leave [0, 1] on both sides: look at the last layer.", "architecture", tells=told_of_ends),
        state_travels(_built, _inputs),
        option_has_effect(_built, lambda answer: answer(**_SIZES | {"base_channels": 8}), "base_channels"),
        Case("at most 150,000 parameters", _keeps_to_the_budget, True,
             "At 16 frames of 32x32 and base_channels=24: count them layer by layer. A wide dense layer is dear, and so is a full 3-D kernel.", "architecture"),
    ),
    hints=(
        "One layer at least has to see several frames at once. Either the frames of a clip are the channels of one "
        "picture, or a convolution runs over the axis of time as well.",
        "Frames as channels: `clips.flatten(1, 2)` is (B, T * C, H, W), and lesson 05's discriminator does the rest. Over time: "
        "`nn.Conv3d` wants volumes (B, C, T, H, W); (1, 3, 3) sees space, (3, 1, 1) time.",
        "In `__init__`: `self.D = FrameDiscriminator(channels=n_frames * channels, image_size=image_size, "
        "base_channels=base_channels)`, or your own stack. In `forward`: `return self.D(clips.flatten(1, 2))`.",
    ),
    mistakes=(
        Mistake("volumes by view", _spoiled({_CLIPS: "stack_frames_as_channels(clips.reshape(clips.shape[0], clips.shape[2], clips.shape[1], *clips.shape[3:]).transpose(1, 2))"}),
                "A view or reshape makes (B, C, T, H, W) of (B, T, C, H, W): the sizes fit, and colours and frames are mixed. Turn the axes by permute.", "axes"),
        Mistake("a column of scores", _spoiled({}, {".squeeze(1)": ""}),
                "The scores are (B, 1), and a loss may spread them over (B, B): flatten them to (B,).", "axes"),
        Mistake("a score for each frame", _each_frame(lambda scores, weights: scores * weights),
                "There are T scores a clip: one logit has to come from all of its frames together.", "axes"),
        Mistake("one score for the batch", _spoiled({}, {".squeeze(1)": ".mean()"}),
                "The scores of the batch are averaged to one number: return one for each clip.", "axes"),
        Mistake("always three colours", _spoiled({"n_frames * channels": "n_frames * 3"}),
                "The first layer reads three colours whatever `channels` says.", "axes"),
        Mistake("always six frames", _spoiled({"n_frames * channels": "6 * channels"}),
                "The first layer is built for six frames whatever `n_frames` says.", "axes"),
        Mistake("the first frame only", _spoiled({_CLIPS: "stack_frames_as_channels(clips[:, :1].expand_as(clips))"}),
                "Only the first frame is looked at: a frozen film and a moving one are the same to this network.", "architecture"),
        Mistake("a time kernel too short", _spoiled({_CLIPS: "stack_frames_as_channels(clips * (torch.arange(len(clips[0])) < len(clips[0]) // 2 + 1)[:, None, None, None])"}),
                "The receptive field in time ends before the clip does: the last frames never reach the logit.", "architecture"),
        Mistake("every second frame", _spoiled({_CLIPS: "stack_frames_as_channels(clips * (torch.arange(len(clips[0])) % 2 == 0)[:, None, None, None])"}),
                "Every second frame is jumped over: a stride in time wider than its kernel hides frames.", "architecture"),
        Mistake("order forgotten", _spoiled({_CLIPS: "stack_frames_as_channels(clips.mean(1, keepdim=True).expand_as(clips))"}),
                "Every frame counts, and it is all one in which order they come: a mean, a sum or a sort over the frames forgets it.", "architecture"),
        Mistake("frame by frame, averaged", _each_frame(lambda scores, weights: scores.mean(1) + weights.mean()),
                "Each frame is scored alone and the scores are averaged: that is a frame discriminator, blind to motion.", "architecture"),
        Mistake("frame by frame, weighted", _each_frame(lambda scores, weights: scores @ weights),
                "Each frame is scored alone and the scores are weighted by their place: the order counts, but no frame is ever compared with another.", "architecture"),
        Mistake("no activation", _spoiled({}, {_LEAKY: "pass"}),
                "Without activations all layers are one affine map, and an affine map is a sum of terms with one frame each: it compares nothing.", "architecture"),
        Mistake("pixels that are jumped over", _spoiled({}, {"nn.Conv2d(in_channels, channels, 4, stride=2, padding=1)": "nn.Conv2d(in_channels, channels, (1, 2), stride=2)"}),
                "A kernel narrower than its stride jumps over pixels: G can put there what it likes.", "architecture"),
        Mistake("a layer that is never called", _spoiled({}, {_SCORE: _SCORE + "\n        self.spare = nn.Linear(2, 2)"}),
                "A layer is built and never used: its parameters get no gradient.", "architecture"),
        Mistake("a sigmoid at the end", _spoiled({_RETURN: _RETURN + ".sigmoid()"}),
                "These are probabilities, and the losses take a sigmoid of them again: return logits.", "architecture"),
        Mistake("dropout inside", _spoiled({}, {"nn.LeakyReLU(_LEAK)": "nn.LeakyReLU(_LEAK), nn.Dropout2d(0.3)"}),
                "Dropout draws at every call in train(): one clip has many scores, and the penalty a random slope.", "architecture"),
        Mistake("batch norm", _spoiled({}, {_LEAKY: "layers += [nn.BatchNorm2d(channels), nn.LeakyReLU(_LEAK)]"}),
                "Batch norm scores a clip by the company it is in, and in eval() otherwise than in train().", "architecture"),
        Mistake("scores relative to the batch", _spoiled({}, {_LOGIT: f"self.score(features - features.mean(0) / 2).squeeze(1) + 0 * {_LOGIT}"}),
                "Every sample of the batch goes into every logit, as a mean over axis 0 does: compare reals with fakes in the loss, not in D.", "architecture"),
        Mistake("a weight that is no parameter", _spoiled({}, {_SCORE: _SCORE + "\n        self.tint = torch.rand(1, n_planes, 1, 1) + 0.5",
                                                                _FIRST: _FIRST + "\n        n_planes = in_channels", "pictures.contiguous(memory_format=torch.channels_last)": "(pictures * self.tint)"}),
                "A random tensor is kept as a plain attribute: it is in no state dict, so a saved network is not the same again.", "architecture"),
        Mistake("base_channels ignored", _spoiled({_BUILT: "DiscriminatorTrunk(n_frames * channels, 4, image_size)"}),
                "The network has one size whatever `base_channels` says.", "architecture"),
        Mistake("too wide", _spoiled({_BUILT: "DiscriminatorTrunk(n_frames * channels, 2 * base_channels, image_size)"}),
                "It is over its budget of parameters: channels count squared, so a half of them is a quarter of the weights.", "architecture"),
        Mistake("squeezed too far", _spoiled({}, {".squeeze(1)": ".squeeze()"}),
                "A bare squeeze also takes the batch away when it is one clip: name the axis, squeeze(1).", "axes"),
    ),
)
