"""`data_scripts/make_recorded_videos.py` makes the recordings that lesson 08 shows."""

import importlib
import json
import runpy
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from vgan_lessons.evaluation.recorded import recorded_video_runs

SCRIPTS = Path(__file__).parents[1] / "data_scripts"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("make_recorded_videos")


@pytest.mark.slow
def test_runs_begin_again_as_they_are_stored(script):
    """The first log, at step 50; the rates of the first half do not know the length."""
    for name in ("C", "D"):
        run, kept = replace(script.PAGE[name], n_steps=100), recorded_video_runs()[name]
        with torch.random.fork_rng(devices=[]):
            trained = script.train(run, (100,))
        stored = script.stored_run(run, trained)
        assert (stored["label"], stored["slip"]) == (kept.label, kept.slip)
        first = {key: column[0] for key, column in stored["curves"].items()}
        assert first["step"] == 50
        for column in ("d_loss", "g_loss", "motion"):
            wanted = getattr(kept.curves, column)[0].item()
            assert first[column] == pytest.approx(wanted, rel=0.1)
        json.dumps(stored, allow_nan=False)


def test_it_explains_itself_and_refuses_a_run_it_does_not_know(monkeypatch, capsys):
    monkeypatch.syspath_prepend(SCRIPTS)
    for words, code, told in (
        (["--help"], 0, "--only"),
        (["--only", "Z"], 2, "invalid choice"),
    ):
        monkeypatch.setattr(sys, "argv", ["make_recorded_videos.py", *words])
        with pytest.raises(SystemExit) as left:
            runpy.run_path(str(SCRIPTS / "make_recorded_videos.py"), run_name="__main__")
        assert left.value.code == code
        assert told in "".join(capsys.readouterr())
