"""5.1: from a latent to a frame, judged by what the network does."""

import torch
from torch import Tensor, nn

from vgan_lessons.article.probing import is_affine
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.checking.architecture import (
    code_reaches,
    gradient_arrives,
    option_has_effect,
    range_is_reached,
)
from vgan_lessons.checking.steadiness import modes_agree, samples_stay_apart, state_travels
from vgan_lessons.models import frames

_SIZES = {"latent_dim": 5, "image_size": 16, "channels": 3, "base_channels": 4}
_OTHERS = (  # sizes, and how many latents
    (_SIZES, 3),
    ({"latent_dim": 7, "image_size": 8, "channels": 1, "base_channels": 3}, 1),
    ({"latent_dim": 2, "image_size": 32, "channels": 2, "base_channels": 2}, 2),
)


def _latents(n: int = 8, latent_dim: int = 5) -> Tensor:
    return torch.randn(n, latent_dim, generator=torch.Generator().manual_seed(n))


def _inputs() -> tuple[Tensor]:
    return (_latents(),)


def _built(answer) -> nn.Module:
    return answer(**_SIZES)


def _shapes(answer) -> list[tuple[int, ...]]:
    made = [answer(**sizes)(_latents(n, sizes["latent_dim"])) for sizes, n in _OTHERS]
    made.append(answer()(_latents(1, 64)))
    return [tuple(frames.shape) for frames in made]


def _bends(answer) -> bool:
    """At every number of doublings, with the largest weights that do not saturate a tanh."""
    bent = []
    for image_size in (8, 16):
        module, given = answer(**_SIZES | {"image_size": image_size}).double(), _latents()
        with torch.no_grad():
            for factor in (3, 1 / 3, 1 / 3):  # large ones show a bend in float32 too
                for weight in module.parameters():
                    weight.mul_(factor)
                if module(3 * given.double()).abs().max() < 1 - 1e-9:
                    break
        bent.append(not is_affine(module, 3 * given.double()))
    return all(bent)


# what the mistakes exchange in the reference
_INNER = "[nn.GroupNorm(1, width), nn.ReLU()]\n            layers += [raising"
_OUTER = "[nn.GroupNorm(1, width), nn.ReLU()]\n        layers += [raising"
_PAINT = "return self.layers(z)"
_KEPT = "self.layers = nn.Sequential(*layers)"
_DENSE = "nn.Linear(latent_dim, width * 16),\n            nn.Unflatten(1, (width, 4, 4)),"

