"""What a learner types, and the exact lines that come back."""

import contextlib
import io
import signal
import sys
from dataclasses import replace

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from checking.toys import HINGE, hinge, right, swapped, toy, unlisted
from vgan_lessons import checking
from vgan_lessons.calling import typed
from vgan_lessons.checking import registry, verbs
from vgan_lessons.checking.bookkeeping import read_progress

pytestmark = pytest.mark.usefixtures("own_registry")


@pytest.mark.parametrize(
    "answer, line",
    [
        (None, "99.1 hinge: not attempted. Going on with the library's version."),
        (right, "99.1 hinge: passed. Going on with yours."),
        (
            hinge,
            "99.1 hinge: borrowed, this is the library's own. "
            "Going on with the library's version.",
        ),
        (
            unlisted,
            "99.1 hinge: not yet. unequal batch sizes: expected 1.25, got 1.1. "
            "Your result is 0.88 times the right one, on every random input. "
            "Average the real and the fake terms separately, then add. "
            "Going on with the library's version.",
        ),
        (
            swapped,
            "99.1 hinge: not yet. unequal batch sizes: expected 1.25, got 3.91667. "
            'Looks like "labels swapped". '
            "These are the numbers you get when real and fake trade places. "
            "Going on with the library's version.",
        ),
    ],
)
def test_a_check_prints_one_line_and_hands_back_what_to_use(answer, line, capsys):
    used = checking.check("hinge", answer)
    assert used is (right if answer is right else hinge)
    assert capsys.readouterr().out == line + "\n"


def test_a_check_says_when_the_solution_was_seen(capsys):
    checking.solution("hinge")
    assert "def hinge(real_logits" in capsys.readouterr().out
    checking.check("hinge", right)
    assert capsys.readouterr().out == (
        "99.1 hinge: passed, after a look at the solution. Going on with yours.\n"
    )


def test_a_fault_of_the_engine_does_not_block_the_page(capsys):
    def broken(draw):
        raise RuntimeError("no inputs today")

    registry.register([toy(hinge, name="broken", number="99.2", inputs=broken)])
    assert checking.check("broken", right) is hinge
    assert "the check itself broke (RuntimeError: no inputs today)" in capsys.readouterr().out


def test_hints_come_one_after_the_other_and_then_the_solution(capsys):
    for _ in range(4):
        checking.hint("hinge")
    checking.hint("hinge", 2)
    assert capsys.readouterr().out.splitlines() == [
        '99.1 hinge, hint 1 of 3: the idea Then: hint("hinge").',
        '99.1 hinge, hint 2 of 3: the place Then: hint("hinge").',
        '99.1 hinge, hint 3 of 3: the shape Then: solution("hinge").',
        '99.1 hinge, hint 3 of 3: the shape Then: solution("hinge").',
        '99.1 hinge, hint 2 of 3: the place Then: hint("hinge").',
    ]


def my_hinge(real, fake):
    return right(real, fake)


def my_other(real, fake):
    return right(real, fake)


@pytest.mark.parametrize("which", ["hinge", "my_hinge", "99.1", 99.1, my_hinge, hinge])
def test_an_exercise_is_found_by_its_name_its_number_and_the_function(which, capsys):
    checking.hint(which)
    checking.solution(which)
    assert checking.check(which, my_hinge) is my_hinge
    said = capsys.readouterr().out
    assert said.startswith("99.1 hinge, hint 1 of 3: the idea")
    assert "99.1 hinge: passed, after a look at the solution." in said
    assert read_progress()["exercises"].keys() == {"hinge"}


@pytest.mark.parametrize("verb", [checking.hint, checking.explain, checking.solution])
def test_an_unknown_name_is_answered_in_one_line(verb, capsys):
    for which in ("hing", my_other, 7):
        verb(which)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "there is no exercise 'hing'; did you mean 'hinge'?",
        f"there is no exercise 'my_other'; see `{typed('check', '--list')}`",
        f"there is no exercise '7'; see `{typed('check', '--list')}`",
    ]


