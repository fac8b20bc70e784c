"""The table of what is done shows the whole course, or the one lesson it is asked for."""

import vgan_lessons.exercises  # noqa: F401  fills the registry
from vgan_lessons.checking.bookkeeping import table_as_html, table_as_text

KNOWN = {"exercises": {"from_uint8": {"state": "passed"}}, "quizzes": {"0": ["right", "wrong"]}}


def test_one_lesson_can_be_shown_alone():
    text = table_as_text(KNOWN, 0)
    assert text.startswith("lesson 00: 1 of 1 passed, quiz 1 of 3\n  0.1 from_uint8")
    assert "lesson 01" not in text and "lesson 01" not in table_as_html(KNOWN, 0)


def test_without_a_number_every_lesson_is_shown():
    for table in (table_as_text(KNOWN), table_as_html(KNOWN)):
        assert [f"lesson {n:02d}" in table for n in (0, 1, 2)] == [True] * 3


def test_the_table_is_aligned_for_reading():
    assert table_as_html(KNOWN, 0).count("text-align: left") == 4  # a heading, three cells
