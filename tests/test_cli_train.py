"""The main job as a user types it: trains, is killed, goes on, says what was wrong."""

import csv
import json
import subprocess
import sys
import time

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from film_tools import film, write_strip, write_weizmann
from vgan_lessons import runs
from vgan_lessons.cli import main

TINY = ["--image-size", "16", "--batch-size", "4", "--threads", "1", "--no-card"]


def train(tmp_path, *words):
    return main(["train", "--out", str(tmp_path / "run"), *TINY, *words])


def log_of(run):
    with open(run / "log.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{k: v for k, v in row.items() if k != "clips_per_second"} for row in rows]


def moving_square(n_frames, size=24):
    frames = np.zeros((n_frames, size, size, 3), np.uint8)
    for t in range(n_frames):
        frames[t, 4:12, (t % 12) : (t % 12) + 8] = (250, 120, 30)
    return frames


def seconds_of(path):
    """How long a clip plays; frames that look alike may be stored as one that lasts longer."""
    with Image.open(path) as clip:
        lasting = []
        for frame in range(clip.n_frames):
            clip.seek(frame)
            clip.load()
            lasting.append(clip.info["duration"])
    return sum(lasting) / 1000


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "my clips"
    home.mkdir()
    for k in range(3):
        iio.imwrite(home / f"clip{k}.mp4", moving_square(20 + k, 32), fps=10)
    return home


def test_a_training_leaves_a_complete_run_folder(tmp_path, capsys):
    assert train(tmp_path, "--data", "shapes", "--steps", "6", "--log-every", "2") == 0
    run = tmp_path / "run"
    assert [row["step"] for row in log_of(run)] == ["2", "4", "6"]
    with Image.open(run / "film_strip.png") as strip:
        assert strip.width > 16 * 16 and np.asarray(strip).std() > 1
    for name in ("clips.webp", "clips.gif"):
        assert seconds_of(run / name) == pytest.approx(16 / 8, abs=0.2)
    assert (run / "checkpoints" / "step-00000006" / "generator_ema.safetensors").exists()
    assert "sample" in capsys.readouterr().out


@pytest.mark.parametrize("model", ["independent", "conv3d"])
def test_the_baselines_train_by_the_same_command(tmp_path, model):
    assert train(tmp_path, model, "--data", "digits", "--steps", "2") == 0
    assert (
        main(["sample", str(tmp_path / "run"), "--n", "2", "--out", str(tmp_path / "c.gif")])
        == 0
    )


def test_a_folder_of_mp4_files_trains(tmp_path, folder):
    assert train(tmp_path, "--data", str(folder), "--steps", "2") == 0
    assert (tmp_path / "run" / "film_strip.png").exists()


def start(tmp_path, *words):
    command = [sys.executable, "-m", "vgan_lessons", "train", *words]
    return subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def wait_for_checkpoint(process, run):
    limit = time.monotonic() + 60
    while not list((run / "checkpoints").glob("step-*")):
        assert process.poll() is None, process.stderr.read().decode()[-2000:]
        assert time.monotonic() < limit, "no checkpoint within a minute"
        time.sleep(0.02)


@pytest.mark.slow
def test_a_killed_run_goes_on_bit_for_bit(tmp_path):
    words = ["--data", "shapes", *TINY, "--log-every", "1", "--checkpoint-every", "7"]
    process = start(tmp_path, *words, "--steps", "40", "--out", "killed")
    wait_for_checkpoint(process, tmp_path / "killed")
    process.kill()  # SIGKILL: no clean-up of any kind
    process.communicate()
    assert len(log_of(tmp_path / "killed")) < 40, "killed too late to test anything"
    assert main(["train", "--resume", str(tmp_path / "killed"), "--no-card"]) == 0
    assert main(["train", *words, "--steps", "40", "--out", str(tmp_path / "whole")]) == 0
    assert log_of(tmp_path / "killed") == log_of(tmp_path / "whole")


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--data", "cats"], "cats"),
        (["--data", "folder:nowhere"], "nowhere"),
        (["--image-size", "20"], "power of two"),
        (["--frames", "5"], "n_frames=5"),
        (["--steps", "0"], "n_steps must be at least 1"),
        (["--device", "tpu"], "tpu"),
        (["--threads", "0"], "--threads must be at least 1"),
        (["--threads", "100000"], "--threads must be at most 256"),
        (["--device", "meta"], "unknown device 'meta'"),
        (["--set", "seed=" + "9" * 25], "a seed is a whole number up to 10^15"),
        (["--data", "no/where"], "there is no folder no/where"),
        (["--data", __file__], "is a file"),
        (["--checkpoint-every", "0"], "--checkpoint-every must be at least 1"),
    ],
)
def test_bad_input_gets_a_sentence_and_leaves_nothing(tmp_path, capsys, words, complaint):
    assert train(tmp_path, *words) == 1
    assert complaint in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "error, said",
    [
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"),
            "out of memory: ",
        ),
        (MemoryError(), "out of memory: ask for less (batch size, image size, frames, clips)"),
        (OSError(28, "No space left on device"), "train: No space left on device"),
    ],
)
def test_a_run_that_fails_before_its_first_row_leaves_no_folder(
    tmp_path, capsys, monkeypatch, error, said
):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("vgan_lessons.cli.session.train_further", fail)
    assert train(tmp_path, "--data", "digits", "--steps", "1") == 1
    assert said in capsys.readouterr().err and not (tmp_path / "run").exists()


