"""Each objective against a slow oracle, its landmarks, its limits, its laws and its pulls."""

import pytest
import torch
from torch import Tensor

import oracles_objectives as oracles
from vgan_lessons import losses

TABLE = {  # real logits [2, 0], fake logits [1, -1]: computed independently in float64
    "non_saturating_d_loss": 1.223299,
    "non_saturating_g_loss": 0.813262,
    "minimax_g_loss": -0.813262,
    "least_squares_d_loss": 1.0,
    "least_squares_g_loss": 1.0,
    "hinge_d_loss": 1.5,
    "hinge_g_loss": 0.0,
    "wasserstein_d_loss": -1.0,
    "wasserstein_g_loss": 0.0,
    "relativistic_d_loss": 0.313262,
    "relativistic_g_loss": 1.313262,
    "relativistic_average_d_loss": 0.820075,
    "relativistic_average_g_loss": 2.820075,
    "all_pairs_d_loss": 0.497093,
    "article_d_loss": -1.223299 - 1.0,  # both softplus terms of flipped labels, negated
}
SILENT = {  # every logit 0
    "non_saturating_d_loss": 1.386294,
    "non_saturating_g_loss": 0.693147,
    "minimax_g_loss": -0.693147,
    "least_squares_d_loss": 0.5,
    "least_squares_g_loss": 0.5,
    "hinge_d_loss": 2.0,
    "hinge_g_loss": 0.0,
    "wasserstein_d_loss": 0.0,
    "wasserstein_g_loss": 0.0,
    "relativistic_d_loss": 0.693147,
    "relativistic_g_loss": 0.693147,
    "relativistic_average_d_loss": 1.386294,
    "relativistic_average_g_loss": 1.386294,
    "all_pairs_d_loss": 0.693147,
    "article_d_loss": -1.386294,
}
PAIRED = ("relativistic_d_loss", "relativistic_g_loss")
RELATIVISTIC = (*PAIRED, *(name for name in TABLE if "average" in name or "pairs" in name))
D_SIDE = [name for name in TABLE if name.endswith("d_loss")]
G_SIDE = [name for name in TABLE if name.endswith("g_loss")]


def loss_of(name: str, real: Tensor, fake: Tensor) -> Tensor:
    return getattr(losses, name)(real, fake)


def pulls(name: str, real: list[float], fake: list[float]) -> tuple[list[float], list[float]]:
    """The gradient at every real and at every fake logit; 0 where there is none."""
    logits = [torch.tensor(real, requires_grad=True), torch.tensor(fake, requires_grad=True)]
    loss = loss_of(name, *logits)
    found = torch.autograd.grad(loss, logits, allow_unused=True, materialize_grads=True)
    return found[0].tolist(), found[1].tolist()


@pytest.mark.parametrize("name", TABLE)
def test_every_loss_has_the_value_in_the_table(name):
    real, fake = torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])
    assert loss_of(name, real, fake).item() == pytest.approx(TABLE[name], abs=2e-6)


@pytest.mark.parametrize("name", SILENT)
@pytest.mark.parametrize("shape", [(3,), (2, 1, 4, 5)])
def test_a_silent_discriminator_gives_the_landmark_whatever_the_shape(name, shape):
    loss = loss_of(name, torch.zeros(shape), torch.zeros(shape))
    assert loss.shape == ()
    assert loss.item() == pytest.approx(SILENT[name], abs=1e-6)


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("n_real, n_fake", [(1, 1), (5, 3), (2, 7)])
def test_every_loss_matches_its_definition_on_unequal_batches(name, n_real, n_fake):
    n_fake = n_real if name in PAIRED else n_fake
    rng = torch.Generator().manual_seed(10 * n_real + n_fake)
    real = 3 * torch.randn(n_real, generator=rng, dtype=torch.float64)
    fake = 3 * torch.randn(n_fake, generator=rng, dtype=torch.float64)
    expect = getattr(oracles, name.removesuffix("_loss"))(real.tolist(), fake.tolist())
    assert loss_of(name, real, fake).item() == pytest.approx(expect, rel=1e-9)


@pytest.mark.parametrize("name", TABLE)
def test_every_loss_and_its_pulls_stay_finite_at_logits_of_100(name):
    for side in (1.0, -1.0):
        real, fake = torch.tensor([100.0, 1.0]) * side, torch.tensor([-100.0, 3.0]) * side
        assert loss_of(name, real, fake).isfinite()
        for pull in pulls(name, real.tolist(), fake.tolist()):
            assert torch.tensor(pull).isfinite().all()


@pytest.mark.parametrize("name", D_SIDE)
def test_no_d_pushes_a_real_down_or_a_fake_up(name):
    on_reals, on_fakes = pulls(name, real=[0.3, -0.7], fake=[-0.4, 0.6])
    if name.startswith("least_squares"):  # its push down stops at 0, so look above 0 only
        on_fakes = on_fakes[1:]
    assert max(on_reals) < 0 < min(on_fakes)


