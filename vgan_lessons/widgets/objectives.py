"""Centrepiece of notebook 02: the arrow that each objective puts on generated samples."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from vgan_lessons import losses
from vgan_lessons.display.drawing import COLOURS, new_figure, put_on_page
from vgan_lessons.display.words import number
from vgan_lessons.widgets.explorer import Explorer, choice, slider

WhichD = Literal["shared", "own"]

OBJECTIVES = {  # what G minimises, by its name in the picture, top row first
    "minimax": losses.minimax_g_loss,
    "non-saturating": losses.non_saturating_g_loss,
    "least squares": losses.least_squares_g_loss,
    "hinge": losses.hinge_g_loss,
    "Wasserstein": losses.wasserstein_g_loss,
    "relativistic pairs": losses.relativistic_g_loss,
    "relativistic average": losses.relativistic_average_g_loss,
}
_WHICH_D: dict[WhichD, str] = {"shared": "one D for all", "own": "each its own best D"}
_QUANTILES = torch.tensor([0.1, 0.3, 0.5, 0.7, 0.9], dtype=torch.float64)
_DEAD = 0.01  # a pull below this is called dead
_OUTSIDE = 12.3  # where the numbers stand, in units of x


class Arrows(NamedTuple):
    """The pull on each generated sample under one objective."""

    positions: Tensor  # (n,) samples of G, in units of x
    pulls: Tensor  # (n,) minus the gradient of n * L_G; negative points to the reals


def generator_arrows(objective: str, *, gap: float, width: float, which_d: WhichD) -> Arrows:
    """Compute the arrows for reals N(0, width^2) and fakes N(gap, width^2).

    Args:
        objective: a key of OBJECTIVES.
        gap: distance between the two centres, in units of x, > 0.
        width: standard deviation of both; a smaller one makes D sharper.
        which_d: "shared" gives every objective the score log p - log q, a straight line;
            "own" gives each the D that its own game ends in.

    Returns:
        Five samples and their pulls: at gap 3, width 1 the middle one is pulled by -2.967
        (non-saturating) and -0.033 (minimax). NaN where the best D is not known.
    """
    steps = width * torch.special.ndtri(_QUANTILES)
    fake = (gap + steps).requires_grad_()
    real_scores = _score(steps, objective, gap, width, which_d)
    fake_scores = _score(fake, objective, gap, width, which_d)
    n = len(steps)  # every real meets every fake, so no pairing is special
    loss = OBJECTIVES[objective](real_scores.repeat(n), fake_scores.repeat_interleave(n))
    (gradient,) = torch.autograd.grad(n * loss, fake)
    return Arrows(fake.detach(), -gradient)


def _score(x: Tensor, objective: str, gap: float, width: float, which_d: WhichD) -> Tensor:
    line = gap / width**2 * (gap / 2 - x)  # log p - log q
    if which_d == "shared":
        return line
    match objective:
        case "least squares":
            return torch.sigmoid(line)  # p / (p + q), for targets 1 and 0
        case "hinge":
            return torch.sign(line)
        case "Wasserstein":
            return -x  # the steepest of the scores with slope at most 1
        case "relativistic average":
            return line * torch.nan
    return line  # the two logistic games and the relativistic pairs


def objective_explorer() -> Explorer:
    """Sliders for gap and width, a choice of D; one row of arrows for each objective."""
    controls = {
        "which_d": choice("D", {words: which_d for which_d, words in _WHICH_D.items()}),
        "width": slider("width of p and q (units of x)", 2.0, lowest=0.4, highest=3, step=0.1),
        "gap": slider("gap between them (units of x)", 3.0, lowest=0.5, highest=5, step=0.5),
    }
    return Explorer(_explored, controls, title="objective explorer")


def show_objectives(settings: Sequence[tuple[float, WhichD]], gap: float = 3.0) -> None:
    """Draw the explorer's picture for a few settings side by side.

    Args:
        settings: (width, which_d) of each panel.
        gap: distance between reals and fakes, in units of x.
    """
    figures, words = [], []
    for width, which_d in settings:
        figure, (panel,) = new_figure(width=4.4, height=4.6)
        words.append(_draw(panel, gap=gap, width=width, which_d=which_d))
        panel.set_title(f"width {width:g}, {_WHICH_D[which_d]}")
        figures.append(figure)
    put_on_page(*figures, alt=words)


def _explored(which_d: WhichD, width: float, gap: float) -> tuple[list[Figure], str]:
    figure, axes = new_figure(width=7.2, height=4.6)
    return [figure], _draw(axes[0], gap=gap, width=width, which_d=which_d)


def _draw(axes: Axes, *, gap: float, width: float, which_d: WhichD) -> str:
    """Draw one panel of arrows; return it in words."""
    axes.axvspan(-width, width, color="#dddddd", zorder=0)
    axes.axvline(0, color="#777777", linewidth=0.9)
    axes.annotate("reals", (0, -0.62), ha="center", fontsize=9, color="#444444")
    words = []
    for row, name in enumerate(OBJECTIVES):
        arrows = generator_arrows(name, gap=gap, width=width, which_d=which_d)
        mean = arrows.pulls.mean().item()
        for i, (start, pull) in enumerate(zip(*(a.tolist() for a in arrows), strict=True)):
            _draw_arrow(axes, start, row + 0.13 * (i - 2), pull)
        verdict = _verdict(mean)
        axes.text(_OUTSIDE, row, verdict, ha="right", va="center", fontsize=9)
        words.append(f"{name} {verdict}")
    axes.set(xlim=(-4.5, _OUTSIDE + 0.1), ylim=(6.7, -1.0))
    axes.set_xlabel("x (length of an arrow: log of 1 + pull)")
    axes.set_yticks(range(len(OBJECTIVES)), list(OBJECTIVES))
    axes.grid(False)
    axes.annotate("mean pull", (_OUTSIDE, -0.62), ha="right", fontsize=9, color="#444444")
    return (
        f"Arrows on samples of N({number(gap)}, {number(width)} squared), reals around 0, "
        f"{_WHICH_D[which_d]}; mean pull, negative is towards the reals: {', '.join(words)}."
    )


def _draw_arrow(axes: Axes, start: float, height: float, pull: float) -> None:
    alive = abs(pull) >= _DEAD  # false for NaN too
    shape = "o" if alive else "." if pull != pull else "x"
    axes.plot(start, height, shape, color=COLOURS[1], ms=3.5 if alive else 4.5)
    if alive:
        length = torch.tensor(abs(pull)).log1p().item()
        end = start + (length if pull > 0 else -length)
        head = min(10.0, max(3.0, 30 * length))  # no larger than the arrow
        style = {"arrowstyle": "-|>", "color": COLOURS[0], "shrinkA": 0, "shrinkB": 0}
        style["mutation_scale"] = head
        axes.annotate("", (end, height), (start, height), arrowprops=style)


def _verdict(mean: float) -> str:
    if mean != mean:
        return "no closed form"
    return number(float(f"{mean:.2g}")) + (" (dead)" if abs(mean) < _DEAD else "")