def test_without_a_name_the_newest_check_is_meant(capsys, monkeypatch):
    monkeypatch.setattr(verbs, "_last", {})
    checking.hint()
    registry.register([toy(hinge, name="second", number="99.2")])
    for name in ("hinge", "second", "hinge"):
        checking.check(name, swapped)
    capsys.readouterr()
    checking.hint()
    checking.explain()
    said = capsys.readouterr().out
    assert said.startswith("99.1 hinge, hint 1 of 3") and "99.1 hinge asks:" in said


def test_without_a_name_and_a_check_one_line_asks_for_one(capsys, monkeypatch):
    monkeypatch.setattr(verbs, "_last", {})
    checking.hint()
    assert capsys.readouterr().out == 'which exercise? For example: hint("hinge")\n'


def test_an_interrupted_check_says_one_line_and_leaves_everything_as_it_was(capsys):
    def interrupted(real, fake):
        torch.set_default_dtype(torch.float64)
        raise KeyboardInterrupt

    def session():
        random_state = torch.get_rng_state().tolist()
        return random_state, sys.getprofile(), signal.getsignal(signal.SIGALRM), input

    before = session()
    with pytest.raises(KeyboardInterrupt) as caught:
        checking.check("hinge", interrupted)
    assert caught.value._render_traceback_() == [
        "99.1 hinge: the check was interrupted. Run the cell again for a verdict."
    ]
    assert session() == before and torch.get_default_dtype() is torch.float32
    assert capsys.readouterr().out == "" and read_progress()["exercises"] == {}


def test_a_notebook_shows_an_interruption_in_three_lines_at_most(monkeypatch, tmp_path):
    def interrupted(real, fake):
        raise KeyboardInterrupt

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setattr(InteractiveShell, "init_history", lambda shell: None)  # no database
    shell = InteractiveShell()
    shell.user_ns |= {"check": checking.check, "interrupted": interrupted}
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        ran = shell.run_cell('check("hinge", interrupted)')
    assert isinstance(ran.error_in_exec, KeyboardInterrupt)
    assert len(shown.getvalue().strip().splitlines()) <= 3
    assert "99.1 hinge: the check was interrupted." in shown.getvalue()


def test_a_replaced_function_is_named_below_the_verdict(capsys, monkeypatch):
    monkeypatch.setattr(torch, "isclose", lambda *_, **__: torch.tensor(True))
    checking.check("hinge", swapped)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("99.1 hinge: not yet.")
    assert lines[1:] == [
        "This session has replaced torch.isclose; the check used the original."
    ]


def test_explain_says_what_is_asked_and_what_was_found(capsys):
    checking.check("hinge", swapped)
    capsys.readouterr()
    checking.explain("hinge")
    said = capsys.readouterr().out
    assert said.startswith(
        "99.1 hinge asks:\n- Do what the reference does.\nBesides, the house"
    )
    assert "expected 1.25, got 3.91667" in said and "my_hinge(real_logits, fake_logits)" in said


def test_nothing_failed_means_no_failing_inputs():
    checking.check("hinge", right)
    with pytest.raises(LookupError):
        checking.failing_inputs("hinge")


def test_a_prediction_is_shown_beside_the_measurement(capsys):
    checking.predict("slope", None)
    checking.predict("slope", measured=torch.tensor(0.0))
    checking.predict("slope", -0.1)
    checking.predict("slope", measured=0.123456)
    checking.predict("shape", (2, 3))
    checking.predict("shape", measured=torch.zeros(2, 3).shape)
    checking.predict("never asked", measured=1)
    assert capsys.readouterr().out.splitlines() == [
        "your prediction: none yet; put yours in place of None",
        "you said None",
        "measured 0",
        "your prediction: -0.1",
        "you said -0.1",
        "measured 0.123",
        "your prediction: (2, 3)",
        "you said (2, 3)",
        "measured (2, 3)",
        "you said None",
        "measured 1",
    ]


