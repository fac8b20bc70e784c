"""Bad usage on the command line, answered with what was probably meant; commands to type."""

import sys

import pytest

from vgan_lessons import calling, cli
from vgan_lessons.calling import typed


def said_by(capsys, *words):
    with pytest.raises(SystemExit) as left:
        cli.main(list(words))
    assert left.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    "words, advice",
    [
        (["train", "--epochs", "3"], "--steps N (one step is one update of G)"),
        (["train", "--lr", "0.1"], "--set g_lr=RATE --set d_lr=RATE"),
        (["train", "--size", "64"], "there is no --size: it is --image-size PIXELS"),
        (["train", "--lr=0.1", "conv3d"], "there is no --lr: each side has its own"),
        (["train", "weizmann"], "weizmann is no model but data: "),
        (["train", "convd3"], "there is no 'convd3'; did you mean conv3d?"),
        (["train", "--stepz", "3"], "did you mean --steps?"),
        (["train", "--zzz"], "train --help lists all"),
        (["train", "--data", ""], "--data is empty: is a variable of your script not set?"),
        (["train", "--out="], "--out is empty"),
        (["train", "--minutes", "nan"], "--minutes must be a finite number, got nan"),
        (["sample", ""], "run is empty"),
        (["sample", "shapes", "--fps", "inf"], "--fps must be a finite number, got inf"),
        (["sample", "shapes", "--seed", "-1"], "a seed is a whole number from 0 to 10^15"),
        (["sample", "shapes", "--seed", "9" * 30], "a seed is a whole number from 0 to 10^15"),
        (["sample", "shapes", "--seed", "one"], "got 'one'"),
        (["sample", "shapes", "--output", "x.gif"], "there is no --output: it is --out"),
        (["evaluate", "shapes", "--seed", "1.5"], "a seed is a whole number"),
        (["data", "make", "shapes", "--seed", "-3"], "a seed is a whole number"),
        (["data", "make", "shapes", "--to", ""], "is empty"),
        (["data", "fetch", "weizman"], "did you mean weizmann?"),
        (["conv3d", "train"], f"the command comes first: {typed('train', 'conv3d')}"),
        (["--data", "digits", "train"], typed("train", "--data", "digits")),
        (["trian", "--data", "x"], "there is no 'trian'; did you mean train?"),
    ],
)
def test_what_was_meant_stands_on_the_last_line(capsys, words, advice):
    assert advice in said_by(capsys, *words)


def test_the_advice_for_data_can_be_typed_and_a_path_is_data_too(capsys, tmp_path):
    (tmp_path / "my clips").mkdir()
    place = str(tmp_path / "my clips")
    assert said_by(capsys, "train", place).endswith(typed("train", "--data", place))
    assert f"--data '{place}'" in typed("train", "--data", place)


def test_options_before_and_after_are_understood_and_negative_numbers_are_values(capsys):
    assert cli.main(["sample", "--n", "-3", "shapes"]) == 1
    assert "--n must be at least 1, got -3" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv0, settings, on_path, program",
    [
        (
            "/x/.venv/bin/vgan-lessons",
            {"VGAN_COMMAND": "python3 start.py"},
            True,
            "vgan-lessons",
        ),
        ("/x/vgan_lessons/__main__.py", {"VGAN_COMMAND": "py start.py"}, True, "py start.py"),
        ("/x/vgan_lessons/__main__.py", {}, True, "python -m vgan_lessons"),
        ("/x/ipykernel_launcher.py", {}, True, "vgan-lessons"),
        ("/x/ipykernel_launcher.py", {}, False, "python3 start.py"),
    ],
)
def test_the_program_is_named_as_it_was_called(monkeypatch, argv0, settings, on_path, program):
    monkeypatch.setattr(sys, "argv", [argv0, "train"])
    monkeypatch.delenv("VGAN_COMMAND", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(calling.shutil, "which", lambda name: name if on_path else None)
    assert typed("data", "list") == f"{program} data list"


def test_a_training_in_several_processes_is_named_as_it_was_started(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/x/vgan_lessons/__main__.py", "train"])
    monkeypatch.setenv("VGAN_COMMAND", "python3 start.py")
    monkeypatch.setenv("WORLD_SIZE", "2")
    by_torchrun = "torchrun --nproc-per-node 2 -m vgan_lessons train --resume run"
    assert typed("train", "--resume", "run") == by_torchrun
    assert typed("evaluate", "run") == "python3 start.py evaluate run", "one process measures"
    monkeypatch.setenv("VGAN_PROCESSES", "2")
    assert typed("train", "--resume", "run") == (
        "python3 start.py train --resume run --processes 2"
    )


def test_outside_a_checkout_there_is_no_start_py(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["/x/ipykernel_launcher.py"])
    monkeypatch.delenv("VGAN_COMMAND", raising=False)
    monkeypatch.setattr(calling.shutil, "which", lambda name: None)
    monkeypatch.setattr(calling, "_START", tmp_path / "start.py")
    assert typed("doctor") == "python -m vgan_lessons doctor"
