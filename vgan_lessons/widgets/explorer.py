"""Sliders above a picture: the one widget that every centrepiece is made of."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets
from IPython.display import display
from matplotlib.figure import Figure

from vgan_lessons.display.drawing import figure_html

_VIEW = "application/vnd.jupyter.widget-view+json"
_LETTER = 0.56  # em, the width of a letter in a label, a little more than the mean
_WIDE = {"width": "38em", "max_width": "100%"}
_WRAPPED = _WIDE | {"height": "auto", "flex_flow": "row wrap"}  # a track below its label
_FOCUS = (  # JupyterLab's own sign of focus is a change of colour alone
    "<style>.widget-box :is(.noUi-handle,select,button):focus"
    "{outline:3px solid #d97706;outline-offset:2px}</style>"
)
_AWAKE = "If a control moves and the picture does not, run this cell again."


class Explorer:
    """Controls and one figure that is drawn anew whenever a control moves.

    The figure is the value of an HTML widget, so it has alt text and no output is captured.
    A second output holds the figure standing still. It is hidden as long as the controls are
    there, and is what a page shows that was saved without them, with a sentence on how to get
    them back; what JupyterLab says of controls that are lost is then hidden in its turn.

    Args:
        draw: control values by name -> figures that stand side by side, and their alt text.
        controls: name -> slider or drop-down, in the order shown; names are draw's arguments.
        title: what this is, in a few words, for readers of the plain output.
    """

    def __init__(
        self,
        draw: Callable[..., tuple[list[Figure], str]],
        controls: Mapping[str, ipywidgets.DOMWidget],
        *,
        title: str,
    ) -> None:
        self.controls = dict(controls)
        self.title = title
        self._draw = draw
        self.picture = ipywidgets.HTML(value=self._html(_AWAKE))
        ring = ipywidgets.HTML(value=_FOCUS)
        widest = max(len(control.description) for control in self.controls.values())
        for control in self.controls.values():
            control.observe(self._redraw, names="value")
            control.style.description_width = f"{_LETTER * widest:.1f}em"  # one edge for all
        self.box = ipywidgets.VBox([*self.controls.values(), self.picture, ring])
        self.box.add_class(self._css_class())

    def _html(self, caption: str) -> str:
        values = {name: control.value for name, control in self.controls.items()}
        figures, alt = self._draw(**values)
        return figure_html(*figures, alt=alt, caption=caption)

    def _redraw(self, change: Any) -> None:
        self._draw_again()

    def _draw_again(self) -> None:
        self.picture.value = self._html(_AWAKE)

    def _css_class(self) -> str:
        return "vgan-" + re.sub(r"\W+", "-", self.title.lower())

    def _ipython_display_(self) -> None:
        names = ", ".join(control.description for control in self.controls.values())
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        title = self.title[0].upper() + self.title[1:]
        alive = {
            _VIEW: view,
            "text/html": f"<b>{title}</b>, standing still. Run this cell for its controls.",
            "text/plain": f"{self.title}: controls {names}, and one figure that follows them",
        }
        display(alive, raw=True)
        lost = "No controls here? Run the page down to this cell"
        still = self._html(f"{lost}, then move: {names}.")
        name = self._css_class()
        hidden = f"div:has(.{name}) ~ div .{name}-still {{display: none}}"
        child = ".jp-OutputArea-child"
        dead = f"{child}:not(:has(.{name})):has(+ {child} .{name}-still) {{display: none}}"
        page = f'<style>{hidden} {dead}</style><div class="{name}-still">{still}</div>'
        display({"text/html": page, "text/plain": "the same figure, standing still"}, raw=True)


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
        layout=_WRAPPED,
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
        layout=_WRAPPED,
    )


def choice(label: str, options: Mapping[str, str]) -> ipywidgets.Dropdown:
    """A drop-down list.

    Args:
        label: what is chosen.
        options: words on the page -> value handed to the drawing.
    """
    return ipywidgets.Dropdown(options=list(options.items()), description=label, layout=_WIDE)
