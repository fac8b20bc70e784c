"""The tuning road: every field, a time instead of a length, augmentation, older weights."""

import dataclasses
import json
import math

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from small_gan import SMALL
from test_cli_train import TINY, log_of
from vgan_lessons.cli import clip_files, main, planning
from vgan_lessons.datasets import load_videos
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import load_shipped
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import VideoTrainConfig, pace
from vgan_lessons.training.processes import Processes

pytestmark = pytest.mark.slow  # trainings

DEFAULTS = {field.name: field.default for field in dataclasses.fields(VideoTrainConfig)}


def train(out, *words):
    return main(["train", "--out", str(out), *TINY, *words])


def settings_of(run):
    return json.loads((run / "config.json").read_text())["train"]


def newest(run, name):
    path = max((run / "checkpoints").glob("step-*"), key=lambda p: int(p.name[5:]))
    return load_file(path / f"{name}.safetensors")


# --- every field ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in DEFAULTS if name != "n_classes"])
def test_set_reaches_every_field_in_its_own_type(name):
    default = DEFAULTS[name]
    text = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    (value,) = planning._settings([f"{name}={text}"]).values()
    assert value == default and type(value) is type(default)


@pytest.mark.parametrize(
    "word, near", [("r1_gama=1", "r1_gamma"), ("ema=0.9", "ema_decay"), ("lr=0.1", "g_lr")]
)
def test_a_field_that_is_none_is_answered_with_the_nearest_or_all(word, near):
    with pytest.raises(ValueError, match=near):
        planning._settings([word])
    for no_number in ("r1_gamma=nan", "g_lr=inf", "betas=0.5,much"):
        with pytest.raises(ValueError, match="takes a value like"):
            planning._settings([no_number])


def test_augmentation_and_mirror_images_are_part_of_the_configuration(tmp_path, capsys):
    assert train(tmp_path / "a", "--steps", "1", "--augment") == 0
    assert settings_of(tmp_path / "a")["augment"] == 0.8
    words = ["--augment", "0.3", "--mirror", "--steps", "1"]
    assert train(tmp_path / "b", *words) == 0
    settings = settings_of(tmp_path / "b")
    assert settings["augment"] == 0.3 and settings["mirror"] is True
    assert train(tmp_path / "c", "--augment", "2") == 1
    assert "augment is a probability from 0 to 1, got 2" in capsys.readouterr().err
    assert main(["train", "--resume", str(tmp_path / "b"), "--mirror"]) == 1
    assert "leave out mirror" in capsys.readouterr().err


# --- a time ---------------------------------------------------------------------------------


def test_minutes_choose_the_steps_and_the_run_is_then_that_of_so_many_steps(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(pace, "seconds_a_step", lambda *_, **__: 10.0)
    words = ["--log-every", "1"]
    assert train(tmp_path / "fitted", *words, "--minutes", "0.9") == 0
    assert "a step takes 10.000 s here: 5 in 0.9 minutes" in capsys.readouterr().out
    assert settings_of(tmp_path / "fitted")["n_steps"] == 5
    assert train(tmp_path / "told", *words, "--steps", "5") == 0
    assert log_of(tmp_path / "fitted") == log_of(tmp_path / "told")


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--minutes", "0"], "--minutes must be more than 0"),
        (["--minutes", "3", "--steps", "7"], "leave out --steps"),
        (["--minutes", "3", "--set", "n_steps=7"], "leave out --steps"),
    ],
)
def test_minutes_that_make_no_sense_are_refused(tmp_path, capsys, words, complaint):
    assert train(tmp_path / "run", *words) == 1
    assert complaint in capsys.readouterr().err and not (tmp_path / "run").exists()


def test_the_pace_is_measured_over_whole_periods_of_a_game_that_is_thrown_away(monkeypatch):
    clock = iter(range(1000))
    monkeypatch.setattr(pace.time, "perf_counter", lambda: float(next(clock)))
    played = []

    def train_further(gan, bank, config, **_):
        while True:
            played.append(config.log_every)
            yield

    monkeypatch.setattr(pace, "train_further", train_further)
    bank = load_videos("shapes", image_size=16, n_frames=8, n_videos=4)
    config = dataclasses.replace(SMALL, penalty_every=4)
    found = pace.seconds_a_step(
        config, bank, on=torch.device("cpu"), processes=Processes(), least=3
    )
    assert set(played) == {math.lcm(4, config.max_stride)}
    assert found == pytest.approx(4 / (3 * 4))  # seconds until the last look at the clock


