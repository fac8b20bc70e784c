"""Measuring generated clips: one protocol, a panel of metrics, and the honest neighbours.

It takes clips, never models, so that everything that makes clips is measured alike.
"""

from vgan_lessons.evaluation.card import MetricCard, Row
from vgan_lessons.evaluation.frames import clip_features, features_apart, frame_distance
from vgan_lessons.evaluation.panel import RealSide, measure_real, metric_card, quick_card
from vgan_lessons.evaluation.protocol import make_protocol, prepare
from vgan_lessons.evaluation.sight import SightTable, sight_table

__all__ = [
    "MetricCard",
    "RealSide",
    "Row",
    "SightTable",
    "clip_features",
    "features_apart",
    "frame_distance",
    "make_protocol",
    "measure_real",
    "metric_card",
    "prepare",
    "quick_card",
    "sight_table",
]
