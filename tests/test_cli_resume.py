"""What `train --resume` goes on with, what it refuses, and how a run is made longer."""

import dataclasses
import json
import os
import shutil

import pytest
import torch

from vgan_lessons import runs
from vgan_lessons.calling import typed
from vgan_lessons.cli import main

pytestmark = pytest.mark.slow  # trainings

WORDS = ["--image-size", "16", "--batch-size", "4", "--threads", "1", "--no-card"]
for setting in ("generator_channels=8,8", "frame_channels=4", "clip_channels=4"):
    WORDS += ["--set", setting]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run of two steps on 60 digits in a folder of strips; tests work on copies."""
    home = tmp_path_factory.mktemp("finished")
    make = ["data", "make", "digits", "--n", "6", "--image-size", "16", "--to"]
    assert main([*make, str(home / "clips")]) == 0
    words = ["--data", str(home / "clips"), "--steps", "2", "--log-every", "1", *WORDS]
    assert main(["train", *words, "--out", str(home / "run")]) == 0
    return home / "run"


@pytest.fixture
def run(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "my run")


def change(path, **settings):
    content = json.loads(path.read_text())
    for name, value in settings.items():
        place = content["train"] if name in content["train"] else content
        place[name] = value
    path.write_text(json.dumps(content))


def refused(capsys, *words):
    capsys.readouterr()
    assert main(["train", "--no-card", *map(str, words)]) == 1
    lines = capsys.readouterr().err.splitlines()
    (line,) = [x for x in lines if x and not x.startswith("vgan-lessons warns")]
    return line


def test_changed_settings_are_named_with_what_they_were(run, capsys):
    before = (run / "config.json").read_bytes()
    change(run / "config.json", batch_size=8, seed=5)
    said = refused(capsys, "--resume", run)
    assert "batch_size is 8, was 4" in said and "seed is 5, was 0" in said
    assert "config.json was changed since the newest checkpoint" in said
    (run / "config.json").write_bytes(before)
    assert main(["train", "--resume", str(run), "--no-card"]) == 0


def test_a_length_changed_by_hand_is_answered_with_the_option_for_it(run, capsys):
    change(run / "config.json", n_steps=4)
    said = refused(capsys, "--resume", run)
    assert said.endswith(
        f"to change the length: {typed('train', '--resume', run, '--steps')} N"
    )
    assert main(["train", "--resume", str(run), "--steps", "4", "--no-card"]) == 0
    assert runs.checkpoints(run)[-1].name == "step-00000004"


def test_changed_clips_are_refused(run, finished, tmp_path, capsys):
    clips = shutil.copytree(finished.parent / "clips", tmp_path / "clips")
    config = runs.read_config(run)
    runs.write_config(run, dataclasses.replace(config, data=f"folder:{clips}"))
    card = runs.checkpoints(run)[-1] / "checkpoint.json"
    content = json.loads(card.read_text())
    content["config"]["data"] = f"folder:{clips}"
    card.write_text(json.dumps(content))
    assert main(["train", "--resume", str(run), "--no-card"]) == 0, "moved, not changed"
    strips = sorted(clips.rglob("*.png"))
    shutil.copy(strips[0], strips[1])
    said = refused(capsys, "--resume", run)
    assert "its clips have changed since" in said and "--data" in said


def test_a_removed_process_is_named_with_the_command_for_as_many(run, capsys):
    change(run / "config.json", n_processes=2)
    change_card = runs.checkpoints(run)[-1] / "checkpoint.json"
    content = json.loads(change_card.read_text())
    content["config"]["n_processes"] = 2
    change_card.write_text(json.dumps(content))
    said = refused(capsys, "--resume", run, "--processes", "1")
    assert "was trained by 2 processes, now there is 1" in said
    assert said.endswith("leave out --processes, or torchrun --nproc-per-node 2")


def test_another_kind_of_device_is_refused_and_auto_means_the_runs_own(run, capsys):
    change(run / "config.json", device="cuda:0")
    assert "torch sees no CUDA GPU here" in refused(capsys, "--resume", run)
    said = refused(capsys, "--resume", run, "--device", "cpu")
    assert "trained on cuda" in said and "--device cuda" in said


def test_a_finished_run_is_made_longer_as_if_it_had_been_planned_so(run, capsys):
    assert main(["train", "--resume", str(run), "--steps", "4", "--no-card"]) == 0
    told = capsys.readouterr().out
    assert "goes on from step 2 to 4 instead of 2" in told
    assert "from 0.10 of their top to 1.00" in told
    assert runs.read_config(run).train.n_steps == 4
    assert [row["step"] for row in runs.read_log(run)] == [1, 2, 3, 4]
    assert main(["train", "--resume", str(run), "--steps", "4", "--no-card"]) == 0
    assert "is at step 4 already" in refused(capsys, "--resume", run, "--steps", "3")


@pytest.mark.filterwarnings("always::vgan_lessons.runs.RunWarning")
def test_settings_of_another_version_are_named_and_the_rest_is_read(run, tmp_path, capsys):
    content = json.loads((run / "config.json").read_text())
    content["train"]["attention"] = 3
    content["weather"] = "fine"
    content["versions"]["vgan_lessons"] = "9.1"
    (run / "config.json").write_text(json.dumps(content))
    out = str(tmp_path / "c.png")
    with pytest.warns(runs.RunWarning, match=r"vgan_lessons 9\.1.*weather, attention"):
        runs.load_generator(run)
    said = refused(capsys, "--resume", run)
    assert "weather, attention" in said and "in that version only" in said
    del content["train"]["attention"], content["weather"], content["train"]["ema_decay"]
    (run / "config.json").write_text(json.dumps(content))
    assert main(["sample", str(run), "--n", "1", "--out", out]) == 0
    assert "taken as it does not say: ema_decay=0.998" in capsys.readouterr().err
    assert main(["train", "--resume", str(run), "--no-card"]) == 0  # a version may add some
    del content["data"]
    (run / "config.json").write_text(json.dumps(content))
    assert "the setting data is missing" in refused(capsys, "--resume", run)


@pytest.mark.parametrize(
    "settings, complaint",
    [
        ({"batch_size": "4"}, "batch_size must be a value like 32, got '4'"),
        ({"mirror": 1}, "mirror must be a value like False, got 1"),
        ({"generator_channels": [8, "8"]}, "generator_channels must be a value like (32, 32)"),
        ({"image_size": None}, "image_size must be a value like 32, got None"),
        ({"n_processes": "two"}, "n_processes must be a value like 1, got 'two'"),
        ({"train": 3}, "config.json is damaged"),
        ({"labels": 3}, "config.json is damaged"),
    ],
)
def test_an_ill_typed_setting_is_named(run, capsys, settings, complaint):
    change(run / "config.json", **settings)
    assert complaint in refused(capsys, "--resume", run)


@pytest.mark.filterwarnings("always::vgan_lessons.runs.RunWarning")
def test_another_torch_is_told_and_goes_on(run, capsys):
    change(run / "config.json", versions={"vgan_lessons": "0.1.0", "torch": "1.0"})
    assert main(["train", "--resume", str(run), "--no-card"]) == 0
    assert "torch 1.0, this is" in capsys.readouterr().err


def test_an_edited_image_size_is_told_from_missing_checkpoints(run, tmp_path, capsys):
    change(run / "config.json", image_size=32)
    assert main(["sample", str(run), "--out", str(tmp_path / "c.png")]) == 1
    assert "do not fit the run's configuration" in capsys.readouterr().err
    assert "image_size is 32, was 16" in refused(capsys, "--resume", run)
    change(run / "config.json", image_size=20)
    assert main(["sample", str(run), "--out", str(tmp_path / "c.png")]) == 1
    assert "config.json was changed: " in capsys.readouterr().err


def test_a_second_writer_is_refused_by_name(run, capsys):
    with runs.sole_writer(run):
        said = refused(capsys, "--resume", run)
    assert f"process {os.getpid()} on " in said and "stop that one first" in said
    assert main(["train", "--resume", str(run), "--no-card"]) == 0


def test_garbage_where_the_state_was_is_one_line(run, capsys):
    path = runs.checkpoints(run)[-1]
    (path / "state.pt").write_bytes(b"garbage")
    assert "state.pt is not the file that was saved" in refused(capsys, "--resume", run)
    (path / "checkpoint.json").unlink()  # as older versions left it
    assert "state.pt is not what a training saved" in refused(capsys, "--resume", run)
    torch.save({"step": 1, "rng": [torch.zeros(9)]}, path / "state.pt")
    assert "state.pt is not of this run" in refused(capsys, "--resume", run)
    torch.save([1, 2], path / "state.pt")
    assert "state.pt is not what a training saved" in refused(capsys, "--resume", run)


@pytest.mark.parametrize(
    "place, complaint",
    [
        ("..", "did you mean"),
        ("config.json", "it is a file; did you mean"),
        ("checkpoints", "config.json is missing; did you mean"),
        ("nothing", "there is nothing of that name; did you mean"),
    ],
)
def test_a_neighbour_of_a_run_is_answered_with_the_run(run, capsys, place, complaint):
    said = refused(capsys, "--resume", run / place)
    assert complaint in said and "my run" in said.split("did you mean")[1]


def test_a_home_folder_and_a_slash_at_the_end_are_understood(run, monkeypatch):
    monkeypatch.setenv("HOME", str(run.parent))
    assert main(["train", "--resume", "~/my run/", "--no-card"]) == 0
