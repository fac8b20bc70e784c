"""One server and one browser for all browser tests, a page for each."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from browser.lab import close_sessions, jupyter_lab
from browser.page import LessonPage

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[str]:
    """The address of a JupyterLab that serves copies of the lessons."""
    with jupyter_lab(tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.fixture(scope="session")
def browser(chromium) -> Iterator[BrowserContext]:
    """A headless Chromium, the system's own; what it has loaded of JupyterLab it keeps."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started.new_context()
        started.close()


@pytest.fixture(scope="module")
def open_lesson(lab, browser) -> Iterator[Callable[[str], LessonPage]]:
    """Open a lesson by file name; kernel and page end with the test's file."""
    page = browser.new_page()
    yield lambda name: LessonPage(page, lab, name)
    page.close()
    close_sessions(lab)