def test_two_that_begin_the_same_run_at_once_leave_one(tmp_path, capsys, monkeypatch):
    real, writing = runs.sole_writer, []

    def too_late(folder):
        folder.mkdir()
        (folder / "config.json").write_text("{}")  # the other one began in this moment
        other = real(folder)
        other.__enter__()
        writing.append(other)
        return real(folder)

    monkeypatch.setattr("vgan_lessons.cli.train.sole_writer", too_late)
    assert train(tmp_path, "--data", "digits", "--steps", "1") == 1
    assert "is being written by process" in capsys.readouterr().err
    assert (tmp_path / "run" / "config.json").read_text() == "{}"
    writing.pop().__exit__(None, None, None)
    monkeypatch.undo()
    assert train(tmp_path, "--data", "digits", "--steps", "1") == 1
    assert "holds a run already" in capsys.readouterr().err
    assert (tmp_path / "run" / "config.json").read_text() == "{}"


def test_an_empty_folder_and_clips_too_short_are_named(tmp_path, capsys):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert train(tmp_path, "--data", str(empty)) == 1
    assert "empty" in capsys.readouterr().err
    iio.imwrite(empty / "short.gif", moving_square(5))
    assert train(tmp_path, "--data", str(empty)) == 1
    assert "short.gif" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.filterwarnings("always::vgan_lessons.datasets.DataWarning")
def test_one_corrupt_file_is_named_and_skipped_or_fails_a_strict_run(tmp_path, folder, capsys):
    (folder / "broken.mp4").write_bytes(b"no video at all")
    assert train(tmp_path, "--data", str(folder), "--steps", "1", "--strict") == 1
    assert "broken.mp4" in capsys.readouterr().err
    assert train(tmp_path, "--data", str(folder), "--steps", "1") == 0
    assert "broken.mp4" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_or_is_taken_is_refused(tmp_path, capsys):
    (tmp_path / "run").write_text("a file stands here")
    assert train(tmp_path, "--steps", "1") == 1
    assert "cannot write the run folder" in capsys.readouterr().err
    (tmp_path / "run").unlink()
    assert train(tmp_path, "--steps", "1") == 0
    assert train(tmp_path, "--steps", "1") == 1
    assert "--resume" in capsys.readouterr().err
    assert main(["train", "--resume", str(tmp_path / "run"), "--seed", "0"]) == 1
    assert "leave out seed" in capsys.readouterr().err


def test_samples_are_as_many_and_as_long_as_asked(tmp_path, capsys):
    assert train(tmp_path, "--steps", "1") == 0
    run, out = str(tmp_path / "run"), tmp_path / "deep" / "longer.webp"
    assert main(["sample", run, "--n", "3", "--frames", "40", "--out", str(out)]) == 0
    assert seconds_of(out) == pytest.approx(40 / 8, abs=0.1)
    assert main(["sample", run, "--n", "2", "--out", str(tmp_path / "s.png")]) == 0
    assert "2 clips of 16 frames" in capsys.readouterr().out
    assert main(["sample", run, "--n", "0"]) == 1
    assert main(["sample", "no-such-run"]) == 1
    assert "no-such-run" in capsys.readouterr().err
    assert main(["sample", run, "--out", str(tmp_path / "clip.txt")]) == 1


