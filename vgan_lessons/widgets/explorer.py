"""Sliders above a picture: the one widget that every centrepiece is made of."""

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
from matplotlib.figure import Figure

from vgan_lessons.display.drawing import figure_html

_VIEW = "application/vnd.jupyter.widget-view+json"
_LABEL_STYLE = {"description_width": "initial"}
_WIDE = {"width": "36em", "max_width": "100%"}


class Explorer:
    """Controls and one figure that is drawn anew whenever a control moves.

    The figure is the value of an HTML widget, so it has alt text and no output is captured.
    Where no kernel answers, the page shows the figure as it stood when it was stored, and
    says how to get the controls.

    Args:
        draw: control values by name -> the figure and its alt text.
        controls: name -> slider or drop-down, in the order shown; names are draw's arguments.
        title: what this is, in a few words, for readers of the plain output.
    """

    def __init__(
        self,
        draw: Callable[..., tuple[Figure, str]],
        controls: Mapping[str, ipywidgets.DOMWidget],
        *,
        title: str,
    ) -> None:
        self.controls = dict(controls)
        self.title = title
        self._draw = draw
        self.picture = ipywidgets.HTML(value=self._html())
        for control in self.controls.values():
            control.observe(self._redraw, names="value")
        self.box = ipywidgets.VBox([*self.controls.values(), self.picture])

    def _html(self, caption: str = "") -> str:
        values = {name: control.value for name, control in self.controls.items()}
        figure, alt = self._draw(**values)
        return figure_html(figure, alt=alt, caption=caption)

    def _redraw(self, change: Any) -> None:
        self.picture.value = self._html()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        names = ", ".join(control.description for control in self.controls.values())
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        return {
            _VIEW: view,
            "text/html": self._html("Run this cell to move the sliders."),
            "text/plain": f"{self.title}: controls {names}, and one figure that follows them",
        }


def slider(
    label: str, value: float, *, lowest: float, highest: float, step: float
) -> ipywidgets.FloatSlider:
    """A slider with a readable label; the arrow keys move it by one step.

    Args:
        label: what it sets, with its unit where it has one.
        value: where it starts.
        lowest: left end.
        highest: right end.
        step: one press of an arrow key.
    """
    return ipywidgets.FloatSlider(
        value=value,
        min=lowest,
        max=highest,
        step=step,
        description=label,
        readout_format=".2f",
        style=_LABEL_STYLE,
        layout=_WIDE,
    )


def counter(label: str, value: int, *, lowest: int, highest: int) -> ipywidgets.IntSlider:
    """A slider of whole numbers; the arrow keys move it by one.

    Args:
        label: what it counts.
        value: where it starts.
        lowest: left end.
        highest: right end.
    """
    return ipywidgets.IntSlider(
        value=value,
        min=lowest,
        max=highest,
        description=label,
        style=_LABEL_STYLE,
        layout=_WIDE,
    )


def choice(label: str, options: Mapping[str, str]) -> ipywidgets.Dropdown:
    """A drop-down list.

    Args:
        label: what is chosen.
        options: words on the page -> value handed to the drawing.
    """
    return ipywidgets.Dropdown(
        options=list(options.items()), description=label, style=_LABEL_STYLE, layout=_WIDE
    )
