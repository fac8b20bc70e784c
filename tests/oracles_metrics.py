"""Metrics read aloud from their equations: numpy and loops, nothing shared with the library."""

import math

import numpy as np
from scipy import linalg, stats
from sklearn.neighbors import NearestNeighbors


def frechet(first: np.ndarray, second: np.ndarray) -> float:
    """From samples, with scipy's matrix square root (needs full rank)."""
    cov_1, cov_2 = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    root = linalg.sqrtm(cov_1 @ cov_2).real
    gap = first.mean(0) - second.mean(0)
    return float(gap @ gap + np.trace(cov_1 + cov_2 - 2 * root))


def kid(first: list[list[float]], second: list[list[float]]) -> float:
    """Unbiased squared discrepancy under the cubic kernel, pair by pair."""

    def kernel(x, y):
        return (sum(a * b for a, b in zip(x, y, strict=True)) / len(x) + 1) ** 3

    def within(points):
        pairs = [(i, j) for i in range(len(points)) for j in range(len(points)) if i != j]
        return sum(kernel(points[i], points[j]) for i, j in pairs) / len(pairs)

    across = [kernel(x, y) for x in first for y in second]
    return within(first) + within(second) - 2 * sum(across) / len(across)


def neighbour_means(real: np.ndarray, fake: np.ndarray, k: int) -> dict[str, float]:
    """Precision, recall, density and coverage with scikit-learn's neighbours."""

    def radii(points):
        return NearestNeighbors(n_neighbors=k + 1).fit(points).kneighbors(points)[0][:, -1]

    gaps = np.linalg.norm(real[:, None] - fake[None], axis=-1)  # (N, M)
    near_real, near_fake = gaps <= radii(real)[:, None], gaps <= radii(fake)[None]
    return {
        "precision": near_real.any(0).mean(),
        "recall": near_fake.any(1).mean(),
        "density": near_real.sum(0).mean() / k,
        "coverage": near_real.any(1).mean(),
    }


def motion_energy(video: np.ndarray) -> float:
    """Mean squared difference of neighbouring frames of one video (T, ...)."""
    return float(np.mean([(video[t + 1] - video[t]) ** 2 for t in range(len(video) - 1)]))


def flicker(video: np.ndarray) -> float:
    """Distance of each frame's mean colour from the middle of its neighbours', of 2."""
    colour = video.mean(axis=(-2, -1))
    gaps = [
        abs(colour[t][c] - (colour[t - 1][c] + colour[t + 1][c]) / 2) / 2
        for t in range(1, len(video) - 1)
        for c in range(colour.shape[1])
    ]
    return float(np.mean(gaps))


def content_consistency(frames: np.ndarray) -> float:
    """Mean cosine over all pairs of different frames of one video (T, d)."""
    cosines = [
        float(x @ y) / (math.sqrt(x @ x) * math.sqrt(y @ y))
        for i, x in enumerate(frames)
        for j, y in enumerate(frames)
        if i != j
    ]
    return float(np.mean(cosines))


def wasserstein(first: np.ndarray, second: np.ndarray) -> float:
    """scipy's."""
    return float(stats.wasserstein_distance(first, second))
