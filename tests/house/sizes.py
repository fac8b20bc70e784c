"""How much fits in one head: lines of a file and of a function, public names of a module."""

import ast
from statistics import median

from house.tree import Source, docstring_lines, functions

FILE, MEDIAN, FUNCTION, PUBLIC_NAMES = 400, 120, 40, 8


def long_files(sources: list[Source]) -> list[str]:
    """Files above the limit, and a median above its own."""
    lines = [(source.name, len(source.text.splitlines())) for source in sources]
    complaints = [f"{name}: {n} lines, at most {FILE}" for name, n in lines if n > FILE]
    middle = median(n for _, n in lines)
    if middle > MEDIAN:
        complaints.append(f"median file {middle} lines, at most {MEDIAN}")
    return complaints


def long_functions(sources: list[Source]) -> list[str]:
    """Functions above the limit; their docstrings do not count."""
    return [
        f"{source.name}:{node.lineno} {node.name}: {n} lines, at most {FUNCTION}"
        for source in sources
        for node in functions(source.tree)
        if (n := node.end_lineno - node.lineno + 1 - docstring_lines(node)) > FUNCTION
    ]


def public_names(source: Source) -> list[str]:
    """What a module defines for others: functions, classes, constants; not what it imports."""
    names = []
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return [name for name in names if not name.startswith("_")]


def crowded_modules(sources: list[Source]) -> list[str]:
    """Modules that define more names than a reader keeps apart."""
    return [
        f"{source.name} defines {len(names)} public names, at most {PUBLIC_NAMES}: {names}"
        for source in sources
        if len(names := public_names(source)) > PUBLIC_NAMES
    ]
