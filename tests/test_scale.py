"""What lesson 12 writes: parts, precision, checkpoints, memory, time; and what was measured."""

import copy
import importlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from vgan_lessons.datasets import draw_shapes
from vgan_lessons.exercises.tiny_players import Descent
from vgan_lessons.losses import relativistic_d_loss
from vgan_lessons.models.frames import FrameDiscriminator
from vgan_lessons.models.memory import activation_bytes
from vgan_lessons.penalties import r1_penalty
from vgan_lessons.runs.measured import measured_steps
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import new_video_gan, recipe, train_video_gan
from vgan_lessons.training.accumulation import accumulate
from vgan_lessons.training.checkpoint import restore_checkpoint, take_checkpoint
from vgan_lessons.training.precision import amp_step

CPU = torch.device("cpu")
SCRIPTS = Path(__file__).parents[1] / "data_scripts"
TINY = recipe(
    "shapes",
    "cpu",
    image_size=16,
    batch_size=4,
    generator_channels=(8, 8),
    frame_channels=4,
    clip_channels=4,
    log_every=1,
    n_steps=40,
)


@pytest.fixture(scope="module")
def bank():
    return draw_shapes(8, image_size=16, rng=new_rng(0))


def penalty(D, real, fake):
    return r1_penalty(D, real, 0.5) + r1_penalty(D, fake, 0.5)


@pytest.fixture
def frames():
    """D in float64, five reals and five fakes."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        D = FrameDiscriminator(image_size=16, base_channels=4).double()
    drawn = torch.rand(2, 5, 3, 16, 16, generator=new_rng(1), dtype=torch.float64)
    return D, *(2 * drawn - 1)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_parts_have_the_gradient_of_the_whole_batch(frames, k):
    D, real, fake = frames
    loss = relativistic_d_loss(D(real), D(fake))
    (loss + penalty(D, real, fake)).backward()
    whole = [weight.grad.clone() for weight in D.parameters()]
    told = accumulate(D, relativistic_d_loss, penalty, real, fake, k)
    assert told.item() == pytest.approx(loss.item())
    for weight, wanted in zip(D.parameters(), whole, strict=True):
        assert torch.allclose(weight.grad, wanted, rtol=1e-9, atol=1e-12)


def test_a_step_in_half_precision_is_nearly_the_step_in_full():
    def network():
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            layers = [nn.Linear(48, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1), nn.Flatten(0)]
            return nn.Sequential(nn.Flatten(), *layers)

    real, fake = torch.rand(2, 6, 3, 4, 4, generator=new_rng(2)) * 2 - 1
    coarse, fine = network(), network()
    optim = Descent(coarse, lr=0.1)
    told, scale = amp_step(
        coarse, optim, relativistic_d_loss, penalty, real, fake, 1024.0, 100.0
    )
    loss = relativistic_d_loss(fine(real), fine(fake))
    (loss + penalty(fine, real, fake)).backward()
    assert scale == 1024 and told.item() == pytest.approx(loss.item(), rel=1e-2)
    for mine, weight in zip(coarse.parameters(), fine.parameters(), strict=True):
        moved = weight.detach() - 0.1 * weight.grad
        assert torch.allclose(mine, moved, atol=2e-4)


def test_a_checkpoint_puts_a_game_back_bit_for_bit(bank):
    def parts(gan):
        optims = {"g_optim": gan.g_optim, "d_optim": gan.d_optim}
        return gan.networks(), optims, gan.rng

    def losses(gan, n):
        rounds = train_video_gan(gan, bank, TINY)
        return [(log.d_loss, log.g_loss) for _, log in zip(range(n), rounds, strict=False)]

    gan = new_video_gan(TINY, on=CPU)
    losses(gan, 3)
    taken = take_checkpoint(*parts(gan), gan.step)
    wanted = losses(gan, 4)
    other = new_video_gan(replace(TINY, seed=5), on=CPU)
    other.step = restore_checkpoint(taken, *parts(other))
    assert other.step == 3 and losses(other, 4) == wanted
    for name, network in gan.networks().items():
        for mine, right in zip(
            other.networks()[name].parameters(), network.parameters(), strict=True
        ):
            assert torch.equal(mine, right), name


def test_predicted_activations_are_what_autograd_keeps(frames):
    D = frames[0].float()
    block, kept = D.trunk.features, {}
    weights = {weight.untyped_storage().data_ptr() for weight in block.parameters()}

    def keep(value):
        place = value.untyped_storage()
        if place.data_ptr() not in weights:
            kept[place.data_ptr()] = value, place.nbytes()
        return value

    x = torch.zeros(5, 3, 16, 16).contiguous(memory_format=torch.channels_last)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda value: value):
        block(x)
    measured = sum(n_bytes for _, n_bytes in kept.values())
    assert activation_bytes(block, x.shape) == pytest.approx(measured, rel=0.1)


@pytest.fixture
def step_parts(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("step_parts")


def plain_steps(config):
    """A game without Adam, which makes a step of full length out of a rounding error."""
    gan = new_video_gan(config, on=CPU)
    d_weights = [w for group in gan.d_optim.param_groups for w in group["params"]]
    gan.g_optim = torch.optim.SGD(gan.generator.parameters(), lr=config.g_lr)
    gan.d_optim = torch.optim.SGD(d_weights, lr=config.d_lr)
    return gan


def apart(one, other):
    """The largest difference between the weights of two networks."""
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return max(float((a - b).detach().abs().max()) for a, b in pairs)


def test_a_round_in_parts_moves_the_weights_as_the_loop_does(step_parts, bank):
    """Four rounds, a penalty among them, each from equal weights, for rounding errors grow."""
    config = replace(TINY, n_steps=10**9, g_lr=0.1, d_lr=0.1)
    clock, (parts, whole) = step_parts.PartClock(CPU), (plain_steps(config) for _ in range(2))
    rounds = train_video_gan(whole, bank, config)
    for _ in range(4):
        before = copy.deepcopy(parts.networks())
        step_parts.staged_round(parts, bank, config, clock)
        next(rounds)
        for name, network in whole.networks().items():
            assert apart(before[name], network) > 30 * apart(parts.networks()[name], network)
            parts.networks()[name].load_state_dict(network.state_dict())
    assert set(clock.seconds) == set(step_parts.PARTS) and clock.seconds["penalty"] > 0


def test_what_was_measured_is_whole_and_says_whose_it_is(step_parts):
    for entry in measured_steps():
        assert entry["machine"] and entry["device"] in ("cpu", "cuda")
        for row in entry["parts"].values():
            assert set(row["ms"]) == set(step_parts.PARTS) and row["date"] and row["load"]
    ours = measured_steps()[0]
    assert {"frames", "pixels a side", "batch"} == set(ours["growth"])


def test_a_report_of_bench_fills_in_how_a_step_grows(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(SCRIPTS)
    script = importlib.import_module("measure_steps")
    rows = [
        ["batch", 8, [0.5, 0.5, 0.5, 1], 3, 4.0],
        ["processes", 2, [0.3, 0.2, 0.4, 6], 0, 0],
    ]
    report = {
        "versions": {"date": "2026-01-02"},
        "machine": {"load at the start": "1.00"},
        "parts": {"growth": {"tables": [{"rows": rows}]}},
    }
    path = tmp_path / "bench.json"
    path.write_text(json.dumps(report))
    known = {"growth": {}, "processes": {}}
    script.take_from_report(path, known)
    assert known["growth"]["batch"]["8"]["s"] == 0.5
    assert known["growth"]["batch"]["8"]["date"] == "2026-01-02"
    assert known["processes"]["2"]["least to most"] == [0.2, 0.4]
