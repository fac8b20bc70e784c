"""What a page publishes of its exercises: the house rules, then each exercise's cell.

A check refuses an answer for a sentence of the exercise's contract or for a house rule, and for
nothing else. Both are printed on the page from here and from the exercise, so that what is
asked and what a learner reads cannot differ.

An exercise's cell is published as a stub. An untouched stub is neither right nor wrong;
`is_untouched` knows one however it is written.
"""

import ast
import dis
import functools
import inspect
import linecache
import textwrap
import tokenize
from collections.abc import Iterable
from types import CodeType, FunctionType
from typing import Any

from vgan_lessons.checking.exercise import Exercise

_WIDTH = 88  # columns of a notebook cell

_ALWAYS = (
    "Keep the arguments of the stub. A number that is asked for is a tensor without axes, "
    "because later cells call `.item()` on it; where a plain number will do, the contract says "
    "so.",
    "Nothing else changes: not the inputs and their `.grad`, not a network's weights, buffers, "
    "mode or `requires_grad`, not torch's switches and functions. No global random source is "
    "drawn from or reseeded.",
    "The same inputs give the same result at every call.",
    "Inputs come in several sizes, a batch of one included, small and large, and in any memory "
    "order: where `view` fails, `reshape` works.",
    "Where inputs are floats, the gradient of the result by each of them is compared, too, "
    "unless the contract says that it is not asked for.",
)
_AT_LAST = (
    "Numbers within one part in 10,000 count as equal. A check stops code that runs for more "
    "than 1.5 seconds, waits for the keyboard or would end Python.",
    "An answer that is the library's own function, or only calls it, is borrowed and no pass; "
    "what a page imports, and what you wrote before, may be used.",
    "What an input may be, the check tries; what is left open, you choose. Whatever neither "
    "the contract nor these rules demand is at most a note.",
)


def house_rules(exercises: Iterable[Exercise]) -> tuple[str, ...]:
    """What a page says before its first exercise, in full sentences.

    Args:
        exercises: those of the page; dtype and device are demanded where one of them does.
    """
    exercises = tuple(exercises)
    kinds = [
        kind
        for kind in ("dtype", "device")
        if any(exercise.inputs and kind not in exercise.waived for exercise in exercises)
    ]
    if not kinds:
        return _ALWAYS + _AT_LAST
    kept = f"New tensors, the result included, have the inputs' {' and '.join(kinds)}."
    return (*_ALWAYS, kept, *_AT_LAST)


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
    source = textwrap.dedent(inspect.getsource(exercise.reference))
    node = ast.parse(source).body[0]
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
    if len(line) > _WIDTH:
        line = line.replace("import ", "import (\n    ").replace(", ", ",\n    ") + ",\n)"
    return f"{line}\n\n\n{source}"


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
    if len(head) > _WIDTH:
        head = f"def {name}(\n    {arguments}\n):"
    first = "super().__init__()\n" if name == "__init__" else ""
    body = _stub_docstring(node) + first + "...  # your code\n"
    return head + "\n" + textwrap.indent(body, "    ")


def _stub_docstring(node: ast.FunctionDef | ast.ClassDef) -> str:
    sentence = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
    if not sentence:
        return ""
    prefix = "r" if "\\" in sentence else ""
    lines = textwrap.wrap(sentence, _WIDTH - 12)
    return f'{prefix}"""' + "\n".join(lines) + ("\n" if len(lines) > 1 else "") + '"""\n'


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
