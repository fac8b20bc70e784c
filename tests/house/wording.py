"""What must be said (shapes) and what must not (machine paths), as ruff cannot see it."""

import ast
import re
from collections.abc import Iterator

from house.tree import FUNCTION, Source

TENSOR = re.compile(r"(torch\.)?Tensor( \| None)?")
RANDOM_SOURCE = re.compile(r"torch\.Generator( \| None)?")
MADE_RANDOM = re.compile(r"(torch\.Generator|(runtime\.)?new_rng)\(")
SHAPE = re.compile(r"\((?:[A-Za-z0-9_*+/ ]+|\.\.\.),[^)]*\)|\bshapes?\b|\b[Ss]calar\b")
# Written in pieces, so that this file does not find itself.
UNIX_HOMES = r"(?<![\w.])/(work|tmp|root|opt|mnt|home/\w+|Users/\w+)" + r"/[\w.]"
WINDOWS_HOMES = r"\b[A-Z]:\\Users" + r"\\"
MACHINE_PATHS = re.compile(f"{UNIX_HOMES}|{WINDOWS_HOMES}")


def public_definitions(source: Source) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes at the top of a module that others may use."""
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def written(node: ast.AST | None) -> str:
    return ast.unparse(node) if node else ""


def takes_tensors(node: ast.FunctionDef) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return any(TENSOR.fullmatch(written(argument.annotation)) for argument in arguments)


def shapeless(sources: list[Source]) -> list[str]:
    """Public functions and methods that take tensors and state no shape anywhere."""
    return [
        f"{source.name}:{node.lineno} {node.name} states no shape"
        for source in sources
        for owner in public_definitions(source)
        for node in (owner.body if isinstance(owner, ast.ClassDef) else [owner])
        if isinstance(node, FUNCTION)
        if takes_tensors(node)
        and not node.name.startswith("_")
        and not SHAPE.search(f"{ast.get_docstring(owner)} {ast.get_docstring(node)}")
    ]


def random_sources(source: Source) -> Iterator[tuple[int, str]]:
    """Line and name of every argument and variable that holds a random source."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.arg) and RANDOM_SOURCE.fullmatch(written(node.annotation)):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Assign) and MADE_RANDOM.match(written(node.value)):
            yield node.lineno, written(node.targets[0])


def misnamed_random_sources(sources: list[Source]) -> list[str]:
    """Random sources that are not called `rng`: here a generator is a network."""
    return [
        f"{source.name}:{line} calls a random source {name!r}"
        for source in sources
        for line, name in random_sources(source)
        if not re.search(r"(^|_|\.)rngs?$", name)
        if "." not in name or "generator" in name  # an attribute may say what it is for
    ]


def machine_paths(name: str, text: str) -> list[str]:
    """Places that name a folder of one particular machine."""
    return [
        f"{name}:{number} names a folder of one machine: {found[0]}"
        for number, line in enumerate(text.splitlines(), 1)
        if (found := MACHINE_PATHS.search(line))
    ]
