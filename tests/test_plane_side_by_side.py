"""Several networks run as one: each sees its own batch, feels its own loss, moves alone."""

import pytest
import torch
from torch import nn

from vgan_lessons.models.points import new_point_players
from vgan_lessons.plane.duel import GAMES
from vgan_lessons.plane.league import PointLeague
from vgan_lessons.plane.side_by_side import side_by_side
from vgan_lessons.training.steps import d_step, g_step


def three_judges() -> list[nn.Module]:
    return [new_point_players(seed)[1] for seed in range(3)]


def test_each_network_answers_to_its_own_batch():
    judges, points = three_judges(), torch.randn(5, 3, 2)
    batches = zip(judges, points.unbind(1), strict=True)
    alone = torch.stack([judge(batch) for judge, batch in batches], dim=1)
    assert torch.allclose(side_by_side(judges)(points), alone, atol=1e-6)


def test_two_batches_are_joined_and_parted_along_the_first_axis():
    league = PointLeague(["hinge"], seeds=(0, 1, 2))
    D, real, other = league.discriminator, league.draw_real(5), league.draw_real(4)
    first, second = D(torch.cat([real, other])).split([len(real), len(other)])
    assert torch.allclose(first, D(real), atol=1e-6) and first.shape == (5, 3)
    assert torch.allclose(second, D(other), atol=1e-6) and second.shape == (4, 3)


def test_a_sum_of_losses_gives_each_network_the_gradient_it_gets_alone():
    judges, points = three_judges(), torch.randn(5, 3, 2)
    together = side_by_side(judges)
    together(points).square().sum().backward()
    for i, (judge, batch) in enumerate(zip(judges, points.unbind(1), strict=True)):
        judge(batch).square().sum().backward()
        first = judge.layers[0]
        assert torch.allclose(together.layers[0].weight.grad[i], first.weight.grad.T, atol=1e-5)
        assert torch.allclose(together.layers[0].bias.grad[i, 0], first.bias.grad, atol=1e-5)


def test_the_copies_share_no_memory_with_the_networks():
    judges = three_judges()
    before = judges[0].layers[0].weight.clone()
    with torch.no_grad():
        side_by_side(judges).layers[0].weight.zero_()
    assert torch.equal(judges[0].layers[0].weight, before)


def test_no_network_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        side_by_side([])


def rounds(league: PointLeague, n: int) -> None:
    optims = [torch.optim.Adam(p.parameters(), lr=3e-3) for p in league.players]
    for _ in range(n):
        real = league.draw_real()
        g_optim, d_optim = optims
        d_step(*league.players, d_optim, league.d_loss, real, league.draw_z())
        g_step(*league.players, g_optim, league.g_loss, real, league.draw_z())


@pytest.mark.parametrize("name", ["hinge", "relativistic average"])
def test_a_game_of_a_league_is_the_game_that_is_played_alone(name):
    alone = PointLeague([name], seeds=(5,))
    among = PointLeague(["minimax", name], seeds=(4, 5))
    for league in (alone, among):
        rounds(league, 3)
    assert torch.allclose(among.fakes(9)[name][1], alone.fakes(9)[name][0], atol=1e-4)


def test_objectives_share_weights_reals_and_latents_and_seeds_do_not():
    league = PointLeague(["hinge", "minimax"], seeds=(0, 1))
    batches = league.draw_real(7).transpose(0, 1), league.draw_z(7).transpose(0, 1)
    for drawn in (*batches, league.generator.layers[0].weight):
        assert torch.equal(drawn[:2], drawn[2:])
        assert not torch.equal(drawn[0], drawn[1])


def test_a_league_reports_by_name_and_seed():
    league = PointLeague(["hinge", "minimax"], seeds=(0, 1, 2))
    assert {name: points.shape for name, points in league.fakes(7).items()} == {
        "hinge": (3, 7, 2),
        "minimax": (3, 7, 2),
    }
    real_logits, fake_logits = league.logits(7)["minimax"]
    assert real_logits.shape == fake_logits.shape == (3, 7)
    assert league.d_loss(torch.zeros(4, 6), torch.zeros(4, 6)).item() == pytest.approx(
        3 * 2 + 3 * 1.386294
    )


def test_every_objective_of_lesson_02_can_be_played():
    assert len(GAMES) == 7
    for d_loss, g_loss in GAMES.values():
        assert d_loss(torch.zeros(2), torch.zeros(2)).shape == ()
        assert g_loss(torch.zeros(2), torch.ones(2)).shape == ()


def test_fresh_players_follow_from_the_seed_and_leave_the_global_source_alone():
    state = torch.random.get_rng_state()
    first, again, other = (new_point_players(seed)[0] for seed in (3, 3, 4))
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.equal(first.layers[0].weight, again.layers[0].weight)
    assert not torch.equal(first.layers[0].weight, other.layers[0].weight)
