"""The stored numbers of lesson 11: read from a report, and measured on held-out films."""

import importlib
from pathlib import Path

import pytest

from vgan_lessons.evaluation.measured import measured_continuation, measured_people_pairs

ROOT = Path(__file__).parents[1]


@pytest.fixture
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "data_scripts")
    return lambda name: importlib.import_module(name)


def test_the_stored_pairs_are_those_of_the_report(scripts):
    report = (ROOT / "benchmarks/reports/people.md").read_text(encoding="utf-8")
    rows = scripts("store_people_pairs").pairs(report)
    assert measured_people_pairs()["pairs"] == rows
    assert rows["generated, pairs held out"]["both"] == [0.42]


def test_a_run_that_goes_on_from_no_frame_is_refused(scripts):
    script = scripts("measure_continuation")
    with pytest.raises(script.RunError, match="no continuation that held films out"):
        script.measured("shapes", 0)
    assert {row["seed"] for row in measured_continuation()["runs"]} == {0, 1, 2}
