"""Data sets: procedural clips, real digits, real people, your own folder; one `load_videos`."""

from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import Card, DataError, DataWarning
from vgan_lessons.datasets.points import ring_batches, ring_centres, ring_of_gaussians
from vgan_lessons.datasets.registry import card, data_names, is_present, load_videos
from vgan_lessons.datasets.shapes import COLOURS, MOTIONS, SHAPES, draw_shapes, render_shapes

__all__ = [
    "COLOURS",
    "MOTIONS",
    "SHAPES",
    "Card",
    "DataError",
    "DataWarning",
    "VideoBank",
    "card",
    "data_names",
    "draw_shapes",
    "is_present",
    "load_videos",
    "render_shapes",
    "ring_batches",
    "ring_centres",
    "ring_of_gaussians",
]
