"""4.8: one function for both sides, after which only the content can tell them apart."""

from functools import lru_cache

import torch
from torch import Tensor

from vgan_lessons import layout
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.datasets import draw_shapes
from vgan_lessons.metrics import leaks

CUT_OFF = "no gradient: the result is cut off from the images"


def _inputs(draw: Draw) -> dict:
    """Floats less than half a level from a byte, so that no rounding is a close call.

    Some lie beyond black and white.
    """
    levels = draw.integers("B C H W", -30, 286) + draw.uniform("B C H W", -0.45, 0.45)
    images = levels / 127.5 - 1
    return {"images": images, "border": 1 + int(draw.integers("", 0, 2))}


@lru_cache(maxsize=1)
def _lab() -> tuple[Tensor, Tensor]:
    """Real and fake frames, 20 x 20, in a ring of 2."""
    rng = torch.Generator().manual_seed(47)
    frames = layout.from_uint8(draw_shapes(600, n_frames=1, image_size=16, rng=rng).frames)
    return leaks.leaky_pair(frames, 2, rng)


def _probe_finds(answer):
    """Held-out accuracy of the probe after the answer has been applied to both sides."""
    sides = [answer(side.clone(), 2) for side in _lab()]
    if not all(isinstance(side, Tensor) and side.ndim == 4 for side in sides):
        return sides[0]
    return leaks.probe_accuracy(*map(leaks.leak_features, sides))


def _content_left(answer):
    """Correlation of what comes out with what the real images show inside their ring."""
    real = _lab()[0]
    left, shown = answer(real.clone(), 2), real[:, :, 2:-2, 2:-2].double().flatten()
    if not isinstance(left, Tensor) or left.numel() != shown.numel():
        return left
    return torch.corrcoef(torch.stack([left.double().flatten(), shown]))[0, 1]


def _levels(border: int, *rows: list[float]):
    """A case body: one grey image, given and handed back in levels (0 is black, 255 white)."""

    def run(answer):
        images = torch.tensor(rows, dtype=torch.float64)[None, None] / 127.5 - 1
        made = answer(images, border)
        return (made + 1) * 127.5 if isinstance(made, Tensor) else made

    return run


def _pulls(answer):
    images = torch.full((1, 1, 3, 4), 0.3, requires_grad=True)
    made = answer(images, 1)
    if not getattr(made, "requires_grad", False):
        return CUT_OFF
    return torch.autograd.grad(made.sum(), images)[0][0, 0]


# What the mistakes exchange in the reference, and what one of them adds.
_NEAREST = "((kept + 1) * 127.5).round().clamp(0, 255) / 127.5 - 1"
_THROUGH = "kept + (level - kept).detach()"
_STRETCH = """
    low, high = made.amin((1, 2, 3), keepdim=True), made.amax((1, 2, 3), keepdim=True)
    return 2 * (made - low) / (high - low).clamp(min=1e-3) - 1
"""


