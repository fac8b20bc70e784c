"""What a network keeps between its forward and its backward pass, by arithmetic."""

import math
from collections.abc import Sequence

from torch import nn

_KEEP_INPUT = (nn.Conv2d, nn.Linear, nn.LeakyReLU)
_KEEP_OUTPUT = (nn.ReLU, nn.Tanh)


def activation_bytes(network: nn.Sequential, shape: Sequence[int]) -> int:
    """Predict how many bytes autograd keeps for the way back, without running anything.

    Weights are kept as well, whatever the batch: they do not count here.

    Args:
        network: a chain of Conv2d, Linear, LeakyReLU, ReLU, Tanh and Flatten.
        shape: of its float32 input, (B, C, H, W) or (B, n).

    Returns:
        4 bytes a number: a Conv2d, Linear or LeakyReLU keeps its input, a ReLU or Tanh its
        output, a Flatten nothing; what two layers keep is there once.

    Lesson 12. Chen et al. 2016, Training Deep Nets with Sublinear Memory Cost,
    arXiv:1604.06174 (what to do about it).
    """
    kept, shape, place = {}, tuple(shape), 0
    for layer in network:
        if isinstance(layer, _KEEP_INPUT):
            kept[place] = math.prod(shape)
        if isinstance(layer, nn.Linear):
            shape = (*shape[:-1], layer.out_features)
        elif isinstance(layer, nn.Flatten):
            shape = (shape[0], math.prod(shape[1:]))
        elif isinstance(layer, nn.Conv2d):
            of_sides = zip(
                shape[2:], layer.kernel_size, layer.stride, layer.padding, strict=True
            )
            sides = [(n + 2 * p - k) // s + 1 for n, k, s, p in of_sides]
            shape = (shape[0], layer.out_channels, *sides)
        if not isinstance(layer, nn.Flatten):  # its output is its input's memory
            place += 1
        if isinstance(layer, _KEEP_OUTPUT):
            kept[place] = math.prod(shape)
    return 4 * sum(kept.values())
