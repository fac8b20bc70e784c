"""A penalty that is paid now and then, and as much on average."""

from collections.abc import Callable

import torch
from torch import Tensor


def lazy_penalty(penalty: Callable[[], Tensor], step: int, every: int) -> Tensor:
    """Compute a penalty on every k-th step only, and make it k times as heavy there.

    A penalty differentiates twice and may cost more than the rest of D's step. D changes
    little in a few steps, so that paying k-fold once is nearly paying each time: the average
    over k steps is the same.

    Args:
        penalty: called without arguments, and only when the penalty is due.
        step: number of this step; it is due whenever `every` divides it.
        every: k, at least 1; 1 pays at each step. 4 to 16 are usual.

    Returns:
        Scalar: `every` times the penalty when due, otherwise a zero without a graph that
        may be added to a loss on any device.

    Example:
        >>> payments = [lazy_penalty(lambda: torch.tensor(0.5), step, 4) for step in range(8)]
        >>> [payment.item() for payment in payments]
        [2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0]

    Lesson 03. Karras et al. 2020, StyleGAN2 (lazy regularisation), arXiv:1912.04958.
    """
    if step % every == 0:
        return every * penalty()
    return torch.zeros(())
