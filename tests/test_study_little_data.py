"""`data_scripts/study_little_data.py` trains on some films, holds others out, and resumes."""

import importlib
import json
import runpy
import sys
from pathlib import Path

import pytest
import torch

from vgan_lessons.datasets import VideoBank
from vgan_lessons.datasets.cards import CARDS
from vgan_lessons.evaluation import little_data
from vgan_lessons.evaluation.recorded import stored_clips

SCRIPTS = Path(__file__).parents[1] / "data_scripts"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("study_little_data")


@pytest.fixture
def people(script, monkeypatch):
    """36 films of noise and their mirror images, called as those of weizmann are."""

    def drawn(name, image_size):
        rng = torch.Generator().manual_seed(0)
        films = torch.randint(256, (36, 20, 3, image_size, image_size), generator=rng)
        both = torch.stack([films, films.flip(-1)], dim=1).to(torch.uint8)
        names = [f"person{p} {action}" for p in range(1, 10) for action in script.ACTIONS]
        return VideoBank(
            frames=both.flatten(0, 2),
            lengths=torch.full((72,), 20),
            card=CARDS["weizmann"],
            films=torch.arange(36).repeat_interleave(2),
            film_names=tuple(names),
        )

    monkeypatch.setattr(script, "load_videos", drawn)
    return drawn("weizmann", 16)


def test_held_out_films_are_in_no_training_set_and_their_mirror_images_neither(script, people):
    held = script.films(0)
    assert len({name.split()[0] for name in held}) == len(held) == 9
    _, held_out = people.part(held)
    for n, seed in ((9, 0), (9, 1), (9, 2), (18, 1), (27, 2)):
        names = script.train_films(n, seed)
        assert len(set(names)) == n and not set(names) & set(held)
        _, train = people.part(names)
        assert train.n_films == n and train.n_videos == 2 * n
        assert not set(train.films.tolist()) & set(held_out.films.tolist())


def test_three_seeds_take_three_sets_of_nine_and_each_set_shows_every_person(script):
    nine = [script.train_films(9, seed) for seed in range(3)]
    assert len({name for films in nine for name in films}) == 27
    for films in nine:
        assert {name.split()[0] for name in films} == {f"person{p}" for p in range(1, 10)}
    assert set(script.train_films(27, 0)) == set(script.train_films(27, 2))


@pytest.mark.slow
def test_a_small_study_is_written_row_by_row_and_goes_on_where_it_stopped(
    script, people, monkeypatch, tmp_path
):
    out = tmp_path / "study.json"

    def run(*runs):
        words = ["--smoke", "--out", str(out), "--runs", *runs]
        monkeypatch.setattr(sys, "argv", ["study_little_data.py", *words])
        script.main()
        return json.loads(out.read_text(encoding="utf-8"))

    first = run("9:0.6:1")
    monkeypatch.setattr(script, "made", _only_new(script.made, "9:0.6:1"))
    both = run("9:0.6:1", "9:0.0:0")
    assert [(r["films"], r["augment"], r["seed"]) for r in both["runs"]] == [
        (9, 0.0, 0),
        (9, 0.6, 1),
    ]
    assert both["runs"][1] == first["runs"][0] and both["size"]["n_steps"] == 4
    shown, other = both["runs"]
    assert [look["step"] for look in shown["looks"]] == [2, 4]
    assert {len(part) for part in shown["looks"][0]["logits"].values()} == {16}
    assert "logits" not in other["looks"][0] and "clips" not in other
    assert stored_clips(shown["clips"]).shape == (4, 16, 3, 16, 16)


def _only_new(made, known):
    def checked(run, size):
        assert run != known, "a run that is in the file was made again"
        return made(run, size)

    return checked


def test_it_explains_itself_and_refuses_a_run_that_is_not_of_the_study(monkeypatch, capsys):
    for words, code, told in ((["--help"], 0, "--smoke"), (["--runs", "36:0:0"], 2, "choice")):
        monkeypatch.setattr(sys, "argv", ["study_little_data.py", *words])
        with pytest.raises(SystemExit) as left:
            runpy.run_path(str(SCRIPTS / "study_little_data.py"), run_name="__main__")
        assert left.value.code == code
        assert told in "".join(capsys.readouterr())


def test_the_stored_study_is_whole_and_made_by_the_script_as_it_is(script):
    study = little_data.little_data_study()
    assert study["held_out"] == list(script.films(0))
    assert study["size"]["n_steps"] == script.Size().n_steps
    found = sorted((r["films"], r["augment"], r["seed"]) for r in study["runs"])
    assert found == [(n, p, seed) for n in (9, 18, 27) for p in (0.0, 0.6) for seed in range(3)]
    for run in study["runs"]:
        assert run["looks"][-1]["step"] == study["size"]["n_steps"]


def test_stored_clips_are_found_by_their_run():
    assert little_data.little_data_clips(9, 0.0).shape == (4, 16, 3, 16, 16)
    with pytest.raises(ValueError, match="no stored run has 36 films"):
        little_data.little_data_clips(36, 0.0)
