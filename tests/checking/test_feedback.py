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
    assert card.count("<details>") == card.count("</details>") == 5
    assert "&lt;b&gt;" in card and "<b>" not in card
    assert re.search(r"<summary>Hint 1: the idea</summary>", card)
    assert card == feedback.card(HINGE, verdict, snippet(HINGE, verdict.finding))
