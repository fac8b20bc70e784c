"""Values of the game and distances, against slow oracles, landmarks and laws."""

import math

import pytest
import torch
from torch import Tensor

import oracles_objectives as oracles
from vgan_lessons import divergences
from vgan_lessons.divergences import fit_line_d, mc_game_value

LOG_2 = math.log(2)
OVER_A_GRID = ("game_value", "lsgan_value", "hinge_value")


@pytest.fixture
def x() -> Tensor:
    return torch.linspace(-12, 22, 3401, dtype=torch.float64)


def normal(x: Tensor, centre: float) -> Tensor:
    return torch.exp(-((x - centre) ** 2) / 2) / math.sqrt(2 * math.pi)


def tent(x: Tensor, centre: float) -> Tensor:
    """A triangle of area 1 with feet at centre - 1 and centre + 1."""
    return (1 - (x - centre).abs()).clamp(min=0)


def uneven_densities(seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Two densities with holes, of trapezoid area 1, on a coarse uneven grid."""
    rng = torch.Generator().manual_seed(seed)
    x = torch.rand(9, generator=rng, dtype=torch.float64).cumsum(0)
    p, q = torch.rand(2, 9, generator=rng, dtype=torch.float64) + 0.1
    p[:2], q[-1], p[5], q[5] = 0, 0, 0, 0
    return p / torch.trapezoid(p, x), q / torch.trapezoid(q, x), x


@pytest.mark.parametrize("name", OVER_A_GRID)
@pytest.mark.parametrize("seed", range(3))
def test_values_on_an_uneven_grid_match_their_definitions(name, seed):
    p, q, x = uneven_densities(seed)
    expect = getattr(oracles, name)(p.tolist(), q.tolist(), x.tolist())
    assert getattr(divergences, name)(p, q, x).item() == pytest.approx(expect, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_js_and_w1_on_an_uneven_grid_match_their_definitions(seed):
    p, q, x = uneven_densities(seed)
    js, w1 = divergences.js_vs_w1(p, q, x)
    assert js.item() == pytest.approx(oracles.js(p.tolist(), q.tolist(), x.tolist()), rel=1e-9)
    assert w1.item() == pytest.approx(oracles.w1(p.tolist(), q.tolist(), x.tolist()), rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_value_of_any_d_matches_its_definition(seed):
    p, q, x = uneven_densities(seed)
    logits = 3 * torch.randn(9, generator=torch.Generator().manual_seed(seed)).double()
    expect = oracles.value_of_any_d(*(list_.tolist() for list_ in (logits, p, q, x)))
    assert divergences.value_of_any_d(logits, p, q, x).item() == pytest.approx(expect, rel=1e-9)


@pytest.mark.parametrize("n_real, n_fake", [(1, 1), (5, 3), (2, 7)])
def test_the_sampled_value_matches_its_definition(n_real, n_fake):
    rng = torch.Generator().manual_seed(n_real)
    real = 2 * torch.randn(n_real, generator=rng, dtype=torch.float64)
    fake = 2 * torch.randn(n_fake, generator=rng, dtype=torch.float64)
    expect = oracles.mc_game_value(real.tolist(), fake.tolist())
    assert divergences.mc_game_value(real, fake).item() == pytest.approx(expect, rel=1e-9)


def test_the_best_d_for_two_bells_is_known_at_one_point():
    at = torch.tensor(0.3, dtype=torch.float64)
    log_p = torch.distributions.Normal(0.0, 1.0).log_prob(at)
    log_q = torch.distributions.Normal(2.0, 1.0).log_prob(at)
    logit = divergences.optimal_logit(log_p, log_q)
    assert torch.sigmoid(logit).item() == pytest.approx(0.802184, abs=1e-6)
    assert divergences.optimal_logit(log_q, log_p) == -logit


def test_the_best_logit_is_finite_where_the_densities_are_zero_in_floating_point():
    at = torch.tensor([-50.0, 50.0])
    log_p = torch.distributions.Normal(0.0, 1.0).log_prob(at)
    log_q = torch.distributions.Normal(2.0, 1.0).log_prob(at)
    assert log_p.exp().max() == 0
    assert divergences.optimal_logit(log_p, log_q).tolist() == pytest.approx([102, -98])


@pytest.mark.parametrize(
    "shift, value, js",
    [
        (0, -1.386294, 0.0),
        (1, -1.163451, 0.111421),
        (2, -0.712633, 0.336831),
        (4, -0.120854, 0.632720),
        (8, -0.000187, 0.693054),
    ],
)
def test_the_game_s_value_is_minus_log_4_plus_twice_js(x, shift, value, js):
    p, q = normal(x, 0), normal(x, shift)
    measured_js, w1 = divergences.js_vs_w1(p, q, x)
    assert divergences.game_value(p, q, x).item() == pytest.approx(value, abs=1e-6)
    assert measured_js.item() == pytest.approx(js, abs=1e-6)
    assert -math.log(4) + 2 * measured_js.item() == pytest.approx(value, abs=2e-6)
    assert w1.item() == pytest.approx(shift, abs=1e-9)


@pytest.mark.parametrize("gap", [2, 3, 10])
def test_js_is_deaf_to_the_gap_between_disjoint_densities_and_w1_is_the_gap(x, gap):
    js, w1 = divergences.js_vs_w1(tent(x, 0), tent(x, gap), x)
    assert js.item() == pytest.approx(LOG_2, abs=1e-6)
    assert w1.item() == pytest.approx(gap, rel=1e-6)


def test_both_distances_are_symmetric():
    p, q, x = uneven_densities(0)
    forth, back = divergences.js_vs_w1(p, q, x), divergences.js_vs_w1(q, p, x)
    assert torch.stack(forth).tolist() == pytest.approx(torch.stack(back).tolist())


def test_no_disturbed_discriminator_beats_the_best_one(x):
    log_p = torch.distributions.Normal(0.0, 1.0).log_prob(x)
    log_q = torch.distributions.Normal(2.0, 1.0).log_prob(x)
    best = divergences.optimal_logit(log_p, log_q)
    p, q = log_p.exp(), log_q.exp()
    bound = divergences.game_value(p, q, x)
    assert divergences.value_of_any_d(best, p, q, x).item() == pytest.approx(bound.item())
    rng = torch.Generator().manual_seed(0)
    for _ in range(200):
        disturbed = best + torch.randn(len(x), generator=rng, dtype=x.dtype)
        assert divergences.value_of_any_d(disturbed, p, q, x) < bound - 1e-3


def test_samples_estimate_the_value_within_three_standard_errors():
    rng, n = torch.Generator().manual_seed(1), 20_000
    real, fake = torch.randn(n, generator=rng), torch.randn(n, generator=rng) + 2
    on_reals, on_fakes = 2 - 2 * real, 2 - 2 * fake  # log p - log q for N(0, 1) and N(2, 1)
    estimate = divergences.mc_game_value(on_reals, on_fakes).item()
    spread = torch.nn.functional.logsigmoid(on_reals).var()
    spread = spread + torch.nn.functional.logsigmoid(-on_fakes).var()
    assert abs(estimate + 0.712633) < 3 * (spread / n).sqrt().item()


def test_the_sampled_value_is_finite_where_a_log_of_a_probability_is_not():
    wrong = torch.tensor([-100.0, 100.0])
    assert not torch.log(torch.sigmoid(torch.tensor(-105.0))).isfinite()
    assert divergences.mc_game_value(wrong, -wrong).item() == pytest.approx(-100.0)


@pytest.mark.parametrize("pi", [0.25, 0.5, 0.9])
def test_where_the_densities_agree_the_best_d_says_the_share_of_reals(pi):
    same = torch.tensor([0.1, 2.0])
    assert divergences.optimal_d_prior(same, same, pi).tolist() == pytest.approx([pi, pi])


def test_showing_more_reals_shifts_the_best_logit_by_the_log_odds():
    p, q = torch.tensor([0.2, 1.5]), torch.tensor([0.7, 0.1])
    shift = torch.logit(divergences.optimal_d_prior(p, q, 0.8)) - (p / q).log()
    assert shift.tolist() == pytest.approx([math.log(4)] * 2, rel=1e-5)


def test_least_squares_and_hinge_values_of_two_bells(x):
    p, q = normal(x, 0), normal(x, 2)
    assert divergences.lsgan_value(p, q, x).item() == pytest.approx(1.100801, abs=1e-6)
    assert divergences.hinge_value(p, q, x).item() == pytest.approx(0.634621, abs=1e-5)


@pytest.mark.parametrize("name, same, apart", [("lsgan_value", 0, 2), ("hinge_value", 2, 0)])
def test_values_of_equal_and_of_disjoint_densities(x, name, same, apart):
    value = getattr(divergences, name)
    assert value(tent(x, 0), tent(x, 0), x).item() == pytest.approx(same)
    assert value(tent(x, 0), tent(x, 3), x).item() == pytest.approx(apart)


@pytest.mark.parametrize("name", OVER_A_GRID)
def test_points_where_nothing_lives_count_nothing(name):
    x = torch.arange(5.0)
    p, q = torch.tensor([0.0, 0.0, 1.0, 0.0, 0.0]), torch.tensor([0.0, 0.0, 0.0, 1.0, 0.0])
    assert getattr(divergences, name)(p, q, x).isfinite()


def test_a_trained_line_climbs_to_the_best_line_and_by_the_slopes_of_the_value():
    """Against torch's own slopes, step by step; then against the maximum of V by Newton."""
    rng = torch.Generator().manual_seed(3)
    real = torch.randn(7, generator=rng, dtype=torch.float64)
    fake = 1 + torch.randn(5, generator=rng, dtype=torch.float64)
    line = torch.zeros(2, dtype=torch.float64)
    for n_steps in range(4):
        assert torch.allclose(torch.stack(fit_line_d(real, fake, n_steps, 0.3)), line)
        at = line.clone().requires_grad_()
        value = mc_game_value(at[0] + at[1] * real, at[0] + at[1] * fake)
        line = line + 0.3 * torch.autograd.grad(value, at)[0]
    rested = torch.stack(fit_line_d(real, fake, 4000, 0.5)).requires_grad_()
    value = mc_game_value(rested[0] + rested[1] * real, rested[0] + rested[1] * fake)
    assert torch.autograd.grad(value, rested)[0].abs().max() < 1e-6
