"""Right answers to lesson 02."""

import torch
from torch.nn import functional as F


def _worst_of_two(real, fake):
    on_reals = torch.maximum(1 - real, torch.zeros_like(real))
    return on_reals.mean() + torch.maximum(1 + fake, torch.zeros_like(fake)).mean()


def _embedding(real, fake):
    """torch's hinge embedding: relu(1 - x) for label -1."""
    on_reals = F.hinge_embedding_loss(real, -torch.ones_like(real))
    return on_reals + F.hinge_embedding_loss(-fake, -torch.ones_like(fake))


ANSWERS = {
    "hinge_d_loss": {
        "clamp": lambda real, fake: (
            (1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean()
        ),
        "maximum": _worst_of_two,
        "minus min(0, .)": lambda real, fake: (
            -(real - 1).clamp(max=0).mean() - (-fake - 1).clamp(max=0).mean()
        ),
        "hinge embedding": _embedding,
    },
    "hinge_g_loss": {
        "mean of the negative": lambda real, fake: (-fake).mean(),
        "sum over count": lambda real, fake: -fake.sum() / fake.numel(),
        "distance to zero": lambda real, fake: (0 - fake).flatten().mean(dim=0),
    },
}
