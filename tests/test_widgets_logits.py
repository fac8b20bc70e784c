"""Stored logits as histograms: sliders, and the twin that stands still."""

import re

import torch

from vgan_lessons import widgets
from vgan_lessons.runtime import new_rng


def runs():
    """Two numbers of films, two policies, two looks; new films fall as films get fewer."""
    rng, made = new_rng(0), []
    for films, new in ((9, 0.5), (27, 2.5)):
        for augment in (0.0, 0.6):
            looks = [
                {
                    "step": step,
                    "logits": {
                        name: (torch.randn(64, generator=rng) / 9 + mean).tolist()
                        for name, mean in (("train", 3.0), ("held_out", new), ("fake", 0.0))
                    },
                }
                for step in (100, 200)
            ]
            made.append({"films": films, "augment": augment, "seed": 0, "looks": looks})
    return [*made, {"films": 9, "augment": 0.0, "seed": 1, "looks": [{"step": 100}]}]


def alt_text(explorer):
    words, *_ = re.findall(r'alt="([^"]*)"', explorer.picture.value)
    return words


def gap(words):
    return float(re.search(r"overfitting gap ([-\d.]+\d)", words)[1])


def test_the_picture_follows_films_step_and_policy():
    explorer = widgets.logits_explorer(runs())
    assert "after 200 steps on 27 films, not augmented" in alt_text(explorer)
    assert abs(gap(alt_text(explorer)) - 0.17) < 0.05
    explorer.controls["films"].value = 9
    explorer.controls["step"].value = 100
    explorer.controls["augment"].value = "0.6"
    assert "after 100 steps on 9 films, augmented with 0.6" in alt_text(explorer)
    assert abs(gap(alt_text(explorer)) - 0.83) < 0.05


def test_the_twin_tells_each_number_of_films(capsys):
    widgets.show_logits(runs(), 100)
    told = capsys.readouterr().out
    assert "on 9 films, not augmented" in told and "on 27 films, not augmented" in told
