"""The minutes that a header and the README promise are those that were counted."""

import re

import vgan_lessons.exercises  # noqa: F401  fills the registry
from house import minutes, pages
from house.tree import ROOT, none_of, read_text
from vgan_lessons.checking import find


def _page(words: int, said: str) -> dict:
    title = f"# 05 A lesson\n\n| time |\n|---|\n| {said} |"
    cells = [("title", title), ("prose", "word " * words), ("contract-x", "word " * 999)]
    return {
        "cells": [
            {"cell_type": "markdown", "id": name, "source": source} for name, source in cells
        ]
    }


def test_every_lesson_says_honest_minutes():
    rows = {row[2:4]: row for row in read_text(ROOT / "README.md").splitlines()}
    none_of(
        [
            f"{name}: {why}"
            for name, page in pages.notebooks().items()
            for why in minutes.dishonest(page, rows.get(name[:2], ""))
        ]
    )


def test_minutes_that_were_not_counted_are_seen():
    core = minutes.writing(5)
    title_words = minutes.reading(_page(0, "7 min of reading, 1 of writing"))
    assert title_words == 0 and core > 30
    right = _page(600, f"4 min of reading, {core} of writing")
    assert minutes.dishonest(right, f"| 05 | {4 + core} min |") == []
    assert len(minutes.dishonest(right, "| 05 | 75 min |")) == 1
    assert len(minutes.dishonest(_page(1500, "4 min of reading"), "| 05 | 4 min |")) == 2


def test_what_stands_under_further_is_not_counted():
    page = _page(600, "4 min")
    more = {"cell_type": "markdown", "id": "more", "source": "a b\n\n## Further: c\n\nd e"}
    more_still = {**more, "source": "never read"}
    assert minutes.words({"cells": [*page["cells"], more, more_still]}) == (
        minutes.words(page) + 2
    )


def test_a_heading_says_the_minutes_of_its_exercise():
    for name, page in pages.notebooks().items():
        headings = re.findall(
            r"^### Exercise \d+\.\d+ `(\w+)`\s+\((\d+) min, \w+, (\w+)\)",
            "\n".join(pages.text_of(cell["source"]) for cell in page["cells"]),
            re.MULTILINE,
        )
        for exercise, said, importance in headings:
            found = find(exercise)
            assert (int(said), importance) == (found.minutes, found.importance), (
                name,
                exercise,
            )