# fmt: off
SHARED_PREPROCESSING = Exercise(
    name="shared_preprocessing",
    number="4.8",
    minutes=10,
    importance="extra",
    difficulty="medium",
    contract=(
        "Cut a ring of `border` pixels off all four sides of the images (B, C, H, W); a border "
        "of 0 cuts nothing.",
        "Move every value to the nearest of the 256 levels that bytes have in [-1, 1]: "
        "-1, -1 + 1/127.5, -1 + 2/127.5, ... 1. What lies beyond an end goes to that end.",
        "Gradient passes as if nothing had been rounded: 1 for each pixel that stays, 0 for "
        "the ring.",
        "The same for both sides: what becomes of an image depends on that image alone.",
    ),
    reference=leaks.shared_preprocessing,
    inputs=_inputs,
    sizes={"H": (7, 6, 8), "W": (6, 9, 7)},
    cases=(  # situation, what is seen, by hand, where to look
        Case("what the probe still finds", _probe_finds, "an accuracy of at most 0.6", holds=lambda accuracy: accuracy <= 0.6,
             nudge="Applied to both sides of the lab, it must leave the probe at 0.6 or below. "
             "Two traces give the sides away: the ring, and the grid of bytes inside it."),
        Case("what is left of the content", _content_left, "a correlation above 0.999", holds=lambda correlation: correlation > 0.999,
             nudge="An empty image has no leak either: the picture inside the ring must stay."),
        Case("three pixels in a ring, in levels", _levels(1, [9.0] * 5, [9.0, 0.3, 99.6, 254.8, 9.0], [9.0] * 5),
             torch.tensor([[[[0.0, 100.0, 255.0]]]]),
             "99.6 levels above black is nearest to level 100; the result stays in [-1, 1]."),
        Case("no ring to cut", _levels(0, [10.2, 19.9], [30.0, 40.4]), torch.tensor([[[[10.0, 20.0], [30.0, 40.0]]]]),
             "With border 0 nothing is cut: a slice that ends at -0 is empty."),
        Case("darker than black, whiter than white", _levels(0, [-40.0, 300.0], [0.0, 255.0]), torch.tensor([[[[0.0, 255.0], [0.0, 255.0]]]]),
             "No byte lies beyond black or white, so a fake that does gives itself away: the levels end at 0 and 255."),
        Case("the pull on every pixel", _pulls, torch.tensor([[0.0] * 4, [0.0, 1.0, 1.0, 0.0], [0.0] * 4]),
             "Rounding is flat and its gradient 0; G would hear nothing through it.", "gradients"),
    ),
    hints=(
        "D may use any difference between the two sides. Which differences would remain if G "
        "painted the content perfectly?",
        "The last two axes lose `border` entries at either end. x lies (x + 1) * 127.5 levels "
        "above black; the whole numbers there are the bytes.",
        "`kept = images[:, :, border : H - border, ...]`, `level = ....round().clamp(0, 255) ... - 1`, and "
        "`kept + (level - kept).detach()` has the value of one and the gradient of the other.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("the ring stays", {"[:, :, border : H - border, border : W - border]": ""},
                "The grid is shared now, but the ring still gives every fake away."),
        Mistake("levels beyond the ends", {".clamp(0, 255)": ""},
                "Values beyond -1 and 1 went to levels that no byte has, and D needs no more than one such pixel: clamp to 0 ... 255."),
        Mistake("the grid stays", {" + (level - kept).detach()": ""},
                "The ring is gone, but reals are bytes and fakes are not: the probe reads the grid."),
        Mistake("two sides of four", {" : H - border": ":", " : W - border": ":"},
                "Top and left are cut; the ring is still there at the bottom and on the right.", "axes"),
        Mistake("rounded to whole numbers", {_NEAREST: "kept.round()"},
                "Only -1, 0 and 1 come out: the levels of bytes lie 1/127.5 apart, not 1."),
        Mistake("painted over", {_THROUGH: f"F.pad({_THROUGH}, [border] * 4, value=-1.0)"},
                "A ring of one colour on both sides hides the leak, too; here it has to be cut off.", "axes"),
        Mistake("levels left as bytes", {_THROUGH: f"({_THROUGH} + 1) * 127.5"},
                "These are levels from 0 to 255; both sides go on to D in [-1, 1]."),
        Mistake("128 levels to a side", {_NEAREST: "(kept * 128).round() / 128"},
                "A byte moves a pixel by 1/127.5, not by 1/128: the reals no longer lie on this grid."),
        Mistake("floor instead of the nearest", {"* 127.5).round()": "* 127.5 + 1e-3).floor()"},
                "Cutting digits off takes a float just below its byte to the level below."),
        Mistake("stretched to its own range", {"return kept": "made = kept", ".detach()": f".detach(){_STRETCH}"},
                "This also stretches every image to its own darkest and brightest pixel."),
        Mistake("a slice that ends at -0", {" : H - border": ":-border", " : W - border": ":-border"},
                "`border:-border` is empty when border is 0: count from the front, `H - border`.", "axes"),
        Mistake("no way round the rounding", {_THROUGH: "level"},
                "The values are right, but round() has gradient 0 everywhere: G gets no pull at all.", "gradients"),
        Mistake("cut off from the graph", {_THROUGH: "level.detach()"},
                "The values are right, but a detach, .item() or no_grad lets no gradient through.", "gradients"),
        Mistake("rounded in place", {"return kept": f"images.data.copy_({_NEAREST.replace('kept', 'images')})\n    return kept"},
                "This rewrites the caller's images; make new ones.", "side effects"),
        Mistake("cast to float32", {"= images[": "= images.float()["},
                "The result must keep the dtype of the images, float64 included.", "dtype/device/seed"),
    ),
)
