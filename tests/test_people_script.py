"""`data_scripts/measure_people.py` reads who does what, of films that it did not learn from."""

import importlib
import sys
from pathlib import Path

import pytest
import torch

from vgan_lessons.datasets import VideoBank
from vgan_lessons.datasets.cards import CARDS

SCRIPTS = Path(__file__).parents[1] / "data_scripts"
COLOURS = torch.tensor([[200, 60, 60], [60, 200, 60], [60, 60, 200]], dtype=torch.uint8)


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("measure_people")


@pytest.fixture(scope="module")
def bank():
    """Three people, told by colour, who blink at the left, at the right, or not at all."""
    frames = COLOURS[:, None, None, :, None, None].repeat(1, 3, 20, 1, 32, 32)
    noise = torch.randint(-9, 10, frames.shape, generator=torch.Generator().manual_seed(0))
    frames = (frames + noise).to(torch.uint8)  # (person, action, T, C, H, W)
    frames[:, 0, ::2, :, 8:24, 2:12] = 250
    frames[:, 1, ::2, :, 8:24, 20:30] = 250
    person, action = torch.arange(3).repeat_interleave(3), torch.arange(3).repeat(3)
    return VideoBank(
        frames=frames.flatten(0, 2),
        lengths=torch.full((9,), 20),
        card=CARDS["weizmann"],
        truth={"action": action, "person": person},
        label_names={"action": ("left", "right", "still"), "person": ("Ann", "Bob", "Cy")},
        films=torch.arange(9),
        film_names=tuple(map(str, range(9))),
    )


def clips_of(bank):
    index = torch.arange(bank.n_videos)
    start = torch.full_like(index, 3)
    return bank.clips(index, start, n_frames=16), bank.labels(index)


def test_pairs_that_no_film_showed_are_read(script, bank):
    seen, held = bank.part(("0", "4"))
    clips, labels = clips_of(held)
    readers = script.fit_readers(seen)
    assert script.recognised(readers, clips, labels).all()
    wrong = (labels + 1) % 3
    assert not script.recognised(readers, clips, wrong).any()


def test_who_and_what_are_read_apart(script, bank):
    """Mirrored, the same people blink elsewhere; in other colours, others do the same."""
    clips, labels = clips_of(bank)
    readers, blinks = script.fit_readers(bank), labels[:, 0] < 2
    right = script.recognised(readers, clips.flip(-1), labels)
    assert right[:, 1].all() and right[~blinks, 0].all() and not right[blinks, 0].any()
    right = script.recognised(readers, clips.roll(1, dims=2), labels)
    assert not right[:, 1].any()


def test_a_run_without_held_out_films_is_refused(script, monkeypatch, capsys):
    for run in ("weizmann", "shapes"):
        monkeypatch.setattr(sys, "argv", ["measure_people.py", run])
        assert script.main() == 1
        assert "held films out" in capsys.readouterr().err
