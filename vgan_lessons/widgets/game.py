"""Centrepiece of notebook 01: two densities, the best discriminator, and two distances."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from vgan_lessons.display.drawing import COLOURS, DASHES, new_figure, put_on_page
from vgan_lessons.display.words import number
from vgan_lessons.divergences import js_vs_w1, optimal_logit
from vgan_lessons.widgets.explorer import Explorer, slider

_WINDOW = (-6.0, 12.0)  # what the picture shows; the integrals reach further
_JS_CEILING = 0.693147
_W1_CEILING = 8.0  # right end of the gauge, in units of x


class GameNumbers(NamedTuple):
    """Everything the picture shows, for reals N(0, 1) and fakes N(mean, scale^2)."""

    x: Tensor  # (n,) positions
    p: Tensor  # (n,) density of the reals, per unit of x
    q: Tensor  # (n,) density of the fakes
    best_d: Tensor  # (n,) in [0, 1]
    integrand: Tensor  # (n,) >= 0, nats per unit of x; its area is 2 JS
    js: float  # nats, 0 to log 2
    w1: float  # units of x


def game_numbers(mean: float, scale: float) -> GameNumbers:
    """Compute the picture for reals N(0, 1) against fakes N(mean, scale^2).

    Args:
        mean: centre of the fakes, in units of x, -8 to 8.
        scale: their standard deviation, 0.1 to 4.

    Returns:
        The numbers; js and w1 are 0 for mean 0, scale 1, and 0.3368 and 2 for mean 2, scale 1.
    """
    x = torch.linspace(-30, 30, 12001, dtype=torch.float64)
    log_p = -(x**2) / 2 - 0.918938533
    log_q = -(((x - mean) / scale) ** 2) / 2 - 0.918938533 - torch.tensor(scale).log()
    p, q = log_p.exp(), log_q.exp()
    logit = optimal_logit(log_p, log_q)
    log_2 = torch.tensor(2.0, dtype=x.dtype).log()
    real_part = p * (log_2 + torch.nn.functional.logsigmoid(logit))
    fake_part = q * (log_2 + torch.nn.functional.logsigmoid(-logit))
    js, w1 = js_vs_w1(p, q, x)
    best_d = torch.sigmoid(logit)
    return GameNumbers(x, p, q, best_d, real_part + fake_part, js.item(), w1.item())


def game_explorer() -> Explorer:
    """Sliders for the generator's mean and scale; p, q, D*, the integrand and two gauges."""
    controls = {
        "mean": slider("mean of q", 2.0, lowest=-4, highest=8, step=0.25),
        "scale": slider("scale of q", 1.0, lowest=0.25, highest=4, step=0.25),
    }
    return Explorer(_explored, controls, title="game explorer")


def show_game(settings: Sequence[tuple[float, float]]) -> None:
    """Draw the explorer's picture for a few settings side by side.

    Args:
        settings: (mean, scale) of the fakes, two or three of them.
    """
    figures, words = [], []
    for mean, scale in settings:
        numbers = game_numbers(mean, scale)
        figure, panels = new_figure(1, 3, width=3.2, height=5.6)
        _draw_curves(panels, numbers)
        panels[0].set_title(f"JS = {numbers.js:.3f} nats, $W_1$ = {numbers.w1:.2f}")
        panels[2].set_ylim(0, 0.3)  # one scale, so that the areas compare
        for panel in panels[:2]:
            panel.set_xlabel("")
        figures.append(figure)
        words.append(_in_words(mean, scale, numbers))
    put_on_page(*figures, alt=words)


def _explored(mean: float, scale: float) -> tuple[list[Figure], str]:
    numbers = game_numbers(mean, scale)
    left, (densities, best) = new_figure(1, 2, width=3.8, height=4.6)
    right, (integrand, gauges) = new_figure(1, 2, width=3.8, height=4.6)
    _draw_curves([densities, best, integrand], numbers)
    _draw_gauges(gauges, numbers)
    return [left, right], _in_words(mean, scale, numbers)


def _draw_curves(panels: Sequence[Axes], numbers: GameNumbers) -> None:
    densities, best, integrand = panels
    seen = (numbers.x > _WINDOW[0]) & (numbers.x < _WINDOW[1])
    x, p, q, best_d, nats = (curve[seen][::6] for curve in numbers[:5])  # fine enough to see
    for i, (name, density) in enumerate({"p, reals": p, "q, fakes": q}.items()):
        densities.plot(x, density, color=COLOURS[i], linestyle=DASHES[i])
        peak, side = density.argmax(), ("right", "left")[i]
        at = (x[peak] + (i - 0.5), density[peak])
        densities.text(*at, name, color=COLOURS[i], ha=side, va="top", fontsize=9)
    densities.set(ylabel="density (1 / unit)")
    best.plot(x, best_d, color=COLOURS[2])
    best.axhline(0.5, color="#777777", linewidth=0.9)
    best.set(ylabel="$D^*(x)$", ylim=(-0.03, 1.03))
    integrand.fill_between(x, nats, color=COLOURS[5], alpha=0.5)
    integrand.plot(x, nats, color=COLOURS[0], linewidth=1.2)
    integrand.set(ylabel="nats / unit", ylim=(0, None))
    integrand.set_title(f"area = 2 JS = {2 * numbers.js:.3f}", fontsize=9)
    for panel in panels:
        panel.set(xlim=_WINDOW, xlabel="x")


def _draw_gauges(axes: Axes, numbers: GameNumbers) -> None:
    shares = [numbers.js / _JS_CEILING, min(numbers.w1 / _W1_CEILING, 1.0)]
    axes.barh([1, 0], [1, 1], color="#eeeeee", edgecolor="#777777", height=0.5)
    axes.barh([1, 0], shares, color=[COLOURS[0], COLOURS[1]], height=0.5, hatch=["", "//"])
    js, w1 = f"JS = {numbers.js:.4f} nats", f"$W_1$ = {numbers.w1:.2f} units of x"
    for y, words, full in ((1, js, "log 2 = 0.6931"), (0, w1, f"{_W1_CEILING:g}")):
        axes.text(0.0, y + 0.29, words, va="bottom")
        axes.text(1.0, y + 0.29, f"full at {full}", va="bottom", ha="right", fontsize=8)
    axes.set(xlim=(0, 1.02), ylim=(-0.4, 1.7), xticks=[], yticks=[])
    axes.grid(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _in_words(mean: float, scale: float, numbers: GameNumbers) -> str:
    middle = numbers.best_d[(numbers.x - mean).abs().argmin()].item()
    return (
        f"Reals N(0, 1), fakes with mean {number(mean)} and scale {number(scale)}: "
        f"D* is {number(middle)} at the centre of the fakes, the integrand's area is "
        f"{number(2 * numbers.js)}, JS {number(numbers.js)} nats of at most 0.693, "
        f"W1 {number(numbers.w1)} units of x."
    )
