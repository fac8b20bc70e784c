"""Data sets: procedural clips, real digits, real people, your own folder; one `load_videos`."""

from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import Card, DataError, DataWarning
from vgan_lessons.datasets.registry import card, data_names, is_present, load_videos

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


def __getattr__(name: str) -> object:
    """What draws its own data is imported when it is asked for: people wait for no shapes."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name!r}")
    from vgan_lessons.datasets import points, shapes

    return getattr(points if name.startswith("ring") else shapes, name)
