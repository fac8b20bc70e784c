"""What every test gets: one thread, no network, a data folder of its own, its turn."""

import os

# Before torch is imported, here or in a notebook's kernel: threads of one busy machine that
# wait for each other make the small networks of this course 3 to 50 times slower.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["MPLBACKEND"] = "Agg"
os.environ.pop("VGAN_BUDGET", None)  # the tests' budget is the laptop's

import shutil
import socket

import pytest
import torch

from lesson_costs import pytest_terminal_summary, remember_lessons
from turns import (
    long_ones_first,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)

__all__ = [  # pytest finds these here
    "pytest_terminal_summary",
    "pytest_xdist_auto_num_workers",
    "pytest_xdist_make_scheduler",
]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for path in map(shutil.which, BROWSERS) if path), None)
HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "", None)

torch.set_num_threads(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what nobody asked for, skip what cannot run; side by side, long ones first."""
    remember_lessons(items)
    leave_out_thorough_ones(config, items)
    skip_what_cannot_run(items)
    if hasattr(config, "workerinput"):
        long_ones_first(items)


def leave_out_thorough_ones(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run tests marked `thorough` only where -m names the marker."""
    if "thorough" not in config.option.markexpr:
        thorough = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=thorough)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


def skip_what_cannot_run(items: list[pytest.Item]) -> None:
    """Skip what this machine lacks something for, and say what."""
    missing = {}
    if not torch.cuda.is_available():
        missing["gpu"] = "needs a CUDA GPU, torch sees none here"
    if CHROMIUM is None:
        missing["browser"] = "needs Chromium, none is installed here"
    for item in items:
        for marker in missing.keys() & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.skip(reason=missing[marker]))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; a test that asks for it carries the `browser` marker."""
    assert CHROMIUM, "mark this test with pytest.mark.browser"
    return CHROMIUM


@pytest.fixture(autouse=True)
def data_folder_of_its_own(tmp_path_factory, monkeypatch) -> None:
    """No test reads or writes the learner's data folder."""
    monkeypatch.setenv("VGAN_DATA", str(tmp_path_factory.getbasetemp() / "data"))


@pytest.fixture(autouse=True)
def the_same_draws_in_every_order() -> None:
    """Weights that nobody seeds do not depend on which tests ran before on this worker."""
    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def no_network(monkeypatch) -> None:
    """A connection that would leave this machine fails, and names where it wanted to go."""
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def look_up_here(host: object, *rest: object, **more: object) -> list:
        assert host in HERE, f"a test tried to reach {host}"
        return look_up(host, *rest, **more)

    def connect_here(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert address[0] in HERE, f"a test tried to reach {address[0]}"
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)
    monkeypatch.setattr(socket.socket, "connect", connect_here)
