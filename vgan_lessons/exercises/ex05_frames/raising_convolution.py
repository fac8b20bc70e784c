"""5.4: a layer that doubles height and width and leaves no pattern of its own."""

from typing import Any

import torch
from torch import Tensor, nn

from vgan_lessons.article.probing import reweighed
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.checking.architecture import gradient_arrives
from vgan_lessons.checking.steadiness import modes_agree, samples_stay_apart
from vgan_lessons.models import upsampling

_DRAWS = 40  # of all weights


def _features(n: int = 4, channels: int = 6) -> Tensor:
    return torch.randn(n, channels, 8, 8, generator=torch.Generator().manual_seed(n))


def _built(build: Any) -> nn.Module:
    return build(6, 3)


def _shapes(build: Any) -> tuple:
    wide = torch.zeros(2, 5, 6, 10)
    return tuple(build(6, 3)(_features()).shape), tuple(build(5, 7)(wide).shape)


@torch.no_grad()
def _pattern(build: Any) -> dict[str, bool]:
    """Whether the mean power alternates by a tenth or more, along y, along x, along both."""
    layer, power = build(6, 3), torch.zeros(12, 12)
    for seed in range(_DRAWS):
        made = reweighed(layer, seed=seed, dtype=torch.float32)(_features(8))
        power += made.square().mean((0, 1))[2:-2, 2:-2]
    spectrum = torch.fft.fft2(power).abs() / power.sum()
    alternating = {"y": spectrum[6, 0], "x": spectrum[0, 6], "both": spectrum[6, 6]}
    return {f"along {axis}": share.item() >= 0.1 for axis, share in alternating.items()}


# what the mistakes exchange in the reference
_LAYER = "nn.ConvTranspose2d(in_channels, out_channels, 4, stride=2, padding=1)"
_WHOLE = f"_started_small({_LAYER})"


# fmt: off
RAISING_CONVOLUTION = Exercise(
    name="raising_convolution",
    number="5.4",
    minutes=6,
    contract=(
        "Return a module: features `(B, in_channels, H, W)` -> `(B, out_channels, 2 H, 2 W)`, for any "
        "even H and W from 6 on.",
        "With random weights no pattern of period two: the mean power of its output pixels, in the interior "
        "and on average over weights and over features that are noise, alternates by less than a tenth along "
        "y, along x or along both.",
        "Every number of the features reaches the outputs, and so does every parameter, of which there are some.",
        "Nothing is drawn inside, train() and eval() agree, and no sample depends on the others.",
    ),
    reference=upsampling.raising_convolution,
    stub=(
        'def my_raising_convolution(in_channels, out_channels):\n'
        '    """A layer that doubles height and width without a pattern of its own."""\n'
        '    ...  # your code\n'
    ),
    cases=(
        Case("twice as high and wide", _shapes, ((4, 3, 16, 16), (2, 7, 12, 20)),
             "Kernel k, stride 2 and padding p make (H - 1) * 2 + k - 2 p: choose p so that this is 2 H.", "axes"),
        gradient_arrives(_built, lambda: (_features(),)),
        Case("a tenth or more alternates from pixel to pixel", _pattern, {"along y": False, "along x": False, "along both": False},
             nudge="Count the summands of each output place with overlap_map, along each axis.", kind="architecture"),
        modes_agree(_built, lambda: (_features(),)),
        samples_stay_apart(_built, lambda: (_features(),), "sample"),
    ),
    hints=(
        "You measured two layers that are even. One of them is a single call.",
        "A transposed convolution is even where its kernel is divisible by its stride; a plain convolution "
        "of stride 1 always is.",
        "`nn.ConvTranspose2d(in_channels, out_channels, 4, stride=2, padding=1)`; or `nn.Sequential` of "
        "`nn.Upsample(scale_factor=2)` and `nn.Conv2d(in_channels, out_channels, 3, padding=1)`.",
    ),
    mistakes=(
        Mistake("a kernel that the stride does not divide", {"4, stride=2, padding=1": "3, stride=2, padding=1, output_padding=1"},
                "At stride 2 a kernel of 3 has 1 and 2 summands in turn, one of 5 has 2 and 3: the checkerboard of this section. Take a kernel that the stride divides.", "architecture"),
        Mistake("uneven along x alone", {"4, stride=2, padding=1": "(4, 3), stride=2, padding=1, output_padding=(0, 1)"},
                "Along y the kernel is 4 and even; along x it is 3, and every second column has more summands.", "architecture"),
        Mistake("stripes along y", {"4, stride=2, padding=1": "(3, 4), stride=2, padding=1, output_padding=(1, 0)"},
                "Along x the kernel is 4 and even; along y it is 3, and every second row has more summands.", "architecture"),
        Mistake("gaps between the pixels", {"4, stride=2, padding=1": "1, stride=2, output_padding=1"},
                "A kernel narrower than the stride leaves places that nothing but the bias reaches: three of four pixels.", "architecture"),
        Mistake("nothing doubled", {_WHOLE: "nn.Conv2d(in_channels, out_channels, 3, padding=1)"},
                "A plain convolution keeps height and width: nothing is doubled.", "axes"),
        Mistake("halved", {_WHOLE: _LAYER.replace("ConvTranspose2d", "Conv2d")},
                "Without Transpose the stride of 2 halves height and width.", "axes"),
        Mistake("no padding", {", padding=1": ""},
                "The rim is left on: (H - 1) * 2 + 4 is 2 H + 2. Padding 1 cuts one place off on each side.", "axes"),
        Mistake("only enlarged", {_WHOLE: "nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(in_channels, in_channels, 1))"},
                "The channels stay as they were: the convolution has to lead to out_channels.", "axes"),
        Mistake("every second column is never read", {_WHOLE: "nn.Sequential(nn.MaxPool2d(1, stride=2), nn.Upsample(scale_factor=4), nn.Conv2d(in_channels, out_channels, 3, padding=1))"},
                "Three of four features are thrown away before the picture is enlarged.", "architecture"),
        Mistake("batch norm behind it", {_WHOLE: f"nn.Sequential({_LAYER}, nn.BatchNorm2d(out_channels))"},
                "Batch norm does one thing in train() and another in eval().", "architecture"),
        Mistake("statistics of the batch", {_WHOLE: f"nn.Sequential({_LAYER}, nn.BatchNorm2d(out_channels, track_running_stats=False))"},
                "A norm over the batch makes each sample depend on its neighbours.", "architecture"),
        Mistake("the rim lost", {_WHOLE: "nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(in_channels, out_channels, 3))"},
                "A kernel of 3 without padding takes a place away on each side: padding=1 keeps height and width.", "axes"),
        Mistake("enlarged alone", {_WHOLE: "nn.Upsample(scale_factor=2)"},
                "Nothing is convolved: there are no weights, and the channels stay as they were.", "axes"),
    ),
)
