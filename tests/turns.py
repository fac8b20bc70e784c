"""Side by side: which tests one worker runs in a row, so that what they share is made once."""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling


def group_of(nodeid: str) -> str:
    """The name of the tests that run in a row with this one.

    Args:
        nodeid: as pytest prints it, "tests/test_losses.py::test_a_law[hinge]".

    Returns:
        The file, in general: its fixtures then serve all its tests. For the exercises the name
        of the exercise, whose verdicts its tests share; for lessons the test itself; for all
        browser tests "browser", one server and one Chromium; "house", one reading of all files.
    """
    file, _, test = nodeid.partition("::")
    for together in ("browser", "house"):
        if file.startswith(f"tests/{together}/"):
            return together
    if file == "tests/test_notebooks.py":
        return nodeid
    if file == "tests/test_exercises.py" and "[" in test:
        return test.rstrip("]").split("[")[1].split("-")[-1]
    return file


class Turns(LoadScopeScheduling):
    """Hands out whole groups, in the order in which the tests were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Turns | None:
    """Our turns, unless the command line asks for others with --dist."""
    config.option.loadscopereorder = False
    return Turns(config, log) if config.option.dist == "load" else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means: a worker a core, and no more than four."""
    return min(4, os.cpu_count() or 1)


def long_ones_first(items: list[pytest.Item]) -> None:
    """Whole pages, then what else is slow: no worker waits at the end for another's longest."""

    def turn(item: pytest.Item) -> int:
        if item.get_closest_marker("slow") is None:
            return 2
        lesson = item.get_closest_marker("lesson")
        return 0 if lesson and lesson.args[1] != "exercises" else 1

    items.sort(key=turn)