def test_sub_folders_are_classes_that_samples_can_be_asked_for(tmp_path, capsys):
    for name, red in (("walk", 60), ("run", 250), ("walk", 80)):
        write_strip(tmp_path / "clips" / name / f"{red}.png", film(18, 32, 32, red))
    assert train(tmp_path, "--data", str(tmp_path / "clips"), "--steps", "2") == 0
    run, out = tmp_path / "run", str(tmp_path / "two.png")
    config = json.loads((run / "config.json").read_text())
    assert config["train"]["n_classes"] == [2] and config["labels"] == {
        "folder": ["run", "walk"]
    }
    assert main(["sample", str(run), "--n", "2", "--class", "walk,run", "--out", out]) == 0
    assert main(["sample", str(run), "--class", "wlak", "--out", out]) == 1
    assert "did you mean 'walk'? (folder: run, walk)" in capsys.readouterr().err
    (tmp_path / "clips" / "run").rename(tmp_path / "clips" / "jump")
    assert main(["train", "--resume", str(run)]) == 1
    assert "told folder: run, walk; " in capsys.readouterr().err


@pytest.mark.slow
def test_labels_are_left_out_on_request_and_where_a_generator_has_no_place_for_them(
    tmp_path, capsys
):
    words = ["--data", "digits", "--steps", "1", "--no-card", *TINY]
    for name, more in (("told", []), ("not", ["--unconditional"]), ("3d", ["conv3d"])):
        assert main(["train", *more, *words, "--out", str(tmp_path / name)]) == 0
        config = json.loads((tmp_path / name / "config.json").read_text())
        assert bool(config["labels"]) == (name == "told")
        assert config["train"]["n_classes"] == ([10] if name == "told" else [])
    assert main(["sample", str(tmp_path / "not"), "--class", "7"]) == 1
    assert "was trained without labels" in capsys.readouterr().err
    assert main(["train", "--resume", str(tmp_path / "not"), "--unconditional"]) == 1
    assert "leave out unconditional" in capsys.readouterr().err


def test_every_field_of_the_configuration_can_be_set(tmp_path):
    asked = ["painter=scene", "generator_channels=8,8", "r1_gamma=0.7", "frame_pooling=false"]
    words = [part for setting in asked for part in ("--set", setting)]
    assert train(tmp_path, *words, "--steps", "1") == 0
    settings = json.loads((tmp_path / "run" / "config.json").read_text())["train"]
    assert settings["painter"] == "scene" and settings["generator_channels"] == [8, 8]
    assert settings["r1_gamma"] == 0.7 and settings["frame_pooling"] is False


@pytest.mark.parametrize(
    "setting, complaint",
    [
        ("paintre=dense", "did you mean painter?"),
        ("painter", "--set takes FIELD=VALUE, got 'painter'"),
        ("batch_size=many", "--set batch_size takes a value like 32, got 'many'"),
        ("frame_pooling=perhaps", "--set frame_pooling takes a value like False"),
        ("painter=pencil", "unknown painter 'pencil'"),
    ],
)
def test_a_setting_that_is_none_is_answered(tmp_path, capsys, setting, complaint):
    assert train(tmp_path, "--set", setting) == 1
    assert complaint in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_a_training_without_a_card_imports_few_modules_and_no_metrics(tmp_path, monkeypatch):
    monkeypatch.setenv("VGAN_DATA", str(tmp_path))
    write_weizmann(tmp_path)
    words = ["train", "--steps", "1", *TINY]
    program = "import sys\n"
    for data in ("shapes", "weizmann"):  # in one process: torch is slow to import
        asked = [*words, "--data", data, "--out", str(tmp_path / data / "run")]
        program += f"from vgan_lessons.cli import main\nmain({asked})\n"
        program += "ours = [x for x in sys.modules if x.split('.')[0] == 'vgan_lessons']\n"
        program += "print('imported', *ours)\nfor name in ours:\n    del sys.modules[name]\n"
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    drawn, films = (x.split()[1:] for x in said.splitlines() if x.startswith("imported "))
    assert "vgan_lessons.training.video" in drawn and "vgan_lessons.datasets.films" not in drawn
    assert len(drawn) <= 50 and len(films) <= 50
    rooms = {name.split(".")[1] for name in drawn + films if "." in name}
    assert not rooms & {"evaluation", "metrics", "checking", "exercises", "widgets", "plane"}
