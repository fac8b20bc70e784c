"""Centrepiece of notebook 09: what a metric says of two sets, by the size of the samples."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import ipywidgets
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from vgan_lessons.display.drawing import COLOURS, name_lines_below, new_figure, put_on_page
from vgan_lessons.display.words import number
from vgan_lessons.runtime import new_rng
from vgan_lessons.widgets.explorer import Explorer, choice

SIZES = (32, 64, 128, 256, 512)
_N_DRAWS = 20
_CLOUDS = ("other reals", "generator")


class SampleSizeNumbers(NamedTuple):
    """What one metric says, draw by draw."""

    draws: Tensor  # (2, sizes, draws): other reals, then the generator, against reals
    predicted: Tensor | None  # (sizes,) for other reals, where somebody predicts it


def sample_size_numbers(
    real: Tensor,
    fake: Tensor,
    metric: Callable[[Tensor, Tensor], Tensor],
    predict: Callable[[Tensor], Tensor] | None = None,
) -> SampleSizeNumbers:
    """Measure two sets again and again, from few samples and from many.

    Args:
        real: (N, d) with N >= 1024, so that two halves of 512 have no sample in common.
        fake: (M, d) with M >= 512.
        metric: two clouds of n samples -> a number.
        predict: sizes (K,) int64 -> (K,), what other reals are expected to get.

    Returns:
        20 draws for each size of `SIZES`, without replacement within a draw.
    """
    rng, draws = new_rng(0), torch.empty(2, len(SIZES), _N_DRAWS, dtype=torch.float64)
    for row, n in enumerate(SIZES):
        for draw in range(_N_DRAWS):
            order = torch.randperm(len(real), generator=rng)
            chosen = torch.randperm(len(fake), generator=rng)[:n]
            ours = real[order[:n]]
            draws[0, row, draw] = float(metric(ours, real[order[n : 2 * n]]))
            draws[1, row, draw] = float(metric(ours, fake[chosen]))
    return SampleSizeNumbers(draws, None if predict is None else predict(torch.tensor(SIZES)))


def sample_size_explorer(measured: Mapping[str, SampleSizeNumbers]) -> Explorer:
    """A slider of the sample size and a list of metrics, over bands and single draws.

    Args:
        measured: name of the metric -> its numbers.
    """
    sizes = ipywidgets.SelectionSlider(
        options=SIZES,
        value=SIZES[1],
        description="samples n of each set",
        layout={
            "width": "38em",
            "max_width": "100%",
            "height": "auto",
            "flex_flow": "row wrap",
        },
    )
    names = {name: name for name in measured}
    controls = {"n": sizes, "metric": choice("metric", names)}

    def draw(n: int, metric: str) -> tuple[list[Figure], str]:
        return _drawn(measured[metric], metric, n), _in_words(measured[metric], metric, n)

    return Explorer(draw, controls, title="a metric and its sample size")


def show_sample_sizes(measured: Mapping[str, SampleSizeNumbers], n: int) -> None:
    """The same pictures standing still, a row for each metric.

    Args:
        measured: name of the metric -> its numbers.
        n: one of `SIZES`.
    """
    figures, words = [], []
    for name, numbers in measured.items():
        figures += _drawn(numbers, name, n)
        said = _in_words(numbers, name, n)
        words += [f"Bands: {said}", f"Single draws: {said}"]
    put_on_page(*figures, alt=words, columns=2)


def _drawn(numbers: SampleSizeNumbers, name: str, n: int) -> list[Figure]:
    (left, (bands,)), (right, (single,)) = (new_figure(width=3.9, height=3.0) for _ in range(2))
    for row, (label, cloud) in enumerate(zip(_CLOUDS, numbers.draws, strict=True)):
        low, high = cloud.quantile(torch.tensor([0.05, 0.95]).double(), dim=1)
        bands.fill_between(SIZES, low, high, color=COLOURS[row], alpha=0.25, lw=0)
        bands.plot(SIZES, cloud.mean(1), color=COLOURS[row], ls="-:"[row], label=label)
    if numbers.predicted is not None:
        bands.plot(SIZES, numbers.predicted, color="black", ls="--", label="predicted")
    bands.axvline(n, color="#777777", lw=0.9)
    bands.set(xscale="log", xlabel="samples n of each set", ylabel=name, title="bands: 90 %")
    bands.set_xticks(SIZES, [str(size) for size in SIZES], minor=False)
    bands.minorticks_off()
    _draw_single(single, numbers, name, n)
    for figure, axes in ((left, bands), (right, single)):
        name_lines_below(figure, axes)
    right.set_figheight(left.get_figheight())
    return [left, right]


def _draw_single(axes: Axes, numbers: SampleSizeNumbers, name: str, n: int) -> None:
    for row, label in enumerate(_CLOUDS):
        values = numbers.draws[row, SIZES.index(n)]
        heights = row + torch.linspace(-0.25, 0.25, len(values))
        axes.plot(values, heights, "os"[row], color=COLOURS[row], ms=4, label=label)
    axes.set(yticks=[], ylim=(-0.6, 1.6), xlabel=f"{name}, each draw", title=f"n = {n}")


def _in_words(numbers: SampleSizeNumbers, name: str, n: int) -> str:
    at = SIZES.index(n)
    said = []
    for label, cloud in zip(_CLOUDS, numbers.draws[:, at], strict=True):
        ends = f"{number(cloud.min())} to {number(cloud.max())}"
        said.append(f"{label} mean {number(cloud.mean())}, {ends}")
    if numbers.predicted is not None:
        said.append(f"predicted {number(numbers.predicted[at])} for other reals")
    return f"{name} with {n} samples: {'; '.join(said)}."
