"""A film and its length as a picture: slider, meters, the twin that stands still."""

import re

import torch

from vgan_lessons import widgets


def films():
    loop = torch.rand(8, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return torch.stack([loop.repeat(8, 1, 1, 1), torch.zeros(64, 3, 8, 8)])


def alt_text(explorer):
    words, *_ = re.findall(r'alt="([^"]*)"', explorer.picture.value)
    return words


def test_the_meters_follow_length_and_film():
    explorer = widgets.rollout_explorer(films(), torch.tensor([1.0, 2.0, 3.0, 4.0]))
    assert "32 frames: drift 2" in alt_text(explorer)
    assert "period 8 frames, repetition index 1" in alt_text(explorer)
    explorer.controls["n_frames"].value = 64
    assert "64 frames: drift 4" in alt_text(explorer)
    explorer.controls["film"].value = 1
    assert "no period" in alt_text(explorer)


def test_the_twin_stands_at_the_full_length(capsys):
    widgets.show_rollout(films(), torch.zeros(4), 0)
    assert "64 frames" in capsys.readouterr().out
