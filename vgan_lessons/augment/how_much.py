"""How much to augment: as much as D overfits, and no more."""

import math


def ada_update(
    probability: float,
    gap: float,
    *,
    target: float = 0.6,
    n_clips: int,
    n_to_full: int = 500_000,
) -> float:
    """Move the probability of augmentation one step towards what the overfitting asks for.

    Args:
        probability: of each alteration so far, 0 to 1.
        gap: how far D overfits now, as `overfit_gap` says; above the target the probability
            rises, below it falls, at the target or where the gap is not finite it stays.
        target: of the gap.
        n_clips: real clips that D has seen since the last step.
        n_to_full: real clips after which the probability has come from 0 to 1, if it rises
            all the time: the speed.

    Returns:
        The probability from now on, never outside [0, 1].

    Example:
        >>> ada_update(0.25, 0.9, n_clips=100, n_to_full=1000)
        0.35
        >>> ada_update(0.25, 0.1, n_clips=400, n_to_full=1000)
        0.0

    Lesson 10. Karras et al. 2020, Training Generative Adversarial Networks with Limited Data
    (ADA), arXiv:2006.06676.
    """
    if not math.isfinite(gap) or gap == target:
        return probability
    step = math.copysign(n_clips / n_to_full, gap - target)
    return min(1.0, max(0.0, probability + step))
