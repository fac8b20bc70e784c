"""Diffusion: adding noise and taking it away, held against data whose denoiser is known."""

import pytest
import torch

from vgan_lessons.models.denoiser import SpaceTimeDenoiser, noise_level_code, with_neighbours
from vgan_lessons.models.diffusion import (
    DiffusionGenerator,
    alpha_bar,
    ddim,
    posterior_mean,
    q_sample,
)
from vgan_lessons.runtime import new_rng

SPREAD = 2.0  # standard deviation of the data below


def small():
    """A generator whose zero layers were filled: at the start it passes nothing on."""
    torch.manual_seed(0)
    generator = DiffusionGenerator(
        image_size=16, channels_per_layer=(8, 16), n_sampling_steps=3
    )
    for weights in generator.parameters():
        if not weights.any():
            torch.nn.init.normal_(weights, std=0.1)
    return generator


def exact(noisy, time):
    return posterior_mean(noisy, alpha_bar(time), torch.zeros(1, noisy.shape[1]), SPREAD**2)


def test_the_schedule_keeps_all_then_half_then_nothing():
    left = alpha_bar(torch.tensor([0.0, 0.5, 1.0]))
    assert torch.allclose(left, torch.tensor([1.0, 0.5, 0.0]), atol=1e-6)


def test_noise_is_added_so_that_the_variance_stays():
    clean, noise = torch.tensor([[3.0], [3.0], [3.0]]), torch.tensor([[-1.0]] * 3)
    noisy = q_sample(clean, torch.tensor([1.0, 0.36, 0.0]), noise)
    assert torch.allclose(noisy, torch.tensor([[3.0], [0.6 * 3 - 0.8], [-1.0]]))
    x, e = torch.randn(2, 100_000, generator=new_rng(0))
    assert q_sample(x[None], torch.tensor([0.3]), e[None]).var() == pytest.approx(1, abs=0.02)


def test_the_exact_denoiser_of_normal_data_has_the_value_worked_out_by_hand():
    found = posterior_mean(
        torch.tensor([[1.7]]), torch.tensor([0.3]), torch.zeros(1, 1), SPREAD**2
    )
    assert found.item() == pytest.approx(1.960270, abs=1e-6)  # sqrt(.3) * 4 / 1.9 * 1.7


def test_the_exact_denoiser_is_the_best_guess_that_a_simulation_finds():
    x, e = torch.randn(2, 400_000, generator=new_rng(1), dtype=torch.float64)
    noisy = q_sample(SPREAD * x[None], torch.tensor([0.3]), e[None])[0]
    near = (noisy - 1.7).abs() < 0.05
    assert (SPREAD * x)[near].mean().item() == pytest.approx(1.960270, abs=0.04)


def test_the_exact_denoiser_of_a_mixture_is_what_a_simulation_finds():
    rng = new_rng(2)
    centres = torch.tensor([-1.0, 2.0], dtype=torch.float64)
    which = torch.randint(2, (400_000,), generator=rng)
    x = centres[which] + 0.5 * torch.randn(400_000, generator=rng, dtype=torch.float64)
    noise = torch.randn(400_000, generator=rng, dtype=torch.float64)
    noisy = q_sample(x[None], torch.tensor([0.4]), noise[None])[0]
    asked = torch.tensor([[0.3]], dtype=torch.float64)
    found = posterior_mean(asked, torch.tensor([0.4]).double(), centres[:, None], 0.25)
    near = (noisy - 0.3).abs() < 0.02
    assert found.item() == pytest.approx(x[near].mean().item(), abs=0.04)


def test_the_perfect_denoiser_of_a_finite_set_leads_ddim_to_its_members():
    rng = new_rng(3)
    members = torch.randn(5, 2, 30, generator=rng)
    made = ddim(
        lambda noisy, time: posterior_mean(noisy, alpha_bar(time), members, 0.0),
        torch.randn(8, 2, 30, generator=rng),
        20,
    )
    assert torch.cdist(made.flatten(1), members.flatten(1)).min(1).values.max() < 0.01


