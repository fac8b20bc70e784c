"""The two moves: against a step worked out by hand, and what each of them must leave alone."""

import copy
import math

import pytest
import torch
from torch import Tensor, nn

from vgan_lessons.losses import (
    non_saturating_d_loss,
    non_saturating_g_loss,
    relativistic_d_loss,
    relativistic_g_loss,
)
from vgan_lessons.penalties import r1_penalty
from vgan_lessons.training import d_step, g_step

each_step = pytest.mark.parametrize(
    "step, loss", [(d_step, relativistic_d_loss), (g_step, relativistic_g_loss)]
)


class Scores(nn.Linear):
    """A linear D with logits of shape (B,)."""

    def forward(self, points: Tensor) -> Tensor:
        return super().forward(points).squeeze(1)


def players(seed: int = 0, dim: int = 2) -> tuple[nn.Module, nn.Module]:
    """A linear G and a linear D, with stale gradients on both."""
    torch.manual_seed(seed)
    generator, discriminator = nn.Linear(dim, dim), Scores(dim, 1)
    for weight in (*generator.parameters(), *discriminator.parameters()):
        weight.grad = torch.full_like(weight, 7.0)
    return generator.double(), discriminator.double()


def batch(n: int = 5, dim: int = 2, seed: int = 1) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(seed)
    real, z = torch.randn(2, n, dim, generator=rng, dtype=torch.float64)
    return real + 1, z


def sgd(network: nn.Module, lr: float = 0.1) -> torch.optim.Optimizer:
    return torch.optim.SGD(network.parameters(), lr=lr)


def snapshot(network: nn.Module) -> tuple[list[list], list]:
    """Weights and buffers, and gradients, as plain numbers."""
    kept = [*network.parameters(), *network.buffers()]
    return [w.tolist() for w in kept], [
        None if w.grad is None else w.grad.tolist() for w in network.parameters()
    ]


def sigmoid(t: float) -> float:
    return 1 / (1 + math.exp(-t))


def test_a_step_of_d_is_the_one_worked_out_by_hand():
    """One weight and one bias each; derivatives of the softplus in plain Python."""
    generator, discriminator = players(dim=1)
    real, z = batch(dim=1)
    w, c = generator.weight.item(), generator.bias.item()
    a, b = discriminator.weight.item(), discriminator.bias.item()
    x, y = real.flatten().tolist(), [w * latent + c for latent in z.flatten().tolist()]
    loss = sum(math.log1p(math.exp(-(a * p + b))) for p in x) / len(x)
    loss += sum(math.log1p(math.exp(a * q + b)) for q in y) / len(y)
    slope_a = sum(-sigmoid(-(a * p + b)) * p for p in x) / len(x)
    slope_a += sum(sigmoid(a * q + b) * q for q in y) / len(y)
    slope_b = sum(-sigmoid(-(a * p + b)) for p in x) / len(x)
    slope_b += sum(sigmoid(a * q + b) for q in y) / len(y)
    optim = sgd(discriminator)
    said = d_step(generator, discriminator, optim, non_saturating_d_loss, real, z)
    assert said.item() == pytest.approx(loss, rel=1e-6)
    assert discriminator.weight.item() == pytest.approx(a - 0.1 * slope_a, rel=1e-6)
    assert discriminator.bias.item() == pytest.approx(b - 0.1 * slope_b, rel=1e-6)
    assert (generator.weight.item(), generator.bias.item()) == (w, c)


def test_a_step_of_g_is_the_one_worked_out_by_hand():
    generator, discriminator = players(dim=1)
    real, z = batch(dim=1)
    w, c = generator.weight.item(), generator.bias.item()
    a, b = discriminator.weight.item(), discriminator.bias.item()
    latents = z.flatten().tolist()
    logits = [a * (w * latent + c) + b for latent in latents]
    loss = sum(math.log1p(math.exp(-logit)) for logit in logits) / len(logits)
    pulls = [-sigmoid(-logit) * a / len(logits) for logit in logits]
    optim = sgd(generator)
    said = g_step(generator, discriminator, optim, non_saturating_g_loss, real, z)
    assert said.item() == pytest.approx(loss, rel=1e-6)
    moved = w - 0.1 * sum(p * latent for p, latent in zip(pulls, latents, strict=True))
    assert generator.weight.item() == pytest.approx(moved, rel=1e-6)
    assert generator.bias.item() == pytest.approx(c - 0.1 * sum(pulls), rel=1e-6)


