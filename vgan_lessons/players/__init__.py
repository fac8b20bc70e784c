"""Clips that move on a page and clips that lie still in a strip.

Every function takes `videos` (B, T, C, H, W), float in [-1, 1] or uint8, on any device.
`show_clips` and `show_film_strip` make figures for a notebook; `save_clip` and
`save_film_strip` make files; `film_strip` makes the plain pixels.
"""

from vgan_lessons.players.figures import ClipFigure, show_clips, show_film_strip
from vgan_lessons.players.files import save_clip, save_film_strip
from vgan_lessons.players.grids import film_strip

__all__ = [
    "ClipFigure",
    "film_strip",
    "save_clip",
    "save_film_strip",
    "show_clips",
    "show_film_strip",
]
