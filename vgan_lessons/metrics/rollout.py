"""Long films: how far they drift from how they began, and after how long they repeat."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

_REPEATS = 0.5  # autocorrelation from which a peak is called a period


def rollout_drift(
    films: Tensor,
    reference: Tensor,
    see: Callable[[Tensor], Tensor],
    distance: Callable[[Tensor, Tensor], Tensor],
    window: int,
) -> Tensor:
    """Distance of every stretch of long films to short ones: does a rollout stay as good?

    The films are cut into stretches of `window` frames that do not overlap; what is left at
    the end is ignored. All stretches are compared with the same reference, so that a rise says
    that the films change, not that the metric is read at another place.

    Args:
        films: (N, T, ...) with T >= window.
        reference: (M, window, ...), clips that were not made longer than trained on.
        see: clips (N, window, ...) -> features (N, d).
        distance: features of the reference, features of a stretch -> a scalar tensor.
        window: frames of a stretch.

    Returns:
        (T // window,), lower is better, in the unit of the distance; one number repeated where
        nothing drifts.

    Raises:
        ValueError: if the films are shorter than a window, or the reference is of another
            length.

    Lesson 11.
    """
    if films.shape[1] < window or reference.shape[1] != window:
        raise ValueError(
            f"films of at least {window} frames and a reference of {window} expected, got "
            f"{films.shape[1]} and {reference.shape[1]}"
        )
    known = see(reference)
    drift = []
    for start in range(0, films.shape[1] - window + 1, window):
        drift.append(distance(known, see(films[:, start : start + window])))
    return torch.stack(drift)


def repetition(path: Tensor) -> tuple[int, float]:
    r"""The period of one film, and how exactly it repeats itself.

    With the mean over time taken away, the autocorrelation at a lag of k frames is the cosine
    of the path without its last k frames and the path without its first k:

    .. math:: r_k = \frac{\sum_t x_t \cdot x_{t+k}}
        {\sqrt{\sum_{t \le T-k} |x_t|^2 \sum_{t > k} |x_t|^2}}

    A peak is a lag whose value is above that of both neighbours.

    Args:
        path: (T, d) with T >= 6, any signal over time: pixels, features, places.

    Returns:
        period: the smallest lag of 2 to T // 2 - 1 with a peak of at least 0.5; 0 if none.
        index: the height of the highest of all peaks, from 0 to 1: 1 for an exact loop, 0
            where there is no peak above 0, as in a film that stands still.

    Raises:
        ValueError: if path is not (T, d) with T >= 6.

    Example:
        >>> period, index = repetition(torch.eye(3).repeat(5, 1))
        >>> period, round(index, 6)
        (3, 1.0)

    Lesson 11.
    """
    if path.ndim != 2 or len(path) < 6:
        raise ValueError(f"path must be (T, d) with T >= 6, got {path.shape}")
    x = path.double() - path.double().mean(0)
    heights = []
    for lag in range(1, len(x) // 2 + 1):
        early, late = x[:-lag].flatten(), x[lag:].flatten()
        heights.append(F.cosine_similarity(early, late, dim=0))  # 0 where nothing moves
    height = torch.stack(heights)  # of lags 1 to T // 2
    middle = height[1:-1]  # of lags 2 to T // 2 - 1
    peak = (middle > height[:-2]) & (middle > height[2:])
    index = middle[peak].clamp(min=0).max().item() if peak.any() else 0.0
    clear = (peak & (middle >= _REPEATS)).nonzero()
    period = int(clear[0]) + 2 if len(clear) else 0
    return period, index


def beats_copy(
    futures: Tensor, real: Tensor, see: Callable[[Tensor], Tensor]
) -> tuple[Tensor, Tensor]:
    """In how many films a continuation is nearer to what happened than standing still is.

    Args:
        futures: (B, S, T, ...), S continuations of each of B first frames.
        real: (B, T, ...), what happened; real[:, 0] is the first frame.
        see: clips (N, T, ...) -> features (N, d), in which distances are Euclidean.

    Returns:
        typical: the share of films whose S distances are on average below that of the first
            frame repeated T times.
        best: the share whose smallest one is. Only who knows the future can pick it; it says
            whether the true future is among those that were made.

    Raises:
        ValueError: if futures and real are not of the same films and length.

    Lesson 11. Mathieu et al. 2016, arXiv:1511.05440 (why a squared error in pixels cannot be
    trusted here).
    """
    if futures.shape[:1] + futures.shape[2:] != real.shape:
        raise ValueError(
            f"futures (B, S, T, ...) of the same films and length as real expected, got "
            f"{futures.shape} and {real.shape}"
        )
    B, S, *_ = futures.shape
    wanted = see(real)  # (B, d)
    still = real[:, :1].expand_as(real)
    of_copy = (see(still) - wanted).norm(dim=1)  # (B,)
    seen = see(futures.flatten(0, 1)).unflatten(0, (B, S))  # (B, S, d)
    errors = (seen - wanted[:, None]).norm(dim=2)  # (B, S)
    typical = (errors.mean(1) < of_copy).double().mean()
    best = (errors.amin(1) < of_copy).double().mean()
    return typical, best
