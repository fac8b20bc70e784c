"""A run looked at while it trains: what it costs, what is kept, what it is measured against."""

import dataclasses
import json
import shutil
import sys
from types import ModuleType, SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from film_tools import film, write_strip
from small_gan import SMALL
from test_cli_train import TINY, log_of
from vgan_lessons.cli import main, watching
from vgan_lessons.cli.beside import Beside
from vgan_lessons.datasets import load_videos
from vgan_lessons.runs import RunConfig, RunError, create_run, save_checkpoint
from vgan_lessons.runs.best import best_card, load_best, save_best
from vgan_lessons.training import new_generator, new_video_gan

pytestmark = pytest.mark.slow  # trainings

CONFIG = RunConfig(data="shapes", budget="cpu", device="cpu", train=SMALL)


@pytest.fixture
def folder(tmp_path):
    return create_run(tmp_path / "run", CONFIG)


@pytest.fixture
def generator():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return new_generator(SMALL).eval()


class Scores:
    """Stands for the metric card: gives out scores in order, and takes a second each."""

    def __init__(self, monkeypatch, scores, seconds=1.0):
        self.now, self.seconds, self.scores = 0.0, seconds, iter(scores)
        monkeypatch.setattr(watching.time, "perf_counter", lambda: self.now)
        monkeypatch.setattr(watching, "measure_real", self.measure_real)
        monkeypatch.setattr(watching, "quick_card", self.quick_card)
        monkeypatch.setattr(watching, "generate", lambda *_, **__: None)

    def measure_real(self, *_, **__):
        self.now += self.seconds
        return SimpleNamespace(protocol={"n_frames": 16})

    def quick_card(self, *_):
        self.now += self.seconds
        row = SimpleNamespace(metric="fvd_small", value=next(self.scores))
        return SimpleNamespace(rows=[row])


def watch_of(folder, step=0, n_steps=20):
    config = dataclasses.replace(CONFIG, train=dataclasses.replace(SMALL, n_steps=n_steps))
    how = {"against": "films", "step": step, "device": torch.device("cpu")}
    return watching.Watch(folder, config, None, **how)


def test_looking_takes_at_most_a_twentieth_of_the_time(folder, generator, monkeypatch):
    scores = Scores(monkeypatch, [1.0] * 20)
    watch, looked = watch_of(folder), []
    for step in range(1, 21):
        scores.now += 10.0  # a step takes ten seconds, a look one
        if watch.due(step, step - 1):
            watch.look(generator, step)
            looked.append(step)
    assert looked == [4, 6, 8, 10, 12, 14, 16, 18, 20]
    assert watch.share_of_time <= 0.05
    assert json.loads((folder / "watched.json").read_text())["share_of_time"] <= 0.05


def test_the_best_generator_is_kept_and_the_newest_is_not_touched(
    folder, generator, monkeypatch
):
    Scores(monkeypatch, [3.0, 1.0, 2.0, 1.5])
    watch = watch_of(folder)
    for step in (5, 10, 15):
        torch.nn.init.constant_(next(generator.parameters()), float(step))
        watch.look(generator, step)
    assert best_card(folder)["step"] == 10 and best_card(folder)["fvd_small"] == 1.0
    kept, config = load_best(folder)
    assert next(kept.parameters()).unique().item() == 10 and config.train == SMALL
    said = watch.summary(generator, 20)
    assert "against films (n=256): 1.5 at the end, best 1 at step 10" in said
    assert "looking 3 times took" in said
    rows = json.loads((folder / "watched.json").read_text())["rows"]
    assert [row["step"] for row in rows] == [5, 10, 15, 20]


def test_a_run_that_goes_on_forgets_what_came_after_its_checkpoint(
    folder, generator, monkeypatch
):
    Scores(monkeypatch, [3.0, 1.0, 2.0])
    watch = watch_of(folder)
    watch.look(generator, 5)
    watch.look(generator, 10)
    again = watch_of(folder, step=7)
    again.look(generator, 10)
    rows = json.loads((folder / "watched.json").read_text())["rows"]
    assert [(row["step"], row["fvd_small"]) for row in rows] == [(5, 3.0), (10, 2.0)]
    assert best_card(folder)["fvd_small"] == 2.0


