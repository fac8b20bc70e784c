"""Source code as a learner would type it: the stub, the solved cell, and whose code it is."""

import ast
import functools
import inspect
import textwrap
from types import CodeType, FunctionType
from typing import Any

from vgan_lessons.checking.editing import compiled
from vgan_lessons.checking.exercise import Exercise

WIDTH = 88  # columns of a notebook cell


def stub_source(exercise: Exercise) -> str:
    """What the learner finds in the exercise's cell.

    Returns:
        The exercise's own stub, or the reference's signature without annotations, the first
        sentence of its docstring, and `...  # your code`.
    """
    if exercise.stub is not None:
        return exercise.stub
    if not callable(exercise.reference):
        return f"my_{exercise.name} = ...  # your answer\n"
    node = _parsed(exercise.reference)
    if isinstance(node, ast.FunctionDef):
        return _stub_of_function(node, f"my_{exercise.name}")
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    head = f"class my_{exercise.name}({bases}):\n" if bases else f"class my_{exercise.name}:\n"
    methods = [
        _stub_of_function(part, part.name)
        for part in node.body
        if isinstance(part, ast.FunctionDef) and part.name in ("__init__", "forward")
    ]
    body = _stub_docstring(node) + "\n" + "\n".join(methods)
    return head + textwrap.indent(body, "    ").replace("    \n", "\n")


def solved_source(exercise: Exercise) -> str:
    """The same cell with the reference's own code typed in, below the imports it needs."""
    if not callable(exercise.reference):
        return f"my_{exercise.name} = {exercise.reference!r}\n"
    source = textwrap.dedent(inspect.getsource(exercise.reference))
    own_name = exercise.reference.__name__
    names = {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}
    names = sorted(names & set(vars(inspect.getmodule(exercise.reference))) - {own_name})
    keyword = "class" if isinstance(exercise.reference, type) else "def"
    source = source.replace(f"{keyword} {own_name}", f"{keyword} my_{exercise.name}", 1)
    if not names:
        return source
    line = f"from {exercise.reference.__module__} import {', '.join(names)}"
    if len(line) > WIDTH:
        line = line.replace("import ", "import (\n    ").replace(", ", ",\n    ") + ",\n)"
    return f"{line}\n\n\n{source}"


def typed(source: str, name: str) -> Any:
    """Run a cell's text and hand back what it called `name`, as if typed by a learner.

    Args:
        source: Python code; tracebacks and `inspect` will find it again.
        name: the object wanted.
    """
    return compiled(source, name, {"__name__": "__learner__"})


def codes_of(thing: Any) -> set[CodeType]:
    """The code objects of a function, of a class's methods, or of what a partial wraps."""
    while isinstance(thing, functools.partial):
        thing = thing.func
    thing = inspect.unwrap(thing) if callable(thing) else thing
    if isinstance(thing, type):
        parts = [getattr(part, "__func__", part) for part in vars(thing).values()]
        return {part.__code__ for part in parts if isinstance(part, FunctionType)}
    if isinstance(thing, FunctionType):
        return {thing.__code__}
    return {thing.__func__.__code__} if inspect.ismethod(thing) else set()


def _stub_of_function(node: ast.FunctionDef, name: str) -> str:
    for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
        argument.annotation = None
    arguments = ast.unparse(node.args)
    head = f"def {name}({arguments}):"
    if len(head) > WIDTH:
        head = f"def {name}(\n    {arguments}\n):"
    first = "super().__init__()\n" if name == "__init__" else ""
    body = _stub_docstring(node) + first + "...  # your code\n"
    return head + "\n" + textwrap.indent(body, "    ")


def _stub_docstring(node: ast.FunctionDef | ast.ClassDef) -> str:
    sentence = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
    if not sentence:
        return ""
    prefix = "r" if "\\" in sentence else ""
    lines = textwrap.wrap(sentence, WIDTH - 12)
    return f'{prefix}"""' + "\n".join(lines) + ("\n" if len(lines) > 1 else "") + '"""\n'


def _parsed(thing: Any) -> Any:
    return ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]
