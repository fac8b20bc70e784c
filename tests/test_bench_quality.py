"""The race: both sides through one protocol, failures counted, nothing flattered."""

import time
from types import SimpleNamespace

import pytest
import torch

from benchmarks import quality, quality_report
from benchmarks.quality import Race, Side, Snapshot, race
from benchmarks.setting import Setting, load_bank
from benchmarks.strips import StripItems, strip_batches, write_strips
from vgan_lessons import cli
from vgan_lessons.datasets import VideoBank, card

INF = float("inf")
SMOKE = Setting(image_size=16, batch_size=2, smoke=True, budget="cpu")


def side(name, *values, seconds=1.0, error="", recall=0.5):
    snapshots = [Snapshot(k * seconds, 10 * k, v) for k, v in enumerate(values)]
    kept = {metric: SimpleNamespace(value=recall) for metric in ("recall", "coverage")}
    return Side(name, snapshots, kept, error)


def race_of(baseline, ours, seed=0):
    return Race(seed, baseline, ours, side("ours", 9.0, 3.0))


class ConstantJudge:
    """Scores by the number of looks, and may break at one of them."""

    def __init__(self, breaks_at=INF):
        self.looks, self.breaks_at = 0, breaks_at

    def fvd_small(self, generator):
        self.looks += 1
        if self.looks >= self.breaks_at:
            raise RuntimeError("no clips")
        return 10.0 - self.looks

    def card(self, generator, name):
        return {"name": name}


@pytest.fixture(scope="module")
def bank():
    return load_bank(SMOKE, n_videos=8)


def test_the_time_to_a_value_is_that_of_the_first_snapshot_as_good():
    run = side("ours", 9.0, 4.0, 2.0, 3.0)
    assert [run.seconds_to(v) for v in (4.0, 3.0, 1.0)] == [1.0, 2.0, INF]


def test_an_untrained_snapshot_never_counts_as_arrived():
    assert side("ours", 1.0, 5.0).seconds_to(3.0) == INF


@pytest.mark.parametrize(
    "run, failed",
    [
        (side("a", 9.0, 4.0), ""),
        (side("a", 9.0, 9.5), "no better than before its first step"),
        (side("a", 9.0, INF), "no better than before its first step"),
        (side("a", 9.0, error="RuntimeError: x"), "RuntimeError: x"),
    ],
)
def test_a_seed_fails_that_broke_or_did_not_improve(run, failed):
    assert run.failed == failed


def test_the_values_compare_equal_time_equal_steps_and_time_to_quality():
    theirs, mine = side("mocogan", 9.0, 8.0, 6.0), side("ours", 9.0, 5.0, 2.0, recall=0.6)
    values = quality_report._values([race_of(theirs, mine)])
    assert values["fvd_small ours / mocogan, equal time"] == pytest.approx(2 / 6)
    assert values["fvd_small ours / mocogan, equal steps"] == pytest.approx(3 / 6)
    assert values["times as fast to mocogan's final fvd_small"] == pytest.approx(2.0)
    assert values["recall ours - mocogan"] == pytest.approx(0.1)


def test_a_side_of_ours_that_never_arrives_scores_zero():
    values = quality_report._values([race_of(side("m", 9.0, 4.0), side("o", 9.0, 8.0))])
    assert values["times as fast to mocogan's final fvd_small"] == 0.0
    assert values["fvd_small ours / mocogan, equal time"] == 2.0


def test_failed_seeds_are_counted_in_values_and_table():
    races = [
        race_of(side("m", 9.0, 4.0), side("o", 9.0, 3.0)),
        race_of(side("m", 9.0, 4.0), side("o", 9.0, 9.5), seed=1),
    ]
    assert quality_report._values(races)["failed seeds, ours, equal time"] == 1.0
    rows = {row[0]: row[-1] for row in quality_report._summary(races).rows}
    assert rows["ours, equal time"] == "1 of 2" and rows["MoCoGAN"] == "0 of 2"


