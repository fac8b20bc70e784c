"""Clouds of points on the plane, over what a discriminator thinks of every place."""

from collections.abc import Mapping, Sequence

import torch
from matplotlib.axes import Axes
from torch import Tensor, nn

from vgan_lessons.datasets import ring_centres, ring_of_gaussians
from vgan_lessons.datasets.points import SIGMA
from vgan_lessons.display.drawing import COLOURS, new_figure, put_on_page
from vgan_lessons.display.words import number
from vgan_lessons.metrics import mode_coverage
from vgan_lessons.runtime import new_rng

REACH = 3.2  # the picture shows places from -REACH to REACH on both axes
KEY = "Blue dots are reals, orange triangles are fakes."  # a legend would lie on some
REAL, FAKE = COLOURS[0], COLOURS[1]
_SHOWN = 160  # reals and fakes in a panel; the words count all fakes
_GRID = 61  # places along each axis at which D is asked
_LEVELS = (0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0)
_GREYS = (
    "#8e8e8e",
    "#a2a2a2",
    "#b6b6b6",
    "#c9c9c9",
    "#d8d8d8",
    "#e5e5e5",
    "#f2f2f2",
    "#ffffff",
)


def draw_arena(
    axes: Axes,
    real: Tensor,
    fake: Tensor,
    discriminator: nn.Module | None = None,
    *,
    middle: float = 0.0,
) -> None:
    """Draw reals as dots, fakes as triangles, and D as shades: white where it says "real".

    Args:
        axes: to draw on.
        real: (N, 2).
        fake: (M, 2); those outside the picture are not seen, NaN is left out.
        discriminator: points (B, 2) -> logits (B,); None leaves the ground white.
        middle: the logit that is shown as one half; not 0 in games without a fixed zero.
    """
    if discriminator is not None:
        ticks = torch.linspace(-REACH, REACH, _GRID)
        places = torch.cartesian_prod(ticks, ticks)
        with torch.no_grad():
            shades = torch.sigmoid(discriminator(places) - middle).view(_GRID, _GRID).T
        axes.contourf(ticks, ticks, shades, levels=_LEVELS, colors=_GREYS)
    axes.plot(*real.T.tolist(), "o", color=REAL, ms=2.0, mew=0)
    dots = {"color": FAKE, "ms": 3.2, "mew": 0}
    axes.plot(*fake.T.tolist(), "^", **dots)
    axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", xticks=[], yticks=[])
    axes.grid(False)


def show_points(
    panels: Mapping[str, Tensor],
    *,
    discriminators: Sequence[nn.Module] = (),
    columns: int = 4,
    alt: str = "",
) -> None:
    """Draw clouds of fakes side by side over the reals of the ring of eight.

    Args:
        panels: title -> fakes (N, 2).
        discriminators: the one whose shades lie under each panel, in the same order; or
            none.
        columns: panels in a row, fewer on a narrow page.
        alt: your own words for the picture; empty makes them from the data.
    """
    figures, words = [], []
    real = ring_of_gaussians(_SHOWN, rng=new_rng(0))
    for i, (title, fake) in enumerate(panels.items()):
        discriminator = discriminators[i] if discriminators else None
        figure, (axes,) = new_figure(width=2.3, height=2.55)
        draw_arena(axes, real, fake.detach()[:_SHOWN], discriminator)
        axes.set_title(title)
        figures.append(figure)
        words.append(f"{title}: {points_in_words(fake.detach())}")
    told = alt or f"Fakes on the ring of eight. {'; '.join(words)}."
    put_on_page(*figures, alt=told, caption=KEY, columns=columns)


def points_in_words(fake: Tensor) -> str:
    """Say where a cloud of fakes lies: its modes, its quality and its middle.

    Args:
        fake: (N, 2).
    """
    if not fake.isfinite().all():
        return "the points are no numbers"
    found = mode_coverage(fake, ring_centres(), SIGMA)
    return f"{found.n_modes} of 8 modes, quality {number(found.quality)}"
