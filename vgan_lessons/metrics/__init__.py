"""Measures of generated clips, as pure functions of tensors: every one is to be distrusted.

Distances between clouds of features, neighbour votes, change over time, a motion oracle,
intervals, ways to spoil clips, and the table that says what each measure sees of them.
"""

from vgan_lessons.metrics.corruptions import CORRUPTIONS, N_LEVELS, corrupt
from vgan_lessons.metrics.frames_and_clips import frame_and_clip_distance
from vgan_lessons.metrics.frechet import (
    feature_frechet,
    feature_statistics,
    frechet_bias,
    frechet_distance,
)
from vgan_lessons.metrics.intervals import Interval, bootstrap_interval
from vgan_lessons.metrics.kernel import kid, kid_of_rows, squared_mmd
from vgan_lessons.metrics.leaks import (
    leak_features,
    leaky_pair,
    probe_accuracy,
    shared_preprocessing,
)
from vgan_lessons.metrics.memory import memorisation
from vgan_lessons.metrics.modes import ModeCoverage, mode_coverage
from vgan_lessons.metrics.motion_distance import motion_distance
from vgan_lessons.metrics.neighbours import NeighbourVotes, neighbour_votes
from vgan_lessons.metrics.over_time import (
    content_consistency,
    flicker,
    motion_energy,
    wasserstein_1d,
)
from vgan_lessons.metrics.overfitting import overfit_gap
from vgan_lessons.metrics.pareto import pareto
from vgan_lessons.metrics.rollout import beats_copy, repetition, rollout_drift
from vgan_lessons.metrics.table import BANDS, TABLE, verdict
from vgan_lessons.metrics.tracking import Track, acceleration, motion_residual, speed, track

__all__ = [
    "BANDS",
    "CORRUPTIONS",
    "N_LEVELS",
    "TABLE",
    "Interval",
    "ModeCoverage",
    "NeighbourVotes",
    "Track",
    "acceleration",
    "beats_copy",
    "bootstrap_interval",
    "content_consistency",
    "corrupt",
    "feature_frechet",
    "feature_statistics",
    "flicker",
    "frame_and_clip_distance",
    "frechet_bias",
    "frechet_distance",
    "kid",
    "kid_of_rows",
    "leak_features",
    "leaky_pair",
    "memorisation",
    "mode_coverage",
    "motion_distance",
    "motion_energy",
    "motion_residual",
    "neighbour_votes",
    "overfit_gap",
    "pareto",
    "probe_accuracy",
    "repetition",
    "rollout_drift",
    "shared_preprocessing",
    "speed",
    "squared_mmd",
    "track",
    "verdict",
    "wasserstein_1d",
]