@pytest.mark.parametrize("name", G_SIDE)
def test_every_g_pushes_every_fake_up(name):
    _, on_fakes = pulls(name, real=[0.3, -0.7], fake=[-0.4, 0.6])
    assert max(on_fakes) < 0


@pytest.mark.parametrize("name", [name for name in G_SIDE if "relativistic" not in name])
def test_g_losses_without_a_comparison_ignore_the_reals(name):
    fake = torch.tensor([1.0, -2.0])
    with_some = loss_of(name, torch.tensor([5.0]), fake)
    assert with_some == loss_of(name, torch.tensor([-3.0, 0.0, 9.0]), fake)
    assert pulls(name, real=[5.0], fake=[1.0])[0] == [0.0]


@pytest.mark.parametrize("name", RELATIVISTIC)
def test_a_constant_added_to_all_logits_changes_no_relativistic_loss(name):
    real, fake = torch.tensor([2.0, -0.5]), torch.tensor([1.0, -1.0])
    shifted = loss_of(name, real + 7, fake + 7)
    assert shifted.item() == pytest.approx(loss_of(name, real, fake).item(), rel=1e-5)


@pytest.mark.parametrize(
    "name", ["non_saturating_d_loss", "least_squares_d_loss", "hinge_d_loss"]
)
def test_a_constant_added_to_all_logits_changes_an_absolute_loss(name):
    real, fake = torch.tensor([2.0, -0.5]), torch.tensor([1.0, -1.0])
    assert abs(loss_of(name, real + 7, fake + 7) - loss_of(name, real, fake)) > 0.5


def test_reversing_the_fakes_moves_only_the_paired_loss():
    real, fake = torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])
    paired = losses.relativistic_d_loss(real, fake.flip(0))
    assert paired.item() == pytest.approx(0.680925, abs=2e-6)
    for name in ("relativistic_average_d_loss", "all_pairs_d_loss", "non_saturating_d_loss"):
        assert loss_of(name, real, fake.flip(0)).item() == pytest.approx(TABLE[name], abs=2e-6)


def test_all_pairs_is_the_paired_loss_averaged_over_every_turn_of_the_fakes():
    rng = torch.Generator().manual_seed(3)
    real, fake = torch.randn(5, generator=rng), torch.randn(5, generator=rng)
    turned = [losses.relativistic_d_loss(real, fake.roll(k)) for k in range(5)]
    assert losses.all_pairs_d_loss(real, fake).item() == pytest.approx(
        torch.stack(turned).mean().item(), rel=1e-5
    )


def test_the_hinge_lets_go_beyond_its_margin():
    on_reals, on_fakes = pulls("hinge_d_loss", real=[2.0, 0.0], fake=[-2.0, 0.0])
    assert on_reals == [0.0, -0.5]
    assert on_fakes == [0.0, 0.5]


def test_least_squares_pulls_back_a_score_that_overshoots_its_target():
    on_reals, on_fakes = pulls("least_squares_d_loss", real=[3.0], fake=[-2.0])
    assert on_reals == [2.0]
    assert on_fakes == [-2.0]


def test_the_minimax_pull_dies_where_d_is_sure_and_the_non_saturating_one_does_not():
    _, [minimax] = pulls("minimax_g_loss", real=[0.0], fake=[-5.0])
    _, [non_saturating] = pulls("non_saturating_g_loss", real=[0.0], fake=[-5.0])
    assert minimax == pytest.approx(-0.006693, abs=1e-6)
    assert non_saturating == pytest.approx(-0.993307, abs=1e-6)


def test_in_the_average_game_every_fake_is_pulled_through_the_mean_too():
    _, on_fakes = pulls("relativistic_average_g_loss", real=[50.0], fake=[0.0, 100.0])
    assert on_fakes[1] < -0.2  # far above the reals: only the mean of the fakes pulls on it


def test_the_two_sides_of_a_relativistic_game_are_one_loss_with_the_roles_exchanged():
    real, fake = torch.tensor([2.0, -0.5]), torch.tensor([1.0, -1.0])
    for stem in ("relativistic", "relativistic_average"):
        as_g = loss_of(f"{stem}_g_loss", real, fake)
        assert torch.equal(as_g, loss_of(f"{stem}_d_loss", fake, real))


def test_the_article_s_loss_pulls_harder_the_better_d_does_and_has_no_bottom():
    weak, _ = pulls("article_d_loss", real=[1.0], fake=[-1.0])
    strong, _ = pulls("article_d_loss", real=[9.0], fake=[-9.0])
    assert strong[0] < weak[0] < 0
    far = losses.article_d_loss(torch.tensor([1e6]), torch.tensor([-1e6]))
    assert far.item() == -2e6


@pytest.mark.parametrize("name", PAIRED)
def test_a_loss_over_pairs_refuses_scores_that_do_not_pair(name):
    with pytest.raises(ValueError, match=r"one shape.*\(4,\) and \(4, 1\)"):
        loss_of(name, torch.zeros(4), torch.zeros(4, 1))