def test_a_best_generator_that_is_not_there_or_was_changed_is_named(folder, generator):
    with pytest.raises(RunError, match=r"has kept no best generator: .*leave out --best"):
        load_best(folder)
    save_best(folder, generator, {"step": 1, "fvd_small": 1.0})
    path = folder / "best" / "generator_ema.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(RunError, match="its checksum is another"):
        load_best(folder)


def test_sample_and_evaluate_take_the_newest_or_on_request_the_best(
    folder, generator, tmp_path, capsys
):
    save_checkpoint(folder, 2, {"generator_ema": generator}, {"step": 2})
    words = [str(folder), "--n", "2", "--out", str(tmp_path / "a.png")]
    assert main(["sample", *words, "--best"]) == 1
    assert "leave out --best" in capsys.readouterr().err
    with torch.no_grad():
        for part in generator.parameters():
            part.zero_()
    save_best(folder, generator, {"step": 1, "fvd_small": 1.0})
    assert main(["sample", *words]) == 0
    newest = (tmp_path / "a.png").read_bytes()
    assert main(["sample", *words, "--best"]) == 0
    assert (tmp_path / "a.png").read_bytes() != newest
    assert main(["sample", "shapes", "--best", "--out", str(tmp_path / "b.png")]) == 1
    assert "--best is for run folders" in capsys.readouterr().err


# --- what it is measured against, and by whom it is told ------------------------------------


def beside(folder, bank, held_out=None, **how):
    gan = new_video_gan(SMALL, on=torch.device("cpu"))
    asked = {"with_watch": True, "with_board": False} | how
    return Beside(folder, CONFIG, bank, held_out, gan, **asked), gan


def test_drawn_data_are_measured_against_clips_that_nobody_trained_on(folder, monkeypatch):
    seen = []

    def watch(folder, config, real, **how):
        seen.append((real, how["against"]))

    monkeypatch.setattr(watching, "Watch", watch)
    bank = load_videos("shapes", image_size=16, n_frames=16, n_videos=8)
    beside(folder, bank)
    named = dataclasses.replace(bank, film_names=tuple("abcdefgh"))
    beside(folder, named)
    beside(folder, named.select(torch.arange(6)), named.select(torch.tensor([6, 7])))
    (fresh, new), (own, same), (held, out) = seen
    assert new == "new clips of shapes" and fresh.n_videos == 512
    assert not any(
        (frame == bank.frames).all((1, 2, 3)).any() for frame in fresh.frames[:64:16]
    )
    assert same == "the films it trains on" and own is named
    assert out == "2 films held out" and held.n_videos == 2


@pytest.mark.filterwarnings("always::vgan_lessons.runs.RunWarning")
def test_where_nothing_can_be_measured_the_training_goes_on(folder):
    short = load_videos("shapes", image_size=16, n_frames=8, n_videos=8)
    named = dataclasses.replace(short, film_names=tuple("abcdefgh"))
    with pytest.warns(match="not measured while it trains: no real video holds 16 frames"):
        found, gan = beside(folder, named)
    found.go_on(gan, None)
    assert found.finish(gan) == ""


def test_tensorboard_is_told_where_it_is_installed_and_named_where_not(
    tmp_path, monkeypatch, capsys
):
    words = ["train", "--steps", "2", "--log-every", "1", *TINY, "--out"]
    monkeypatch.setattr("vgan_lessons.cli.board.find_spec", lambda name: None)
    assert main([*words, str(tmp_path / "none"), "--tensorboard"]) == 1
    assert "pip install tensorboard" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
    told = []

    class SummaryWriter:
        def __init__(self, folder, purge_step):
            told.append((folder, purge_step))

        def add_scalar(self, name, value, step):
            told.append((name, step))

        def flush(self):
            pass

    module = ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = SummaryWriter
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    monkeypatch.setattr("vgan_lessons.cli.board.find_spec", lambda name: "there")
    assert main([*words, str(tmp_path / "run"), "--tensorboard"]) == 0
    assert told[0] == (str(tmp_path / "run" / "tensorboard"), 1)
    assert told[1] == ("d_loss", 1) and ("frame_margin", 2) in told


