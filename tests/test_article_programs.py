"""The two programs at work: sizes layer by layer, who moves, clips, and the ring."""

import copy
from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parameters_to_vector

from answers.ex04_article import ANSWERS
from mended_program import MENDED
from vgan_lessons.article import (
    PUBLISHED,
    Line,
    train_on_the_ring,
    watch_training,
)
from vgan_lessons.article.probing import first_that_fits, is_affine, share_reached
from vgan_lessons.article.published import lend_batch_size

PUBLISHED_SIZES = {"n_frames": 1, "frame_size": 100, "latent_dim": 1}
SMALL = {"n_frames": 3, "frame_size": 6, "latent_dim": 4, "width": 32}


def clips_of_a_dot(n_clips: int, rng: torch.Generator) -> torch.Tensor:
    """(B, 3, 3, 6, 6) in [-1, 1]: a white pixel that goes one to the right each frame."""
    clips = torch.full((n_clips, 3, 3, 6, 6), -1.0)
    starts = torch.randint(0, 4, (n_clips,), generator=rng)
    for clip, start in zip(clips, starts.tolist(), strict=True):
        for t in range(3):
            clip[t, :, 2, start + t] = 1.0
    return clips


def sizes_through(network: nn.Sequential, x: torch.Tensor) -> list[int]:
    """Height after each halving."""
    sizes = []
    for layer in network:
        x = layer(x)
        if isinstance(layer, nn.Conv2d) and layer.stride == (2, 2):
            sizes.append(x.shape[-1])
    return sizes


def test_ten_halvings_take_the_published_generator_from_100_pixels_to_one():
    G, D = PUBLISHED.build_players(**PUBLISHED_SIZES, width=1)
    picture = torch.zeros(2, 3, 100, 100)
    assert sizes_through(G, picture) == [50, 25, 13, 7, 4, 2, 1, 1, 1, 1]
    assert G(picture).shape == (2, 3, 1, 1)
    assert sizes_through(D, picture) == [50, 25, 13, 7, 4]
    assert D(picture).shape == (2,)
    assert 0 < D(picture).min() <= D(picture).max() < 1


def test_the_published_widths_are_there_for_whoever_has_the_time():
    with torch.device("meta"):
        G, D = PUBLISHED.build_players(**PUBLISHED_SIZES, width=64)
    widths = [layer.out_channels for layer in G if isinstance(layer, nn.Conv2d)]
    half = [64, 128, 256, 512, 1024]
    assert widths == [w for w in half + half[::-1] for _ in range(2)] + [3, 3]
    assert D[-3].in_features == 1024 * 4 * 4
    pairs = pairwise([3, *widths])
    by_hand = sum(9 * n_in * n_out + n_out for n_in, n_out in pairs)
    assert sum(p.numel() for p in G.parameters()) == by_hand == 47_123_671
    assert not any(isinstance(layer, nn.ReLU | nn.Tanh) for layer in [*G, *D])


@pytest.mark.parametrize("frame_size", [12, 33, 64, 100])
def test_the_published_discriminator_takes_frames_of_any_size(frame_size):
    _, D = PUBLISHED.build_players(**PUBLISHED_SIZES | {"frame_size": frame_size}, width=1)
    assert D(torch.zeros(2, 3, frame_size, frame_size)).shape == (2,)


def test_the_published_players_do_not_move_at_all():
    torch.manual_seed(0)
    G, D = PUBLISHED.build_players(n_frames=1, frame_size=12, latent_dim=1, width=1)
    before = [p.clone() for player in (G, D) for p in player.parameters()]
    seen = watch_training(
        lend_batch_size(PUBLISHED.train, 4),
        G,
        nn.Sequential(nn.Upsample(12), D),  # its D does not even take frames of one pixel
        [torch.zeros(4, 3, 12, 12)] * 3,
        lambda n: torch.randn(n, 3, 12, 12),
        g_lr=1.0,
        d_lr=1.0,
    )
    assert seen.movers == ["G", "D"] * 3 and seen.gradients == [None] * 6
    assert seen.asked == [4]
    after = [p for player in (G, D) for p in player.parameters()]
    assert all(p.grad is None for p in after)
    assert all(torch.equal(old, new) for old, new in zip(before, after, strict=True))


def test_the_published_discriminator_does_not_take_the_published_generator_s_frames():
    G, D = PUBLISHED.build_players(n_frames=1, frame_size=100, latent_dim=1, width=1)
    with pytest.raises(RuntimeError):
        D(G(torch.zeros(2, 3, 100, 100)))


def test_one_mended_round_is_the_gradient_of_the_logistic_game():
    G, D = Line(torch.ones(1, 1), torch.zeros(1)), Line(torch.ones(1, 1), torch.zeros(1))
    real, z = torch.tensor([[2.0], [0.0]]), torch.tensor([[1.0], [-1.0]])
    w, b = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    d_loss = F.softplus(-(w * real + b)).mean() + F.softplus(w * z + b).mean()
    dw, db = torch.autograd.grad(d_loss, (w, b))
    u, c = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    g_loss = F.softplus(-((1 - dw) * (u * z + c) - db)).mean()
    du, dc = torch.autograd.grad(g_loss, (u, c))
    seen = watch_training(MENDED.train, G, D, [real], lambda n: z, g_lr=1.0, d_lr=1.0)
    assert seen.losses == [(pytest.approx(d_loss.item()), pytest.approx(g_loss.item()))]
    assert D.weight.item() == pytest.approx(1 - dw.item(), abs=1e-6)
    assert D.bias.item() == pytest.approx(-db.item(), abs=1e-6)
    assert G.weight.item() == pytest.approx(1 - du.item(), abs=1e-6)
    assert G.bias.item() == pytest.approx(-dc.item(), abs=1e-6)


