"""5.2: from a frame to a logit, judged by what the network does."""

from collections.abc import Callable, Mapping
from functools import cache, partial

import torch
from torch import Tensor, nn

from vgan_lessons.article.probing import is_affine, reweighed
from vgan_lessons.checking import Case, Exercise, Mistake, edited
from vgan_lessons.checking.architecture import gradient_arrives, option_has_effect
from vgan_lessons.checking.steadiness import modes_agree, samples_stay_apart, state_travels
from vgan_lessons.exercises.score_ends import told_of_ends, what_it_can_say
from vgan_lessons.models import frames, trunk

_SIZES = {"image_size": 16, "channels": 3, "base_channels": 4}
_OTHERS = (  # sizes, and how many frames
    (_SIZES, 3),
    ({"image_size": 8, "channels": 1, "base_channels": 3}, 1),
    ({"image_size": 32, "channels": 2, "base_channels": 2}, 2),
)


def _frames(n: int = 6, channels: int = 3, image_size: int = 16) -> Tensor:
    rng = torch.Generator().manual_seed(n)
    return torch.rand(n, channels, image_size, image_size, generator=rng) * 2 - 1


def _inputs() -> tuple[Tensor]:
    return (_frames(),)


def _built(answer) -> nn.Module:
    return answer(**_SIZES)


def _shapes(answer) -> list[tuple[int, ...]]:
    scored = [
        answer(**sizes)(_frames(n, sizes["channels"], sizes["image_size"]))
        for sizes, n in _OTHERS
    ]
    scored.append(answer()(_frames(1, 3, 32)))
    return [tuple(logits.shape) for logits in scored]


def _what_it_can_say(answer) -> dict[str, bool]:
    return what_it_can_say(partial(_built, answer), *_inputs())


def _is_one_map(answer) -> bool:
    return is_affine(reweighed(_built(answer)), _frames().double())


def _trunk(edits: Mapping[str, str]) -> Callable[..., nn.Module]:
    """A discriminator whose layers, those of the trunk, are edited."""
    made = cache(lambda: edited(trunk.DiscriminatorTrunk, edits))  # not before it is wanted

    def build(*, image_size: int = 32, channels: int = 3, base_channels: int = 24) -> nn.Module:
        return made()(channels, base_channels, image_size)

    return build


# what the mistakes exchange in the trunk
_LAYER = "nn.Conv2d(in_channels, channels, 4, stride=2, padding=1)"
_GIVEN = "pictures.contiguous(memory_format=torch.channels_last)"
_LOGIT = "self.score(features).squeeze(1)"
_FIRST = "layers: list[nn.Module] = []"
_SCORE = "self.score = nn.Linear(in_channels * 16, 1)"

_STUB = '''class my_FrameDiscriminator(nn.Module):
    """Score single frames: does this look like a frame of a real video?"""

    def __init__(self, *, image_size=32, channels=3, base_channels=24):
        super().__init__()
        ...  # your code

    def forward(self, frames):
        """Score each frame by itself."""
        ...  # your code
'''  # without the options that later lessons add

