"""Centrepiece of notebook 11: a film as long as one likes, with its drift and its period."""

import ipywidgets
import torch
from matplotlib.figure import Figure
from torch import Tensor

from vgan_lessons.display.drawing import COLOURS, new_figure, put_on_page
from vgan_lessons.display.words import number
from vgan_lessons.metrics import repetition
from vgan_lessons.widgets.explorer import Explorer, counter

_SHOWN = 8  # frames of the film, evenly spread
_WINDOW = 16


def rollout_explorer(films: Tensor, drift: Tensor) -> Explorer:
    """A slider of the length and one of the film, over its frames and the two meters.

    Args:
        films: (N, T, 3, H, W) in [-1, 1], T a multiple of 16.
        drift: (T // 16,), of all films together, by stretches of 16 frames.
    """
    lengths = ipywidgets.SelectionSlider(
        options=list(range(_WINDOW, films.shape[1] + 1, _WINDOW)),
        value=2 * _WINDOW,
        description="frames",
        layout={"width": "38em", "max_width": "100%"},
    )
    controls = {
        "n_frames": lengths,
        "film": counter("film", 0, lowest=0, highest=len(films) - 1),
    }

    def draw(n_frames: int, film: int) -> tuple[list[Figure], str]:
        return _drawn(films[film, :n_frames], drift)

    return Explorer(draw, controls, title="a film and its length")


def show_rollout(films: Tensor, drift: Tensor, film: int) -> None:
    """The same picture standing still, at the full length.

    Args:
        films: (N, T, 3, H, W) in [-1, 1], T a multiple of 16.
        drift: (T // 16,), of all films together.
        film: which one.
    """
    figures, words = _drawn(films[film], drift)
    named = ("Frames", "Drift", "Repetition")
    put_on_page(*figures, alt=[f"{name}: {words}" for name in named], columns=1)


def _drawn(film: Tensor, drift: Tensor) -> tuple[list[Figure], str]:
    n_frames = len(film)
    until = n_frames // _WINDOW
    period, index = repetition(film.flatten(1))
    ends = torch.arange(1, len(drift) + 1) * _WINDOW
    strip, (frames,) = new_figure(width=7.8, height=1.3)
    shown = torch.linspace(0, n_frames - 1, _SHOWN).round().long()
    row = torch.cat([*film[shown]], dim=2).permute(1, 2, 0)  # (H, 8 W, 3)
    frames.imshow(((row + 1) / 2).clamp(0, 1).numpy(), interpolation="nearest")
    frames.set(xticks=[], yticks=[], title=f"8 of {n_frames} frames")
    left, (curve,) = new_figure(width=3.9, height=2.2)
    curve.plot(ends, drift, color="#999999", ls=":")
    curve.plot(ends[:until], drift[:until], "o-", color=COLOURS[0])
    curve.set(xlabel="frames", ylabel="distance to short films", title="drift, all films")
    right, (meter,) = new_figure(width=3.9, height=2.2)
    meter.barh([0], [index], color=COLOURS[1])
    meter.set(
        xlim=(0, 1), yticks=[], xlabel="repetition index", title=f"period {period or 'none'}"
    )
    words = (
        f"{n_frames} frames: drift {number(drift[until - 1])} in the last 16, "
        f"{f'period {period} frames' if period else 'no period'}, "
        f"repetition index {number(torch.tensor(index))}."
    )
    return [strip, left, right], words
