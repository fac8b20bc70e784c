"""The race: one protocol for all, parts that join, breaks counted, steps beside ratios."""

import json
import time

import pytest
import torch

from benchmarks import race, race_report
from benchmarks.contestant import Entry, Setting, load_bank
from benchmarks.lineup import LINEUP, RACERS
from benchmarks.ours import n_weights
from benchmarks.race import Race, Side, Snapshot
from vgan_lessons import cli

INF = float("inf")
SMOKE = Setting(image_size=16, batch_size=None, smoke=True, budget="cpu")


def side(*values, error="", **card):
    snapshots = [Snapshot(float(k), 10 * k, value) for k, value in enumerate(values)]
    return Side(snapshots=snapshots, card=card, error=error)


class Counter:
    """A contestant that only counts its steps; every call of `train` takes a second."""

    def __init__(self, setting, period):
        self.period, self.steps, self.end, self.batch_size = period, 0, setting.n_steps, 4

    def train(self, n_steps):
        self.steps = min(self.steps + n_steps, self.end)

    def sampled_from(self):
        return self

    def parameters(self):
        return iter([torch.zeros(3)])

    def networks(self):
        return {"generator": self, "generator_ema": self}

    def state(self):
        return {"steps": self.steps}

    def restore(self, state):
        self.steps = state["steps"]


class Scorer:
    """Scores by the steps made, and breaks at so many."""

    n, n_quick, shown = 4, 2, torch.zeros(8, 2, 3, 8, 8)

    def __init__(self, breaks_at=INF):
        self.breaks_at = breaks_at

    def fvd_small(self, contestant):
        if contestant.steps >= self.breaks_at:
            raise RuntimeError("no clips")
        return 1 / (1 + contestant.steps)

    def clips(self, contestant, n):
        return torch.full((n, 2, 3, 8, 8), contestant.steps, dtype=torch.uint8)

    def card(self, clips):
        return {"fvd_small": float(clips.max())}


@pytest.fixture
def raced(monkeypatch, tmp_path):
    """Races ours, four steps a second, against a rival of one step a second."""

    def second(setting, work):
        work()
        return 1.0

    def entry(period, planned):
        return Entry(title="", build=lambda s, bank: Counter(s, period), planned=planned)

    monkeypatch.setattr(race, "training_seconds", second)
    monkeypatch.setattr(race, "has_fast_bfloat16", lambda on: False)
    monkeypatch.setattr(race, "LINEUP", {"conv3d": entry(1, False), "ours": entry(4, True)})

    def run(scorer, ends_in=300.0, seconds=6):
        how = {"seconds": seconds, "stages": (0.3, 0.5, 1)}
        asked = Race(SMOKE, ["ours", "conv3d"], tmp_path, **how)
        asked.go_on(None, scorer, time.perf_counter() + ends_in)
        return asked

    return run


def test_all_get_the_same_time_by_the_training_clock(raced):
    done = raced(Scorer())
    seen = {k: [(s.seconds, s.steps) for s in run.snapshots] for k, run in done.sides.items()}
    assert seen == {
        "ours": [(0, 0), (2, 8), (3, 12), (6, 24)],  # its rates are planned for 24 steps
        "conv3d": [(0, 0), (2, 2), (3, 3), (6, 6)],
    }
    assert [run.card for run in done.sides.values()] == [{"fvd_small": 24}, {"fvd_small": 6}]
    assert done.finished and (done.folder / "side-by-side.png").exists()
    assert done.sides["ours"].facts["weights trained"] == 3  # the average is not trained


def test_a_race_that_is_cut_off_goes_on_to_the_same_end(raced, monkeypatch):
    clock, stages = time.perf_counter, []
    scored = Scorer.fvd_small

    def counted(self, contestant):
        stages.append(contestant.steps)
        late = 1e6 if len(stages) == 3 else 0  # the deadline passes in the third stage
        monkeypatch.setattr(time, "perf_counter", lambda: clock() + late)
        return scored(self, contestant)

    monkeypatch.setattr(Scorer, "fvd_small", counted)
    first = raced(Scorer())
    assert not first.finished and stages == [0, 0, 8]
    monkeypatch.setattr(time, "perf_counter", clock)
    again = raced(Scorer(), seconds=99)  # the time agreed on at first holds
    assert again.finished and stages == [0, 0, 8, 2, 12, 3, 24, 6]
    assert again.sides["ours"].final == Snapshot(6.0, 24, 1 / 25)
    with pytest.raises(ValueError, match="holds a race of other settings"):
        Race(SMOKE, ["ours"], again.folder, seconds=6)


