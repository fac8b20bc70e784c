"""The diffusion model in training, and by the same three commands as the video GANs."""

from dataclasses import replace

import pytest
import torch

from vgan_lessons.cli import main
from vgan_lessons.datasets import load_videos
from vgan_lessons.models.diffusion import q_sample
from vgan_lessons.runs import read_log
from vgan_lessons.training import VideoTrainConfig, recipe
from vgan_lessons.training.diffusion import (
    diffusion_loss,
    train_video_diffusion,
)
from vgan_lessons.training.kinds import new_training
from vgan_lessons.training.one_network import new_one_network

CPU = torch.device("cpu")
TINY = VideoTrainConfig(
    model="diffusion", image_size=16, n_frames=4, window_frames=2, max_stride=1, batch_size=4,
    generator_channels=(8, 16), n_sampling_steps=2, n_steps=6, log_every=1, g_lr=2e-3,
)  # fmt: skip


@pytest.fixture(scope="module")
def bank():
    return load_videos("shapes", image_size=16, n_frames=8, n_videos=16)


def test_the_loss_of_a_silent_denoiser_is_the_velocity_itself():
    clean = torch.full((2, 3, 3, 4, 4), 0.5)
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(0))

    def silent(noisy, time):
        return torch.zeros_like(noisy)

    late = diffusion_loss(silent, clean, torch.ones(2), noise)
    early = diffusion_loss(silent, clean, torch.zeros(2), noise)
    assert late.item() == pytest.approx(0.25) and early.item() == pytest.approx(
        noise.square().mean().item()
    )


def test_a_denoiser_that_knows_the_clean_video_has_no_loss():
    clean = torch.rand(2, 3, 3, 4, 4) * 2 - 1
    noise, time = torch.randn(clean.shape), torch.tensor([0.3, 0.8])
    abar = torch.cos(time * torch.pi / 2).square()

    def knows(noisy, asked):
        assert torch.equal(asked, time)
        a = abar.view(-1, 1, 1, 1, 1)
        return (a.sqrt() * noisy - clean) / (1 - a).sqrt()

    assert diffusion_loss(knows, clean, time, noise).item() < 1e-9
    noisy = q_sample(clean, abar, noise)
    undone = q_sample(noisy, abar, -knows(noisy, time))  # as `DiffusionGenerator.denoise`
    assert torch.allclose(undone, clean, atol=1e-5)


def test_the_loss_falls(bank):
    config = replace(TINY, n_steps=20, g_lr=1e-2)
    logs = train_video_diffusion(new_one_network(config, on=CPU), bank, config)
    losses = [log.loss for log in logs]
    assert sum(losses[-5:]) < 0.85 * sum(losses[:5])


def test_films_can_be_mirrored_and_wrong_sizes_are_refused(bank):
    mirrored = replace(TINY, mirror=True, n_steps=1)
    assert next(train_video_diffusion(new_one_network(mirrored, on=CPU), bank, mirrored))
    other = replace(TINY, image_size=32)
    with pytest.raises(ValueError, match="videos of 32 pixels expected, got 16"):
        next(train_video_diffusion(new_one_network(other, on=CPU), bank, other))
    with pytest.raises(ValueError, match="diffusion has no D"):
        replace(TINY, augment=0.5)
    with pytest.raises(ValueError, match="diffusion cannot be told labels"):
        replace(TINY, n_classes=(3,))


@pytest.mark.parametrize("place", [("shapes", "cpu"), ("weizmann", "cpu"), ("weizmann", "gpu")])
def test_rivals_have_as_many_weights_to_train_as_the_course_model(place):
    totals = {}
    for model in ("lstm", "conv3d", "diffusion", "vae"):
        networks = new_training(recipe(*place, model=model), on=CPU).networks()
        del networks["generator_ema"]
        weights = (w for network in networks.values() for w in network.parameters())
        totals[model] = sum(map(torch.numel, weights))
    assert all(n == pytest.approx(totals["lstm"], rel=0.02) for n in totals.values()), totals


@pytest.mark.slow
def test_train_resume_sample_and_evaluate_know_a_diffusion_model(tmp_path, capsys):
    words = ["--data", "shapes", "--image-size", "16", "--batch-size", "2", "--threads", "1"]
    tiny = ["--set", "generator_channels=8,16", "--set", "n_sampling_steps=1"]
    words += ["--log-every", "1", "--no-card", "--steps", "2"]
    run = str(tmp_path / "run")
    assert main(["train", "diffusion", *words, *tiny, "--out", run]) == 0
    assert main(["train", "--resume", run, "--steps", "3", "--no-card"]) == 0
    assert [row["step"] for row in read_log(run)] == [1, 2, 3]
    assert (tmp_path / "run" / "film_strip.png").exists()
    out = str(tmp_path / "longer.gif")
    assert main(["sample", run, "--n", "2", "--frames", "18", "--out", out]) == 0
    assert main(["evaluate", run, "--n", "16"]) == 0
    assert "fvd_small" in capsys.readouterr().out
