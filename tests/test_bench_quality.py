"""The race: all sides through one protocol, failures counted, nothing flattered."""

import time
from types import SimpleNamespace

import pytest

from benchmarks import quality, quality_report
from benchmarks.contestant import Entry, Setting
from benchmarks.quality import Side, Snapshot, race
from vgan_lessons import cli

pytestmark = pytest.mark.slow  # trainings

INF = float("inf")


def side(*values, error="", recall=0.5):
    snapshots = [Snapshot(float(k), 10 * k, value) for k, value in enumerate(values)]
    card = {metric: SimpleNamespace(value=recall) for metric in ("recall", "coverage")}
    return Side(snapshots, card, error)


def values_of(theirs, mine):
    sides = {"mocogan": theirs, "ours": mine, "ours, steps of mocogan": side(9.0, 3.0)}
    return quality_report._against("mocogan", [sides])


class Counter:
    """A contestant that only counts its steps; every call of `train` takes a second."""

    def __init__(self, setting, period):
        self.period, self.steps, self.end = period, 0, setting.n_steps

    def train(self, n_steps):
        self.steps = min(self.steps + n_steps, self.end)

    def sampled_from(self):
        return self


class Scorer:
    """Scores by the steps made, and breaks at so many."""

    def __init__(self, breaks_at=INF):
        self.breaks_at = breaks_at

    def fvd_small(self, contestant):
        if contestant.steps >= self.breaks_at:
            raise RuntimeError("no clips")
        return 1 / (1 + contestant.steps)

    def card(self, contestant):
        return f"{contestant.steps} steps"


@pytest.fixture
def raced(monkeypatch):
    """Races ours, four steps a second, against a rival of one step a second."""

    def second(setting, work):
        work()
        return 1.0

    def entry(period, planned):
        return Entry(title="", build=lambda s, bank: Counter(s, period), planned=planned)

    monkeypatch.setattr(quality, "training_seconds", second)
    monkeypatch.setattr(quality, "has_fast_bfloat16", lambda on: False)
    monkeypatch.setattr(quality, "LINEUP", {"mocogan": entry(1, False), "ours": entry(4, True)})

    def run(scorer, ends_in=300.0):
        how = {"seconds": 6, "deadline": time.perf_counter() + ends_in, "stages": (0.3, 0.5, 1)}
        return race(Setting(smoke=True), None, scorer, rivals=["mocogan"], **how)

    return run


def test_all_get_the_same_time_by_the_training_clock_and_ours_also_the_same_steps(raced):
    sides = raced(Scorer())
    seen = {name: [(s.seconds, s.steps) for s in run.snapshots] for name, run in sides.items()}
    assert seen == {
        "mocogan": [(0, 0), (2, 2), (3, 3), (6, 6)],
        "ours": [(0, 0), (2, 8), (3, 12), (6, 24)],  # its rates are planned for 24 steps
        "ours, steps of mocogan": [(0, 0), (3, 6)],  # the last second finds its run over
    }
    assert [run.card for run in sides.values()] == ["6 steps", "24 steps", "6 steps"]


def test_a_side_that_breaks_is_counted_and_the_others_go_on(raced):
    sides = raced(Scorer(breaks_at=8))
    assert sides["ours"].failed == "RuntimeError: no clips"
    assert len(sides["ours"].snapshots) == 1 and sides["ours"].card is None
    assert sides["mocogan"].card == "6 steps" and not sides["mocogan"].failed


def test_no_mark_is_begun_after_the_deadline(raced):
    assert [len(run.snapshots) for run in raced(Scorer(), ends_in=0.0).values()] == [2, 2, 2]


def test_the_time_to_a_value_is_that_of_the_first_trained_snapshot_as_good():
    assert [side(9.0, 4.0, 2.0, 3.0).seconds_to(v) for v in (4.0, 3.0, 1.0)] == [1.0, 2.0, INF]
    assert side(1.0, 5.0).seconds_to(3.0) == INF


def test_a_seed_fails_that_broke_or_did_not_improve():
    runs = [side(9.0, 4.0), side(9.0, 9.5), side(9.0, INF), side(9.0, error="RuntimeError: x")]
    no_better = "no better than before its first step"
    assert [run.failed for run in runs] == ["", no_better, no_better, "RuntimeError: x"]
    assert quality_report._summary({"ours": runs}).rows[0][-1] == "3 of 4"


def test_the_values_compare_equal_time_equal_steps_and_time_to_quality():
    assert values_of(side(9.0, 8.0, 6.0), side(9.0, 5.0, 2.0, recall=0.6)) == pytest.approx(
        {
            "fvd_small ours / mocogan, equal time": 2 / 6,
            "fvd_small ours / mocogan, equal steps": 3 / 6,
            "times as fast to mocogan's final fvd_small": 2.0,
            "recall ours - mocogan": 0.1,
            "coverage ours - mocogan": 0.1,
        }
    )
    never = values_of(side(9.0, 4.0), side(9.0, 8.0))
    assert never["times as fast to mocogan's final fvd_small"] == 0.0


def test_the_whole_section_runs_on_the_real_scorer(tmp_path):
    words = ["--sections", "quality", "--minutes", "0.01", "--out", str(tmp_path)]
    assert cli.main(["bench", "--smoke", *words]) == 0
    page = (tmp_path / "bench.md").read_text()
    assert "fvd_small (lower)" in page and "real against real scores" in page
    assert "| mocogan |" in page and "| ours, steps of mocogan |" in page
