"""`vgan-lessons bench`: its contestants, its report, and what it refuses to call a result."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from benchmarks import bench, speed
from benchmarks.clock import Spent, in_turns
from benchmarks.contestant import Setting, load_bank
from benchmarks.lineup import LINEUP
from benchmarks.report import Part, markdown
from benchmarks.scaling import exponent
from benchmarks.speed import Pace
from benchmarks.targets import Target
from vgan_lessons import cli, runtime

SMOKE = Setting(image_size=16, batch_size=2, smoke=True)
REPORTS = Path(bench.__file__).parent / "reports"


def run_bench(tmp_path, *words):
    """Exit code, JSON and page of a smoke run."""
    code = cli.main(["bench", "--smoke", "--minutes", "0.01", "--out", str(tmp_path), *words])
    report = json.loads((tmp_path / "bench.json").read_text())
    return code, report, (tmp_path / "bench.md").read_text()


def pace(*seconds):
    return Pace(1, [Spent(wall, wall) for wall in seconds])


@pytest.fixture(scope="module")
def bank():
    return load_bank(SMOKE, n_videos=8)


@pytest.mark.parametrize("name", LINEUP)
def test_every_contestant_can_be_built_trained_and_sampled(name, bank):
    contestant = LINEUP[name].build(SMOKE, bank)
    contestant.train(contestant.period)
    assert contestant.steps == contestant.period
    generator = contestant.sampled_from()
    latents = generator.draw_latents(2, 16, runtime.new_rng(0))
    with torch.no_grad():
        assert generator(latents).shape == (2, 16, 3, 16, 16)


@pytest.mark.parametrize("name, expect", [("ours", False), ("ours-bf16", True)])
def test_only_the_bfloat16_row_leaves_the_loops_mixed_precision_on(
    name, expect, bank, monkeypatch
):
    asked = set()

    def seen(kind, *, enabled, **how):
        asked.add(enabled)
        return contextlib.nullcontext()  # real bfloat16 needs a machine that has it

    monkeypatch.setattr(runtime, "has_fast_bfloat16", lambda on: True)
    monkeypatch.setattr(torch, "autocast", seen)
    contestant = LINEUP[name].build(SMOKE, bank)
    contestant.train(contestant.period)
    assert (True in asked) == expect


@pytest.mark.parametrize("size, widths", [(16, (32,)), (32, (64, 32)), (64, (64, 64, 32))])
def test_our_networks_have_a_layer_more_or_less_at_another_image_size(size, widths, bank):
    digits = Setting(data="digits", image_size=size, budget="cpu")
    assert LINEUP["ours"].build(digits, bank).config.generator_channels == widths
    shapes = Setting(data="shapes", image_size=size, budget="cpu")
    assert LINEUP["ours"].build(shapes, bank).config.generator_channels == (32, 24, 24)


def test_each_round_begins_with_another_one_and_one_is_always_made():
    done, on = [], torch.device("cpu")
    works = {name: lambda name=name: done.append(name) for name in "ab"}
    in_turns(works, on, seconds=60, most_rounds=3)
    assert done == ["a", "b", "b", "a", "a", "b"]
    assert len(in_turns(works, on, seconds=0, most_rounds=3)["a"]) == 1


def test_an_exponent_is_the_slope_between_logarithms_of_medians():
    assert exponent({10: [1.0, 9.0, 3.0], 20: [3.0], 40: [3.0]}) == pytest.approx(0)
    assert exponent({2: [1.0], 4: [8.0]}) == pytest.approx(3)


def test_ratios_are_taken_round_by_round_and_equals_may_differ_by_15_percent():
    paces = {"mocogan": pace(10.0, 40.0, 10.0), "ours": pace(1.0, 4.0, 2.0)}
    assert speed._ratio(paces, "mocogan", "ours") == (10.0, 5.0, 10.0, 3)
    for apart, fails in ((1.1, 0), (0.9, 0), (1.2, 1), (0.8, 1)):
        assert len(speed._noise({"ours": pace(apart), "ours-again": pace(1.0)})) == fails


@pytest.mark.slow
def test_a_smoke_run_writes_tables_targets_machine_and_raw_blocks(tmp_path, capsys):
    words = ["--rows", "mocogan", "ours", "--sections", "speed", "sampling", "scaling"]
    code, report, page = run_bench(tmp_path, *words)
    assert code == 0 and report["finished"] == "yes"
    assert report["machine"]["cores"] >= 1 and report["versions"]["torch"] == torch.__version__
    measured = report["parts"]["speed"]
    assert measured["raw"]["ours"][0].keys() == {"wall", "cpu"}
    assert "exponent of mocogan in pixels a side" in report["parts"]["scaling"]["values"]
    rows = {row[0]: row for row in report["targets"]["rows"]}
    assert rows["steps, times MoCoGAN's, float32"][2] == measured["values"]["ours / mocogan"]
    assert rows["clips/s sampled on one CPU thread"][2] > 0
    assert rows["recall above the best rival's"][3] == "not measured in this run"
    assert "| `ours`: LSTM video GAN, float32 |" in page and "## Machine" in page
    assert "6 of 16 frames of 4 clips" in page and "4 lone frames, twice" in page
    assert "speed: up to" in capsys.readouterr().out


def test_a_row_that_needs_native_bfloat16_says_that_it_is_not_here():
    table = speed._speeds(SMOKE, ["ours-bf16"], {})
    assert table.rows[0][1] == "not on this machine"
    assert len(table.rows[0]) == len(table.columns)


@pytest.mark.gpu
def test_the_same_command_measures_a_gpu(tmp_path):
    code, report, page = run_bench(tmp_path, "--budget", "gpu", "--data", "shapes")
    assert report["machine"]["GPU"] != "none" and "Clips a second, cuda" in page
    assert code == 0 or "timed twice" in page


def test_a_run_that_is_broken_or_noisy_prints_what_it_has_and_exits_with_1(
    tmp_path, monkeypatch, capsys
):
    def broken(plan, names, seconds):
        raise RuntimeError("out of memory\nand a long story")

    def endless(plan, names, seconds):
        return Part(title="a part", values={"rate": float("inf")}, notes=["A note."])

    for name, measure in (("sampling", broken), ("scaling", endless)):
        section = bench.Section(share=1, measure=measure, rows=())
        monkeypatch.setitem(bench.SECTIONS, name, section)
    monkeypatch.setattr(speed, "NOISE_LIMIT", -1.0)
    monkeypatch.delenv("VGAN_DEBUG", raising=False)
    words = ["--rows", "ours", "ours-again", "--sections", "sampling", "speed", "scaling"]
    code, report, page = run_bench(tmp_path, *words)
    assert code == 1 and "**This run does not count**" in page
    parts = report["parts"]
    assert parts["sampling"]["failures"] == ["sampling: RuntimeError: out of memory"]
    assert parts["speed"]["values"]["steps/s ours"] > 0
    assert parts["scaling"]["values"] == {"rate": None}  # JSON knows no infinity
    assert "FAILED: `ours` timed twice" in capsys.readouterr().out


@pytest.mark.parametrize("folder", ["cpu-levers", "cpu-quality", "cpu-race-short", "cpu-speed"])
def test_a_kept_report_reads_as_it_was_written(folder):
    report = json.loads((REPORTS / folder / "bench.json").read_text())
    assert markdown(report) == (REPORTS / folder / "bench.md").read_text()


def test_a_verdict_never_flatters():
    most, least = Target("", "v", 4, at_most=True), Target("", "v", 4)
    assert [most.state(v) for v in (3.9, 4, 4.1)] == ["reached", "reached", "**missed**"]
    assert [least.state(v) for v in (3.9, 4, 4.1)] == ["**missed**", "reached", "reached"]
    assert most.state(float("nan")) == least.state(float("nan")) == "**missed**"
    assert most.state(None) == "not measured in this run"


def test_a_wrong_word_is_answered_in_one_line(capsys):
    for words, says in (
        (["--rows", "theirs"], "there is no row 'theirs'; there are mocogan, "),
        (["--sections", "beauty"], "there is no section 'beauty'; there are race, "),
        (["--seeds", "-1"], "--seeds must be above 0, got -1"),
    ):
        assert cli.main(["bench", *words]) == 1
        assert says in capsys.readouterr().err


def test_an_installed_package_says_that_the_benchmarks_are_elsewhere(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(cli.command_module("bench"), "_CHECKOUT", tmp_path)
    assert cli.main(["bench"]) == 1
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
