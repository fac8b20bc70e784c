"""Centrepiece of notebook 13: what each rival has drawn, so many seconds after you asked."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import ipywidgets
from matplotlib.figure import Figure
from torch import Tensor

from vgan_lessons.display.drawing import COLOURS, new_figure, put_on_page
from vgan_lessons.display.words import number
from vgan_lessons.widgets.explorer import Explorer

WAITS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)  # seconds of one CPU thread
_N_SHOWN, _FRAMES = 3, (0, 7, 15)  # clips of a wall, and the frames that stand for one


class Rival(NamedTuple):
    """What one contestant makes, how good it is, and how long it takes."""

    clips: Tensor  # (3, T, 3, H, W) uint8
    distance: Sequence[float]  # low, mean and high over seeds
    seconds: float  # of CPU for one clip


def rivals_explorer(rivals: Mapping[str, Rival]) -> Explorer:
    """A slider of the time you wait, over what each rival has finished until then.

    Args:
        rivals: name -> what was measured.
    """
    waits = ipywidgets.SelectionSlider(
        options=[(f"{wait:g}", wait) for wait in WAITS],
        value=WAITS[2],
        description="seconds after you asked",
        layout={"width": "38em", "max_width": "100%", "height": "auto"},
    )

    def draw(wait: float) -> tuple[list[Figure], str]:
        return [_wall(rivals, wait)], _in_words(rivals, wait)

    return Explorer(draw, {"wait": waits}, title="a wall of clips and the time they take")


def show_rivals(rivals: Mapping[str, Rival], wait: float) -> None:
    """The wall standing still, and the chart of quality against time.

    Args:
        rivals: name -> what was measured.
        wait: seconds, one of `WAITS`.
    """
    told = [f"Wall: {_in_words(rivals, wait)}", f"Chart: {_distances_in_words(rivals)}"]
    put_on_page(_wall(rivals, wait), _chart(rivals), alt=told, columns=1)


def _wall(rivals: Mapping[str, Rival], wait: float) -> Figure:
    """A row a rival: frames of its finished clips, then a bar of its time for one clip."""
    n_tiles = _N_SHOWN * len(_FRAMES)
    figure, axes = new_figure(n_rows=len(rivals), width=7.4, height=0.8 * len(rivals))
    longest = max(rival.seconds for rival in rivals.values())
    for place, (name, rival) in enumerate(rivals.items()):
        done, plot = min(_N_SHOWN, int(wait / rival.seconds + 1e-6)), axes[place]
        for tile in range(done * len(_FRAMES)):
            clip, frame = divmod(tile, len(_FRAMES))
            picture = rival.clips[clip, _FRAMES[frame]].permute(1, 2, 0).numpy()
            left = tile + 0.35 * clip
            plot.imshow(picture, extent=(left, left + 0.95, 0, 1), interpolation="nearest")
        reach = 3.0 * rival.seconds / longest
        plot.barh(0.5, reach, left=n_tiles + 2, height=0.5, color=COLOURS[place])
        plot.text(n_tiles + 2.1 + reach, 0.5, f"{rival.seconds:.2g} s", va="center", size=8)
        plot.set(xlim=(0, n_tiles + 7.5), ylim=(0, 1), xticks=[], yticks=[], aspect="equal")
        plot.set_ylabel(name, rotation=0, ha="right", va="center", size=8)
        plot.grid(visible=False)
        plot.spines[:].set_visible(False)
    return figure


def _chart(rivals: Mapping[str, Rival]) -> Figure:
    figure, (axes,) = new_figure(width=5.4, height=3.2)
    for place, (name, rival) in enumerate(rivals.items()):
        low, mean, high = rival.distance
        reach = [[mean - max(low, 0.3 * mean)], [high - mean]]  # a log axis has no 0
        axes.errorbar(
            rival.seconds, mean, yerr=reach, fmt="osD^v"[place % 5], color=COLOURS[place],
            capsize=4, label=name,
        )  # fmt: skip
        axes.annotate(name, (rival.seconds, mean), textcoords="offset points", xytext=(7, 4),
                      size=8, rotation=25)  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="CPU seconds a clip", ylabel="FVD-small")
    axes.margins(x=0.25)
    return figure


def _in_words(rivals: Mapping[str, Rival], wait: float) -> str:
    said = []
    for name, rival in rivals.items():
        done = int(wait / rival.seconds + 1e-6)
        said.append(f"{name} {done} ({number(rival.seconds)} s each)")
    return f"clips finished {wait:g} s after you asked: {', '.join(said)}."


def _distances_in_words(rivals: Mapping[str, Rival]) -> str:
    said = [
        f"{name} {number(r.distance[1])} ({number(r.distance[0])} to {number(r.distance[2])})"
        for name, r in rivals.items()
    ]
    return f"FVD-small, mean and interval over seeds: {', '.join(said)}."
