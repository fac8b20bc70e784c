"""A moving average of weights: the generator that is shown, saved and measured."""

import torch
from torch import nn


@torch.no_grad()
def ema_update(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Move every averaged weight a little towards the model's.

    The game circles around its solution; the average of the circle is nearer to it than
    any point on it. Buffers are copied as they are.

    Args:
        average: changed in place; same architecture as `model`.
        model: untouched.
        decay: share of the old average that stays, in [0, 1]: 0 copies the model, and
            after n steps towards a constant the error is decay**n (0.999: half in 693).

    Example:
        >>> average, model = nn.Linear(1, 1), nn.Linear(1, 1)
        >>> ema_update(average, model, decay=0.0)
        >>> bool((average.weight == model.weight).all())
        True

    Lesson 04.
    """
    torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - decay)
    for kept, current in zip(average.buffers(), model.buffers(), strict=True):
        kept.copy_(current)


def ema_decay_at(step: int, decay: float) -> float:
    """Let a young average forget its random start faster than a ripe one.

    Args:
        step: updates made so far, counted from 1.
        decay: the decay it settles at.

    Returns:
        The decay for this step: 0.18 at step 1, `decay` from about step 9 / (1 - decay) on.

    Lesson 04.
    """
    return min(decay, (1 + step) / (10 + step))
