"""The loop for frames: it is the game of lesson 04 with its parts in place, and it learns."""

import copy

import torch
from torch import nn
from torch.nn import functional as F

from vgan_lessons.models.frames import FrameDiscriminator, FrameGenerator
from vgan_lessons.models.points import new_point_players
from vgan_lessons.training.frames import train_frames


def drawers(rng, n=16, dim=2):
    def real():
        return torch.randn(n, dim, generator=rng) * 0.5 + 3

    def z():
        return torch.randn(n, 2, generator=rng)

    return real, z


def optims(*players, lr=3e-3):
    return [torch.optim.Adam(p.parameters(), lr=lr, betas=(0.5, 0.9)) for p in players]


def test_one_round_is_the_relativistic_game_with_both_penalties():
    """Against autograd written out here, with plain gradient descent."""
    G, D = new_point_players(seed=0)
    by_hand = copy.deepcopy(D)
    sgd = [torch.optim.SGD(p.parameters(), lr=0.1) for p in (G, D)]
    real, z = torch.randn(2, 8, 2, generator=torch.Generator().manual_seed(1)).unbind()
    fake = G(z).detach()
    next(train_frames(G, D, *sgd, lambda: real, lambda: z, 1, 0.7, 0.9))
    logits = []
    slopes = 0.0
    for batch in (real, fake):
        batch = batch.clone().requires_grad_()
        logits.append(by_hand(batch))
        (slope,) = torch.autograd.grad(logits[-1].sum(), batch, create_graph=True)
        slopes = slopes + slope.square().sum() / 8
    loss = F.softplus(logits[1] - logits[0]).mean() + 0.7 / 2 * slopes
    weights = list(by_hand.parameters())
    for weight, pull, moved in zip(
        weights,
        torch.autograd.grad(loss, weights, allow_unused=True),
        D.parameters(),
        strict=True,
    ):
        step = 0 if pull is None else 0.1 * pull
        torch.testing.assert_close(moved, weight - step, rtol=1e-4, atol=1e-6)


def test_the_average_is_one_module_that_follows_and_never_leads():
    G, D = new_point_players(seed=0)
    before = copy.deepcopy(G)
    rounds = list(train_frames(G, D, *optims(G, D), *drawers(torch.Generator()), 3, 0.1, 0.99))
    averages = {id(played.average) for played in rounds}
    assert len(rounds) == 3 and len(averages) == 1 and id(G) not in averages
    start, kept, now = (
        nn.utils.parameters_to_vector(m.parameters()) for m in (before, rounds[-1].average, G)
    )
    assert 0 < (kept - start).norm() < (now - start).norm()


def test_points_reach_the_data_within_a_few_hundred_rounds():
    G, D = new_point_players(seed=0)
    rng = torch.Generator().manual_seed(0)
    *_, last = train_frames(G, D, *optims(G, D), *drawers(rng, 64), 400, 0.1, 0.98)
    fakes = last.average(torch.randn(500, 2, generator=rng))
    assert (fakes.mean(0) - 3).abs().max() < 0.3


def test_frames_learn_the_colour_of_the_data_in_sixty_rounds():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        G = FrameGenerator(latent_dim=2, image_size=8, base_channels=4)
        D = FrameDiscriminator(image_size=8, base_channels=4)
    rng = torch.Generator().manual_seed(0)
    red = torch.tensor([0.8, -0.8, -0.8]).view(1, 3, 1, 1).expand(16, 3, 8, 8)
    z = torch.randn(16, 2, generator=rng)

    def draw_z():
        return torch.randn(16, 2, generator=rng)

    untrained = (G(z) - red).abs().mean()
    for _ in train_frames(G, D, *optims(G, D, lr=1e-2), lambda: red, draw_z, 60, 0.1, 0.9):
        pass
    assert (G(z) - red).abs().mean() < untrained / 2
