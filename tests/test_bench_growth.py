"""What the benchmark says about growth, memory, floors and tricks is counted, not guessed."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from benchmarks.activations import measured_bytes, predicted_bytes
from benchmarks.floor import work_of
from benchmarks.growth import MOST_ROUNDS, curves, exponent, in_turns, measure_processes
from benchmarks.growth_report import measure_growth
from benchmarks.levers import levers, measure_lever
from benchmarks.setting import Setting
from benchmarks.step_report import measure_floor, measure_levers
from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.models.lstm_gan import VideoGenerator
from vgan_lessons.models.motion import MotionLSTM
from vgan_lessons.training import new_video_gan, recipe, train_video_gan, video

CPU = torch.device("cpu")
SMOKE = Setting(smoke=True, image_size=16, batch_size=4, budget="cpu")
SMALL = curves(smoke=True)["batch"][8]


@pytest.fixture(scope="module")
def bank():
    return load_videos("shapes", image_size=16, n_videos=32)


@pytest.mark.parametrize("data, budget", [("shapes", "cpu"), ("weizmann", "cpu")])
@pytest.mark.parametrize(
    "changes",
    [{}, {"n_frames": 64}, {"window_frames": 12, "max_stride": 1}, {"batch_size": 7}],
    ids=["usual", "long path", "many frames", "odd batch"],
)
def test_the_layer_table_predicts_what_autograd_keeps_to_a_tenth(data, budget, changes):
    config = recipe(data, budget, **({"batch_size": 3} | changes))
    measured = measured_bytes(new_video_gan(config, on=CPU), config)
    for network, predicted in predicted_bytes(config).items():
        assert predicted == pytest.approx(measured[network], rel=0.1), network


def test_work_is_counted_by_hand_for_one_layer_there_and_back():
    layer, x = nn.Linear(5, 7, bias=False), torch.ones(3, 5)
    assert work_of(lambda: layer(x)).flop == 2 * 3 * 5 * 7
    twice = work_of(lambda: layer(x).sum().backward()).flop
    assert twice == 2 * 2 * 3 * 5 * 7  # the weight's gradient is a second product
    copied = work_of(lambda: x.clone())
    assert copied.bytes_moved == 2 * 15 * 4 and copied.operators == 1
    assert work_of(lambda: x.view(15)).bytes_moved == 0


def test_a_step_with_a_penalty_can_be_counted_and_costs_more(bank):
    config = replace(SMALL, log_every=1, penalty_every=2)
    logs = train_video_gan(new_video_gan(config, on=CPU), bank, config)
    plain, penalised = (work_of(lambda: next(logs)).flop for _ in range(2))
    assert penalised > 1.3 * plain > 0


def test_an_exponent_is_the_slope_between_logarithms():
    assert exponent({10: [1.0, 9.0, 3.0], 20: [3.0], 40: [3.0]}) == pytest.approx(0)
    assert exponent({8: [1.0], 16: [2.0], 32: [4.0]}) == pytest.approx(1)
    assert exponent({2: [1.0], 4: [8.0]}) == pytest.approx(3)


def test_games_take_turns_and_the_first_round_is_not_timed():
    played = []

    def game(name):
        while True:
            yield played.append(name)

    spent = in_turns({"a": game("a"), "b": game("b")}, 60.0)
    assert played == ["a", "b"] * (MOST_ROUNDS + 1)
    assert [len(s) for s in spent.values()] == [MOST_ROUNDS] * 2
    played.clear()
    assert [len(s) for s in in_turns({"a": game("a")}, 0.0).values()] == [1]
    assert played == ["a", "a"]  # without any time still one round after the warm-up


def test_every_curve_changes_one_number_only():
    for name, configs in curves().items():
        first, *others = configs.values()
        assert len(others) >= 3
        free = {"frames, all": {"n_frames", "window_frames"}}.get(name)
        for other in others:
            changed = {k for k, v in vars(other).items() if v != getattr(first, k)}
            if name == "pixels a side":
                free = {"image_size", "generator_channels"}
            assert len(changed) == 1 or changed == free, name


def test_undoing_a_trick_undoes_it_and_leaves_no_trace(bank, tmp_path):
    untouched = (
        torch.optim.Adam,
        torch.channels_last,
        VideoGenerator.paint,
        MotionLSTM.forward,
        VideoBank.sample_clips,
        video._judge,
        video._update_generator,
    )
    names = [lever.name for lever in levers(SMALL, bank)]
    assert len(set(names)) == len(names) >= 9
    changed = 0
    for lever in levers(SMALL, bank):
        with lever.undone(tmp_path):
            now = (
                torch.optim.Adam,
                torch.channels_last,
                VideoGenerator.paint,
                MotionLSTM.forward,
                VideoBank.sample_clips,
                video._judge,
                video._update_generator,
            )
            differs = [a is not b for a, b in zip(now, untouched, strict=True)]
            assert sum(differs) == (0 if lever.changes else 1), lever.name
            changed += sum(differs)
    assert changed == len(untouched)


@pytest.mark.parametrize(
    "name",
    ["frames folded into the batch", "one LSTM call over time", "channels last", "fused Adam"],
)
def test_a_trick_that_only_saves_time_changes_no_number(bank, name, tmp_path):
    lever = next(lever for lever in levers(SMALL, bank) if lever.name == name)
    weights = []
    for undone in (False, True):
        with lever.undone(tmp_path) if undone else torch.enable_grad():
            config = replace(SMALL, log_every=1, n_steps=2)
            gan = new_video_gan(config, on=CPU)
            for _ in train_video_gan(gan, bank, config):
                pass
        weights.append(torch.cat([w.detach().flatten() for w in gan.generator.parameters()]))
    assert torch.allclose(*weights, atol=2e-4)


@pytest.mark.slow
def test_a_lever_is_timed_with_and_without(bank):
    lever = levers(SMALL, bank)[1]
    seen = measure_lever(lever, SMALL, bank, seconds=60)
    assert len(seen["with"]) == len(seen["without"]) == MOST_ROUNDS
    assert seen["gain"] > 1  # painting frame by frame is slower wherever it runs


@pytest.mark.slow
def test_the_sections_hold_every_curve_trick_and_floor():
    growth = measure_growth(SMOKE, seconds=0)
    assert {row[0] for row in growth.tables[1].rows} == {*curves(), "videos in the data set"}
    assert growth.values["exponent of memory, batch"] == pytest.approx(1, abs=0.02)
    tricks = measure_levers(SMOKE, seconds=0)
    assert len(tricks.tables[0].rows) >= 9
    floor = measure_floor(SMOKE)
    assert floor.values["floor times_the_floor"] > 1
    assert not (growth.failures or tricks.failures or floor.failures)


@pytest.mark.slow
def test_processes_are_timed_through_torchrun():
    seen = measure_processes((2,), n_steps=10)
    assert all(seconds > 0 for seconds in seen[2])
