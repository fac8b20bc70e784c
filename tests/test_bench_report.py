"""What the report of a benchmark says of its numbers, and how it prints them."""

import json

import pytest

from benchmarks import bench
from benchmarks.clock import spread
from benchmarks.report import Part, Table, as_json, markdown, short, write_report
from benchmarks.targets import TARGETS, Target, verdicts


@pytest.mark.parametrize(
    "measured, state",
    [
        (None, "not measured in this run"),
        (3.9, "**missed**"),
        (4, "promise reached"),
        (7, "stretch reached"),
        (float("nan"), "**missed**"),
    ],
)
def test_a_verdict_never_flatters(measured, state):
    target = Target(says="", value="v", promise=4, stretch=7)
    assert target.state(measured) == state


def test_where_less_is_better_the_signs_turn():
    target = Target(says="", value="v", promise=0.5, stretch=0.5, at_most=True)
    assert [target.state(v) for v in (0.5, 0.51)] == ["reached", "**missed**"]


@pytest.mark.parametrize("budget", TARGETS)
def test_the_targets_stand_in_the_table_before_anything_is_measured(budget):
    table = verdicts(budget, {})
    assert {row[4] for row in table.rows} == {"not measured in this run"}


def test_numbers_are_printed_with_the_digits_that_count():
    assert [short(v) for v in (1234.5, 0.01234, 7, float("inf"))] == [
        "1234",
        "0.0123",
        "7",
        "inf",
    ]


def test_infinity_becomes_null_in_json_and_a_word_on_the_page(tmp_path):
    plan = bench.Plan(
        budget="cpu", data="shapes", device="cpu", minutes=1, n_seeds=1, rows=(), sections=()
    )
    part = Part(title="a part", values={"v": float("inf")}, notes=["A note."])
    part.tables = [Table(title="t", columns=["a", "b"])]
    part.tables[0].rows = [["x", spread([1.0, 2.0, 4.0])], ["y", float("inf")]]
    report = bench._empty_report(plan) | {"parts": {"p": as_json(part)}}
    write_report(tmp_path, report)
    assert json.loads((tmp_path / "bench.json").read_text())["parts"]["p"]["values"] == {
        "v": None
    }
    assert "| x | 2 (1 to 4, n=3) |" in markdown(report)
    assert "| y | inf |" in markdown(report)