# fmt: off
FRAME_GENERATOR = Exercise(
    name="FrameGenerator",
    number="5.1",
    minutes=10,
    difficulty="medium",
    contract=(
        "A class, built by keyword with `latent_dim`, `image_size`, channels and `base_channels`. The "
        "check builds it for several sizes; `image_size` is 8, 16, 32 or a larger power of two. Without "
        "arguments: 64, 32, 3 and 24, as in the stub.",
        "Called with z `(B, latent_dim)` it returns frames `(B, channels, image_size, image_size)`.",
        "Pixels fill [-1, 1] and never leave it: that is the range of the data.",
        "Every number of z reaches every pixel, and a gradient from the pixels reaches every number "
        "of z and every parameter.",
        "It is not one affine map up to its last squashing.",
        "The same z gives the same frame at every call, in train() and in eval(): nothing is "
        "drawn inside.",
        "A frame depends on its own latent alone: the other latents of the batch do not change it.",
        "All it learns is in its state dict: a second network that loads it paints the same frames.",
        "A larger `base_channels` makes it larger.",
    ),
    reference=frames.FrameGenerator,
    cases=(
        Case("sizes by argument", _shapes, ((3, 3, 16, 16), (1, 1, 8, 8), (2, 2, 32, 32), (1, 3, 32, 32)),
             "Three sets of sizes are tried, and none at all: how often must 4x4 be doubled to reach image_size?", "axes"),
        code_reaches(_built, _inputs),
        gradient_arrives(_built, _inputs),
        range_is_reached(_built, _inputs, -1, 1),
        Case("it bends", _bends, True, "Layers without an activation between them are one layer: put one after the dense layer too.", "architecture",
             tells=lambda _: ("one affine map", "Up to its last squashing f(z) + f(-z) = 2 f(0) for every z tried, as of one affine map: is there an activation between all layers?")),
        modes_agree(_built, _inputs),
        samples_stay_apart(_built, _inputs, "latent"),
        state_travels(_built, _inputs),
        option_has_effect(_built, lambda answer: answer(**_SIZES | {"base_channels": 8}), "base_channels"),
    ),
    hints=(
        "A dense layer turns a latent into a tiny picture of 4x4 with many channels. Then every "
        "layer doubles height and width and halves the channels.",
        "`nn.Linear` to `width * 16` numbers, `nn.Unflatten(1, (width, 4, 4))`, then "
        "`nn.ConvTranspose2d(width, width // 2, 4, stride=2, padding=1)` until image_size is reached; "
        "the last one goes to `channels`, and `nn.Tanh()` follows it.",
        "`width = base_channels * image_size // 8`; `while width > base_channels:` append "
        "`nn.GroupNorm(1, width)`, `nn.ReLU()`, a transposed convolution, and halve `width`. After the "
        "loop once more, to `channels`. Keep all in one `nn.Sequential`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("one doubling too many", {"while width > base_channels": "while 2 * width > base_channels"},
                "The frames come out too large: the last doubling, to the colours, counts as well.", "axes"),
        Mistake("one size whatever is asked", {"base_channels * image_size // 8": "base_channels * 2"},
                "The frames are 16x16 whatever image_size says: the number of doublings follows from it.", "axes"),
        Mistake("always three colours", {"raising_convolution(width, channels)": "raising_convolution(width, 3)"},
                "The last layer paints three colours whatever `channels` says.", "axes"),
        Mistake("colours last", {_PAINT: "return self.layers(z).permute(0, 2, 3, 1)"},
                "Frames are (B, C, H, W): these come with the colours last, as files and plots have them.", "axes"),
        Mistake("no dense layer",
                {_DENSE: "nn.Unflatten(1, (1, 1, -1)), nn.Upsample((4, 4)), nn.Conv2d(1, width, 1),", "nn.GroupNorm(1, width), nn.ReLU()]\n            layers": "nn.ReLU()]\n            layers",
                 "nn.GroupNorm(1, width), nn.ReLU()]\n        layers": "nn.ReLU()]\n        layers"},
                "The latent is laid out as a picture, and a pixel sees its neighbourhood of it only: begin with a linear layer.", "architecture"),
        Mistake("a number of z that is never read", {_PAINT: "return self.layers(z * (torch.arange(z.shape[1]) > 0))"},
                "One number of z changes nothing at all: it never reaches the layers.", "architecture"),
        Mistake("z replaced by fresh noise", {_PAINT: "return self.layers(torch.randn_like(z))"},
                "The frames do not follow z: noise is drawn inside, and G cannot be asked twice for one frame.", "architecture"),
        Mistake("z cut off", {_PAINT: "return self.layers(z.detach())"},
                "No gradient reaches z: something detaches it. Walks that look for a latent need that gradient.", "gradients"),
        Mistake("layers in a plain list", {_KEPT: "self.layers = lambda z: nn.Sequential(*layers)(z)"},
                "The layers are not part of the module, so it has no parameters and no optimiser finds any: use nn.Sequential or nn.ModuleList.", "architecture"),
        Mistake("a layer that is never called", {_KEPT: _KEPT + "\n        self.spare = nn.Linear(2, 2)"},
                "A layer is built and never used: its parameters get no gradient.", "architecture"),
        Mistake("no tanh", {", nn.Tanh()]": "]"},
                "The pixels are unbounded, the data's lie in [-1, 1]: D needs no more than that to tell them apart.", "architecture"),
        Mistake("sigmoid for tanh", {"nn.Tanh()": "nn.Sigmoid()"},
                "The pixels lie in [0, 1]: half of the data's range is never reached.", "architecture"),
        Mistake("batch norm at the output", {", nn.Tanh()]": ", nn.Tanh(), nn.BatchNorm2d(channels)]"},
                "Batch norm after the tanh moves pixels out of [-1, 1], and by the batch they are in.", "architecture"),
        Mistake("no activation", {_INNER: "[nn.Identity()]\n            layers += [raising", _OUTER: "[nn.Identity()]\n        layers += [raising"},
                "Without activations all layers together are one affine map: put one before each transposed convolution.", "architecture"),
        Mistake("dropout inside", {_DENSE: _DENSE + " nn.Dropout(0.5),"},
                "Something is drawn at every call in train(), as dropout does: the same z gives another frame each time.", "architecture"),
        Mistake("batch norm", {_INNER: "[nn.BatchNorm2d(width), nn.ReLU()]\n            layers += [raising"},
                "Batch norm behaves one way in train() and another in eval(), and mixes the batch: normalise each sample by itself.", "architecture"),
        Mistake("statistics of the batch", {_PAINT: "frames = self.layers(z)\n        return (frames + frames.mean(0, keepdim=True)) / 2"},
                "Every sample of the batch goes into every frame, as a mean over axis 0 does: the same latent gives another frame in other company.", "architecture"),
        Mistake("a weight that is no parameter", {_KEPT: _KEPT + "\n        self.mixing = torch.randn(latent_dim, latent_dim)",
                                                 _PAINT: "return self.layers(z @ self.mixing.to(z))"},
                "A random tensor is kept as a plain attribute: it is in no state dict, so a saved network is not the same again.", "architecture"),
        Mistake("base_channels ignored", {"width = base_channels * image_size": "base_channels = 4\n        width = base_channels * image_size"},
                "The network has one size whatever `base_channels` says.", "architecture"),
        Mistake("always 32 pixels", {"base_channels * image_size // 8": "base_channels * 4"},
                "The frames are 32x32 whatever image_size says: the number of doublings follows from it.", "axes"),
        Mistake("noise added inside", {_PAINT: "return self.layers(z + 0.1 * torch.randn_like(z))"},
                "Noise is added inside: the same z gives another frame each time, in eval() too.", "architecture"),
    ),
)
