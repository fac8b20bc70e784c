"""The rival is the one the paper describes: its sizes, its operations, its manners."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.contestant import Setting, load_bank
from benchmarks.mocogan import (
    MocoClipDiscriminator,
    MocoFrameDiscriminator,
    Mocogan,
    MocoGenerator,
)
from vgan_lessons.runtime import new_rng

NETWORKS = {  # with the millions of parameters that the paper's have
    "generator": (MocoGenerator, 3.28),
    "frame_discriminator": (MocoFrameDiscriminator, 0.66),
    "clip_discriminator": (MocoClipDiscriminator, 11.19),
}


def small(seed=0):
    setting = Setting(image_size=16, batch_size=3, seed=seed, smoke=True)
    return Mocogan(setting, load_bank(setting, n_videos=8))


def test_networks_and_steps_have_the_published_sizes():
    one = Setting(image_size=64, batch_size=1)
    rival = Mocogan(one, load_bank(one, n_videos=1))
    for name, (_, millions) in NETWORKS.items():
        n_weights = sum(weights.numel() for weights in getattr(rival, name).parameters())
        assert n_weights / 1e6 == pytest.approx(millions, abs=0.005)
    with FlopCounterMode(display=False) as counted:
        rival.train(1)
    gflop = counted.get_total_flops() / 1e9  # all of it grows with the batch
    assert 32 * gflop == pytest.approx(2191, rel=0.01)


@pytest.mark.parametrize("image_size, n_times", [(16, 7), (32, 4), (64, 1)])
def test_another_size_has_a_layer_more_or_less(image_size, n_times):
    generator, frame_d, clip_d = (
        network(image_size=image_size, width=4) for network, _ in NETWORKS.values()
    )
    clips = generator(generator.draw_latents(2, 16, new_rng(0)))
    assert clips.shape == (2, 16, 3, image_size, image_size) and clips.abs().max() <= 1
    logits, guess = clip_d(clips)
    assert logits.shape == (2, 1, n_times, 2, 2) and guess.shape == (2, 4)
    assert frame_d(clips[:, 0]).shape == (2, 1, 4, 4)


def test_frames_follow_the_path_so_far_the_content_and_the_action():
    generator = MocoGenerator(image_size=16, width=4).eval()
    latents = generator.draw_latents(2, 8, new_rng(0))
    whole = generator(latents)
    some = generator(latents, torch.tensor([[7, 0], [3, 3]]))
    assert torch.allclose(some[0, 0], whole[0, 7], atol=1e-5)
    assert torch.allclose(some[1, 1], whole[1, 3], atol=1e-5)
    noise = latents.noise.clone()
    noise[:, 5:] += 1
    later = generator(latents._replace(noise=noise))
    assert torch.allclose(whole[:, :5], later[:, :5], atol=1e-6)
    assert not torch.allclose(whole[:, 5], later[:, 5], atol=1e-6)
    assert not torch.allclose(whole, generator(latents._replace(action=3 - latents.action)))
    assert not torch.allclose(whole, generator(latents._replace(z_content=-latents.z_content)))


def test_a_step_moves_every_weight_and_the_same_seed_makes_the_same_step():
    rivals = [small(seed) for seed in (0, 0, 0, 1)]
    for rival in rivals[1:]:
        rival.train(1)
    for name in NETWORKS:
        weights = zip(*(getattr(rival, name).parameters() for rival in rivals), strict=True)
        for before, after, again, other in weights:
            assert not torch.equal(before, after)
            assert torch.equal(after, again) and not torch.equal(after, other)


def test_the_discriminators_learn_to_tell_bright_data_from_first_fakes():
    rival = small()
    frames, clips = torch.ones(4, 3, 16, 16), torch.ones(4, 16, 3, 16, 16)
    for optim, lr in ((rival.frame_optim, 2e-3), (rival.clip_optim, 2e-3), (rival.g_optim, 0)):
        optim.param_groups[0]["lr"] = lr
    for _ in range(15):
        rival.step(frames, clips)
    fakes = rival.generator(rival.generator.draw_latents(4, 16, new_rng(5))).detach()
    real, fake = (rival.clip_discriminator(x)[0].mean() for x in (clips, fakes))
    assert real > fake + 0.5
    real, fake = (rival.frame_discriminator(x).mean() for x in (frames, fakes[:, 0]))
    assert real > fake + 0.5
