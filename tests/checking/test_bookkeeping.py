"""The progress file: whole, private to tests, never in the way; and the table of it."""

import json
import os
from pathlib import Path

import pytest

from checking.toys import HINGE, QUIZ, hinge, toy
from vgan_lessons.checking import bookkeeping, registry
from vgan_lessons.checking.bookkeeping import table_as_html, table_as_text


@pytest.fixture
def file(monkeypatch, tmp_path):
    path = tmp_path / "deep" / "progress.json"
    monkeypatch.setenv("VGAN_PROGRESS", str(path))
    return path


def test_under_tests_and_ci_progress_is_temporary(monkeypatch):
    monkeypatch.delenv("VGAN_PROGRESS", raising=False)
    assert Path.home() not in bookkeeping.progress_file().parents
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    monkeypatch.setenv("CI", "true")
    assert Path.home() not in bookkeeping.progress_file().parents
    monkeypatch.delenv("CI")
    assert Path.home() in bookkeeping.progress_file().parents


def test_a_pass_is_never_forgotten(file):
    for state in ("not_attempted", "failed", "passed", "failed", "not_attempted"):
        bookkeeping.note_check("hinge", state)
    bookkeeping.note_help("hinge", hints=2)
    entry = json.loads(file.read_text())["exercises"]["hinge"]
    assert entry == {"state": "passed", "attempts": 3, "hints": 2}


DAMAGED = (b"{", b"[]", b"\xff\xfe", b'{"exercises": []}', b'{"exercises": {"hinge": 3}}', b"")


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_set_aside_with_a_message(file, content, capsys):
    file.parent.mkdir()
    file.write_bytes(content)
    bookkeeping.note_check("hinge", "passed")
    assert "was damaged; it is kept as" in capsys.readouterr().err
    assert (file.parent / "progress.damaged.json").read_bytes() == content
    assert bookkeeping.read_progress()["exercises"]["hinge"]["state"] == "passed"
    file.write_bytes(content)
    bookkeeping.read_progress()
    assert (file.parent / "progress.damaged-2.json").read_bytes() == content


def test_a_place_that_cannot_be_written_costs_one_message(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("VGAN_PROGRESS", str(tmp_path / "file" / "progress.json"))
    bookkeeping.note_check("hinge", "failed")
    bookkeeping.note_check("hinge", "passed")
    assert bookkeeping.read_progress()["exercises"]["hinge"]["attempts"] == 2
    assert capsys.readouterr().err.count("cannot be saved") == 1


def test_no_half_written_file_is_left(file, monkeypatch):
    bookkeeping.note_check("hinge", "passed")
    before = file.read_bytes()
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    bookkeeping.note_check("hinge", "failed")
    assert file.read_bytes() == before
    assert os.listdir(file.parent) == ["progress.json"]
    bookkeeping._unsaved.clear()


KNOWN = {"exercises": {"hinge": {"state": "passed"}}, "quizzes": {"99": ["right", "not yet"]}}


@pytest.fixture
def three_lessons(own_registry):
    registry.register([toy(hinge, name=f"hinge_{n}", number=f"{n}.1") for n in (7, 12)])


@pytest.mark.usefixtures("three_lessons")
def test_one_lesson_can_be_shown_alone():
    text = table_as_text(KNOWN, 99)
    assert text == (
        "lesson 99: 1 of 1 passed, quiz 1 of 2\n  99.1 hinge                          passed"
    )
    assert HINGE.title in table_as_html(KNOWN, 99) and QUIZ.lesson == 99
    assert "lesson 07" not in text and "lesson 07" not in table_as_html(KNOWN, 99)


@pytest.mark.usefixtures("three_lessons")
def test_without_a_number_every_lesson_is_shown_in_its_order():
    for table in (table_as_text(KNOWN), table_as_html(KNOWN)):
        places = [table.index(f"lesson {number}") for number in ("07", "12", "99")]
        assert places == sorted(places)


@pytest.mark.usefixtures("three_lessons")
def test_a_lesson_without_exercises_is_answered_in_one_line():
    for table in (table_as_text(KNOWN, 98), table_as_html(KNOWN, 98)):
        assert table == "lesson 98 has no exercises; these have some: 7, 12, 99"


@pytest.mark.usefixtures("three_lessons")
def test_the_table_is_aligned_for_reading():
    assert table_as_html(KNOWN, 99).count("text-align: left") == 4  # a heading, three cells


@pytest.mark.usefixtures("own_registry")
def test_the_table_says_whether_the_solution_was_seen():
    seen = {"exercises": {"hinge": {"solution_seen": True}}, "quizzes": {}}
    assert table_as_text(seen).endswith("not attempted, solution seen")