def test_only_d_moves_in_its_step():
    generator, discriminator = players()
    before, weights = snapshot(generator), snapshot(discriminator)
    d_step(generator, discriminator, sgd(discriminator), non_saturating_d_loss, *batch())
    assert snapshot(generator) == before  # gradients included
    moved = zip(snapshot(discriminator)[0], weights[0], strict=True)
    assert all(now != then for now, then in moved)


def test_only_g_moves_in_its_step_and_no_gradient_is_left_on_d():
    generator, discriminator = players()
    before, weights = snapshot(discriminator), snapshot(generator)
    g_step(generator, discriminator, sgd(generator), non_saturating_g_loss, *batch())
    assert snapshot(discriminator) == before  # gradients included
    moved = zip(snapshot(generator)[0], weights[0], strict=True)
    assert all(now != then for now, then in moved)
    assert all(weight.requires_grad for weight in discriminator.parameters())


@each_step
def test_what_was_in_grad_before_does_not_count(step, loss):
    ends = []
    for stale in (7.0, -3.0):
        networks = players()
        mover = networks[1] if step is d_step else networks[0]
        for weight in mover.parameters():
            weight.grad.fill_(stale)
        step(*networks, sgd(mover), loss, *batch())
        ends.append(snapshot(mover))
    assert ends[0] == ends[1]


@each_step
def test_the_gradient_of_the_step_stays_readable_and_the_loss_hangs_on_no_graph(step, loss):
    networks = players()
    mover = networks[1] if step is d_step else networks[0]
    before = copy.deepcopy(mover)
    said = step(*networks, sgd(mover), loss, *batch())
    assert said.shape == () and not said.requires_grad
    for then, now in zip(before.parameters(), mover.parameters(), strict=True):
        assert torch.allclose(then - 0.1 * now.grad, now)


def test_modes_stay_as_they_are():
    for training in (True, False):
        networks = [network.train(training) for network in players()]
        d_step(*networks, sgd(networks[1]), non_saturating_d_loss, *batch())
        g_step(*networks, sgd(networks[0]), non_saturating_g_loss, *batch())
        assert [network.training for network in networks] == [training, training]


def test_the_penalty_moves_d_but_is_not_part_of_the_loss_that_is_returned():
    ends = []
    for gamma in (0.0, 5.0):
        networks = players()
        said = d_step(
            *networks,
            sgd(networks[1]),
            non_saturating_d_loss,
            *batch(),
            penalty=lambda D, real, fake, gamma=gamma: r1_penalty(D, real, gamma),
        )
        ends.append((said.item(), networks[1].weight.tolist()))
    assert ends[0][0] == ends[1][0]
    assert ends[0][1] != ends[1][1]


def test_the_penalty_sees_the_fakes_of_this_step_cut_off_from_g():
    generator, discriminator = players()
    real, z = batch()
    seen = []

    def penalty(judge: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        seen.append((judge, real, fake))
        return fake.new_zeros(())

    d_step(
        generator, discriminator, sgd(discriminator), non_saturating_d_loss, real, z, penalty
    )
    ((judge, reals, fakes),) = seen
    assert judge is discriminator and reals is real
    assert torch.equal(fakes, generator(z)) and not fakes.requires_grad


def test_g_needs_the_reals_only_as_numbers():
    """A relativistic G compares with the reals' scores; no gradient goes there."""
    generator, discriminator = players()
    real, z = batch()
    real.requires_grad_()
    said = g_step(generator, discriminator, sgd(generator), relativistic_g_loss, real, z)
    assert real.grad is None
    before, _ = players()
    logits = discriminator(real) - discriminator(before(z))
    assert said.item() == pytest.approx(nn.functional.softplus(logits).mean().item())
