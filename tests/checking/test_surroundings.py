"""What an answer runs inside of: time limit, silence, watched session, pretended device."""

import contextlib
import gc
import importlib
import random
import signal
import sys
import time

import numpy as np
import pytest
import torch
from torch import nn

from vgan_lessons.checking.surroundings import (
    FarDevice,
    TimeUp,
    WrongDevice,
    quietly,
    session_untouched,
    time_limit,
    watching,
)

FAR = torch.device("cuda:0")


def test_a_block_that_works_too_long_is_stopped():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(TimeUp), time_limit(0.05):
        while True:
            pass
    assert signal.getsignal(signal.SIGALRM) is before


def test_a_block_that_sleeps_is_stopped_too():
    started = time.monotonic()
    with pytest.raises(TimeUp), time_limit(0.1):
        time.sleep(20)
    assert time.monotonic() - started < 10


def test_swallowing_the_first_alarm_does_not_help():
    with pytest.raises(TimeUp), time_limit(0.05):
        with contextlib.suppress(TimeUp):
            while True:
                pass
        while True:
            pass


def test_an_import_is_not_cut_short_and_its_time_is_not_the_answers(tmp_path, monkeypatch):
    heavy = (
        "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass"
    )
    (tmp_path / "heavy_part.py").write_text(heavy, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with time_limit(0.2):
        assert importlib.import_module("heavy_part").end
    with pytest.raises(TimeUp), time_limit(0.1):
        del sys.modules["heavy_part"]
        importlib.import_module("heavy_part")
        while True:
            pass


def test_a_check_made_while_a_module_is_imported_has_a_clock_too(tmp_path, monkeypatch):
    script = """
import pytest
from vgan_lessons.checking.surroundings import TimeUp, time_limit
with pytest.raises(TimeUp), time_limit(0.05):
    while True:
        pass
stopped = True
"""
    (tmp_path / "script_that_checks.py").write_text(script, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert importlib.import_module("script_that_checks").stopped


def test_the_garbage_of_the_session_is_not_collected_on_the_answers_time():
    collected = []
    note = lambda phase, info: collected.append(info["generation"])  # noqa: E731
    gc.callbacks.append(note)
    try:
        with time_limit(5):
            rings = [[] for _ in range(200_000)]  # enough for many collections
            for ring in rings:
                ring.append(ring)
            inside = list(collected)
        rings = [[] for _ in range(200_000)]
    finally:
        gc.callbacks.remove(note)
    assert inside == [] and collected and gc.isenabled()


def test_a_session_that_does_not_collect_stays_so():
    gc.disable()
    try:
        with time_limit(5):
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_an_alarm_that_was_running_goes_on():
    rung = []
    own = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    left = signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with time_limit(5):
            pass
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
        deadline = time.monotonic() + 10
        while not rung and time.monotonic() < deadline:
            time.sleep(0.01)
        assert rung
    finally:
        signal.signal(signal.SIGALRM, own)
        signal.setitimer(signal.ITIMER_REAL, *left)


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