def test_ddim_with_the_exact_denoiser_turns_noise_into_data_by_one_factor():
    noise = torch.randn(5, 7, generator=new_rng(0), dtype=torch.float64)
    made = ddim(exact, noise, 400)
    assert torch.allclose(made, SPREAD * noise, rtol=0.02)  # the flow is x = 2 * noise
    coarse = (ddim(exact, noise, 4) / noise).mean().item()
    assert abs(coarse - SPREAD) > 0.1, "few steps must show their error"
    assert torch.equal(ddim(exact, noise, 4), ddim(exact, noise, 4))
    with pytest.raises(ValueError, match="n_steps must be at least 1, got 0"):
        ddim(exact, noise, 0)


def test_one_step_of_ddim_is_the_denoisers_guess_at_pure_noise():
    noise = torch.randn(2, 3, generator=new_rng(0))
    assert torch.allclose(ddim(lambda x, t: x * t[:, None] + 1, noise, 1), noise + 1)


@pytest.mark.parametrize("n_frames", [1, 5])
def test_the_network_takes_any_number_of_frames_and_every_weight_gets_a_gradient(n_frames):
    denoiser = small().denoiser
    noisy = torch.randn(2, n_frames, 3, 16, 16, generator=new_rng(0))
    velocity = denoiser(noisy, torch.tensor([0.2, 0.9]))
    assert velocity.shape == noisy.shape
    velocity.square().sum().backward()
    if n_frames > 1:  # a single frame has nobody to attend to but itself
        assert all(weight.grad.abs().sum() > 0 for weight in denoiser.parameters())


def test_an_untrained_network_says_nothing():
    silent = SpaceTimeDenoiser(channels_per_layer=(8, 16))(
        torch.randn(1, 2, 3, 16, 16, generator=new_rng(0)), torch.tensor([0.5])
    )
    assert not silent.any()


def test_every_frame_sees_all_the_others_and_no_other_video():
    denoiser = small().denoiser.eval()
    noisy = torch.randn(2, 6, 3, 16, 16, generator=new_rng(0))
    time, before = torch.tensor([0.5, 0.5]), None
    with torch.no_grad():
        before = denoiser(noisy, time)
        noisy[0, 0] += 1
        apart = (denoiser(noisy, time) - before).abs().amax(dim=(2, 3, 4))
        other_level = denoiser(noisy, torch.tensor([0.1, 0.5]))[0]
    assert (apart[0] > 1e-6).all() and (apart[1] < 1e-6).all()
    assert not torch.allclose(other_level, before[0], atol=1e-3)


def test_neighbours_are_those_of_the_same_video():
    frames = torch.arange(1.0, 7).view(6, 1, 1, 1)  # two videos of three frames
    found = with_neighbours(frames, 3).flatten(1)
    assert found.tolist() == [
        [0, 1, 2], [1, 2, 3], [2, 3, 0],
        [0, 4, 5], [4, 5, 6], [5, 6, 0],
    ]  # fmt: skip


def test_a_time_is_told_by_waves():
    code = noise_level_code(torch.tensor([0.0, 0.25, 1.0]), 8)
    assert code.shape == (3, 8) and torch.allclose(code[0], torch.tensor([0.0] * 4 + [1.0] * 4))
    assert code[2, 4].item() == pytest.approx(-1)  # the slowest cosine after half a turn


def test_latents_are_all_that_is_drawn_and_videos_stay_in_range():
    generator = small()
    latents = generator.draw_latents(2, 5, new_rng(3))
    assert latents.noise.shape == (2, 5, 3, 16, 16)
    torch.manual_seed(0)
    before = torch.get_rng_state()
    with torch.no_grad():
        videos, again = generator(latents), generator(latents)
    assert torch.equal(before, torch.get_rng_state()) and torch.equal(videos, again)
    assert videos.shape == (2, 5, 3, 16, 16) and videos.abs().max() <= 1
    with pytest.raises(ValueError, match="the last one of 16, got 8, 8"):
        DiffusionGenerator(channels_per_layer=(8, 8))
    with pytest.raises(ValueError, match="upsampling layers need image_size"):
        DiffusionGenerator(image_size=8, channels_per_layer=(16, 16, 16, 16))
