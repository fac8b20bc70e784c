"""The VAE: its code, its loss, its loop, and the same commands as for the other models."""

import math
from dataclasses import replace

import pytest
import torch

from vgan_lessons.cli import main
from vgan_lessons.datasets import load_videos
from vgan_lessons.models.vae import Codes, VideoVae, draw_code, kl_to_standard_normal
from vgan_lessons.runs import read_log
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import VideoTrainConfig
from vgan_lessons.training.one_network import new_one_network
from vgan_lessons.training.vae import train_video_vae, vae_loss

CPU = torch.device("cpu")
TINY = VideoTrainConfig(
    model="vae", image_size=16, n_frames=4, window_frames=2, max_stride=1, batch_size=4,
    content_dim=8, generator_channels=(4,), n_steps=6, log_every=1, g_lr=2e-3,
)  # fmt: skip


@pytest.fixture(scope="module")
def bank():
    return load_videos("shapes", image_size=16, n_frames=8, n_videos=16)


def tiny():
    torch.manual_seed(0)
    return VideoVae(image_size=16, n_frames=4, code_dim=8, base_channels=4)


def test_a_code_is_the_mean_plus_so_many_standard_deviations():
    codes = Codes(torch.tensor([[1.0, 2.0]]), torch.tensor([[0.0, math.log(9.0)]]))
    assert torch.equal(draw_code(codes, torch.zeros(1, 2)), codes.mean)
    assert torch.allclose(
        draw_code(codes, torch.tensor([[1.0, -1.0]])), torch.tensor([[2.0, -1]])
    )


def test_the_divergence_is_the_one_that_torch_knows():
    codes = Codes(*torch.randn(2, 7, 5, generator=new_rng(0)))
    law = torch.distributions.Normal(codes.mean, (codes.log_variance / 2).exp())
    known = torch.distributions.kl_divergence(law, torch.distributions.Normal(0.0, 1.0)).sum(1)
    assert torch.allclose(kl_to_standard_normal(codes), known, atol=1e-5)


def test_the_loss_is_half_the_squared_error_and_beta_times_the_nats():
    class Known:
        def encoder(self, videos):
            return Codes(torch.full((2, 3), 2.0), torch.zeros(2, 3))  # 3 * 2^2 / 2 = 6 nats

        def decode(self, code):
            assert torch.equal(code, torch.full((2, 3), 3.0))
            return torch.zeros(2, 4, 3, 2, 2)

    loss, error, kl = vae_loss(Known(), torch.full((2, 4, 3, 2, 2), 0.5), torch.ones(2, 3), 0.1)
    assert (error.item(), kl.item()) == (0.25, 6.0)
    assert loss.item() == pytest.approx(48 * 0.25 / 2 + 0.6)


def test_every_frame_reaches_the_code_and_every_number_of_it_every_frame():
    vae, videos = tiny(), torch.rand(2, 4, 3, 16, 16, generator=new_rng(0)) * 2 - 1
    videos.requires_grad_()
    codes = vae.encoder(videos)
    assert codes.mean.shape == codes.log_variance.shape == (2, 8)
    torch.cat(codes)[0].sum().backward()
    assert (videos.grad[0].abs().amax(dim=(1, 2, 3)) > 0).all() and not videos.grad[1].any()
    code = torch.zeros(2, 8, requires_grad=True)
    made = vae.decode(code)
    assert made.shape == videos.shape and made.abs().max() <= 1
    (made[0, 2] * torch.randn(3, 16, 16, generator=new_rng(1))).sum().backward()
    assert code.grad[0].all() and not code.grad[1].any()
    with pytest.raises(ValueError, match="videos of 4 frames expected, got 3"):
        vae.encoder(videos[:, :3])


def test_sampling_is_decoding_what_the_prior_draws():
    vae = tiny()
    latents = vae.draw_latents(3, 4, new_rng(2))
    assert latents.code.shape == (3, 8)
    assert torch.equal(vae(latents), vae.decode(latents.code))
    with pytest.raises(ValueError, match="4 frames, not 5"):
        vae.draw_latents(1, 5, new_rng(0))


def test_the_error_falls_and_the_log_tells_both_items(bank):
    config = replace(TINY, n_steps=80, g_lr=5e-3)
    logs = list(train_video_vae(new_one_network(config, on=CPU), bank, config))
    assert sum(log.error for log in logs[-9:]) < 0.9 * sum(log.error for log in logs[:9])
    assert "error" in logs[0].words() and "KL" in logs[0].words()


def test_what_a_vae_cannot_do_is_refused():
    with pytest.raises(ValueError, match="vae has no D"):
        replace(TINY, augment=0.5)
    with pytest.raises(ValueError, match="vae cannot be told labels"):
        replace(TINY, n_classes=(3,))
    with pytest.raises(ValueError, match="kl_weight must be above 0, got 0"):
        replace(TINY, kl_weight=0)


@pytest.mark.slow
def test_train_resume_sample_and_evaluate_know_a_vae(tmp_path, capsys):
    words = ["--data", "shapes", "--image-size", "16", "--batch-size", "2", "--threads", "1"]
    words += ["--set", "generator_channels=4", "--log-every", "1", "--no-card"]
    run = str(tmp_path / "run")
    assert main(["train", "vae", *words, "--steps", "2", "--out", run]) == 0
    assert main(["train", "--resume", run, "--steps", "3", "--no-card"]) == 0
    rows = read_log(run)
    assert [row["step"] for row in rows] == [1, 2, 3] and all(row["kl"] > 0 for row in rows)
    out = str(tmp_path / "clips.gif")
    assert main(["sample", run, "--n", "2", "--out", out]) == 0
    assert main(["sample", run, "--n", "2", "--frames", "18", "--out", out]) == 1
    assert "16 frames, not 18" in capsys.readouterr().err
    assert main(["evaluate", run, "--n", "16"]) == 0
    assert "fvd_small" in capsys.readouterr().out
