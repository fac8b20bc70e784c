"""The table of what each lesson costs the suite."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lesson_costs import add_up, table


def report(seconds, *lesson):
    marked = [("lesson", list(lesson))] if lesson else []  # a list: what a worker sends
    return SimpleNamespace(user_properties=[("other", 1), *marked], duration=seconds)


def test_set_up_call_and_tear_down_of_all_tests_of_a_lesson_are_added_up():
    reports = [report(1.0, "04", "strict"), report(0.5, "04", "strict"), report(9.0)]
    reports += [report(2.0, "04", "browser"), report(4.0, "03", "strict"), "no report"]
    costs = {("04", "strict"): 1.5, ("04", "browser"): 2.0, ("03", "strict"): 4.0}
    assert add_up(reports) == costs


def test_a_lesson_that_costs_more_than_it_may_is_marked():
    costs = {("04", "strict"): 90.0, ("04", "exercises"): 30.1, ("03", "strict"): 90.0}
    head, three, four = table(costs)
    assert head.split() == ["lesson", "strict", "solved", "browser", "exercises", "total"]
    assert three.split() == ["03", "90.0", "0.0", "0.0", "0.0", "90.0"]
    assert four.split() == ["04", "90.0", "0.0", "0.0", "30.1", "120.1", "!"]


@pytest.mark.slow
def test_the_table_stands_at_the_end_of_a_run_side_by_side(tmp_path):
    (tmp_path / "conftest.py").write_text(
        "from lesson_costs import pytest_terminal_summary, remember_lessons\n"
        "def pytest_collection_modifyitems(items): remember_lessons(items)"
    )
    (tmp_path / "test_two.py").write_text(
        "import pytest, time\n"
        "@pytest.mark.lesson('07', 'strict')\n"
        "def test_one(): time.sleep(0.2)\n"
        "@pytest.mark.lesson('07', 'strict')\n"
        "def test_two(): assert not time.sleep(0.1)"
    )
    settings = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-m", "pytest", "-n2", "-c", "/dev/null", "-p", "no:nbval"]
    done = subprocess.run(
        [*command, f"--rootdir={tmp_path}", str(tmp_path)],
        env=settings,
        capture_output=True,
        text=True,
    )
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("07")]
    assert 0.3 <= float(row.split()[1]) < 2
