"""What a learner types, and the exact lines that come back."""

import pytest
import torch

from checking.toys import hinge, right, swapped, toy, unlisted
from vgan_lessons import checking
from vgan_lessons.checking import UnknownName, registry
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


def test_explain_says_what_is_asked_and_what_was_found(capsys):
    checking.check("hinge", swapped)
    capsys.readouterr()
    checking.explain("hinge")
    said = capsys.readouterr().out
    assert "- Do what the reference does.\n- As in every exercise: nothing else" in said
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
        "you said None; measured 0",
        "your prediction: -0.1",
        "you said -0.1; measured 0.123",
        "your prediction: (2, 3)",
        "you said (2, 3); measured (2, 3)",
        "you said None; measured 1",
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
    with pytest.raises(ValueError, match="2 answers are expected, got 1"):
        checking.quiz(99, "b")
    with pytest.raises(UnknownName):
        checking.quiz(98)


def test_progress_is_a_short_table(capsys):
    checking.check("hinge", right)
    checking.quiz(99, "b", None)
    capsys.readouterr()
    checking.progress()
    assert capsys.readouterr().out == (
        "lesson 99: 1 of 1 passed, quiz 1 of 2\n  99.1 hinge                          passed\n"
    )
