"""A registry and a progress file of the engine's own tests: no exercise of the course in it."""

import pytest

from checking.toys import HINGE, QUIZ
from vgan_lessons.checking import registry


@pytest.fixture
def own_registry(monkeypatch, tmp_path):
    """One exercise and one quiz are registered, and nothing is done yet."""
    monkeypatch.setattr(registry, "_exercises", {"hinge": HINGE})
    monkeypatch.setattr(registry, "_quizzes", {99: QUIZ})
    monkeypatch.setenv("VGAN_PROGRESS", str(tmp_path / "progress.json"))
