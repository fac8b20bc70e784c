"""Device, budget, seeds and mixed precision: asked for, never guessed twice."""

import pytest
import torch

from vgan_lessons import runtime


def test_auto_takes_the_gpu_if_there_is_one():
    expected = "cuda" if torch.cuda.is_available() else "cpu"
    assert runtime.device().type == expected
    assert runtime.device("cpu").type == "cpu"


def test_a_gpu_that_is_not_there_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="'cuda:1' was asked for, but torch sees no CUDA GPU"):
        runtime.device("cuda:1")


def test_an_unknown_device_is_refused_with_the_words_that_would_do():
    with pytest.raises(ValueError, match="unknown device 'gpu': expected auto, cpu, cuda"):
        runtime.device("gpu")


def test_the_budget_is_the_laptops_unless_the_variable_says_more(monkeypatch):
    monkeypatch.delenv("VGAN_BUDGET", raising=False)
    assert runtime.budget() == "cpu"
    monkeypatch.setenv("VGAN_BUDGET", "gpu")
    assert runtime.budget() == "gpu"


def test_a_misspelt_budget_is_refused(monkeypatch):
    monkeypatch.setenv("VGAN_BUDGET", "GPU")
    with pytest.raises(ValueError, match="must be smoke, cpu or gpu, got 'GPU'"):
        runtime.budget()


@pytest.mark.parametrize("word, taken", [("smoke", [1, 1, 6]), ("cpu", None), ("gpu", None)])
def test_only_a_smoke_run_takes_fewer_steps_than_asked(monkeypatch, word, taken):
    monkeypatch.setenv("VGAN_BUDGET", word)
    asked = [1, 99, 300]
    assert [runtime.steps(n) for n in asked] == (taken or asked)


def test_a_seed_gives_its_numbers_whatever_was_drawn_elsewhere():
    first = torch.randn(3, generator=runtime.new_rng(5))
    torch.randn(10)
    assert torch.randn(3, generator=runtime.new_rng(5)).equal(first)
    assert not torch.randn(3, generator=runtime.new_rng(6)).equal(first)


def test_making_a_random_source_leaves_the_global_one_alone():
    before = torch.get_rng_state()
    runtime.new_rng(5)
    assert torch.get_rng_state().equal(before)


@pytest.mark.parametrize("fast", [True, False])
def test_mixed_precision_is_on_exactly_where_it_is_fast(monkeypatch, fast):
    monkeypatch.setattr(runtime, "has_fast_bfloat16", lambda on: fast)
    with runtime.autocast(torch.device("cpu")):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == (torch.bfloat16 if fast else torch.float32)


@pytest.mark.parametrize("flag", ["avx512_bf16", "amx_bf16", "avx2"])
def test_a_cpu_is_fast_at_bfloat16_only_with_the_instructions_for_it(monkeypatch, flag):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {flag: True})
    assert runtime.has_fast_bfloat16(torch.device("cpu")) == (flag != "avx2")


@pytest.mark.gpu
def test_a_random_source_on_the_gpu_draws_there():
    rng = runtime.new_rng(0, torch.device("cuda"))
    assert torch.randn(2, generator=rng, device="cuda").device.type == "cuda"
