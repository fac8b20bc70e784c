"""The loop: who moves when, where the numbers come from, and that it can be gone on with."""

import inspect
from dataclasses import fields, replace

import pytest
import torch

from small_gan import SMALL
from vgan_lessons import training
from vgan_lessons.datasets import load_videos
from vgan_lessons.training import VideoTrainConfig, new_video_gan, recipe, train_video_gan

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def bank():
    return load_videos("shapes", image_size=16, n_frames=8, n_videos=32)


def weights(network):
    return torch.cat([p.detach().flatten() for p in network.parameters()])


def test_the_loop_moves_every_network_and_counts_its_steps(bank):
    gan = new_video_gan(SMALL, on=CPU)
    before = {name: weights(network) for name, network in gan.networks().items()}
    logs = list(train_video_gan(gan, bank, SMALL))
    assert [log.step for log in logs] == list(range(1, 13)) and gan.step == 12
    assert all(
        not torch.equal(before[n], weights(network)) for n, network in gan.networks().items()
    )
    assert all(torch.isfinite(torch.tensor([log.d_loss, log.g_loss])).all() for log in logs)


def test_the_last_step_is_logged_even_between_two_logs(bank):
    config = replace(SMALL, n_steps=5, log_every=3)
    assert [x.step for x in train_video_gan(new_video_gan(config, on=CPU), bank, config)] == [
        3,
        5,
    ]


def test_each_side_stands_still_while_the_other_moves(bank):
    frozen_discriminators = replace(SMALL, d_lr=0.0, n_steps=2)
    gan = new_video_gan(frozen_discriminators, on=CPU)
    g, c = weights(gan.generator), weights(gan.clip_discriminator)
    list(train_video_gan(gan, bank, frozen_discriminators))
    assert not torch.equal(g, weights(gan.generator))
    assert torch.equal(c, weights(gan.clip_discriminator))
    frozen_generator = replace(SMALL, g_lr=0.0, n_steps=2)
    gan = new_video_gan(frozen_generator, on=CPU)
    g, f = weights(gan.generator), weights(gan.frame_discriminator)
    list(train_video_gan(gan, bank, frozen_generator))
    assert torch.equal(g, weights(gan.generator))
    assert not torch.equal(f, weights(gan.frame_discriminator))


def test_a_first_step_with_silent_discriminators_has_the_losses_of_a_draw(bank):
    gan = new_video_gan(SMALL, on=CPU)
    for discriminator in (gan.clip_discriminator, gan.frame_discriminator):
        torch.nn.init.zeros_(discriminator.trunk.score.weight)
    log = next(train_video_gan(gan, bank, replace(SMALL, d_lr=0.0)))
    assert log.d_loss == pytest.approx(2 * 0.693147, abs=1e-5)  # twice softplus(0)
    assert log.g_loss == pytest.approx(2 * 0.693147, abs=1e-5)
    assert log.clip_margin == log.frame_margin == 0


def test_the_penalty_flattens_the_discriminators(bank):
    slopes = {}
    for gamma in (0.0, 30.0):
        config = replace(SMALL, r1_gamma=gamma, r2_gamma=gamma, penalty_every=1, n_steps=30)
        gan = new_video_gan(config, on=CPU)
        list(train_video_gan(gan, bank, config))
        clips = bank.clips(torch.arange(8), torch.zeros(8).long(), n_frames=3).requires_grad_()
        gan.clip_discriminator(clips).sum().backward()
        slopes[gamma] = clips.grad.norm().item()
    assert slopes[30.0] < 0.7 * slopes[0.0]


def test_a_run_cut_in_two_equals_the_whole_run_bit_for_bit(bank):
    whole = list(train_video_gan(new_video_gan(SMALL, on=CPU), bank, SMALL))
    first = new_video_gan(SMALL, on=CPU)
    loop = train_video_gan(first, bank, SMALL)
    for _ in range(5):
        next(loop)
    networks = {name: dict(n.state_dict()) for name, n in first.networks().items()}
    state = first.state([first.rng.get_state()])
    second = new_video_gan(replace(SMALL, seed=9), on=CPU)
    for name, network in second.networks().items():
        network.load_state_dict(networks[name])
    second.restore(state)
    assert list(train_video_gan(second, bank, SMALL)) == whole[5:]


