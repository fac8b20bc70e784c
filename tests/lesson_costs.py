"""What each lesson costs the suite, in seconds: a table at the end of a run."""

from collections.abc import Iterable

import pytest

PARTS = ("strict", "solved", "browser", "exercises")
LIMIT = 120  # seconds that one lesson may add to the suite, all parts together
Costs = dict[tuple[str, str], float]  # by lesson ("04") and part


def remember_lessons(items: Iterable[pytest.Item]) -> None:
    """Write each test's `lesson(number, part)` into its report, which travels from a worker."""
    for item in items:
        for mark in item.iter_markers("lesson"):
            item.user_properties.append(("lesson", mark.args))


def add_up(reports: Iterable[object]) -> Costs:
    """Seconds by lesson and part, set-up and tear-down included.

    Args:
        reports: of pytest; what is none, or belongs to no lesson, is passed over.
    """
    costs: Costs = {}
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == "lesson" and hasattr(report, "duration"):
                key = tuple(value)
                costs[key] = costs.get(key, 0.0) + report.duration
    return costs


def table(costs: Costs) -> list[str]:
    """One line a lesson; an exclamation mark where it costs more than it may."""
    lines = ["lesson" + "".join(f"{part:>11}" for part in (*PARTS, "total"))]
    for lesson in sorted({lesson for lesson, _ in costs}):
        row = [costs.get((lesson, part), 0.0) for part in PARTS]
        cells = "".join(f"{seconds:11.1f}" for seconds in (*row, sum(row)))
        lines.append(f"{lesson:6}" + cells + (" !" if sum(row) > LIMIT else ""))
    return lines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, if any test of a lesson was run."""
    costs = add_up(report for kind in terminalreporter.stats.values() for report in kind)
    if costs:
        terminalreporter.section(f"seconds a lesson (at most {LIMIT} in all)")
        for line in table(costs):
            terminalreporter.line(line)
