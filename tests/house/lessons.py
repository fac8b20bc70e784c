"""How a lesson is laid out: title, table, imports; predict, write, check, break, quiz."""

import ast
import re

from house.order import code_of
from house.pages import code_cells, text_of
from house.tree import ROOT

COLUMNS, LINES = 88, 30
NUMBER = re.compile(r"# (\d\d) ")
LINK = re.compile(r"\]\((\d\d_\w+\.ipynb)\)")


def _texts(notebook: dict, kind: str) -> list[str]:
    return [text_of(c["source"]) for c in notebook["cells"] if c["cell_type"] == kind]


def badly_opened(notebook: dict) -> list[str]:
    """A lesson opens with a title, a table of four columns, the Colab cell and all imports."""
    complaints = []
    title, *rest = _texts(notebook, "markdown")[0].splitlines()
    if not re.match(r"# \d\d .+", title):
        complaints.append(f"the title is {title!r}, not '# NN and a question or a claim'")
    if not any(line.count("|") == 5 for line in rest):
        complaints.append("no table of four columns below the title")
    hosted, imports = (text_of(cell["source"]) for cell in code_cells(notebook)[:2])
    if "google.colab" not in hosted:
        complaints.append("the first code cell is not the one for Colab")
    if not all(
        isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(imports).body
    ):
        complaints.append("the second code cell does more than import")
    late = [
        node
        for cell in code_cells(notebook)[2:]
        for node in ast.walk(ast.parse(code_of({"cells": [cell]})))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return complaints + [f"a later cell says: {ast.unparse(node)}" for node in late]


def hard_to_read(notebook: dict) -> list[str]:
    """Code cells that are too wide, or too long to be read at a glance; a folded one may be."""
    complaints = []
    for cell in code_cells(notebook):
        lines = text_of(cell["source"]).splitlines()
        complaints += [
            f"{cell['id']}: {len(line)} columns" for line in lines if len(line) > COLUMNS
        ]
        folded = cell["metadata"].get("jupyter", {}).get("source_hidden")
        if len(lines) > LINES and not folded:
            complaints.append(f"{cell['id']}: {len(lines)} lines")
    return complaints


def out_of_rhythm(notebook: dict) -> list[str]:
    """Exercises without contract and check below, predictions nothing is compared with."""
    names, complaints = [cell["id"] for cell in notebook["cells"]], []
    for place, name in enumerate(names):
        kind, _, exercise = name.partition("-")
        below = names[place + 1 : place + 3]
        if kind == "exercise" and below != [f"contract-{exercise}", f"check-{exercise}"]:
            complaints.append(f"{name} is followed by {below}, not by contract and check")
    calls = [
        node
        for node in ast.walk(ast.parse(code_of(notebook)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "predict"
    ]
    guessed = {ast.unparse(call.args[0]) for call in calls if len(call.args) == 2}
    measured = {ast.unparse(call.args[0]) for call in calls if call.keywords}
    return complaints + [f"{name} is guessed or measured only" for name in guessed ^ measured]


def incomplete(notebook: dict) -> list[str]:
    """What every lesson has: a prediction, something to break, a GPU extension, a quiz."""
    code, words = code_of(notebook), "\n".join(_texts(notebook, "markdown"))
    wanted = {
        "a prediction": "predict(" in code,
        "an exercise": "check(" in code,
        "something to break": "reak it" in words,
        "a GPU extension": "GPU" in words,
        "an exit quiz": "quiz(" in code,
        "a doorway to the next lesson": _doorway(words) in words,
    }
    return [f"lacks {what}" for what, there in wanted.items() if not there]


def _doorway(words: str) -> str:
    """What a page says at its end: a link, where the next lesson exists."""
    number = int(NUMBER.match(words)[1]) + 1
    there = any((ROOT / "notebooks").glob(f"{number:02d}_*.ipynb"))
    return f"Next: [{number:02d}" if there else "Next:"


def dead_links(notebook: dict) -> list[str]:
    """Links to lessons that do not exist."""
    names = LINK.findall("\n".join(_texts(notebook, "markdown")))
    return [f"links to {name}" for name in names if not (ROOT / "notebooks" / name).exists()]
