"""The loop: who moves how often, what it says, and that a small game is learned in seconds."""

import copy
import inspect
import math
from dataclasses import fields

import pytest
import torch

from vgan_lessons import losses, training
from vgan_lessons.datasets import ring_batches, ring_centres
from vgan_lessons.metrics import mode_coverage
from vgan_lessons.point_models import PointDiscriminator, PointGenerator
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import GanTrainConfig, d_step, g_step, train_gan


def new_game(seed: int = 0, width: int = 8):
    """Two players, and batches and latents from one source."""
    torch.manual_seed(seed)
    generator, discriminator = PointGenerator(width=width), PointDiscriminator(width=width)
    rng = new_rng(seed)
    batches = ring_batches(32, rng=rng)
    return generator, discriminator, batches, lambda n: generator.draw_latents(n, rng)


def play(game, config: GanTrainConfig, **options):
    sides = {
        "d_loss_fn": losses.non_saturating_d_loss,
        "g_loss_fn": losses.non_saturating_g_loss,
    }
    return train_gan(*game, config=config, **(sides | options))


def weights(network) -> list:
    return [weight.tolist() for weight in network.parameters()]


def test_the_loop_is_the_two_steps_in_turn():
    config = GanTrainConfig(n_steps=3, n_critic=2, d_lr=1e-3, g_lr=2e-3, betas=(0.3, 0.9))
    game, by_hand = new_game(), new_game()
    list(play(game, config))
    G, D, batches, sample_latents = by_hand
    d_optim = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.3, 0.9))
    g_optim = torch.optim.Adam(G.parameters(), lr=2e-3, betas=(0.3, 0.9))
    for _ in range(3):
        for _ in range(2):
            real = next(batches)
            d_step(G, D, d_optim, losses.non_saturating_d_loss, real, sample_latents(32))
        g_step(G, D, g_optim, losses.non_saturating_g_loss, real, sample_latents(32))
    for looped, stepped in zip(game[:2], by_hand[:2], strict=True):
        for one, other in zip(looped.parameters(), stepped.parameters(), strict=True):
            assert torch.allclose(one, other, atol=1e-6)


def test_logs_come_when_due_and_at_the_end_as_plain_floats():
    logs = list(play(new_game(), GanTrainConfig(n_steps=7, log_every=3)))
    assert [log.step for log in logs] == [3, 6, 7]
    for log in logs:
        assert all(type(getattr(log, field.name)) in (int, float) for field in fields(log))


def test_a_log_says_what_the_last_steps_saw():
    G, D, batches, sample_latents = new_game()
    for network in (G, D):
        for weight in network.parameters():
            torch.nn.init.zeros_(weight)  # D is silent, and no gradient reaches G
    (log,) = play((G, D, batches, sample_latents), GanTrainConfig(n_steps=1, d_lr=0.0))
    assert log.d_loss == pytest.approx(2 * math.log(2)) == pytest.approx(1.386294)
    assert log.g_loss == pytest.approx(math.log(2))
    assert (log.real_logit, log.fake_logit, log.g_grad_norm) == (0.0, 0.0, 0.0)


def test_gradient_norms_and_logits_are_those_of_the_players():
    game = new_game()
    (log,) = play(game, GanTrainConfig(n_steps=1))
    for player, said in ((game[1], log.d_grad_norm), (game[0], log.g_grad_norm)):
        squares = sum(weight.grad.square().sum() for weight in player.parameters())
        assert said == pytest.approx(squares.sqrt().item(), rel=1e-5)
    assert log.real_logit != log.fake_logit


def test_the_loop_ends_with_the_batches():
    G, D, batches, sample_latents = new_game()
    few = [next(batches) for _ in range(5)]
    config = GanTrainConfig(n_steps=100, n_critic=2, log_every=1)
    assert [log.step for log in play((G, D, few, sample_latents), config)] == [1, 2]


def test_the_average_follows_the_generator_slowly():
    game = new_game()
    average, start = copy.deepcopy(game[0]), copy.deepcopy(game[0])
    list(play(game, GanTrainConfig(n_steps=1, ema_decay=0.75), generator_ema=average))
    triples = zip(start.parameters(), game[0].parameters(), average.parameters(), strict=True)
    for then, now, kept in triples:
        assert torch.allclose(kept, 0.75 * then + 0.25 * now, atol=1e-6)


def test_a_penalty_reaches_d_at_every_step_of_it():
    calls = []

    def penalty(D, real, fake):
        calls.append((real.shape, fake.shape))
        return 10 * D(real).square().mean()

    plain, punished = new_game(), new_game()
    config = GanTrainConfig(n_steps=2, n_critic=3)
    list(play(plain, config))
    list(play(punished, config, penalty=penalty))
    assert calls == [((32, 2), (32, 2))] * 6
    assert weights(plain[1]) != weights(punished[1])


def test_a_frozen_layer_of_g_stays_where_it_is():
    game = new_game()
    frozen, free = game[0].layers[0], game[0].layers[2]
    frozen.requires_grad_(False)
    before = weights(frozen), weights(free)
    list(play(game, GanTrainConfig(n_steps=1)))
    assert weights(frozen) == before[0] and weights(free) != before[1]


def test_one_seed_is_one_game():
    ends = []
    for _ in range(2):
        game = new_game(3)
        list(play(game, GanTrainConfig(n_steps=5)))
        ends.append(weights(game[0]))
    assert ends[0] == ends[1]


def test_every_number_of_the_configuration_is_read():
    source = inspect.getsource(training.gan)
    for field in fields(GanTrainConfig):
        assert f"config.{field.name}" in source


@pytest.mark.parametrize("name", ["n_steps", "n_critic", "log_every"])
def test_counts_below_one_are_refused(name):
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
        GanTrainConfig(**{name: 0})


def test_a_small_game_reaches_all_eight_modes_in_seconds():
    G, D, _, _ = new_game(0, width=64)
    rng = new_rng(0)
    game = (G, D, ring_batches(256, rng=rng), lambda n: G.draw_latents(n, rng))
    list(play(game, GanTrainConfig(n_steps=500)))
    with torch.no_grad():
        points = G(G.draw_latents(2000, new_rng(1)))
    found = mode_coverage(points, ring_centres(), sigma=0.1)
    assert found.n_modes == 8
    assert found.kl_to_uniform < 0.2 and found.quality > 0.5
