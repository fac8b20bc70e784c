"""Centrepiece of notebook 07: the forget gates of an LSTM, and how far its memory reaches."""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from vgan_lessons.display.drawing import COLOURS, name_lines_below, new_figure, put_on_page
from vgan_lessons.display.words import number
from vgan_lessons.models.recurrence import gradient_through_time, half_life, lstm_cell, unroll
from vgan_lessons.widgets.explorer import Explorer, counter, slider

LONGEST = 64  # steps
_UNITS = 8
_N_IN = 2


class MemoryNumbers(NamedTuple):
    """Everything the picture shows, for one forget bias and one length."""

    gates: Tensor  # (units, T), the forget gates in (0, 1), step by step
    slopes: Tensor  # (T + 1,), dc_T/dc_t averaged over the units, t from 0 to T
    quiet: Tensor  # (T + 1,), sigmoid(b) ** (T - t): the same if every gate stood at sigmoid(b)
    half_life: float  # steps, by the forget bias alone


def memory_numbers(bias: float, n_steps: int) -> MemoryNumbers:
    """Run an untrained LSTM of 8 units over noise, and look at its forget gates and slopes.

    Args:
        bias: effective bias of all forget gates; the other weights are torch's own draws.
        n_steps: T, 1 to 64; a longer run begins with the same noise.

    Returns:
        The numbers; at bias 0 the half-life is 1 step, at 3.117 it is 16.
    """
    lstm, inputs = _lstm(bias), _noise()[:, :n_steps]
    start = torch.zeros(1, _UNITS), torch.zeros(1, _UNITS)

    def step(x: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        both = lstm.bias_ih_l0 + lstm.bias_hh_l0
        return lstm_cell(x, state, lstm.weight_ih_l0, lstm.weight_hh_l0, both)

    with torch.no_grad():
        hidden, _ = unroll(step, inputs, start)
        before = torch.cat([start[0][:, None], hidden[:, :-1]], dim=1)  # h as the gates saw it
        sums = inputs @ lstm.weight_ih_l0.T + before @ lstm.weight_hh_l0.T + lstm.bias_ih_l0
        sums = sums + lstm.bias_hh_l0
    gates = sums[0, :, _UNITS : 2 * _UNITS].sigmoid().T
    slopes = gradient_through_time(step, inputs, start).mean(dim=(1, 2))
    back = torch.arange(n_steps, -1, -1)
    quiet = torch.tensor(bias).sigmoid() ** back
    return MemoryNumbers(gates, slopes, quiet, half_life(lstm)[0].item())


def memory_explorer() -> Explorer:
    """Two sliders, the forget bias and the number of steps, over gates and ruler."""
    controls = {
        "bias": slider("effective forget bias", 1.0, lowest=-2, highest=6, step=0.1),
        "n_steps": counter("steps T", 32, lowest=4, highest=LONGEST),
    }

    def draw(bias: float, n_steps: int) -> tuple[list[Figure], str]:
        numbers = memory_numbers(bias, n_steps)
        return _drawn(numbers, ""), _in_words(bias, numbers)

    return Explorer(draw, controls, title="memory of an LSTM")


def show_memory(cases: Mapping[str, tuple[float, int]]) -> None:
    """The same picture standing still, a row for each case.

    Args:
        cases: title -> forget bias and number of steps; two or three of them.
    """
    figures, words = [], []
    for title, (bias, n_steps) in cases.items():
        numbers = memory_numbers(bias, n_steps)
        figures += _drawn(numbers, title)
        said = _in_words(bias, numbers)
        words += [f"Forget gates: {said}", f"Memory ruler: {said}"]
    put_on_page(*figures, alt=words, columns=2)


def _lstm(bias: float) -> nn.LSTM:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        lstm = nn.LSTM(_N_IN, _UNITS)
    with torch.no_grad():
        lstm.bias_ih_l0[_UNITS : 2 * _UNITS] = bias
        lstm.bias_hh_l0[_UNITS : 2 * _UNITS] = 0
    return lstm


def _noise() -> Tensor:
    return torch.randn(1, LONGEST, _N_IN, generator=torch.Generator().manual_seed(0))


def _drawn(numbers: MemoryNumbers, title: str) -> list[Figure]:
    (left, (gates,)), (right, (ruler,)) = (new_figure(width=3.9, height=3.0) for _ in range(2))
    _draw_gates(gates, numbers.gates)
    _draw_ruler(ruler, numbers)
    gates.set_title(f"{title}{': ' if title else ''}forget gates, black 0, white 1")
    ruler.set_title(f"half-life {number(numbers.half_life)} steps")
    name_lines_below(right, ruler)
    left.set_figheight(right.get_figheight())
    return [left, right]


def _draw_gates(axes: Axes, gates: Tensor) -> None:
    extent = (0.5, gates.shape[1] + 0.5, len(gates) + 0.5, 0.5)
    axes.imshow(
        gates.numpy(),
        vmin=0,
        vmax=1,
        cmap="gray",
        aspect="auto",
        extent=extent,
        interpolation="none",
    )
    axes.grid(visible=False)
    axes.set(xlabel="step", ylabel="unit", yticks=[1, len(gates)])


def _draw_ruler(axes: Axes, numbers: MemoryNumbers) -> None:
    after = range(len(numbers.slopes))
    axes.plot(
        after,
        numbers.quiet.tolist(),
        color=COLOURS[1],
        ls="--",
        label="gates fixed at sigmoid(b)",
    )
    axes.plot(after, numbers.slopes.tolist(), color=COLOURS[0], label="measured")
    axes.axhline(0.5, color="#777777", lw=0.9)
    axes.set(ylim=(-0.05, 1.15), xlabel="t, memory after t steps", ylabel="$dc_T / dc_t$")


def _in_words(bias: float, numbers: MemoryNumbers) -> str:
    low, high = numbers.gates.min().item(), numbers.gates.max().item()
    n_steps = numbers.gates.shape[1]
    return (
        f"forget bias {number(bias)}, {n_steps} steps: gates from {number(low)} to "
        f"{number(high)}, half-life {number(numbers.half_life)} steps; of the first memory "
        f"{number(numbers.slopes[0])} is left in the last, {number(numbers.quiet[0])} if "
        "all gates stood at sigmoid(b)."
    )
