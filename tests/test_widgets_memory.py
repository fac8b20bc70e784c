"""The memory of an LSTM as a picture: its numbers, its figure, its twin that stands still."""

import re

import pytest
import torch

from vgan_lessons import widgets


def alt_text(explorer: widgets.Explorer) -> str:
    words, *_ = re.findall(r'alt="([^"]*)"', explorer.picture.value)
    return words


@pytest.mark.parametrize("bias, steps", [(0.0, 1.0), (3.117, 16.0)])
def test_the_half_life_follows_the_bias(bias, steps):
    assert widgets.memory_numbers(bias, 8).half_life == pytest.approx(steps, rel=1e-3)


def test_an_open_gate_keeps_the_memory_and_a_closed_one_loses_it():
    lost, kept = (widgets.memory_numbers(bias, 32) for bias in (-2.0, 6.0))
    assert lost.gates.shape == (8, 32) and lost.slopes.shape == (33,)
    assert lost.gates.max() < 0.4 and kept.gates.min() > 0.95
    assert lost.slopes[0].abs() < 1e-6 and kept.slopes[0] > 0.3
    assert lost.slopes[-1] == kept.slopes[-1] == 1


def test_with_fixed_gates_half_is_left_after_a_half_life():
    numbers = widgets.memory_numbers(3.117, 16)
    assert numbers.quiet[0].item() == pytest.approx(0.5, abs=1e-3)


def test_a_longer_run_begins_with_the_same_steps():
    short, long = (widgets.memory_numbers(1.0, n).gates for n in (5, 40))
    assert torch.allclose(short, long[:, :5])


def test_the_picture_follows_both_sliders():
    explorer = widgets.memory_explorer()
    assert "forget bias 1, 32 steps" in alt_text(explorer)
    explorer.controls["bias"].value = 3.0
    explorer.controls["n_steps"].value = 12
    assert "forget bias 3, 12 steps" in alt_text(explorer)
    assert "half-life 14.3 steps" in alt_text(explorer)


def test_the_twin_tells_every_case_in_words(capsys):
    widgets.show_memory({"b = 0": (0.0, 10), "b = 3.117": (3.117, 10)})
    told = capsys.readouterr().out
    assert "half-life 1 steps" in told and "half-life 16 steps" in told
