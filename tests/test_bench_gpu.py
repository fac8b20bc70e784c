"""What waits for a GPU: tried here without one, refused without one, and verdicts on tricks."""

import os
from dataclasses import replace

import pytest

from benchmarks import bench, gpu, speed
from benchmarks.clock import Spent
from benchmarks.contestant import Setting
from benchmarks.gpu import data_of, measure_people, measure_tests
from benchmarks.lineup import LINEUP, Entry
from benchmarks.speed import Pace
from film_tools import write_weizmann
from vgan_lessons import cli

SAYS = {
    1: (
        "Tests marked `gpu`",
        "| `ours-graphs` | `ours-bf16` |",
        "Where a step of `ours` goes",
        "Most memory",
    ),
    2: ("weizmann at 16x16x16", "weizmann at 16x16x32", "fit to ship"),
    3: ("The race at 16x16x16 on weizmann", "not finished"),
}


def pace(*seconds):
    return Pace(1, [Spent(wall, wall) for wall in seconds])


def test_a_trick_pays_only_if_it_gains_in_every_round():
    base = pace(1.0, 1.0, 1.0)
    for walls, verdict in (
        ((0.5, 0.6, 0.9), "pays"),
        ((0.5, 0.6, 1.0), "does not pay"),
        ((0.5, 0.6), "undecided before 3 rounds"),
    ):
        paces = {"ours": Pace(1, base.spent[: len(walls)]), "ours-bf16": pace(*walls)}
        assert [row[-1] for row in speed._tricks(paces).rows] == [verdict]
    assert speed._tricks({"ours": base}) is None
    assert all(e.trick_on in LINEUP for e in LINEUP.values() if e.trick_on)


def test_a_row_that_breaks_is_told_and_the_others_are_timed():
    class Broken:
        period = 1

        def train(self, n_steps):
            raise RuntimeError("no compiler\nand a long story")

    entries = {"ours-compiled": Broken()}
    assert speed._without_broken(entries) == {"ours-compiled": "RuntimeError: no compiler"}
    assert not entries and isinstance(LINEUP["ours-graphs"], Entry)


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


def test_tests_that_fail_or_hang_are_failures(monkeypatch):
    def done(*words, **how):
        raise subprocess_expired

    from subprocess import CompletedProcess, TimeoutExpired

    subprocess_expired = TimeoutExpired("pytest", 60)
    monkeypatch.setattr("subprocess.run", done)
    assert "not through in their time" in measure_tests(Setting(smoke=True), 1).failures[0]
    told = "...\nFAILED tests/a.py::b\n== 1 failed in 2s ==\n"
    monkeypatch.setattr("subprocess.run", lambda *_, **__: CompletedProcess([], 1, told, ""))
    part = measure_tests(Setting(smoke=True), 1)
    assert part.failures == ["FAILED tests/a.py::b"] and "1 failed in 2s" in part.notes[0]


def test_a_training_that_fails_is_a_failure_with_its_words(tmp_path, capsys):
    setting = Setting(data="folder:gone", image_size=16, smoke=True)
    part = measure_people(setting, 1, tmp_path)
    assert "ended with 1" in part.failures[0] and "--data gone" in part.failures[0]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The .grad attribute")  # of torch's own compiler
@pytest.mark.parametrize("part", [1, 2, 3])
def test_each_part_runs_without_a_gpu_and_leaves_its_report(tmp_path, monkeypatch, part):
    monkeypatch.setenv("VGAN_DATA", "elsewhere")
    monkeypatch.setattr(bench, "ROWS", ("ours", "ours-bf16", "ours-graphs"))
    race = replace(bench.SECTIONS["race"], rows=("ours", "conv3d"))
    monkeypatch.setitem(bench.SECTIONS, "race", race)
    write_weizmann(tmp_path, n_frames=32)
    words = ["--smoke", "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    assert cli.main(["bench", "gpu", *words, "--minutes", "0.01", "--part", str(part)]) == 0
    home = tmp_path / "out" / f"part-{part}"
    page = (home / "bench.md").read_text()
    assert "Finished: yes" in page and all(words in page for words in SAYS[part])
    if part == 2:
        run = home / "people-16x16x32"
        again = gpu._training(Setting(smoke=True), 1, run)
        assert again[:3] == ["train", "--resume", run]  # given again, it goes on
        assert (run / "film_strip.png").exists() and (home / "weights").is_dir()
