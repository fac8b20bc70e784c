"""An answer can neither end the session, nor wait at the keyboard, nor judge itself."""

import builtins
import getpass
import math
import os
import signal
import sys
from types import SimpleNamespace

import pytest
import torch

from checking.toys import HINGE, right
from vgan_lessons.checking import mark
from vgan_lessons.checking.surroundings import guard
from vgan_lessons.checking.surroundings.guard import NotDuringACheck, originals, refusals

CALLS = {
    "input": lambda: input("your name?"),
    "breakpoint": lambda: breakpoint(),
    "getpass": lambda: getpass.getpass(),
    "reading": lambda: sys.stdin.readline(),
    "lines": lambda: next(sys.stdin),
    "os._exit": lambda: os._exit(0),
    "posix._exit": lambda: __import__(os.name)._exit(0),
    "abort": lambda: os.abort(),
    "kill": lambda: os.kill(os.getpid(), signal.SIGTERM),
    "execv": lambda: os.execv("/bin/true", ["true"]),
    "alarm": lambda: signal.alarm(0),
    "raise_signal": lambda: signal.raise_signal(signal.SIGTERM),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_what_would_end_or_wedge_the_session_is_refused(call):
    before = input, os._exit, sys.stdin, signal.signal, sys.setrecursionlimit
    with refusals(), pytest.raises(NotDuringACheck, match=r"typ|end the whole|stop the clock"):
        call()
    assert before == (input, os._exit, sys.stdin, signal.signal, sys.setrecursionlimit)


def test_the_answer_that_asks_is_refused_with_a_sentence():
    def asking(real, fake):
        return right(real, fake) * float(input("how much?"))

    what = mark(HINGE, asking).finding.what
    assert what.startswith("your line `return right(real, fake) * float(input(")
    assert what.endswith("it waits for somebody to type, and during a check nobody does")


def test_leaving_the_shell_of_a_notebook_is_refused(monkeypatch):
    before = lambda: sys.exit("the kernel has ended")  # noqa: E731
    shell = SimpleNamespace(ask_exit=before)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    with refusals(), pytest.raises(NotDuringACheck):
        shell.ask_exit()
    assert shell.ask_exit is before


def leaves(real, fake):
    sys.exit(0)


def falls_through(real, fake):
    class Stop(BaseException):
        pass

    raise Stop


def goes_down(real, fake):
    sys.setrecursionlimit(10**9)
    return goes_down(real, fake)


def goes_down_in_modules(real, fake):
    class Layer(torch.nn.Module):
        def forward(self, x):
            return self(x)

    sys.setrecursionlimit(10**9)
    return Layer()(real)


@pytest.mark.parametrize(
    "answer, said",
    [
        (leaves, "SystemExit"),
        (falls_through, "Stop"),
        (goes_down, "RecursionError"),
        (goes_down_in_modules, "RecursionError"),
    ],
)
def test_every_way_out_ends_in_a_verdict(answer, said):
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10**6)
    try:
        assert f"raised {said}" in mark(HINGE, answer).finding.what
        assert sys.getrecursionlimit() == 10**6
    finally:
        sys.setrecursionlimit(limit)


def patch_isclose(real, fake):
    torch.isclose = lambda a, b, **_: torch.ones(a.shape, dtype=torch.bool)
    return real.sum() * 0


def patch_a_method(real, fake):
    torch.Tensor.any = lambda self: False
    return real.sum() * 0


def patch_an_operator(real, fake):
    torch.Tensor.__sub__ = lambda self, other: self
    return right(real, fake)


def patch_math(real, fake):
    math.pi = 3.0
    return right(real, fake)


def patch_len(real, fake):
    builtins.len = lambda thing: 0
    return right(real, fake)


def patch_isinstance(real, fake):
    builtins.isinstance = lambda thing, kind: True
    return right(real, fake)


PATCHES = {
    patch_isclose: "torch.isclose",
    patch_a_method: "torch.Tensor.any",
    patch_an_operator: "torch.Tensor.__sub__",
    patch_math: "math.pi",
    patch_len: "builtins.len",
    patch_isinstance: "builtins.isinstance",
}


@pytest.mark.parametrize("answer, name", PATCHES.items(), ids=PATCHES.values())
def test_a_patch_is_noticed_put_back_and_decides_nothing(answer, name):
    before = torch.isclose, torch.Tensor.any, torch.Tensor.__sub__, math.pi, len, isinstance
    verdict = mark(HINGE, answer)
    assert verdict.finding.what == f"it replaces {name}, which everything else uses, too"
    assert guard.replaced_in_session() == ()
    assert before == (
        *(torch.isclose, torch.Tensor.any, torch.Tensor.__sub__),
        *(math.pi, len, isinstance),
    )


def test_a_patch_made_before_the_check_decides_nothing_and_stays(monkeypatch):
    yes = lambda a, b, **_: torch.ones(a.shape, dtype=torch.bool)  # noqa: E731
    monkeypatch.setattr(torch, "isclose", yes)
    assert mark(HINGE, lambda real, fake: real.sum() * 0).state == "failed"
    assert mark(HINGE, right).state == "passed"
    assert torch.isclose is yes and guard.replaced_in_session() == ("torch.isclose",)


def test_what_torch_itself_wraps_is_no_patch(monkeypatch):
    wrapped = torch._disable_dynamo(torch.manual_seed)  # as an import of torch._dynamo does
    monkeypatch.setattr(torch, "manual_seed", wrapped)
    assert guard.replaced_in_session() == ()
    with originals():
        assert torch.manual_seed is wrapped
