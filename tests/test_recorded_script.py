"""`data_scripts/make_recorded_runs.py` makes the recordings that the package holds."""

import json
import runpy
import sys
from pathlib import Path

import pytest
import torch

from vgan_lessons.plane.diagnosing import diagnose
from vgan_lessons.plane.recorded import RunCurves, recorded_runs

SCRIPTS = Path(__file__).parents[1] / "data_scripts"


@pytest.fixture
def make(tmp_path, monkeypatch, capsys):
    """Run the script in this process, for some games; returns (what it wrote, what it said)."""
    monkeypatch.syspath_prepend(SCRIPTS)

    def run(*names):
        words = ["make_recorded_runs.py", "--out", str(tmp_path), "--only", *names]
        monkeypatch.setattr(sys, "argv", words)
        with torch.random.fork_rng(devices=[]):
            runpy.run_path(str(SCRIPTS / words[0]), run_name="__main__")
        assert [p.name for p in tmp_path.iterdir()] == ["six_runs.json"]
        return json.loads((tmp_path / "six_runs.json").read_text()), capsys.readouterr().out

    return run


def curves_of(stored: dict) -> RunCurves:
    nan = float("nan")
    columns = {
        name: torch.tensor([nan if v is None else float(v) for v in column])
        for name, column in stored["curves"].items()
    }
    return RunCurves(**columns)


def assert_same_game(name: str, stored: dict) -> None:
    """The same start, number by number, and the same end by its name.

    Between them, on another processor, a game may take another turn: it is chaotic.
    """
    kept, made = recorded_runs()[name], curves_of(stored)
    assert stored["moments"] == list(kept.moments) and stored["label"] == kept.label
    assert (stored["slip"], stored["mended"]) == (kept.slip, kept.mended)
    assert torch.equal(made.step, kept.curves.step)
    for column in ("d_loss", "g_loss", "d_grad_norm", "g_grad_norm"):
        first, wanted = getattr(made, column)[0], getattr(kept.curves, column)[0]
        assert first.item() == pytest.approx(wanted.item(), rel=0.02, abs=1e-3)
    torch.testing.assert_close(
        torch.tensor(stored["points"][0]).view(-1, 2), kept.points[0], rtol=0.02, atol=0.05
    )
    assert diagnose(made) == kept.label


@pytest.mark.slow
def test_a_game_is_played_again_as_it_is_stored(make):
    stored, said = make("F")
    assert list(stored) == ["F"]
    assert_same_game("F", stored["F"])
    (line,) = said.splitlines()
    assert line.startswith("F ") and "d_won" in line and "step 1e+03" in line


@pytest.mark.slow
def test_the_other_five_games_are_played_again_as_they_are_stored(make):
    stored, _ = make(*"ABCDE")
    assert [*stored, "F"] == list(recorded_runs())
    for name, run in stored.items():
        assert_same_game(name, run)


def test_it_explains_itself_and_refuses_a_game_it_does_not_know(monkeypatch, capsys):
    monkeypatch.syspath_prepend(SCRIPTS)
    for words, code, told in (
        (["--help"], 0, "--only"),
        (["--only", "Z"], 2, "invalid choice"),
    ):
        monkeypatch.setattr(sys, "argv", ["make_recorded_runs.py", *words])
        with pytest.raises(SystemExit) as left:
            runpy.run_path(str(SCRIPTS / "make_recorded_runs.py"), run_name="__main__")
        assert left.value.code == code
        assert told in "".join(capsys.readouterr())
