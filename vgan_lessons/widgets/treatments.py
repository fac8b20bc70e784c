"""Centrepiece of notebook 06: films to which something was done, and the scores they get."""

from collections.abc import Callable, Mapping
from functools import cache

import torch
from torch import Tensor

from vgan_lessons.display.clips import show_clips
from vgan_lessons.display.words import number
from vgan_lessons.widgets.explorer import Explorer, choice, counter

_SHOWN = 4  # clips that move on the page; the scores are those of all
_RATE = 8  # frames a second to begin with
_ORDER = 5  # seed of the letters: they do not follow the order of the page


class _ClipViewer(Explorer):
    def _html(self, caption: str) -> str:
        values = {name: control.value for name, control in self.controls.items()}
        return f"{self._draw(**values)}<p>{caption}</p>"


def clip_viewer(
    films: Tensor,
    treatments: Mapping[str, Callable[[Tensor], Tensor]],
    score: Callable[[Tensor], Mapping[str, float]],
) -> Explorer:
    """A drop-down of lettered film sets, a slider of speed, and the scores of what is seen.

    What was done to a set stands in a fold below it: guess first.

    Args:
        films: (N, T, C, H, W) in [-1, 1], untouched by what is done.
        treatments: what is done, in words -> a function from films to films.
        score: films -> the numbers to show, by name; asked once for each set.
    """
    names = list(treatments)
    rng = torch.Generator().manual_seed(_ORDER)
    order = torch.randperm(len(names), generator=rng).tolist()
    letters = {chr(65 + place): names[n] for place, n in enumerate(order)}

    @cache
    def treated(letter: str) -> tuple[Tensor, str]:
        shown = treatments[letters[letter]](films)
        told = ", ".join(f"{name} {number(value)}" for name, value in score(shown).items())
        return shown[:_SHOWN], told

    def draw(letter: str, rate: int) -> str:
        shown, told = treated(letter)
        caption = f"Set {letter}, {rate} frames a second: {told}."
        figure = show_clips(shown, caption=caption, fps=rate, strip_rows=1)
        answer = f"<summary>What was done to set {letter}?</summary>{letters[letter]}"
        return f"{figure._repr_html_()}<details>{answer}</details>"

    controls = {
        "letter": choice("set of films", {f"set {letter}": letter for letter in letters}),
        "rate": counter("frames a second", _RATE, lowest=1, highest=24),
    }
    return _ClipViewer(draw, controls, title="films and their scores")
