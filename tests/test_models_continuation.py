"""Going on from a frame: what it depends on, how it trains and resumes, what is refused."""

from dataclasses import replace

import pytest
import torch

from small_gan import SMALL
from vgan_lessons.cli import main
from vgan_lessons.datasets import load_videos
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import load_generator
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import VideoTrainConfig, new_generator, new_video_gan, recipe
from vgan_lessons.training.kinds import given_to
from vgan_lessons.training.video import train_video_gan

BEGUN = replace(SMALL, model="continuation")


@pytest.fixture
def generator():
    torch.manual_seed(0)
    return new_generator(BEGUN)


@pytest.fixture
def latents(generator):
    first = torch.rand(3, 3, 16, 16, generator=new_rng(1)) * 2 - 1
    return generator.draw_latents(3, 8, new_rng(0), first_frames=first)


def test_a_film_begins_with_its_first_frame_pixel_by_pixel_and_goes_on(generator, latents):
    videos = generator(latents)
    assert videos.shape == (3, 8, 3, 16, 16) and videos.abs().max() <= 1
    assert torch.equal(videos[:, 0], latents.first_frames)
    assert not torch.allclose(videos[:, 1], latents.first_frames, atol=1e-3)


def test_painting_some_frames_is_picking_them_from_all(generator, latents):
    index = torch.tensor([[0, 3, 6], [1, 2, 7], [5, 6, 7]])
    some, whole = generator(latents, index), generator(latents)
    picked = whole[torch.arange(3)[:, None], index]
    assert torch.allclose(some, picked, atol=1e-5)


def test_first_frame_noise_and_every_weight_get_a_gradient(generator, latents):
    first, noise = (part.clone().requires_grad_() for part in latents)
    videos = generator(type(latents)(first, noise))
    (videos[:, 1:] * torch.randn(3, 7, 3, 16, 16)).sum().backward()
    assert first.grad.any() and noise.grad.any()
    silent = [n for n, p in generator.named_parameters() if p.grad is None or not p.grad.any()]
    assert not silent


def test_a_video_depends_on_its_own_beginning_and_noise_alone(generator, latents):
    before = generator(latents)
    for part in ("first_frames", "noise"):
        changed = getattr(latents, part).clone()
        changed[1] = -changed[1]
        after = generator(latents._replace(**{part: changed}))
        assert torch.allclose(before[[0, 2]], after[[0, 2]], atol=1e-5)
        assert not torch.allclose(before[1, 1:], after[1, 1:], atol=1e-4)


def test_a_film_of_any_length_begins_like_a_shorter_one(generator):
    first = torch.zeros(2, 3, 16, 16)
    short, long = (
        generate(generator, 2, n_frames=n, rng=new_rng(0), first_frames=first) for n in (8, 40)
    )
    assert long.shape == (2, 40, 3, 16, 16)
    assert (long[:, :8].int() - short.int()).abs().max() <= 1


def test_what_it_begins_with_is_asked_for_and_measured(generator):
    with pytest.raises(ValueError, match=r"give first_frames \(2, 3, 16, 16\)"):
        generator.draw_latents(2, 8, new_rng(0))
    with pytest.raises(ValueError, match=r"must be \(2, 3, 16, 16\), got \(1, 3, 16, 16\)"):
        generator.draw_latents(2, 8, new_rng(0), first_frames=torch.zeros(1, 3, 16, 16))


def test_windows_of_real_and_generated_clips_begin_with_the_same_frame(monkeypatch):
    bank = load_videos("shapes", image_size=16, n_frames=8, n_videos=16)
    gan, seen = new_video_gan(BEGUN, on=torch.device("cpu")), []
    score = gan.clip_discriminator.forward
    watched = lambda clips, **how: (seen.append(clips), score(clips, **how))[1]  # noqa: E731
    monkeypatch.setattr(gan.clip_discriminator, "forward", watched)
    next(train_video_gan(gan, bank, BEGUN))
    real, fake = seen[0].chunk(2)  # D's turn, both end to end
    assert torch.equal(real[:, 0], fake[:, 0])
    assert not torch.allclose(real[:, 1:], fake[:, 1:], atol=1e-2)


def test_two_halves_of_a_training_equal_one_pass():
    bank = load_videos("shapes", image_size=16, n_frames=8, n_videos=16)
    whole, halves = (new_video_gan(BEGUN, on=torch.device("cpu")) for _ in range(2))
    logs = list(train_video_gan(whole, bank, BEGUN))
    first = train_video_gan(halves, bank, BEGUN)
    while halves.step < 6:
        next(first)
    again = new_video_gan(BEGUN, on=torch.device("cpu"))
    for name, network in again.networks().items():
        network.load_state_dict(halves.networks()[name].state_dict())
    again.restore(halves.state([halves.rng.get_state()]))
    assert [log.d_loss for log in train_video_gan(again, bank, BEGUN)] == [
        log.d_loss for log in logs[6:]
    ]


def test_only_a_continuation_is_given_first_frames():
    bank = load_videos("shapes", image_size=16, n_frames=8, n_videos=4)
    assert given_to(SMALL, bank, 5, new_rng(0)) == {}
    assert given_to(BEGUN, bank, 5, new_rng(0))["first_frames"].shape == (5, 3, 16, 16)


def test_a_continuation_takes_no_labels():
    with pytest.raises(ValueError, match="continuation cannot be told labels"):
        VideoTrainConfig(model="continuation", n_classes=(3,))


def test_one_recipe_serves_pictures_of_any_kind():
    widths = {
        recipe(data, "cpu", model="continuation").generator_channels
        for data in ("shapes", "digits", "weizmann", "folder:x")
    }
    assert widths == {(128, 64, 32)}


def test_the_commands_train_resume_measure_and_sample_a_continuation(tmp_path, capsys):
    run, sizes = tmp_path / "run", ["--image-size", "16", "--frames", "16", "--no-card"]
    small = ["--set", "generator_channels=8,8", "--set", "clip_channels=4", "--steps", "2"]
    words = ["train", "continuation", "--data", "shapes", *sizes, *small, "--log-every", "1"]
    assert main([*words, "--out", str(run)]) == 0
    assert main(["train", "--resume", str(run), "--steps", "3", "--no-card"]) == 0
    assert load_generator(run)[1].train.model == "continuation"
    assert main(["evaluate", str(run), "--n", "16"]) == 0
    for out in ("clips.webp", "folder"):
        words = ["sample", str(run), "--n", "3", "--frames", "20", "--out", str(tmp_path / out)]
        assert main(words) == 0
    assert main([*words, "--first", "digits"]) == 0
    assert len(list((tmp_path / "folder").iterdir())) == 3
    capsys.readouterr()
    assert main([*words[:1], "weizmann", "--first", "shapes"]) != 0
    assert "leave out --first" in capsys.readouterr().err
    assert main([*words, "--first", "no/where"]) != 0
    assert "there is no folder no/where" in capsys.readouterr().err
