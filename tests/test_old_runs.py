"""What was trained before the library was rearranged loads, samples and goes on as it did.

The run folders and numbers of `old_runs` were written by version 0.1, commit ec01f3d.
"""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from vgan_lessons import runs
from vgan_lessons.datasets import load_videos
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import new_video_gan, train_video_gan

OLD = Path(__file__).parent / "old_runs"
EXPECTED = json.loads((OLD / "expected.json").read_text())
FOLDERS = ("moving", "dense", "conv3d")


def assert_same_clips(videos, pixels, expected):
    assert videos.mean().item() == pytest.approx(expected["mean"], abs=1e-5)
    assert videos.std().item() == pytest.approx(expected["std"], abs=1e-5)
    assert pixels.flatten()[:12].tolist() == pytest.approx(expected["pixels"], abs=1e-4)


@pytest.mark.parametrize("name", FOLDERS)
def test_an_old_run_makes_the_clips_it_made(name):
    generator, config = runs.load_generator(OLD / name)
    videos = generator(generator.draw_latents(2, config.train.n_frames, new_rng(5)))
    assert_same_clips(videos, videos[..., 7, 7], EXPECTED[name])


@pytest.mark.parametrize("name", FOLDERS)
def test_an_old_run_goes_on_with_the_losses_it_had(name, tmp_path):
    folder = shutil.copytree(OLD / name, tmp_path / name)
    train = runs.read_config(folder).train
    gan = new_video_gan(train, on=torch.device("cpu"))
    gan.restore(runs.load_checkpoint(folder, gan.networks()))
    bank = load_videos("shapes", image_size=16, n_frames=train.n_frames, seed=0)
    logs = [asdict(log) for log in train_video_gan(gan, bank, train)]
    assert [log["step"] for log in logs] == [9, 10, 11, 12]
    for log, before in zip(logs, EXPECTED[name]["after"], strict=True):
        assert log == pytest.approx(before, rel=1e-2, abs=1e-3)  # CPUs round otherwise


@pytest.mark.parametrize("name", ["shapes", "weizmann"])
def test_a_shipped_generator_makes_the_clips_it_made(name):
    generator = runs.load_shipped(name)
    videos = generator(generator.draw_latents(2, 20, new_rng(0)))
    assert_same_clips(videos, videos[:, ::5, :, 12, 12], EXPECTED[f"shipped {name}"])
