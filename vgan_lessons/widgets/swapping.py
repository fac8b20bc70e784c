"""Centrepiece of notebook 08: a grid of clips, a content a row and a motion a column."""

from collections.abc import Mapping

import torch
from torch import nn

from vgan_lessons.display.clips import ClipFigure, show_clips
from vgan_lessons.models.swapping import crossed
from vgan_lessons.runtime import new_rng
from vgan_lessons.widgets.explorer import Explorer, choice, counter

N_CONTENTS, N_MOTIONS = 3, 4
N_FRAMES = 16


def show_swaps(generator: nn.Module, contents_seed: int, motions_seed: int) -> ClipFigure:
    """Combine three contents with four motions and show all twelve clips.

    Args:
        generator: draws latents of content and motion apart, as `VideoGenerator` does.
        contents_seed: of the contents.
        motions_seed: of the motions; equal to the other seed the two are still independent.

    Returns:
        A figure: a row a content, a column a motion.
    """
    contents = generator.draw_latents(N_CONTENTS, N_FRAMES, new_rng(contents_seed))
    motions = generator.draw_latents(N_MOTIONS, N_FRAMES, new_rng(1000 + motions_seed))
    with torch.no_grad():
        videos = generator(crossed(contents, motions)).clamp(-1, 1)
    caption = (
        f"A row has one content (seed {contents_seed}), a column one motion "
        f"(seed {motions_seed})."
    )
    return show_clips(videos, caption=caption, columns=N_MOTIONS, strip_rows=0)


class _SwapExplorer(Explorer):
    def _html(self, caption: str) -> str:
        values = {name: control.value for name, control in self.controls.items()}
        return f"{self._draw(**values)._repr_html_()}<p>{caption}</p>"


def swap_explorer(generators: Mapping[str, nn.Module], *, highest: int = 30) -> Explorer:
    """Two sliders of seeds above the grid: who moves, and how.

    Args:
        generators: words on the page -> generator; the first one is shown to begin with.
        highest: the last seed on each slider.
    """

    def draw(which: str, contents: int, motions: int) -> ClipFigure:
        return show_swaps(generators[which], contents, motions)

    controls = {
        "which": choice("generator", {name: name for name in generators}),
        "contents": counter("seed of the contents", 0, lowest=0, highest=highest),
        "motions": counter("seed of the motions", 0, lowest=0, highest=highest),
    }
    for name in ("contents", "motions"):  # painting takes a moment: where the slider rests
        controls[name].continuous_update = False
    return _SwapExplorer(draw, controls, title="Content and motion, exchanged")
