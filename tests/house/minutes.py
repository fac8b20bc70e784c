"""What a lesson costs a learner: minutes of reading and of writing, counted, not guessed."""

import re

from house.pages import text_of
from vgan_lessons.checking import all_exercises

WORDS_A_MINUTE = 150
NO_WORDS = re.compile(r"```.*?```|\$\$.*?\$\$|\$[^$]*\$|<[^>]+>|\]\([^)]*\)", re.DOTALL)
FURTHER = re.compile(r"^## Further", re.MULTILINE)
SAID = re.compile(r"(\d+) min of reading, (\d+) of writing")


def reading(notebook: dict) -> int:
    """Minutes for the prose of the core path."""
    return round(words(notebook) / WORDS_A_MINUTE)


def words(notebook: dict) -> int:
    """Words of prose before the first section "Further", which no later lesson needs.

    Contracts are read with their exercises, in those minutes.
    """
    found = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and not cell["id"].startswith("contract-"):
            core, *further = FURTHER.split(text_of(cell["source"]), maxsplit=1)
            found += len(re.findall(r"[A-Za-z][A-Za-z'-]*", NO_WORDS.sub(" ", core)))
            if further:
                break
    return found


def writing(lesson: int) -> int:
    """Minutes of the exercises that later lessons need; extras come on top."""
    return sum(
        exercise.minutes
        for exercise in all_exercises()
        if exercise.lesson == lesson and exercise.importance == "core"
    )


def dishonest(notebook: dict, row: str) -> list[str]:
    """A header or a row of the README that says other minutes than were counted.

    Args:
        notebook: whose title begins with the lesson's number.
        row: its line in the README's table.
    """
    title = text_of(notebook["cells"][0]["source"])
    counted = reading(notebook), writing(int(title.split()[1]))
    said = SAID.search(title)
    complaints = []
    if said is None or tuple(map(int, said.groups())) != counted:
        right = "{} min of reading, {} of writing".format(*counted)
        complaints.append(f"the header says {said and said[0]!r}, counted: {right!r}")
    if f"| {sum(counted)} min |" not in row:
        complaints.append(f"the README does not say {sum(counted)} min")
    return complaints
