"""The card below the line, and the code that shows a finding again."""

import re

import pytest

from checking.toys import HINGE, hinge, right, swapped, toy, unlisted
from vgan_lessons import checking
from vgan_lessons.checking import feedback, mark, registry
from vgan_lessons.checking.feedback import snippet


def test_the_code_that_shows_a_finding_shows_it():
    verdict = mark(HINGE, unlisted)
    code = snippet(HINGE, verdict.finding)
    space = {"my_hinge": unlisted}
    exec(code, space)
    assert "real_logits = torch.tensor([2.0, 0.5])" in code
    assert eval(code.splitlines()[-1].split("#")[0], space).item() == pytest.approx(1.1)


@pytest.mark.usefixtures("own_registry")
def test_the_code_that_shows_a_finding_fetches_large_inputs():
    large = toy(hinge, name="large", number="99.3", inputs=HINGE.inputs, sizes={"R": (50,)})
    registry.register([large])
    checking.check("large", lambda real, fake: right(real, fake).detach())
    code = snippet(large, mark(large, swapped).finding)
    assert 'real_logits, fake_logits = failing_inputs("large")' in code
    assert len(checking.failing_inputs("large")[0]) == 50


def test_the_card_folds_hints_and_code_and_escapes_what_it_shows():
    verdict = mark(HINGE, lambda real, fake: "<b>")
    card = feedback.card(HINGE, verdict, snippet(HINGE, verdict.finding))
    assert card.count("<details>") == card.count("</details>") == 4
    assert "&lt;b&gt;" in card and "<b>" not in card
    assert re.search(r"<summary>Hint 1: the idea</summary>", card)
    assert card == feedback.card(HINGE, verdict, snippet(HINGE, verdict.finding))


def look(verdict):
    """Bar and badge of a verdict's card: (colour of the bar, colour of the badge, its text)."""
    card = feedback.card(HINGE, verdict)
    (bar,) = re.findall(r"border-left:6px solid (#\w{6})", card)
    ((badge, said),) = re.findall(
        r"background:(#\w{6});color:#ffffff[^>]*>([^<]*)</span>", card
    )
    return bar, badge, said


def test_four_verdicts_differ_in_sign_and_word_and_pass_from_failure_in_colour_too():
    borrowed = mark(HINGE, hinge)
    passed, failed, untouched = (mark(HINGE, answer) for answer in (right, unlisted, None))
    looks = [look(verdict) for verdict in (passed, failed, untouched, borrowed)]
    assert [said for _, _, said in looks] == [
        "✓ passed",
        "✗ not yet",
        "○ not attempted",
        "= borrowed",
    ]
    assert all(bar == badge for bar, badge, _ in looks)
    assert len({bar for bar, _, _ in looks[:3]}) == 3


def luminance(colour):
    """Relative luminance of "#rrggbb", as WCAG 2 defines it."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("answer", [right, unlisted, None, hinge])
def test_badge_and_bar_are_seen_on_a_white_page_and_on_a_black_one(answer):
    colour, _, _ = look(mark(HINGE, answer))
    on_white = 1.05 / (luminance(colour) + 0.05)  # and white on it: the badge's text
    on_black = (luminance(colour) + 0.05) / (luminance("#111111") + 0.05)
    assert on_white >= 4.5 and on_black >= 3


def test_only_a_pass_needs_no_folds():
    assert "<details>" not in feedback.card(HINGE, mark(HINGE, right))
    assert feedback.card(HINGE, mark(HINGE, None)).count("<details>") == 3
