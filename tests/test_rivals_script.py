"""`data_scripts/measure_rivals.py` trains, goes on where it stopped, and times all in turns."""

import importlib
import json
import sys
from pathlib import Path

import pytest
import torch

from vgan_lessons.datasets import draw_shapes, load_videos
from vgan_lessons.evaluation import recorded

SCRIPTS = Path(__file__).parents[1] / "data_scripts"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("measure_rivals")


def test_clips_are_packed_into_one_picture_that_opens_again(script):
    clips = draw_shapes(3, rng=torch.Generator().manual_seed(0)).frames.unflatten(0, (3, 16))
    again = recorded.stored_clips(script.packed(clips))
    assert again.shape == clips.shape
    assert (again.float() - clips.float()).abs().mean() < 6


def test_the_report_has_a_row_a_rival_and_says_whose_machine_it_was(script):
    file = Path(recorded.__file__).parent / "recordings" / "rivals.json"
    stored = json.loads(file.read_text())
    page = script.as_page(stored)
    assert page.count("| gan |") == page.count("| diffusion, 25 steps |") == 1
    assert stored["machine"]["processor"] in page and "seeds 0, 1, 2" in page


@pytest.mark.slow
def test_the_study_does_one_training_at_a_time_and_ends_with_the_times(
    script, monkeypatch, tmp_path
):
    monkeypatch.setattr(script, "load_bank", lambda setting, n_videos=64, seed=0: load_videos(
        "shapes", n_videos=n_videos, seed=seed))  # fmt: skip
    monkeypatch.setattr(script, "DDIM_STEPS", (1, 2))
    monkeypatch.setattr(script, "N_TIMED", 2)
    words = ["--seconds", "0.2", "--n", "16", "--seeds", "0", "--models", "vae", "diffusion"]
    words += ["--folder", str(tmp_path / "kept"), "--out", str(tmp_path / "told.json")]

    def run(*more):
        monkeypatch.setattr(sys, "argv", ["measure_rivals.py", *words, *more])
        script.main()
        return json.loads((tmp_path / "told.json").read_text())

    assert [row["arm"] for row in run("--one")["runs"]] == ["vae"]
    whole = run()
    arms = ["vae", "diffusion, 1 steps", "diffusion, 2 steps"]
    assert [row["arm"] for row in whole["runs"]] == arms
    assert list(whole["sampling"]) == list(whole["clips"]) == arms
    assert all(row["steps"] >= 1 and row["fvd_small"] > 0 for row in whole["runs"])
