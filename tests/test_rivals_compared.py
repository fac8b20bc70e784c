"""Lesson 13's comparison: the study that is stored, its wall, and who is marked."""

import json
import re

import torch

from vgan_lessons import widgets
from vgan_lessons.evaluation import measured
from vgan_lessons.evaluation.provenance import ProvenanceMark, reencode
from vgan_lessons.runtime import new_rng


def test_a_mark_is_read_by_its_key_alone_and_is_faint():
    rng = new_rng(0)
    videos = torch.full((8, 16, 3, 32, 32), -1.0)
    videos[..., 8:20, 8:20] = torch.rand(8, 1, 3, 1, 1, generator=rng)
    bits = torch.randint(2, (8, 12), generator=rng)
    marked = ProvenanceMark(3).embed(videos, bits)
    assert marked.abs().max() <= 1 and (marked - videos).abs().max() <= 0.08 + 1e-6
    assert torch.equal(ProvenanceMark(3).read(marked, 12), bits)
    other = (ProvenanceMark(4).read(marked, 12) == bits).double().mean()
    assert 0.3 < other < 0.7
    sent = reencode(marked, quality=75, grain=0.02, rng=rng)
    assert sent.shape == marked.shape and 0.01 < (sent - marked).abs().mean() < 0.1
    assert (ProvenanceMark(3).read(sent, 12) == bits).double().mean() >= 0.95


def rivals():
    clips = torch.zeros(3, 16, 3, 32, 32, dtype=torch.uint8)
    return {
        "gan": widgets.Rival(clips, (0.5, 1.0, 1.5), 0.004),
        "diffusion": widgets.Rival(clips + 90, (-1.0, 4.0, 9.0), 0.9),
    }


def test_the_wall_fills_with_the_time_that_one_waits(capsys):
    explorer = widgets.rivals_explorer(rivals())
    (words, *_) = re.findall(r'alt="([^"]*)"', explorer.picture.value)
    assert "gan 25 (" in words and "diffusion 0 (" in words
    explorer.controls["wait"].value = 10.0
    assert "diffusion 11 (" in explorer.picture.value
    widgets.show_rivals(rivals(), 1.0)
    told = capsys.readouterr().out
    assert "diffusion 1 (" in told and "diffusion 4 (-1 to 9)" in told


def test_the_stored_study_is_whole():
    study = measured.measured_rivals()
    arms = {run["arm"] for run in study["runs"]}
    assert arms == set(study["sampling"]) == set(study["clips"]) and len(arms) == 5
    for arm in arms:
        assert [run["seed"] for run in study["runs"] if run["arm"] == arm] == [0, 1, 2]
        assert study["clips"][arm].shape == (3, 16, 3, 32, 32)
    weights = {run["weights"] for run in study["runs"]}
    assert max(weights) / min(weights) < 1.05 and study["machine"]["date"]
    assert json.dumps(study["runs"])