def test_the_pace_of_a_real_game_is_a_time_and_leaves_no_trace():
    bank = load_videos("shapes", image_size=16, n_frames=8, n_videos=4)
    before = torch.get_rng_state()
    how = {"on": torch.device("cpu"), "processes": Processes()}
    assert 0 < pace.seconds_a_step(SMALL, bank, **how, least=0.0) < 10
    assert torch.equal(before, torch.get_rng_state())


# --- older weights --------------------------------------------------------------------------


def test_a_run_begins_with_all_networks_of_another(tmp_path, capsys):
    assert train(tmp_path / "old", "--steps", "2") == 0
    words = ["--init-from", str(tmp_path / "old"), "--seed", "5", "--steps", "3"]
    frozen = ["--set", "g_lr=0", "--set", "d_lr=0"]
    assert train(tmp_path / "new", *words, *frozen) == 0
    for name in ("generator", "frame_discriminator", "clip_discriminator"):
        old, new = (newest(tmp_path / run, name) for run in ("old", "new"))
        assert all(torch.equal(old[key], new[key]) for key in old), name
    config = json.loads((tmp_path / "new" / "config.json").read_text())
    assert config["init_from"] == str(tmp_path / "old")
    assert main(["train", "--resume", str(tmp_path / "new"), "--init-from", "x"]) == 1
    assert "leave out init-from" in capsys.readouterr().err


def test_a_run_that_began_with_old_weights_can_be_resumed_before_its_first_checkpoint(
    tmp_path, monkeypatch
):
    assert train(tmp_path / "old", "--steps", "1") == 0
    words = ["--init-from", str(tmp_path / "old"), "--steps", "3", "--log-every", "1"]
    assert train(tmp_path / "whole", *words) == 0
    with monkeypatch.context() as killed:
        killed.setattr("vgan_lessons.cli.train.run_session", lambda *_: 130)
        assert train(tmp_path / "killed", *words) == 130
    assert main(["train", "--resume", str(tmp_path / "killed"), "--no-card"]) == 0
    assert log_of(tmp_path / "killed") == log_of(tmp_path / "whole")


def test_a_shipped_generator_gives_g_and_its_average(tmp_path, capsys):
    words = ["train", "--data", "shapes", "--steps", "1", "--no-card", "--init-from", "shapes"]
    kept = ["--set", "g_lr=0", "--batch-size", "2", "--threads", "1"]
    assert main([*words, *kept, "--out", str(tmp_path / "run")]) == 0
    shipped = load_shipped("shapes").state_dict()
    for name in ("generator", "generator_ema"):
        found = newest(tmp_path / "run", name)
        assert all(torch.allclose(found[key], shipped[key]) for key in shipped), name
    assert main([*words, "--set", "noise_dim=9", "--out", str(tmp_path / "other")]) == 1
    said = capsys.readouterr().err
    assert "its networks were built with noise_dim=16, this run's with noise_dim=9" in said
    assert "add --set noise_dim=16" in said
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--init-from", "nowhere"], "no generator named 'nowhere' is shipped"),
        (["--init-from", "weizmann"], "labels of 4 and 9 classes, this run is told no labels"),
    ],
)
def test_weights_that_are_not_there_or_do_not_fit_are_named(tmp_path, capsys, words, complaint):
    assert train(tmp_path / "run", *words, "--steps", "1") == 1
    assert complaint in capsys.readouterr().err and not (tmp_path / "run").exists()


# --- a file a clip --------------------------------------------------------------------------


def test_a_folder_gets_one_file_a_clip_named_by_its_classes(tmp_path, capsys):
    out = tmp_path / "many"
    words = ["--n", "3", "--frames", "5", "--out", str(out), "--device", "cpu"]
    assert main(["sample", "weizmann", "--class", "wave2,person3", *words]) == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"{k}-wave2-person3.webp" for k in range(3)]
    with Image.open(out / names[0]) as clip:
        assert clip.n_frames == 5 and clip.size == (32, 32)
    assert "3 files, a clip of 5 frames each" in capsys.readouterr().out
    assert main(["sample", "shapes", *words, "--format", "gif"]) == 0
    assert {path.name for path in out.glob("*.gif")} == {"0.gif", "1.gif", "2.gif"}


def test_the_clips_of_a_folder_are_those_of_a_film_strip(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(clip_files, "save_clip", lambda path, clip, **_: seen.append(clip))
    monkeypatch.setattr(clip_files, "AT_A_TIME", 2)
    words = ["sample", "shapes", "--n", "5", "--frames", "4", "--out"]
    assert main([*words, str(tmp_path / "many")]) == 0
    expected = generate(load_shipped("shapes"), 5, n_frames=4, rng=new_rng(0), batch_size=2)
    assert torch.equal(torch.cat(seen), expected)
