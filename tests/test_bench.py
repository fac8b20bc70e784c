"""`vgan-lessons bench`: its report, its verdicts, and what it refuses to call a result."""

import contextlib
import json
import subprocess
import sys

import pytest
import torch

from benchmarks import bench, throughput
from benchmarks.clock import Spent, Watch
from benchmarks.rows import ROWS
from benchmarks.setting import Setting, load_bank
from benchmarks.throughput import Lane
from vgan_lessons import cli
from vgan_lessons.training import video

SMOKE = Setting(image_size=16, batch_size=2, smoke=True)


def bench_words(tmp_path, *words):
    return ["bench", "--smoke", "--out", str(tmp_path / "report"), *words]


def read_report(tmp_path):
    page = (tmp_path / "report" / "bench.md").read_text()
    return json.loads((tmp_path / "report" / "bench.json").read_text()), page


def lane(*seconds):
    return Lane(None, 1, [Spent(wall, wall, None) for wall in seconds])


@pytest.fixture(scope="module")
def bank():
    return load_bank(SMOKE, n_videos=8)


@pytest.mark.parametrize("name", ROWS)
def test_every_contestant_can_be_built_played_and_sampled(name, bank):
    contestant = ROWS[name].build(SMOKE, bank)
    contestant.play(contestant.period)
    assert contestant.steps == contestant.period
    assert contestant.watch.seconds > 0
    generator = contestant.sampled_from()
    latents = generator.draw_latents(2, 16, torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert generator(latents).shape == (2, 16, 3, 16, 16)


def test_a_row_says_how_many_frames_it_renders_and_judges(bank):
    told = {n: ROWS[n].build(SMOKE, bank).says for n in ("ours", "ours-all-frames", "mocogan")}
    assert "6 of 16 frames" in told["ours"]
    assert "16 of 16 frames" in told["ours-all-frames"]
    assert "16 frames of 2 clips and 2 lone frames, twice" in told["mocogan"]


@pytest.mark.parametrize("name, expect", [("ours", False), ("ours-bf16", True)])
def test_only_the_bfloat16_row_leaves_the_loops_mixed_precision_on(
    name, expect, bank, monkeypatch
):
    entered = []

    def seen(on):
        entered.append(on)
        return contextlib.nullcontext()  # real bfloat16 needs a machine that has it

    monkeypatch.setattr(video, "autocast", seen)
    contestant = ROWS[name].build(SMOKE, bank)
    contestant.play(contestant.period)
    assert bool(entered) == expect


def test_the_watch_counts_only_while_it_is_on():
    watch = Watch(torch.device("cpu"))
    assert watch(lambda: 3) == 3 and watch.seconds > 0
    watch.active, before = False, watch.seconds
    assert watch(lambda: 4) == 4 and watch.seconds == before


def test_a_smoke_run_writes_tables_targets_machine_and_raw_blocks(tmp_path, capsys):
    words = ["--rows", "mocogan", "ours", "--sections", "speed", "sampling", "loading"]
    assert cli.main(bench_words(tmp_path, *words)) == 0
    report, page = read_report(tmp_path)
    assert report["finished"] == "yes"
    assert report["machine"]["cores"] >= 1 and report["versions"]["torch"] == torch.__version__
    speed = report["parts"]["speed"]
    assert {"ours / mocogan", "data_wait ours", "gflop mocogan"} <= speed["values"].keys()
    assert {"wall", "cpu", "gpu"} == speed["raw"]["ours"][0].keys()
    assert speed["values"]["gflop mocogan"] > speed["values"]["gflop ours"]
    rows = {row[0]: row for row in report["targets"]["rows"]}
    assert rows["steps, times MoCoGAN's, float32"][3] == speed["values"]["ours / mocogan"]
    assert rows["steps, times MoCoGAN's, bfloat16"][4] == "not measured in this run"
    assert "| `ours`: LSTM video GAN, float32 |" in page and "## Machine" in page
    assert "speed: up to" in capsys.readouterr().out


@pytest.mark.slow
def test_memory_and_profile_are_measured_too(tmp_path):
    assert cli.main(bench_words(tmp_path, "--sections", "memory", "profile")) == 0
    parts = read_report(tmp_path)[0]["parts"]
    assert parts["memory"]["values"]["MiB ours"] > 0
    names = [row[0] for table in parts["profile"]["tables"] for row in table["rows"]]
    assert "aten::convolution_backward" in names


@pytest.mark.gpu
def test_the_same_command_measures_a_gpu(tmp_path):
    rows = ["mocogan", "mocogan-lean", "ours", "ours-bf16"]
    words = ["--budget", "gpu", "--data", "shapes", "--rows", *rows]
    assert cli.main(bench_words(tmp_path, *words)) == 0
    report, page = read_report(tmp_path)
    assert report["machine"]["GPU"] != "none"
    assert not [f for part in report["parts"].values() for f in part["failures"]]
    assert report["parts"]["speed"]["raw"]["ours"][0]["gpu"] > 0
    assert "GPU s a step" in page and "heaviest by GPU time" in page


def test_a_row_that_needs_native_bfloat16_says_that_it_is_not_here(monkeypatch):
    monkeypatch.setattr(throughput, "has_fast_bfloat16", lambda on: False)
    setting = Setting(image_size=16, batch_size=2)
    rows = {"ours-bf16": ROWS["ours-bf16"]}
    monkeypatch.setattr(throughput, "ROWS", rows)
    table = throughput._speeds(setting, ["ours-bf16"], {}, {})
    assert table.rows[0][1] == "not on this machine"
    assert len(table.rows[0]) == len(table.columns)


@pytest.mark.parametrize("apart, fails", [(1.1, 0), (0.9, 0), (1.2, 1), (0.8, 1)])
def test_equals_that_differ_by_more_than_15_percent_fail_the_run(apart, fails):
    lanes = {"ours": lane(apart, apart, apart), "ours-again": lane(1.0, 1.0, 1.0)}
    assert len(throughput._noise(lanes)) == fails


def test_a_ratio_is_taken_round_by_round():
    lanes = {"mocogan": lane(10.0, 40.0, 10.0), "ours": lane(1.0, 4.0, 2.0)}
    assert throughput._ratio(lanes, "mocogan", "ours") == (10.0, 5.0, 10.0, 3)


def test_a_noisy_run_prints_what_it_has_and_exits_with_1(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(throughput, "NOISE_LIMIT", -1.0)
    words = ["--rows", "ours", "ours-again", "--sections", "speed"]
    assert cli.main(bench_words(tmp_path, *words)) == 1
    assert "FAILED: `ours` timed twice" in capsys.readouterr().out
    report, page = read_report(tmp_path)
    assert report["parts"]["speed"]["values"]["steps_per_second ours"] > 0
    assert "**This run does not count**" in page


def test_a_section_that_breaks_is_written_down_and_the_next_one_runs(tmp_path, monkeypatch):
    def broken(plan, seconds):
        raise RuntimeError("out of memory\nand a long story")

    monkeypatch.setitem(bench.SECTIONS, "speed", (1, broken))
    monkeypatch.delenv("VGAN_DEBUG", raising=False)
    assert cli.main(bench_words(tmp_path, "--sections", "speed", "loading")) == 1
    parts = read_report(tmp_path)[0]["parts"]
    assert parts["speed"]["failures"] == ["speed: RuntimeError: out of memory"]
    assert parts["loading"]["tables"] and not parts["loading"]["failures"]


@pytest.mark.parametrize(
    "words, says",
    [
        (["--rows", "theirs"], "there is no row 'theirs'; there are mocogan, "),
        (["--sections", "beauty"], "there is no section 'beauty'; there are quality, "),
        (["--minutes", "0"], "--minutes must be above 0, got 0.0"),
        (["--seeds", "-1"], "--seeds must be above 0, got -1"),
    ],
)
def test_a_wrong_word_is_answered_in_one_line(words, says, tmp_path, capsys):
    assert cli.main(bench_words(tmp_path, *words)) == 1
    assert says in capsys.readouterr().err


def test_an_installed_package_says_that_the_benchmarks_are_elsewhere(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(cli.command_module("bench"), "_CHECKOUT", tmp_path)
    assert cli.main(bench_words(tmp_path)) == 1
    assert "not part of the installed package" in capsys.readouterr().err


def test_its_help_comes_without_torch():
    program = (
        "import sys\nfrom vgan_lessons.cli import main\n"
        "try: main(['bench', '--help'])\n"
        "except SystemExit: print([m for m in ('torch', 'numpy') if m in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "--minutes" in asked.stdout and asked.stdout.splitlines()[-1] == "[]"
