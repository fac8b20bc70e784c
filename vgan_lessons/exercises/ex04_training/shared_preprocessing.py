"""4.7: one function for both sides, after which only the content can tell them apart."""

from functools import lru_cache

import torch
from torch import Tensor

from vgan_lessons import layout
from vgan_lessons.checking import Case, Draw, Exercise
from vgan_lessons.datasets import draw_shapes
from vgan_lessons.exercises.ex04_training.leak_answers import ALTERNATIVES, MISTAKES
from vgan_lessons.metrics import leaks

CUT_OFF = "no gradient: the result is cut off from the images"


def _inputs(draw: Draw) -> dict:
    """Floats less than half a level from a byte, so that no rounding is a close call."""
    levels = draw.integers("B C H W", 0, 256) + draw.uniform("B C H W", -0.45, 0.45)
    images = levels.clamp(0, 255) / 127.5 - 1
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


SHARED_PREPROCESSING = Exercise(
    name="shared_preprocessing",
    number="4.7",
    minutes=10,
    difficulty="medium",
    contract=(
        "Cut a ring of `border` pixels off all four sides of the images (B, C, H, W); a border "
        "of 0 cuts nothing.",
        "Move every value to the nearest of the 256 levels that bytes have in [-1, 1]: "
        "-1, -1 + 1/127.5, -1 + 2/127.5, ... 1.",
        "Gradient passes as if nothing had been rounded: 1 for each pixel that stays, 0 for "
        "the ring.",
        "The same for both sides: what becomes of an image depends on that image alone.",
    ),
    reference=leaks.shared_preprocessing,
    inputs=_inputs,
    sizes={"H": (7, 6, 8), "W": (6, 9, 7)},
    cases=(
        Case(
            name="what the probe still finds",
            run=_probe_finds,
            holds=lambda accuracy: accuracy <= 0.6,
            nudge="Applied to both sides of the lab, it must leave the probe at 0.6 or below. "
            "Two traces give the sides away: the ring, and the grid of bytes inside it.",
        ),
        Case(
            name="what is left of the content",
            run=_content_left,
            holds=lambda correlation: correlation > 0.999,
            nudge="An empty image has no leak either: the picture inside the ring must stay.",
        ),
        Case(
            name="three pixels in a ring, in levels",
            run=_levels(1, [9.0] * 5, [9.0, 0.3, 99.6, 254.8, 9.0], [9.0] * 5),
            expect=torch.tensor([[[[0.0, 100.0, 255.0]]]]),
            nudge="99.6 levels above black is nearest to level 100; the result stays in "
            "[-1, 1].",
        ),
        Case(
            name="no ring to cut",
            run=_levels(0, [10.2, 19.9], [30.0, 40.4]),
            expect=torch.tensor([[[[10.0, 20.0], [30.0, 40.0]]]]),
            nudge="With border 0 nothing is cut: a slice that ends at -0 is empty.",
        ),
        Case(
            name="the pull on every pixel",
            run=_pulls,
            expect=torch.tensor([[0.0] * 4, [0.0, 1.0, 1.0, 0.0], [0.0] * 4]),
            nudge="Rounding is flat and its gradient 0; G would hear nothing through it.",
            kind="gradients",
        ),
    ),
    hints=(
        "D may use any difference between the two sides. Which differences would remain if G "
        "painted the content perfectly?",
        "The last two axes lose `border` entries at either end. x lies (x + 1) * 127.5 levels "
        "above black; the whole numbers there are the bytes.",
        "`kept = images[:, :, border : H - border, ...]`, `level = ....round() ... - 1`, and "
        "`kept + (level - kept).detach()` has the value of one and the gradient of the other.",
    ),
    mistakes=MISTAKES,
    alternatives=ALTERNATIVES,
)