def test_a_side_that_breaks_is_counted_and_the_others_go_on(raced):
    sides = raced(Scorer(breaks_at=8)).sides
    assert sides["ours"].failed == "RuntimeError: no clips"
    assert len(sides["ours"].snapshots) == 1 and not sides["ours"].card
    assert sides["conv3d"].card == {"fvd_small": 6} and not sides["conv3d"].failed


def test_a_seed_fails_that_broke_or_did_not_improve():
    runs = [side(9.0, 4.0), side(9.0, 9.5), side(9.0, INF), side(9.0, error="RuntimeError: x")]
    no_better = "no better than before its first step"
    assert [run.failed for run in runs] == ["", no_better, no_better, "RuntimeError: x"]
    assert race_report._summary({"ours": runs}).rows[0][-1] == "3 of 4"


def test_no_ratio_stands_without_the_steps_of_both():
    arms = {
        "ours": [side(9.0, 2.0, fvd_small=2.0, recall=0.5)],
        "conv3d": [side(9.0, 8.0, 4.0, fvd_small=4.0, recall=0.8)],
        "diffusion": [side(9.0, 6.0, fvd_small=6.0, recall=0.1)],
    }
    part = race_report.Part(title="")
    race_report._tell(part, arms)
    assert part.values == pytest.approx(
        {"fvd_small ours / best rival": 0.5, "recall ours - best rival": -0.3}
    )
    assert set(part.beside.values()) == {"steps: ours 10, conv3d 20"}


def test_whoever_is_best_is_named_and_nobody_at_a_draw():
    best = race_report._best
    assert best("fvd_small", {"ours": 2.0, "conv3d": 1.0}) == "conv3d"
    assert best("recall", {"ours": 0.5, "conv3d": 0.1}) == "ours"
    assert best("recall", {"ours": 0.5, "conv3d": 0.5}) == best("flicker", {"ours": 1}) == "-"


@pytest.mark.parametrize("name", RACERS)
def test_a_contestant_goes_on_bit_for_bit_from_its_state(name, tmp_path):
    bank = load_bank(SMOKE, n_videos=8)
    first, second = (LINEUP[name].build(SMOKE, bank) for _ in range(2))
    first.train(first.period)
    torch.save(first.state(), tmp_path / "state.pt")
    second.restore(torch.load(tmp_path / "state.pt", weights_only=True))
    for contestant in (first, second):
        contestant.train(contestant.period)
    assert first.steps == second.steps == 2 * first.period
    for one, other in zip(first.networks().values(), second.networks().values(), strict=True):
        pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
        assert all(torch.equal(*pair) for pair in pairs)


@pytest.mark.parametrize("data", ["shapes", "weizmann"])
def test_all_racers_have_as_many_weights_to_train(data):
    setting = Setting(data=data, image_size=32, batch_size=None, budget="cpu")
    n = {name: n_weights(LINEUP[name].build(setting, None).networks()) for name in RACERS}
    assert all(found == pytest.approx(n["ours"], rel=0.05) for found in n.values()), n


@pytest.mark.slow
def test_the_whole_section_runs_on_the_real_scorer_and_goes_on(tmp_path):
    words = ["--sections", "race", "--race-seconds", "0.2", "--out", str(tmp_path)]
    words += ["--rows", "diffusion"]
    assert cli.main(["bench", "--smoke", *words, "--minutes", "0.01"]) == 0
    page = (tmp_path / "bench.md").read_text()
    assert "Finished: no: the race is not finished" in page
    assert cli.main(["bench", "--smoke", *words, "--minutes", "5"]) == 0
    page = (tmp_path / "bench.md").read_text()
    assert "Finished: yes" in page and "real against real scores" in page
    assert "not decided: after 0.2 s of training, before 300 s" in page
    assert "| steps made |" in page and "(steps: ours " in page
    cards = json.loads((tmp_path / "race" / "seed-0" / "diffusion.json").read_text())["card"]
    assert cards["fvd_small"] > 0 and (tmp_path / "race" / "seed-0" / "ours.png").exists()
