"""Committed notebooks keep the rules of a page; and the rules can say no."""

import copy

import pytest

from house import pages
from house.tree import none_of

PAGE = {
    "cells": [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# One\n", "two"]},
        {
            "cell_type": "code",
            "id": "show",
            "metadata": {"tags": ["check"]},
            "source": "show()",
            "execution_count": 1,
            "outputs": [
                {
                    "output_type": "display_data",
                    "metadata": {},
                    "data": {"text/html": ["<figure><img src='' ", "alt='4 clips'></figure>"]},
                }
            ],
        },
        {
            "cell_type": "code",
            "id": "quiet",
            "metadata": {},
            "source": "x = 1",
            "execution_count": 2,
            "outputs": [],
        },
    ]
}
RULES = [pages.not_executed_in_order, pages.exempted, pages.heavy, pages.wordless_pictures]


def spoilt(cell: int, **fields: object) -> dict:
    page = copy.deepcopy(PAGE)
    page["cells"][cell].update(fields)
    return page


def shown(**data: str) -> list[dict]:
    named = {name.replace("_", "/"): text for name, text in data.items()}
    return [{"output_type": "display_data", "metadata": {}, "data": named}]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_committed_notebook_keeps(rule):
    lessons = pages.notebooks()
    assert lessons, "no notebook is committed"
    none_of([f"{name}: {why}" for name, page in lessons.items() for why in rule(page)])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_page_passes(rule):
    assert rule(PAGE) == []


@pytest.mark.parametrize("count", [None, 1, 3])
def test_a_cell_that_was_not_run_in_its_turn_is_seen(count):
    assert pages.not_executed_in_order(spoilt(2, execution_count=count))


def test_a_page_without_any_output_is_seen():
    assert pages.not_executed_in_order(spoilt(1, outputs=[])) == ["no cell has an output"]


def test_a_cell_on_a_skip_list_is_seen():
    assert pages.exempted(spoilt(2, metadata={"tags": ["nbval-skip"]}))


def test_an_error_is_seen_unless_the_page_announces_it():
    error = [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]
    assert pages.exempted(spoilt(2, outputs=error)) == ["quiet ends in an error"]
    announced = spoilt(2, outputs=error, metadata={"tags": ["raises-exception"]})
    assert not pages.exempted(announced)


def test_one_picture_too_many_is_seen():
    assert pages.heavy(spoilt(2, outputs=shown(text_html="x" * 300_000)))


@pytest.mark.parametrize(
    "spoil",
    [
        {"outputs": shown(text_html="<img src='a.png'>")},
        {"outputs": shown(text_html="<p><img alt=' ' src='a.png'></p>")},
        {"outputs": shown(text_html="<svg role='img'></svg>")},
        {"outputs": shown(image_png="iVBOR", text_plain="<Figure size 500x300>")},
        {"cell_type": "markdown", "source": "See ![](a.png)"},
        {"cell_type": "markdown", "source": ["See <img src='a.png'>"]},
    ],
)
def test_a_picture_without_words_is_seen(spoil):
    assert len(pages.wordless_pictures(spoilt(2, **spoil))) == 1
    assert not pages.wordless_pictures(spoilt(2, cell_type="markdown", source="![two](a.png)"))
