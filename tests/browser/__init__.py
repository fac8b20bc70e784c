"""Lessons in JupyterLab, driven as a learner drives them, in a headless Chromium."""

import pytest


def in_browser(lesson: str) -> list[pytest.MarkDecorator]:
    """The marks of a lesson's tests.

    Args:
        lesson: its number, "04".
    """
    return [pytest.mark.browser, pytest.mark.slow, pytest.mark.lesson(lesson, "browser")]