def test_both_sides_get_the_same_time_and_ours_a_run_of_the_baselines_steps(bank):
    far = time.perf_counter() + 300
    played = race(SMOKE, bank, ConstantJudge(), 0.3, far, marks=(0.5, 1.0))
    assert len(played.baseline.snapshots) == 3
    assert played.baseline.snapshots[-1].seconds >= 0.3
    assert len(played.ours.snapshots) == 3
    equal = played.ours_at_equal_steps.snapshots[-1].steps
    assert equal == played.baseline.snapshots[-1].steps > 0
    assert played.ours.card["name"] == "ours, equal time"


def test_measuring_stops_the_training_clock(bank, monkeypatch):
    def slow(self, generator):
        sum(k * k for k in range(2_000_000))  # CPU seconds, were they counted
        return 1.0

    monkeypatch.setattr(ConstantJudge, "fvd_small", slow)
    far = time.perf_counter() + 300
    played = race(SMOKE, bank, ConstantJudge(), 0.02, far, marks=(1.0,))
    steps = played.baseline.snapshots[-1].steps
    a_step = played.baseline.snapshots[-1].seconds / steps
    assert played.baseline.snapshots[-1].seconds <= 0.02 + a_step


def test_a_race_that_breaks_is_counted_and_the_other_side_goes_on(bank):
    far = time.perf_counter() + 300
    judge = ConstantJudge(breaks_at=5)  # after the start and the first mark of both
    played = race(SMOKE, bank, judge, 0.05, far, marks=(0.5, 1.0))
    assert played.baseline.failed == "RuntimeError: no clips"
    assert len(played.baseline.snapshots) == 2
    assert played.baseline.card is None


def test_no_mark_is_begun_after_the_deadline(bank):
    played = race(SMOKE, bank, ConstantJudge(), 0.05, 0.0, marks=(0.2, 0.5, 1.0))
    assert len(played.baseline.snapshots) == len(played.ours.snapshots) == 2


def test_our_side_trains_at_the_length_its_speed_allows(bank, monkeypatch):
    monkeypatch.setattr(quality, "_seconds_a_step", lambda setting, bank: 0.01)
    far = time.perf_counter() + 300
    played = race(SMOKE, bank, ConstantJudge(), 0.12, far, marks=(1.0,))
    assert played.ours.snapshots[-1].steps <= 12


def test_the_whole_section_runs_on_the_real_judge(tmp_path):
    words = ["bench", "--smoke", "--sections", "quality", "--out", str(tmp_path)]
    assert cli.main(words) == 0
    page = (tmp_path / "bench.md").read_text()
    assert "fvd_small (lower)" in page and "real against real scores" in page
    assert "| MoCoGAN |" in page and "| ours, equal steps |" in page


def coded_bank():
    """Two videos of 3 and 5 frames; every pixel of a frame is 10 * video + frame."""
    values = [0, 1, 2, 10, 11, 12, 13, 14]
    frames = torch.tensor(values, dtype=torch.uint8).view(-1, 1, 1, 1).expand(-1, 3, 4, 4)
    return VideoBank(
        frames=frames.contiguous(), lengths=torch.tensor([3, 5]), card=card("shapes")
    )


def test_a_strip_gives_back_the_frames_it_was_made_of(tmp_path):
    paths = write_strips(coded_bank(), tmp_path)
    clip = StripItems(paths, 2)[1, 0.99]
    assert ((clip[:, 0, 0, 0] + 1) * 127.5).round().tolist() == [13, 14]
    frame = StripItems(paths, None)[0, 0.5]
    assert frame.shape == (3, 4, 4) and ((frame + 1) * 127.5).round().unique().tolist() == [1]


def test_strip_batches_are_seeded_and_have_both_kinds(tmp_path):
    paths = write_strips(coded_bank(), tmp_path)
    how = {"n_frames": 2, "batch_size": 4, "n_workers": 0}
    first, again, other = (next(strip_batches(paths, **how, seed=s)) for s in (0, 0, 1))
    assert first.frames.shape == (4, 3, 4, 4) and first.clips.shape == (4, 2, 3, 4, 4)
    assert torch.equal(first.clips, again.clips)
    assert not torch.equal(first.clips, other.clips)
