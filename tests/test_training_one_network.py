"""What every loop of one network keeps: it moves all weights, and goes on bit for bit."""

from dataclasses import replace

import pytest
import torch

from vgan_lessons.datasets import load_videos
from vgan_lessons.training import VideoTrainConfig
from vgan_lessons.training.diffusion import train_video_diffusion
from vgan_lessons.training.one_network import new_one_network
from vgan_lessons.training.vae import train_video_vae

CPU = torch.device("cpu")
SIZES = {
    "image_size": 16, "n_frames": 4, "window_frames": 2, "max_stride": 1, "batch_size": 4,
    "n_steps": 6, "log_every": 1, "g_lr": 1e-2,
}  # fmt: skip
VAE = VideoTrainConfig(model="vae", content_dim=8, generator_channels=(4,), **SIZES)
DIFFUSION = VideoTrainConfig(
    model="diffusion", generator_channels=(8, 16), n_sampling_steps=2, **SIZES
)
each_loop = pytest.mark.parametrize(
    ("config", "train"),
    [(VAE, train_video_vae), (DIFFUSION, train_video_diffusion)],
    ids=["vae", "diffusion"],
)


@pytest.fixture(scope="module")
def bank():
    return load_videos("shapes", image_size=16, n_frames=8, n_videos=16)


@each_loop
def test_every_weight_moves_and_the_average_follows(bank, config, train):
    config = replace(config, n_steps=20)
    training = new_one_network(config, on=CPU)
    before = [weight.clone() for weight in training.generator.parameters()]
    assert [log.step for log in train(training, bank, config)] == list(range(1, 21))
    now, averaged = training.generator.parameters(), training.generator_ema.parameters()
    for old, new, mean in zip(before, now, averaged, strict=True):
        assert not torch.equal(old, new) and not torch.equal(old, mean)


@each_loop
def test_a_training_cut_in_two_equals_the_whole_one_bit_for_bit(bank, config, train):
    whole = list(train(new_one_network(config, on=CPU), bank, config))
    first = new_one_network(config, on=CPU)
    loop = train(first, bank, config)
    for _ in range(3):
        next(loop)
    second = new_one_network(replace(config, seed=9), on=CPU)
    for name, network in second.networks().items():
        network.load_state_dict(first.networks()[name].state_dict())
    second.restore(first.state([first.rng.get_state()]))
    assert list(train(second, bank, config)) == whole[3:]
    with pytest.raises(ValueError, match="the run has 1 processes, this is rank 1"):
        second.restore(first.state([first.rng.get_state()]), rank=1)
