"""One server and one browser for all browser tests, a page for each."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.lab import close_sessions, jupyter_lab
from browser.page import LessonPage

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[str]:
    """The address of a JupyterLab that serves copies of the lessons."""
    with jupyter_lab(tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator[Browser]:
    """A headless Chromium, the system's own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def open_lesson(lab, browser) -> Iterator[Callable[[str], LessonPage]]:
    """Open a lesson by file name; kernel and page end with the test's file."""
    context = browser.new_context()
    yield lambda name: LessonPage(context.new_page(), lab, name)
    context.close()
    close_sessions(lab)
