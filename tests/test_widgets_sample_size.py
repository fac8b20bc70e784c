"""A metric and its sample size as a picture: draws, slider, twin that stands still."""

import re

import torch

from vgan_lessons import widgets
from vgan_lessons.runtime import new_rng


def numbers(shift=1.0, predict=None):
    rng = new_rng(0)
    real, fake = torch.randn(1024, 1, generator=rng), torch.randn(512, 1, generator=rng) + shift
    return widgets.sample_size_numbers(
        real, fake, lambda a, b: (a.mean() - b.mean()).square(), predict
    )


def alt_text(explorer):
    words, *_ = re.findall(r'alt="([^"]*)"', explorer.picture.value)
    return words


def test_twenty_draws_a_size_narrow_as_samples_grow():
    draws = numbers().draws
    assert draws.shape == (2, 5, 20)
    assert draws[1, -1].std() < draws[1, 0].std() / 2
    assert draws[0].mean() < 0.1 < draws[1].min(dim=1).values[-1]


def test_the_picture_follows_slider_and_list():
    measured = {"gap": numbers(predict=lambda sizes: 2 / sizes), "far gap": numbers(shift=3.0)}
    explorer = widgets.sample_size_explorer(measured)
    assert "gap with 64 samples" in alt_text(explorer)
    assert "predicted 0.0312 for other reals" in alt_text(explorer)
    explorer.controls["n"].value = 512
    explorer.controls["metric"].value = "far gap"
    assert "far gap with 512 samples" in alt_text(explorer)
    assert "predicted" not in alt_text(explorer)


def test_the_twin_tells_every_metric_in_words(capsys):
    widgets.show_sample_sizes({"gap": numbers(), "far gap": numbers(shift=3.0)}, 32)
    told = capsys.readouterr().out
    assert "gap with 32 samples" in told and "far gap with 32 samples" in told