# fmt: off
FRAME_DISCRIMINATOR = Exercise(
    name="FrameDiscriminator",
    number="5.2",
    minutes=8,
    difficulty="medium",
    contract=(
        "A class, built by keyword with `image_size`, channels and `base_channels`. The check builds "
        "it for several sizes; `image_size` is 8, 16, 32 or another power of two. Without arguments: 32, 3 and 24, as in the stub.",
        "Called with frames `(B, channels, image_size, image_size)` it returns one logit for each, (B,).",
        "Logits are any real numbers: the sigmoid is in the losses.",
        "Every pixel reaches the logit, and a gradient from the logits reaches every pixel and every parameter.",
        "It is not one affine map.",
        "The same frames give the same logits at every call, in train() and in eval().",
        "A logit depends on its own frame alone: the other frames of the batch do not change it.",
        "All it learns is in its state dict: a second network that loads it gives the same logits.",
        "A larger `base_channels` makes it larger.",
    ),
    reference=frames.FrameDiscriminator,
    stub=_STUB,
    cases=(
        Case("one logit a frame, sizes by argument", _shapes, ((3,), (1,), (2,), (1,)),
             "Three sets of sizes are tried, and none at all; the scores of B frames are (B,), not (B, 1).", "axes"),
        gradient_arrives(_built, _inputs),
        Case("any real number", _what_it_can_say, {"below 0": True, "above 1": True},
             "With large weights the scores must leave [0, 1] on both sides: look at the last layer.", "architecture", tells=told_of_ends),
        Case("one affine map", _is_one_map, False, "Layers without an activation between them are one layer.", "architecture",
             tells=lambda _: ("one affine map", "f(x) + f(-x) = 2 f(0) for every x tried, as of one affine map: is there an activation between the layers?")),
        modes_agree(_built, _inputs),
        samples_stay_apart(_built, _inputs, "frame"),
        state_travels(_built, _inputs),
        option_has_effect(_built, lambda answer: answer(**_SIZES | {"base_channels": 8}), "base_channels"),
    ),
    hints=(
        "The generator backwards: every layer halves height and width and doubles the channels, "
        "down to 4x4; a dense layer makes one number of what is left.",
        "`nn.Conv2d(n_in, n_out, 4, stride=2, padding=1)` halves 32 to 16. An activation follows each, "
        "and nothing that looks along the batch. The last axis of `nn.Linear(..., 1)` has to go.",
        "`while image_size > 4:` append the convolution and `nn.LeakyReLU(0.2)`, halve image_size, double "
        "the channels. Then `nn.Flatten()`, `nn.Linear(n_in * 16, 1)`, `nn.Flatten(0)`, all in one "
        "`nn.Sequential`.",
    ),
    mistakes=(  # name, edits of the trunk, diagnosis, kind
        Mistake("a column of scores", _trunk({".squeeze(1)": ""}),
                "The scores are (B, 1), and a loss may spread them over (B, B): flatten them to (B,).", "axes"),
        Mistake("a map of scores", _trunk({_LOGIT: "features.unflatten(1, (-1, 4, 4)).mean(1) + self.score(features).mean() * 0"}),
                "There is a score for every place of the last picture: one dense layer has to make one logit of them.", "axes"),
        Mistake("one score for the batch", _trunk({".squeeze(1)": ".mean()"}),
                "The scores of the batch are averaged to one number: return one for each frame.", "axes"),
        Mistake("always three colours", _trunk({_FIRST: _FIRST + "\n        in_channels = 3"}),
                "The first layer reads three colours whatever `channels` says.", "axes"),
        Mistake("pixels that are jumped over", _trunk({_LAYER: "nn.Conv2d(in_channels, channels, (1, 2), stride=2)"}),
                "Rows and columns of pixels are jumped over, as by a kernel narrower than its stride: G can put there what it likes.", "architecture"),
        Mistake("the edge cut off", _trunk({_GIVEN: "pictures * F.pad(torch.ones(1, 1, len(pictures[0, 0]) - 2, len(pictures[0, 0]) - 2), [1] * 4)"}),
                "The pixels at the edge never reach the logit: G can put there what it likes.", "architecture"),
        Mistake("frames cut off", _trunk({_GIVEN: "pictures.detach()"}),
                "No gradient reaches the pixels, and through them none would reach G.", "gradients"),
        Mistake("layers in a plain list", _trunk({"self.features = nn.Sequential(*layers, nn.Flatten())": "self.features = lambda x: nn.Sequential(*layers, nn.Flatten())(x)",
                                                 _SCORE: "score = nn.Linear(in_channels * 16, 1)\n        self.score = lambda x: score(x)", "features = features.to(next(self.score.parameters()).dtype)": "pass"}),
                "The layers are not part of the module, so it has no parameters and no optimiser finds any: use nn.Sequential or nn.ModuleList.", "architecture"),
        Mistake("a layer that is never called", _trunk({_SCORE: _SCORE + "\n        self.spare = nn.Linear(2, 2)"}),
                "A layer is built and never used: its parameters get no gradient.", "architecture"),
        Mistake("a sigmoid at the end", _trunk({_LOGIT: _LOGIT + ".sigmoid()"}),
                "These are probabilities, and the losses take a sigmoid of them again: return logits.", "architecture"),
        Mistake("scores that cannot be negative", _trunk({_LOGIT: _LOGIT + ".relu()"}),
                "An activation after the last layer cuts half of the scores off.", "architecture"),
        Mistake("no activation", _trunk({"layers += [nn.LeakyReLU(_LEAK)]": "pass"}),
                "Without activations all layers together are one affine map: it can only cut with a straight plane.", "architecture"),
        Mistake("dropout inside", _trunk({"nn.LeakyReLU(_LEAK)": "nn.LeakyReLU(_LEAK), nn.Dropout2d(0.3)"}),
                "Something is drawn at every call in train(), as dropout does: one frame has many scores, and the penalty a random slope.", "architecture"),
        Mistake("batch norm", _trunk({"layers += [nn.LeakyReLU(_LEAK)]": "layers += [nn.BatchNorm2d(channels), nn.LeakyReLU(_LEAK)]"}),
                "Batch norm scores a frame by the company it is in, and in eval() otherwise than in train(); on the input it takes brightness and contrast away, too.", "architecture"),
        Mistake("scores relative to the batch", _trunk({_LOGIT: f"self.score(features - features.mean(0) / 2).squeeze(1) + 0 * {_LOGIT}"}),
                "Every sample of the batch goes into every logit, as a mean over axis 0 does: compare reals with fakes in the loss, not in D.", "architecture"),
        Mistake("a weight that is no parameter", _trunk({_SCORE: _SCORE + "\n        self.tint = torch.rand(1, n_colours, 1, 1) + 0.5",
                                                        _FIRST: _FIRST + "\n        n_colours = in_channels", _GIVEN: "(pictures * self.tint)"}),
                "A random tensor is kept as a plain attribute: it is in no state dict, so a saved network is not the same again.", "architecture"),
        Mistake("base_channels ignored", _trunk({"channels = base_channels": "channels = 4"}),
                "The network has one size whatever `base_channels` says.", "architecture"),
        Mistake("squeezed too far", _trunk({".squeeze(1)": ".squeeze()"}),
                "A bare squeeze also takes the batch away when it is one frame: name the axis, squeeze(1).", "axes"),
        Mistake("one score for the batch, in a row", _trunk({".squeeze(1)": ".mean(0)"}),
                "The scores are averaged over the batch: axis 0 holds the frames, and each keeps its score.", "axes"),
    ),
)
