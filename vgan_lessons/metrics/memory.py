"""Copies found out: a clip that repeats a training film lies next to it, and far from others.

A copy of the training set has a Fréchet distance near 0 to it. Nearest neighbours give it away.
"""

import torch
from torch import Tensor


def memorisation(train: Tensor, held_out: Tensor, clips: Tensor) -> Tensor:
    r"""How much nearer each clip lies to what was trained on than to what was not.

    .. math:: \min_i |x - t_i| \; / \; \min_j |x - h_j|

    Two things tilt it: of two sets of one law the larger has the nearer neighbour, and a
    generator that learned from a few films makes clips in those films' rooms, copied or not.
    So hold it beside the same number of real clips that nobody trained on. What spoils every
    generated clip alike, a blur or grain, moves it away from both sets: hence a ratio, and
    features in which such faults weigh little.

    Args:
        train: (N, d) features of clips that were trained on, every film among them.
        held_out: (M, d) features of clips of the same kind that were not; take M = N.
        clips: (K, d) features of generated clips.

    Returns:
        (K,) float64, of which the median is the metric: about 1 for clips of neither set
        where N = M, 0 for copies.

    Example:
        >>> train, held_out = torch.tensor([[0.0], [1.0]]), torch.tensor([[4.0], [5.0]])
        >>> memorisation(train, held_out, torch.tensor([[1.0], [2.5]])).tolist()
        [0.0, 1.0]

    Lesson 09.
    """
    to_train, to_held_out = (_nearest(clips, known) for known in (train, held_out))
    return to_train / to_held_out.clamp(min=torch.finfo(torch.float64).tiny)


def _nearest(clips: Tensor, known: Tensor) -> Tensor:
    # Directly, not through |a|^2 + |b|^2 - 2ab, which leaves 1e-8 where a copy has 0.
    mode = "donot_use_mm_for_euclid_dist"
    return torch.cdist(clips.double(), known.double(), compute_mode=mode).amin(1)
