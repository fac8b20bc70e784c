"""A layer that lets a discriminator see a batch as a batch."""

import torch
from torch import Tensor


def minibatch_std(features: Tensor, group_size: int) -> Tensor:
    """Tell D how much the samples of a group differ, so that a collapsed G gives itself away.

    Neighbours in the batch form a group: the first `group_size` samples, the next, and so on.
    Within a group the standard deviation (dividing by group_size) is taken at every position,
    then averaged over all positions to one number, which every sample of the group gets as
    one more channel. 1e-8 under the root keeps the slope finite where samples are equal.

    Args:
        features: (B, C, ...): (B, C, H, W) of pictures, or (B, C) without any place.
        group_size: samples in a group; divides B. 1 sees nothing.

    Returns:
        (B, C + 1, ...): the features, then the channel. It is 1e-4 for equal samples; for two
        samples that are +a and -a everywhere it is a.

    Raises:
        ValueError: if B is no multiple of group_size.

    Example:
        >>> minibatch_std(torch.tensor([[1.0], [-1.0], [5.0], [5.0]]), 2)[:, 1].round()
        tensor([1., 1., 0., 0.])

    Lesson 04. Karras et al. 2018, Progressive Growing of GANs, arXiv:1710.10196, section 3;
    there the groups are the whole batch.
    """
    B, _, *places = features.shape
    _require_even_groups(B, group_size)
    groups = features.unflatten(0, (-1, group_size))  # (B / g, g, C, ...)
    variance = groups.var(dim=1, correction=0)
    spread = (variance + 1e-8).sqrt().flatten(1).mean(dim=1)  # one number a group
    channel = spread.repeat_interleave(group_size).view(B, 1, *[1] * len(places))
    return torch.cat([features, channel.expand(B, 1, *places)], dim=1)


def _require_even_groups(B: int, group_size: int) -> None:
    if group_size < 1 or B % group_size:
        raise ValueError(f"group_size must divide the batch, got {group_size} and B={B}")