def test_the_mended_loop_moves_every_weight_as_the_library_s_steps_do():
    """Ten rounds of plain gradient descent in float64."""
    torch.manual_seed(0)
    fresh = nn.ModuleList(MENDED.build_players(**SMALL)).double()
    reals = list(torch.rand(10, 8, 3, 3, 6, 6, dtype=torch.float64) * 2 - 1)
    codes = torch.randn(20, 8, 4, dtype=torch.float64)

    def trained(train):
        players, draws = copy.deepcopy(fresh), iter(codes)
        seen = watch_training(train, *players, reals, lambda n: next(draws), g_lr=1, d_lr=1)
        losses = torch.tensor(seen.losses, dtype=torch.float64)
        return losses, torch.cat(seen.gradients), parameters_to_vector(players.parameters())

    mended = trained(MENDED.train)
    by_steps = trained(ANSWERS["repair_the_article"]["the steps of 4.1 and 4.2"])
    for one, other in zip(mended, by_steps, strict=True):
        assert torch.allclose(one, other, rtol=1e-10, atol=1e-13)
    assert not torch.allclose(mended[-1], parameters_to_vector(fresh.parameters()), atol=0.1)


@pytest.mark.slow
def test_the_mended_program_makes_clips_that_move():
    """Measured on seeds 0, 1, 2: off by 0.11, 0.09, 0.09; motion 1.13, 0.94, 1.07 of real."""
    torch.manual_seed(0)
    rng = torch.Generator().manual_seed(0)
    G, D = MENDED.build_players(**SMALL)
    wanted = clips_of_a_dot(300, rng)

    def sample(n: int) -> torch.Tensor:
        return torch.randn(n, 4, generator=rng)

    def made_clips() -> tuple[torch.Tensor, float]:
        with torch.no_grad():
            made = G(sample(300))
        return made, (made.mean(0) - wanted.mean(0)).abs().mean().item()

    made, off = made_clips()
    assert made.shape == wanted.shape and D(made).shape == (300,)
    assert off > 0.8  # grey noise, where the real clips are nearly all black
    reals = (clips_of_a_dot(32, rng) for _ in range(700))
    optims = [torch.optim.Adam(n.parameters(), lr=2e-3, betas=(0.5, 0.999)) for n in (G, D)]
    assert len(list(MENDED.train(G, D, *optims, reals, sample))) == 700
    made, off = made_clips()
    assert made.abs().max() <= 1 and off < 0.2
    motion, real_motion = ((c[:, 1:] - c[:, :-1]).abs().mean() for c in (made, wanted))
    assert motion == pytest.approx(real_motion.item(), rel=0.4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_mended_program_covers_the_ring(seed):
    """Measured on seeds 0, 1, 2: KL 0.013, 0.008, 0.008; quality 0.826, 0.838, 0.816."""
    result = train_on_the_ring(MENDED.train, seed=seed)
    assert result.moved and result.points.shape == (2000, 2)
    assert result.coverage.n_modes == 8
    assert result.coverage.kl_to_uniform < 0.05
    assert result.coverage.quality > 0.7


def test_the_published_loop_moves_nothing_on_the_ring():
    before = torch.get_rng_state()
    result = train_on_the_ring(PUBLISHED.train, n_rounds=5, n_points=200)
    assert not result.moved
    assert result.coverage.n_modes == 0 and result.coverage.quality == 0
    assert torch.equal(before, torch.get_rng_state())


def test_the_same_seed_gives_the_same_points_on_the_ring():
    one, same, other = (
        train_on_the_ring(MENDED.train, n_rounds=3, n_points=9, seed=seed) for seed in (1, 1, 2)
    )
    assert torch.equal(one.points, same.points) and not torch.equal(one.points, other.points)


def test_what_is_affine_is_called_so_up_to_a_last_squashing():
    line, x = nn.Linear(3, 2), torch.randn(8, 3, generator=torch.Generator().manual_seed(0))
    for last in (nn.Identity(), nn.Tanh(), nn.Sigmoid()):
        assert is_affine(nn.Sequential(line, last), x)
    bent = nn.Sequential(nn.Linear(3, 9), nn.ReLU(), nn.Linear(9, 2))
    assert not is_affine(bent, x) and not is_affine(nn.Sequential(bent, nn.Tanh()), x)


def test_what_a_number_of_the_code_reaches_is_counted():
    codes = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))
    assert share_reached(nn.Linear(6, 5), codes) == 1.0
    assert share_reached(nn.Identity(), codes) == pytest.approx(1 / 6)
    blind = nn.Linear(6, 5)
    with torch.no_grad():
        blind.weight[:, 2] = 0.0
    assert share_reached(blind, codes) == pytest.approx(5 / 6)


def test_the_layout_that_a_network_takes_is_found():
    wide, flat = torch.zeros(2, 3, 4, 4), torch.zeros(2, 5)
    assert first_that_fits(nn.Conv2d(3, 1, 3), [flat, wide]) is wide
    assert first_that_fits(nn.Linear(5, 1), [flat, wide]) is flat
    with pytest.raises(ValueError, match=r"none of these shapes: \(2, 3, 4, 4\)"):
        first_that_fits(nn.Linear(5, 1), [wide])
