"""What an answer runs inside of: silence, a watched session, a pretended device."""

import random
import sys

import numpy as np
import pytest
import torch
from torch import nn

from vgan_lessons.checking.surroundings.session import (
    FarDevice,
    WrongDevice,
    quietly,
    session_untouched,
    watching,
)

FAR = torch.device("cuda:0")


def test_prints_are_counted_and_warnings_collected(capsys):
    import warnings

    with quietly() as noise:
        print("x" * 1000)
        warnings.warn("look out\nsecond line", stacklevel=1)
    assert noise.characters == 1001 and noise.warned == ["look out"]
    assert capsys.readouterr().out == ""


def global_state():
    return (
        torch.get_rng_state().tolist(),
        np.random.get_state()[1].tolist(),
        random.getstate(),
        torch.get_default_dtype(),
        torch.is_grad_enabled(),
        torch.get_num_threads(),
    )


def test_a_session_is_as_it_was_even_after_an_exception():
    before = global_state()
    with pytest.raises(ZeroDivisionError), session_untouched():
        torch.manual_seed(1), np.random.seed(1), random.seed(1)
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        1 / 0  # noqa: B018
    assert global_state() == before


def test_what_a_stopped_block_left_watching_is_taken_away():
    before = sys.getprofile(), sys.gettrace()
    with session_untouched():
        FarDevice().__enter__()
        sys.setprofile(lambda *_: None)
    assert (sys.getprofile(), sys.gettrace()) == before
    assert torch.overrides._len_torch_function_stack() == 0


@pytest.mark.parametrize(
    "use, moved",
    [
        (lambda: None, set()),
        (lambda: torch.rand(1), {"torch"}),
        (lambda: (np.random.rand(), random.random()), {"numpy", "random"}),
    ],
)
def test_a_source_that_was_used_is_seen(use, moved):
    with session_untouched(), watching(3, torch.float32) as traces:
        use()
    assert traces.moved.keys() == moved and traces.settings_kept


def test_one_seed_leads_to_one_state_and_another_to_another():
    ends = []
    for seed in (3, 3, 4):
        with session_untouched(), watching(seed, torch.float32) as traces:
            torch.rand(1)
        ends.append(traces.moved["torch"])
    assert ends[0] == ends[1] != ends[2]


def test_a_switch_that_is_left_turned_is_seen():
    with session_untouched(), watching(0, torch.float64) as traces:
        assert torch.get_default_dtype() is torch.float64 and torch.is_grad_enabled()
        torch.set_grad_enabled(False)
    assert not traces.settings_kept and not traces.moved


@pytest.fixture
def far():
    return FarDevice()


@pytest.fixture
def x(far):
    return far.mark(torch.arange(6.0).view(2, 3))


RIGHT = {
    "zeros_like": lambda x: x + torch.zeros_like(x),
    "made there": lambda x: x * torch.ones(3, device=x.device),
    "moved there": lambda x: x + torch.ones(3).to(x.device),
    "moved to another": lambda x: x + torch.ones(3).to(x),
    "a number on the CPU": lambda x: x + torch.tensor(2.0),
    "indices on the CPU": lambda x: x[torch.tensor([1, 0])],
    "views and data": lambda x: x.data.view(-1) + x.reshape(-1),
    "a module": lambda x: nn.Linear(3, 3).to(x.device)(x),
    "a module made there": lambda x: nn.Linear(3, 3, device=x.device)(x),
    "a branch on a value": lambda x: x + 1 if x.sum().item() > 0 else x,
    "a loop over values": lambda x: x * sum(x.flatten().tolist()),
    "copied onto it": lambda x: torch.empty_like(x).copy_(torch.ones(2, 3)),
    "an LSTM": lambda x: nn.LSTM(3, 4, batch_first=True).to(x.device)(x[None])[0],
    "another dtype": lambda x: x.double().to(torch.float32).to(dtype=torch.float64),
    "by its name": lambda x: torch.ones(3).to("cuda:0") + x,
}
WRONG = {
    "zeros": lambda x: x + torch.zeros(3),
    "arange": lambda x: torch.cat([x[0], torch.arange(3.0)]),
    "hard-coded": lambda x: x + torch.zeros(3, device="cpu"),
    "half brought back": lambda x: x.cpu() + x,
    "numpy": lambda x: torch.from_numpy(x.numpy()),
    "a module left behind": lambda x: nn.Linear(3, 3)(x),
    "a mask": lambda x: torch.where(torch.ones(2, 3) > 0, x, x),
}


@pytest.mark.parametrize("use", RIGHT.values(), ids=RIGHT.keys())
def test_right_use_of_another_device_stays_there(far, x, use):
    with far:
        assert x.device == FAR
        made = use(x)
        assert made.device == FAR
    assert far.marked(made) and made.device.type == "cpu"


@pytest.mark.parametrize("use", WRONG.values(), ids=WRONG.keys())
def test_mixing_two_devices_fails_as_on_a_gpu(far, x, use):
    with far, pytest.raises(WrongDevice):
        use(x)


def test_a_result_brought_back_is_seen(far, x):
    with far:
        assert x.cpu().device.type == "cpu" and x.to("cpu").device.type == "cpu"
        assert x.device == FAR
        assert torch.autograd.grad((x.requires_grad_() ** 2).sum(), x)[0].device == FAR


def test_grad_outputs_mean_the_same_inside_and_torch_is_as_it_was(monkeypatch):
    torchs = torch.autograd._make_grads

    def slopes(outputs, weights):
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        return torch.autograd.grad(outputs(x), x, weights)[0].tolist()

    cases = (
        (lambda x: x.square(), torch.tensor([1.0, -3.0])),
        (lambda x: (x.square(), x.sum()), (torch.ones(2), torch.tensor(2.0))),
        (lambda x: x.exp().sum(), None),
    )
    wanted = [slopes(*case) for case in cases]
    monkeypatch.delitem(sys.modules, "torch.fx.experimental.symbolic_shapes", raising=False)
    with session_untouched():
        assert [slopes(*case) for case in cases] == wanted
        with pytest.raises(RuntimeError, match=r"shape of \(3,\), the output of \(2,\)"):
            slopes(lambda x: x, torch.ones(3))
    assert torch.autograd._make_grads is torchs
