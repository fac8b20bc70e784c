"""What waits for a GPU: tried here without one, and refused without one."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import bench, gpu
from benchmarks.gpu import data_of
from film_tools import write_weizmann
from vgan_lessons import cli

SMOKE = bench.Plan(
    budget="gpu",
    data="folder:gone",
    device="cpu",
    minutes=0.01,
    n_seeds=1,
    rows=(),
    sections=(),
    folder=Path("out"),
    smoke=True,
)


def test_the_folder_is_named_and_nothing_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("VGAN_DATA", "elsewhere")
    assert data_of(str(tmp_path)) == f"folder:{tmp_path}"
    (tmp_path / "weizmann").mkdir()
    for named in (tmp_path, tmp_path / "weizmann"):
        assert data_of(str(named)) == "weizmann"
        assert os.environ["VGAN_DATA"] == str(tmp_path)
    with pytest.raises(ValueError, match="--data names a folder of clips"):
        data_of(str(tmp_path / "gone"))


def test_without_a_gpu_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert cli.main(["bench", "gpu"]) == 1
    assert "name the folder of clips with --data FOLDER" in capsys.readouterr().err
    assert cli.main(["bench", "gpu", "--data", str(tmp_path)]) == 1
    assert "torch sees no GPU here; --smoke tries" in capsys.readouterr().err


def test_a_training_that_fails_gives_its_code(tmp_path, capsys):
    assert gpu.train_people(SMOKE, 64, tmp_path, print) == 1
    assert "unknown data set 'gone'" in capsys.readouterr().err


def test_tests_that_fail_are_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr("subprocess.call", lambda *_, **__: 1)
    monkeypatch.setattr(gpu, "run", lambda plan, say: 0)
    assert gpu.run_gpu(replace(SMOKE, data=str(tmp_path)), [1], print) == 1


@pytest.mark.slow
@pytest.mark.parametrize("part", [1, 2, 3])
def test_each_part_runs_without_a_gpu_and_leaves_what_it_made(tmp_path, monkeypatch, part):
    monkeypatch.setenv("VGAN_DATA", "elsewhere")
    for name, rows in (("speed", ("ours", "ours-bf16")), ("race", ("ours", "conv3d"))):
        monkeypatch.setitem(bench.SECTIONS, name, replace(bench.SECTIONS[name], rows=rows))
    write_weizmann(tmp_path, n_frames=32)
    words = ["--smoke", "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    assert cli.main(["bench", "gpu", *words, "--minutes", "0.01", "--part", str(part)]) == 0
    home = tmp_path / "out" / f"part-{part}"
    if part == 2:
        run = home / "people-64"
        again = gpu._training(SMOKE, 64, run)
        assert again[:3] == ["train", "--resume", run]  # given again, it goes on
        assert (run / "film_strip.png").exists() and (home / "people-128").is_dir()
        return
    page = (home / "bench.md").read_text()
    assert "on weizmann" in page if part == 3 else "Clips a second" in page
