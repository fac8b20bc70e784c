"""Lesson order: a notebook may use what earlier lessons taught, never its own answers."""

import ast
import re
from collections.abc import Iterator

from house.pages import code_cells, text_of
from house.tree import PACKAGE, Source

FURNITURE = {"checking", "datasets", "display", "exercises", "runtime", "storage", "widgets"}
PREVIEW = 0  # lesson 00 shows the finished product before anything is taught
TAUGHT = re.compile(r"\bLesson (\d\d)\.")


def taught_in(library: list[Source]) -> dict[tuple[str, str], int]:
    """Lesson of each public name, as its docstring says: (module, name) -> NN."""
    return {
        (source.part, node.name): int(found[1])
        for source in library
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        if (found := TAUGHT.search(ast.get_docstring(node) or ""))
    }


def code_of(notebook: dict) -> str:
    """All code of a notebook as one program; lines for IPython become `pass`."""
    text = "\n".join(text_of(cell["source"]) for cell in code_cells(notebook))
    return re.sub(r"^(\s*)[%!].*$", r"\1pass", text, flags=re.MULTILINE)


def names_used(notebook: dict) -> Iterator[tuple[str, str]]:
    """(module, name) for each name of the library that a notebook imports or reaches."""
    tree = ast.parse(code_of(notebook))
    modules = {}  # names in the notebook that stand for a module of the library
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE:
            part = [*node.module.split("."), ""][1]
            for alias in node.names:
                if part:
                    yield part, alias.name
                else:
                    modules[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(f"{PACKAGE}."):
                    modules[alias.asname or alias.name] = alias.name.split(".")[1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in modules:
            yield modules[ast.unparse(node.value)], node.attr


def answers_imported(
    number: int, notebook: dict, lessons: dict[tuple[str, str], int]
) -> list[str]:
    """Names that this lesson, or a later one, has yet to teach."""
    if number == PREVIEW:
        return []
    used = sorted(pair for pair in set(names_used(notebook)) if pair[0] not in FURNITURE)
    return [
        f"lesson {number:02d} uses {part}.{name}, not taught before"
        for part, name in used
        if name == "*" or lessons.get((part, name), -1) >= number
    ]
