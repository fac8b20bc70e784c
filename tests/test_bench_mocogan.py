"""The opponent is the one the paper describes: its sizes, its operations, its manners."""

import pytest
import torch

from benchmarks.floor import work_of
from benchmarks.mocogan import MocoClipCritic, MocoFrameCritic, MocoGenerator
from benchmarks.mocogan_game import RealBatch, new_mocogan, step_as_published, step_lean
from vgan_lessons.runtime import new_rng

CPU = torch.device("cpu")
STEPS = [step_as_published, step_lean]


def millions(network):
    return sum(weights.numel() for weights in network.parameters()) / 1e6


def small_game(seed=0):
    return new_mocogan(image_size=16, width=4, seed=seed, on=CPU)


def random_batch(n, image_size=16, seed=0):
    rng = new_rng(seed)
    frames = torch.rand(n, 3, image_size, image_size, generator=rng) * 2 - 1
    clips = torch.rand(n, 16, 3, image_size, image_size, generator=rng) * 2 - 1
    return RealBatch(frames, clips)


def convolution(c_in, c_out, kernel, places):
    """Multiplications and additions of one layer that is applied at so many places."""
    return 2 * c_in * c_out * kernel * places


def gflop_by_the_layer_table(n=32, n_frames=16):
    """A step at 64x64, worked out from the paper's layers alone: (all, clip critic)."""
    # A transposed convolution is applied at every place that comes in.
    frame = convolution(64, 512, 16, 1) + convolution(512, 256, 16, 4**2)
    frame += convolution(256, 128, 16, 8**2) + convolution(128, 64, 16, 16**2)
    frame += convolution(64, 3, 16, 32**2)
    clip_first = convolution(3, 64, 64, 13 * 32**2)
    clip = clip_first + convolution(64, 128, 64, 10 * 16**2)
    clip += convolution(128, 256, 64, 7 * 8**2) + convolution(256, 512, 64, 4 * 4**2)
    clip += convolution(512, 5, 64, 1 * 2**2)
    image_first = convolution(3, 64, 16, 32**2)
    image = image_first + convolution(64, 128, 16, 16**2) + convolution(128, 256, 16, 8**2)
    image += convolution(256, 1, 16, 4**2)
    # Backward costs twice forward; what comes in from data or detached fakes needs no slope.
    critics = 2 * (3 * clip - clip_first) + 3 * clip
    images = 2 * (3 * image - image_first) + 3 * image
    painted = n_frames + 1  # of each clip, and the lone frame
    painting = painted * frame + painted * 3 * frame  # once for the critics, once with a slope
    return n * (critics + images + painting) / 1e9, n * critics / 1e9


def test_the_three_networks_have_the_published_sizes():
    assert millions(MocoGenerator()) == pytest.approx(3.28, abs=0.005)
    assert millions(MocoFrameCritic()) == pytest.approx(0.66, abs=0.005)
    assert millions(MocoClipCritic()) == pytest.approx(11.19, abs=0.005)


def test_the_layer_table_gives_the_published_operations():
    total, in_clip_critic = gflop_by_the_layer_table()
    assert total == pytest.approx(2191, rel=0.01)
    assert in_clip_critic / total == pytest.approx(0.78, abs=0.01)


def test_a_step_does_the_operations_of_the_layer_table():
    game = new_mocogan(image_size=64, width=64, seed=0, on=CPU)
    one = random_batch(1, 64)  # all of it grows with the batch
    counted = work_of(lambda: step_as_published(game, one)).flop * 32 / 1e9
    assert counted == pytest.approx(gflop_by_the_layer_table()[0], rel=0.01)


def test_the_lean_loop_leaves_out_a_seventh_of_the_operations():
    ways = [work_of(lambda s=step: s(small_game(), random_batch(2))).flop for step in STEPS]
    assert 0.8 < ways[1] / ways[0] < 0.9


@pytest.mark.parametrize("image_size, n_times", [(16, 7), (32, 4), (64, 1)])
def test_another_size_has_a_layer_more_or_less(image_size, n_times):
    sizes = {"image_size": image_size, "width": 4}
    latents = MocoGenerator(**sizes).draw_latents(2, 16, new_rng(0))
    clips = MocoGenerator(**sizes)(latents)
    assert clips.shape == (2, 16, 3, image_size, image_size)
    assert clips.abs().max() <= 1
    logits, guess = MocoClipCritic(**sizes)(clips)
    assert logits.shape == (2, 1, n_times, 2, 2) and guess.shape == (2, 4)
    assert MocoFrameCritic(**sizes)(clips[:, 0]).shape == (2, 1, 4, 4)


def test_the_path_of_a_clip_never_looks_ahead():
    generator = MocoGenerator(image_size=16, width=4).eval()
    latents = generator.draw_latents(2, 8, new_rng(0))
    noise = latents.noise.clone()
    noise[:, 5:] += 1
    before, after = generator(latents), generator(latents._replace(noise=noise))
    assert torch.allclose(before[:, :5], after[:, :5], atol=1e-6)
    assert not torch.allclose(before[:, 5], after[:, 5], atol=1e-6)


def test_asked_frames_are_those_of_the_whole_clip():
    generator = MocoGenerator(image_size=16, width=4).eval()
    latents = generator.draw_latents(2, 8, new_rng(0))
    some = generator(latents, torch.tensor([[7, 0], [3, 3]]))
    whole = generator(latents)
    assert torch.allclose(some[0, 0], whole[0, 7], atol=1e-5)
    assert torch.allclose(some[1, 1], whole[1, 3], atol=1e-5)


def test_content_and_action_both_change_the_picture():
    generator = MocoGenerator(image_size=16, width=4).eval()
    latents = generator.draw_latents(1, 4, new_rng(0))
    first = generator(latents)
    assert not torch.allclose(first, generator(latents._replace(action=3 - latents.action)))
    assert not torch.allclose(first, generator(latents._replace(z_content=-latents.z_content)))


@pytest.mark.parametrize("step", STEPS)
def test_a_step_moves_all_three_networks_each_by_its_own_optimiser(step):
    game = small_game()
    networks = game.generator, game.frame_critic, game.clip_critic
    before = [[w.detach().clone() for w in network.parameters()] for network in networks]
    step(game, random_batch(3))
    for network, old in zip(networks, before, strict=True):
        assert all(
            not torch.equal(new, was)
            for new, was in zip(network.parameters(), old, strict=True)
        )
        assert all(weights.requires_grad for weights in network.parameters())


@pytest.mark.parametrize("step", STEPS)
def test_the_same_seed_plays_the_same_game(step):
    played = []
    for seed in (0, 0, 1):
        game = small_game(seed)
        step(game, random_batch(2))
        played.append(next(game.clip_critic.parameters()).detach())
    assert torch.equal(played[0], played[1])
    assert not torch.equal(played[0], played[2])


@pytest.mark.parametrize("step", STEPS)
def test_the_critics_learn_to_tell_bright_data_from_first_fakes(step):
    game = small_game()
    real = RealBatch(torch.ones(8, 3, 16, 16), torch.ones(8, 16, 3, 16, 16))
    for optim in game.optims.values():
        optim.param_groups[0]["lr"] = 2e-3
    game.optims["generator"].param_groups[0]["lr"] = 0.0
    for _ in range(15):
        step(game, real)
    fakes = game.generator(game.generator.draw_latents(8, 16, new_rng(5))).detach()
    assert game.clip_critic(real.clips)[0].mean() > game.clip_critic(fakes)[0].mean() + 0.5
    assert game.frame_critic(real.frames).mean() > game.frame_critic(fakes[:, 0]).mean() + 0.5
