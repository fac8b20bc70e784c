"""One step under two losses: what each alone wants of a future that has two answers."""

import torch
from torch import nn

from vgan_lessons.exercises.tiny_players import Descent
from vgan_lessons.training.prediction import prediction_step


class Either(nn.Module):
    """A future that noise may choose: tanh of a sum of both inputs, stretched."""

    def __init__(self):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.5))

    def forward(self, first, noise):
        return torch.tanh(3 * self.slope * noise) + 0 * first


def towards_one(first, future):
    """A D that believes futures near +1 and -1 alike."""
    return (4 - 8 * (future.abs() - 1).square()).flatten()


def test_a_squared_error_closes_the_gap_to_the_mean_and_d_opens_it():
    rng = torch.Generator().manual_seed(0)
    slopes = {}
    for weight in (1.0, 0.0):
        G = Either()
        optim = Descent(G, lr=0.2)
        for _ in range(60):
            noise = torch.randn(64, 1, generator=rng)
            future = torch.randint(0, 2, (64, 1), generator=rng) * 2.0 - 1
            prediction_step(G, towards_one, optim, torch.zeros(64, 1), future, noise, weight)
        slopes[weight] = abs(G.slope.item())
    assert slopes[1.0] < 0.15 < 0.6 < slopes[0.0]
