"""Which of several makers nobody beats in everything, and how sure that is."""

from torch import Tensor


def pareto(
    distances: Tensor, costs: Tensor, quantile: float = 4.303
) -> tuple[Tensor, Tensor, Tensor]:
    """Leave out only what another one beats at no greater cost, whatever the seeds.

    The interval of a mean over S seeds is mean +- quantile * s / sqrt(S), with the standard
    deviation s that divides by S - 1. A contestant is beaten if another one costs no more and
    its whole interval lies below this one's.

    Args:
        distances: (K, S), S >= 2: of each contestant one value a seed; lower is better.
        costs: (K,): seconds a clip, say; lower is better.
        quantile: of Student's t with S - 1 degrees of freedom: 4.303 is for three seeds and
            95 %.

    Returns:
        Low ends, high ends, and on_front, (K,) each: all True where all intervals overlap.

    Raises:
        ValueError: if there is only one seed: it has no spread.

    Example:
        >>> import torch
        >>> distances = torch.tensor([[1.0, 1.1, 1.2], [5.0, 5.1, 5.2]])
        >>> pareto(distances, torch.tensor([1.0, 2.0]))[2]
        tensor([ True, False])

    Lesson 13. Student 1908, The probable error of a mean, for the quantile.
    """
    n_seeds = distances.shape[1]
    if n_seeds < 2:
        raise ValueError(f"an interval needs two seeds at least, got {n_seeds}")
    mean, reach = distances.mean(1), quantile * distances.std(1) / n_seeds**0.5
    low, high = mean - reach, mean + reach
    below = high[:, None] < low[None, :]  # (K, K): row k is surely better than column j
    no_dearer = costs[:, None] <= costs[None, :]
    return low, high, ~(below & no_dearer).any(0)
