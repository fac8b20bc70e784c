"""What a check may demand stands on the page, word for word: contract and house rules."""

import re
from typing import get_args

import pytest
from markdown_it import MarkdownIt

import vgan_lessons.exercises  # noqa: F401  fills the registry
from checking.asked import CONTRACT, HOUSE
from checking.toys import hinge, toy
from notebook_tools import LESSONS, build, cell_named, exercise_cells
from vgan_lessons.checking import all_exercises, explain, house_rules, verbs
from vgan_lessons.checking.exercise import Rule
from vgan_lessons.checking.probes import PROBES

EXERCISES = all_exercises()
PAGES = {
    path.stem[:2]: build.read_source(build.SOURCES / f"{path.stem}.py") for path in LESSONS
}
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
NASTY = (
    "__init__ and `__init__`, *a*, D*, 2 * 3, x_i and y_j, <b> & <b>, &amp;, $l$ and $x$",
    "- not a list; [a](b), [-1, 1], ~~no~~, \\d, a | b, # no title, p^2, !here",
    "# no title",
    "+ no list",
    "1. no list",
)


def read(markdown):
    """The sentences of a list, as a reader of the rendered page sees them."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    inline = [token for token in tokens if token.type == "inline"]
    assert all(
        child.type
        in ("text", "text_special", "code_inline", "softbreak", "strong_open", "strong_close")
        for token in inline
        for child in token.children
    )
    return ["".join(child.content for child in token.children) for token in inline]


def shown(sentence):
    """A sentence without the backticks that set code."""
    return sentence.replace("`", "")


@each_exercise
def test_the_page_prints_the_contract_that_explain_prints(exercise, capsys, monkeypatch):
    monkeypatch.setattr(verbs, "_last", {})  # nothing was checked yet
    page = PAGES[f"{exercise.lesson:02d}"]
    (first,) = (name for name, parts in exercise_cells(page).items() if exercise.name in parts)
    asked = read(cell_named(page, f"contract-{first}").source)
    head, *sentences = asked[asked.index(f"{exercise.title} asks:") :]
    following = (at for at, line in enumerate(sentences) if line.endswith(" asks:"))
    sentences = sentences[: next(following, None)]
    explain(exercise.name)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == head and said[-1].startswith("Besides, the house rules")
    assert sentences == [shown(line.removeprefix("- ")) for line in said[1:-1]]
    assert sentences == list(map(shown, exercise.contract))


@pytest.mark.parametrize("lesson", PAGES)
def test_the_page_prints_the_house_rules_of_its_exercises_before_them(lesson):
    cells = PAGES[lesson].cells
    rules = read(cell_named(PAGES[lesson], "house-rules").source)
    own = [exercise for exercise in EXERCISES if f"{exercise.lesson:02d}" == lesson]
    assert rules == list(map(shown, house_rules(own)))
    names = [cell.id for cell in cells]
    stubs = exercise_cells(PAGES[lesson])
    assert names.index("house-rules") < min(names.index(f"exercise-{name}") for name in stubs)
    written = [name for parts in stubs.values() for name in parts]
    assert sorted(written) == sorted(exercise.name for exercise in own)


def test_markdown_shows_a_contract_as_it_was_written():
    nasty = toy(hinge, contract=NASTY)
    text = build.contract_text(nasty)
    assert read(text) == [f"{nasty.title} asks:", *map(shown, NASTY)]


def test_a_contract_with_half_a_pair_of_backticks_is_refused():
    with pytest.raises(build.BuildError, match="without its partner"):
        build.contract_text(toy(hinge, contract=("Return `x.",)))


def test_everything_that_the_engine_demands_has_its_words():
    engine = {*get_args(Rule), *(probe.name for probe in PROBES)}
    assert engine <= HOUSE.keys() | CONTRACT.keys(), "tests/checking/asked.py: a row is missing"


@each_exercise
def test_what_can_refuse_an_answer_is_a_house_rule_or_in_the_contract(exercise):
    rules = read(cell_named(PAGES[f"{exercise.lesson:02d}"], "house-rules").source)
    texts = {"house rules": " ".join(rules), "contract": shown(" ".join(exercise.contract))}
    unsaid = [
        f"{name}: {demand.words!r} is not in the {where}"
        for (where, text), table in zip(texts.items(), (HOUSE, CONTRACT), strict=True)
        for name, demand in table.items()
        if demand.where(exercise) and not re.search(demand.words, text)
    ]
    assert not unsaid


def test_each_demand_is_made_of_some_exercise():
    idle = [
        name
        for name, demand in (HOUSE | CONTRACT).items()
        if not any(demand.where(exercise) for exercise in EXERCISES)
    ]
    assert idle == ["fresh draws"]  # no exercise of these lessons draws from an rng


@each_exercise
def test_no_text_sends_a_learner_to_an_exercise_by_its_number(exercise):
    """Numbers move when exercises are joined; names stay."""
    texts = [*exercise.contract, *exercise.hints]
    texts += [case.nudge for case in exercise.cases]
    texts += [mistake.diagnosis for mistake in exercise.mistakes]
    assert not [text for text in texts if re.search(r"exercises? \d+\.\d", text, re.I)]
