"""What makes several processes one training: the mean of their gradients."""

from collections.abc import Callable

import torch
from torch import Tensor


def average_gradients(
    gradients: list[Tensor], all_reduce: Callable[[Tensor], object], n_processes: int
) -> None:
    """Replace each gradient by its mean over all processes: that of the whole batch.

    Adversarial steps differentiate several times and freeze players in turn, which a
    wrapper around the model has to be told about; one sum over all gradients, laid end to
    end, need not know.

    Args:
        gradients: any shapes and layouts, changed in place; the same ones on every process.
        all_reduce: replaces a tensor, in place, by its sum over the processes; all of them
            have to call it equally often. Called once, with one flat tensor.
        n_processes: how many there are.

    Lesson 12.
    """
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    all_reduce(flat)
    flat /= n_processes
    sizes = [gradient.numel() for gradient in gradients]
    for gradient, mean in zip(gradients, flat.split(sizes), strict=True):
        gradient.copy_(mean.view_as(gradient))