def test_films_are_held_out_of_a_training_and_its_card_says_so(tmp_path, capsys):
    for k in range(11):
        write_strip(tmp_path / "clips" / f"film{k}.png", film(17, 32, 32, 20 * k))
    data = ["--data", str(tmp_path / "clips"), "--steps", "1"]
    run = tmp_path / "run"
    assert main(["train", *data, *TINY, "--out", str(run), "--stride", "1"]) == 0
    told = capsys.readouterr().out
    assert "clips of 11 films, 16x16" in told and "2 of 11 films are held out" in told
    config = json.loads((run / "config.json").read_text())
    assert len(config["held_out"]) == 2 and config["stride"] == 1
    assert main(["evaluate", str(run), "--n", "16", "--device", "cpu"]) == 0
    shown = capsys.readouterr().out
    assert "9 films (9 clips) trained on, 2 (2 clips) held out" in shown
    assert "memorisation" in shown and "films that were trained on (memorisation" in shown
    assert main(["train", "--resume", str(run), "--hold-out", "0"]) == 1
    assert "leave out hold-out" in capsys.readouterr().err
    words = [*data, *TINY, "--out", str(tmp_path / "all"), "--hold-out", "0"]
    assert main(["train", *words]) == 0
    assert json.loads((tmp_path / "all" / "config.json").read_text())["held_out"] == []


def test_a_run_with_every_word_goes_on_bit_for_bit(tmp_path):
    for k in range(11):
        write_strip(tmp_path / "clips" / f"film{k}.png", film(36, 32, 32, 20 * k))
    run = tmp_path / "run"
    words = ["--data", str(tmp_path / "clips"), "--steps", "4", "--out", str(run), "--mirror"]
    words += ["--augment", "--stride", "2", "--log-every", "1", "--checkpoint-every", "2"]
    assert main(["train", *words, *TINY]) == 0
    whole = log_of(run)
    shutil.rmtree(run / "checkpoints" / "step-00000004")
    assert main(["train", "--resume", str(run), "--no-card"]) == 0
    assert log_of(run) == whole and len(whole) == 4


def test_a_run_that_copies_its_films_is_told_so_by_its_card(tmp_path, capsys, monkeypatch):
    for k in range(12):
        write_strip(tmp_path / "clips" / f"film{k}.png", film(17, 32, 32, 20 * k))
    run = tmp_path / "run"
    words = ["--data", str(tmp_path / "clips"), "--steps", "1", "--out", str(run)]
    assert main(["train", *words, *TINY, "--hold-out", "0.3"]) == 0

    def copied(generator, n, **_):
        bank = load_videos(f"folder:{tmp_path / 'clips'}", image_size=16)
        held = json.loads((run / "config.json").read_text())["held_out"]
        own = [k for k, name in enumerate(bank.film_names) if name not in held]
        rng = torch.Generator().manual_seed(5)
        clips = bank.select(torch.tensor(own)).sample_clips(n, n_frames=16, rng=rng)
        return ((clips + 1) * 127.5).round().byte()

    monkeypatch.setattr("vgan_lessons.cli.evaluate.generate", copied)
    capsys.readouterr()
    assert main(["evaluate", str(run), "--n", "32", "--device", "cpu"]) == 0
    assert "These clips repeat the films that were trained on" in capsys.readouterr().out


def test_a_network_of_ones_own_is_asked_by_evaluate(folder, generator, tmp_path, capsys):
    save_checkpoint(folder, 2, {"generator_ema": generator}, {"step": 2})
    with pytest.warns(DeprecationWarning):
        scripted = torch.jit.trace(
            lambda volumes: volumes.flatten(2).mean(2), torch.zeros(2, 3, 16, 16, 16)
        )
    scripted.save(str(tmp_path / "mine.pt"))
    words = ["evaluate", str(folder), "--n", "16", "--device", "cpu", "--features"]
    assert main([*words, str(tmp_path / "mine.pt")]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown[2:]] == ["fvd", "kid"]
    written = json.loads((folder / "metrics-own-features.json").read_text())
    assert written["protocol"]["features"].startswith("mine.pt ")
    assert load_file(folder / "checkpoints" / "step-00000002" / "generator_ema.safetensors")
    assert main([*words, "none.pt"]) == 1
    assert "there is no file none.pt" in capsys.readouterr().err
