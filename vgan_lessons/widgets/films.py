"""Centrepiece of notebook 00: one slider, and the films that each draw of noise becomes."""

from collections.abc import Callable
from typing import Protocol

import ipywidgets

from vgan_lessons.widgets.explorer import Explorer


class Page(Protocol):
    """Whatever can show itself as HTML, such as a figure of clips."""

    def _repr_html_(self) -> str: ...


class _FilmExplorer(Explorer):
    def _html(self, caption: str) -> str:
        films = self._draw(self.controls["seed"].value)._repr_html_()
        return f"{films}<p>{caption}</p>"


def film_explorer(show: Callable[[int], Page], *, highest: int = 20) -> Explorer:
    """A slider of seeds above the films that are made from them.

    Args:
        show: seed -> a figure; called with 0 at once, then whenever the slider rests.
        highest: the last seed on the slider.
    """
    seed = ipywidgets.IntSlider(
        value=0,
        min=0,
        max=highest,
        description="seed of the noise",
        layout={"width": "26em", "max_width": "100%"},
        continuous_update=False,  # making films takes a moment: only where the slider rests
    )
    return _FilmExplorer(show, {"seed": seed}, title="Films from noise")
