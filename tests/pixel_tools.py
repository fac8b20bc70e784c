"""What the pixels of drawn clips say, read without the library."""

import torch


def as_videos(bank):
    return bank.frames.view(bank.n_videos, -1, *bank.frames.shape[1:])


def centroids(videos):
    """(N, T, 2) brightness-weighted mean x and y, pixel by pixel."""
    weight = videos.float().sum(2)
    place = torch.arange(videos.shape[-1]).float()
    x = (weight.sum(-2) * place).sum(-1) / weight.sum((-1, -2))
    y = (weight.sum(-1) * place).sum(-1) / weight.sum((-1, -2))
    return torch.stack([x, y], -1)
