"""Whether a learner has begun: an untouched stub is neither right nor wrong."""

import ast
import dis
import inspect
import linecache
import textwrap
import tokenize
from types import CodeType
from typing import Any

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.plain import Other
from vgan_lessons.checking.running import Observation
from vgan_lessons.checking.sources import codes_of


def is_untouched(exercise: Exercise, answer: Any) -> bool:
    """Whether the answer is still the published stub, however it is spaced or annotated.

    Compares syntax trees: comments, docstrings, annotations and names of the function do not
    count; `pass`, `...`, `return None` and `raise NotImplementedError` are the same. Where
    there is no source (an answer made by `exec`), the byte code must do nothing.
    """
    if answer is None or answer is ...:
        return True
    codes = codes_of(answer)
    if not codes:
        return isinstance(answer, type) and not vars(answer).get("__annotations__")
    tree = _syntax_of(answer, codes)
    if tree is None:
        return all(_does_nothing(code) for code in codes)
    if all(_is_placeholder(statement) for statement in tree.body):
        return True
    return exercise.stub is not None and _bare(tree) == _bare(ast.parse(exercise.stub).body[-1])


def gave_up(seen: Observation) -> bool:
    """Whether a run reached a placeholder: NotImplementedError, or `...` returned."""
    if seen.trouble is not None:
        return seen.trouble.line.startswith("raise NotImplementedError")
    return seen.value == Other("ellipsis")


def _syntax_of(answer: Any, codes: set[CodeType]) -> ast.AST | None:
    """Find the answer's definition in the cell or file it came from."""
    code = min(codes, key=lambda code: code.co_firstlineno)
    lines = linecache.getlines(code.co_filename)
    if not lines or code.co_name == "<lambda>":
        return None
    try:
        if not isinstance(answer, type):
            block = inspect.getblock(lines[code.co_firstlineno - 1 :])
            return ast.parse(textwrap.dedent("".join(block))).body[0]
        tree = ast.parse("".join(lines))
    except (SyntaxError, tokenize.TokenError):  # a cell with magic commands, for example
        return None
    for node in ast.walk(tree):
        last = getattr(node, "end_lineno", None) or 0
        if isinstance(node, ast.ClassDef) and node.lineno <= code.co_firstlineno <= last:
            return node
    return None


def _is_placeholder(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(ast.Constant()) | ast.Return(None):
            return True
        case ast.Return(ast.Constant(value)) if value is None or value is ...:
            return True
        case ast.Raise(ast.Name("NotImplementedError")):
            return True
        case ast.Raise(ast.Call(ast.Name("NotImplementedError"))):
            return True
        case ast.Expr(ast.Call(ast.Attribute(ast.Call(ast.Name("super")), "__init__"))):
            return True
        case ast.FunctionDef(body=body):  # a method of a stub class
            return all(_is_placeholder(inner) for inner in body)
    return False


def _bare(tree: ast.AST) -> str:
    """The syntax tree without its names for itself, docstrings, annotations, decorators."""
    for node in ast.walk(tree):
        match node:
            case ast.arg():
                node.annotation = None
            case ast.FunctionDef() | ast.ClassDef():
                node.decorator_list = []
                node.returns = None
                kept = [part for part in node.body if not _is_placeholder(part)]
                node.body = kept
    tree.name = "answer"
    return ast.dump(tree)


def _does_nothing(code: CodeType) -> bool:
    """Whether the byte code only hands back None or `...`."""
    steps = [s for s in dis.get_instructions(code) if s.opname not in ("RESUME", "NOP")]
    idle = all(s.opname in ("LOAD_CONST", "RETURN_VALUE", "RETURN_CONST") for s in steps)
    return idle and all(s.argval is None or s.argval is ... for s in steps)