def test_a_quiz_is_shown_then_marked(capsys):
    checking.quiz(99)
    checking.quiz("99", None, 0.4)
    checking.quiz(99, " B)", torch.tensor(0.2501))
    assert capsys.readouterr().out == (
        "1. Which?\n   a) this\n   b) that\n2. How much?\n"
        "1. not answered.\n2. not yet. Less than a half.\n"
        "1. right. That it is.\n2. right. A quarter.\n"
    )
    assert read_progress()["quizzes"] == {"99": ["right", "right"]}


def test_a_quiz_takes_fewer_answers_and_says_what_does_not_fit(capsys):
    checking.quiz(99, "(b)")
    checking.quiz(99, "b", 0.25, 1)
    checking.quiz(98)
    checking.quiz("next")
    assert capsys.readouterr().out.splitlines() == [
        "1. right. That it is.",
        "2. not answered.",
        "2 answers are expected, got 3",
        "lesson 98 has no quiz; these have one: 99",
        "lesson next has no quiz; these have one: 99",
    ]
    assert read_progress()["quizzes"] == {"99": ["right", "not answered"]}


@pytest.mark.parametrize("lesson", [98, "98"])
def test_progress_of_a_lesson_that_is_not_there_is_one_line(lesson, capsys):
    checking.progress(lesson)
    assert capsys.readouterr().out == "lesson 98 has no exercises; these have some: 99\n"
    checking.progress("99")
    assert capsys.readouterr().out.startswith("lesson 99: 0 of 1 passed")


def test_progress_is_a_short_table(capsys):
    checking.check("hinge", right)
    checking.quiz(99, "b", None)
    capsys.readouterr()
    checking.progress()
    assert capsys.readouterr().out == (
        "lesson 99: 1 of 1 passed, quiz 1 of 2\n  99.1 hinge                          passed\n"
    )


@pytest.fixture
def pair():
    """Two exercises that share a number: one cell, one check."""
    registry.register([replace(HINGE, name=f"side_{i}", number=f"99.7{i}") for i in "ab"])


def test_one_check_marks_all_that_share_a_number_and_hands_them_back(pair, capsys):
    assert checking.check("99.7", right, swapped) == (right, hinge)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("99.7a side_a: passed.")
    assert second.startswith("99.7b side_b: not yet.")
    noted = read_progress()["exercises"]
    assert noted["side_a"]["state"] == "passed" and noted["side_b"]["state"] == "failed"
    assert checking.check("side_a", right) is right, "each goes by its name, too"


def test_a_check_with_another_number_of_answers_names_those_it_takes(pair):
    with pytest.raises(TypeError, match=r"my_side_a, my_side_b.* is expected, got 1 answers"):
        checking.check("99.7", right)


def test_a_hint_for_a_shared_number_asks_which(pair, capsys):
    checking.hint("99.7")
    assert capsys.readouterr().out == "99.7 is 99.7a side_a and 99.7b side_b: name one\n"
    checking.hint("99.7b")
    assert capsys.readouterr().out.startswith("99.7b side_b, hint 1 of 3")


def test_a_page_older_than_the_library_is_checked_by_the_names_of_its_answers(pair, capsys):
    """Its numbers may have moved since the learner copied it."""
    registry.register([replace(HINGE, name=f"old_{i}", number=f"99.6{i}") for i in "abc"])

    def my_side_a(real_logits, fake_logits):
        return right(real_logits, fake_logits)

    def my_side_b(real_logits, fake_logits):
        return right(real_logits, fake_logits)

    assert checking.check("99.6", my_side_a, my_side_b) == (my_side_a, my_side_b)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("99.7a side_a") and second.startswith("99.7b side_b")