def test_seeds_make_runs_and_the_global_random_source_is_left_alone(bank):
    torch.manual_seed(5)
    untouched = torch.rand(1)
    torch.manual_seed(5)
    runs = [
        list(train_video_gan(new_video_gan(c, on=CPU), bank, c))
        for c in (SMALL, SMALL, replace(SMALL, seed=1))
    ]
    assert torch.rand(1) == untouched
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.gpu
def test_the_same_loop_trains_and_resumes_on_a_gpu(bank):
    gpu = torch.device("cuda")
    first, on_gpu = new_video_gan(SMALL, on=gpu), bank.to(gpu)
    loop = train_video_gan(first, on_gpu, SMALL)
    for _ in range(5):
        next(loop)
    second = new_video_gan(replace(SMALL, seed=9), on=gpu)
    for name, network in second.networks().items():
        network.load_state_dict(first.networks()[name].state_dict())
    second.restore(first.state([first.rng.get_state()]))
    assert [x.step for x in train_video_gan(second, on_gpu, SMALL)] == list(range(6, 13))


def test_videos_of_another_size_are_refused_with_both_sizes(bank):
    config = replace(SMALL, image_size=32)
    with pytest.raises(ValueError, match="32 pixels expected, got 16"):
        next(train_video_gan(new_video_gan(config, on=CPU), bank, config))


def test_a_batch_that_processes_cannot_share_is_refused(bank):
    with pytest.raises(ValueError, match="batch of 4 cannot be shared by 3"):
        next(train_video_gan(new_video_gan(SMALL, on=CPU), bank, SMALL, n_processes=3))


def test_a_state_of_fewer_processes_is_refused():
    gan = new_video_gan(SMALL, on=CPU)
    with pytest.raises(ValueError, match="1 processes, this is rank 1"):
        gan.restore(gan.state([gan.rng.get_state()]), rank=1)


def test_every_field_of_the_configuration_is_read_somewhere():
    modules = (training.config, training.state, training.video, training.windows)
    code = "".join(inspect.getsource(module) for module in modules)
    readers = [f"config.{f.name}" in code or f"self.{f.name}" in code for f in fields(SMALL)]
    unread = [f.name for f, read in zip(fields(SMALL), readers, strict=True) if not read]
    assert not unread


def test_numbers_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match="spans 16 frames, but the path has n_frames=12"):
        VideoTrainConfig(n_frames=12)
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        VideoTrainConfig(batch_size=0)
    with pytest.raises(ValueError, match="from 1 to window_frames=6, got 7"):
        VideoTrainConfig(single_frames=7)


def test_the_rates_hold_for_half_the_run_and_end_at_a_tenth():
    assert SMALL.rate_at(6) == 1 and SMALL.rate_at(9) == pytest.approx(0.55)
    assert SMALL.rate_at(12) == pytest.approx(0.1)


@pytest.mark.parametrize("data", ["shapes", "digits", "weizmann", "folder:clips"])
@pytest.mark.parametrize("budget", ["smoke", "cpu", "gpu"])
def test_every_recipe_builds_a_game(data, budget):
    config = recipe(data, budget, seed=None, n_steps=7)
    assert config.n_steps == 7 and config.seed == 0
    one_object = {"shapes": "moving" if budget == "gpu" else "object", "digits": "moving"}
    assert config.painter == one_object.get(data, "scene")
    new_video_gan(config, on=CPU)


def test_a_smoke_recipe_is_the_laptops_with_a_fiftieth_of_its_steps():
    few, many = recipe("shapes", "smoke"), recipe("shapes", "cpu")
    assert 50 * few.n_steps == many.n_steps
    assert replace(few, n_steps=many.n_steps) == many
