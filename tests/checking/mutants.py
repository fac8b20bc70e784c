"""Small syntax slips in a right answer, one at a time: a floor under every set of checks."""

import ast
import copy
from collections.abc import Iterator

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
RENAMED = {
    "mean": "sum",
    "sum": "mean",
    "relu": "softplus",
    "softplus": "relu",
    "sigmoid": "tanh",
    "tanh": "sigmoid",
    "logsigmoid": "softplus",
    "log": "log1p",
    "exp": "expm1",
    "min": "max",
    "max": "min",
    "minimum": "maximum",
    "maximum": "minimum",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
}


def mutants(source: str, name: str) -> dict[str, str]:
    """Every mutant of one function or class in a cell's text.

    Args:
        source: a cell that defines `name`, with its imports above.
        name: what to mutate.

    Returns:
        Description -> the cell's text with that one slip in it.
    """
    tree = ast.parse(source)
    place = next(i for i, node in enumerate(tree.body) if getattr(node, "name", "") == name)
    _strip(tree.body[place])
    original = ast.unparse(tree.body[place])
    found = {}
    for number, node in enumerate(ast.walk(tree.body[place])):
        for slip in range(_count(node, tree.body[place])):
            copied = copy.deepcopy(tree)
            target = next(n for i, n in enumerate(ast.walk(copied.body[place])) if i == number)
            before = ast.unparse(target)
            changed = list(_slips(target, copied.body[place]))[slip]()
            if changed is not target:
                copied.body[place] = _Swap(target, changed).visit(copied.body[place])
            text = ast.unparse(ast.fix_missing_locations(copied.body[place]))
            if text != original:
                described = f"{before} -> {ast.unparse(changed)}"
                found.setdefault(described, ast.unparse(copied))
    return found


def _count(node: ast.AST, owner: ast.AST) -> int:
    return len(list(_slips(node, owner)))


def _slips(node: ast.AST, owner: ast.AST) -> Iterator:  # noqa: C901, PLR0912 (a table)
    """What can go wrong at one node, as functions that return the changed node."""
    match node:
        case ast.BinOp(op=op) if type(op) in OPERATORS:
            yield lambda: _with(node, op=OPERATORS[type(op)]())
            yield lambda: node.left
            yield lambda: node.right
            if isinstance(op, ast.Sub | ast.Div | ast.Pow):
                yield lambda: _with(node, left=node.right, right=node.left)
        case ast.BoolOp(op=op):
            yield lambda: _with(node, op=OPERATORS[type(op)]())
        case ast.Compare(ops=[op]) if type(op) in OPERATORS:
            yield lambda: _with(node, ops=[OPERATORS[type(op)]()])
        case ast.UnaryOp(op=ast.USub()):
            yield lambda: node.operand
        case ast.Constant(value=bool(value)):
            yield lambda: _with(node, value=not value)
        case ast.Constant(value=int(value) | float(value)):
            yield lambda: _with(node, value=value + 1)
            if value:
                yield lambda: _with(node, value=-value)
                yield lambda: _with(node, value=value * 0)
        case ast.Call():
            yield from _call_slips(node)
        case ast.Tuple(elts=[first, second], ctx=ast.Load()):
            yield lambda: _with(node, elts=[second, first])
        case ast.Name(id=used, ctx=ast.Load()):
            for other in _arguments(owner):
                if used in _arguments(owner) and other != used:
                    yield lambda other=other: _with(node, id=other)
        case ast.Return(value=ast.AST()):
            yield lambda: _with(node, value=ast.UnaryOp(ast.USub(), node.value))
        case ast.Assign() | ast.AugAssign() | ast.Raise():
            yield lambda: ast.Pass()


def _call_slips(node: ast.Call) -> Iterator:
    if isinstance(node.func, ast.Attribute):
        owner, method = node.func.value, node.func.attr
        if method in RENAMED:
            yield lambda: _with(node, func=_with(node.func, attr=RENAMED[method]))
        if not node.args and not (isinstance(owner, ast.Name) and owner.id in ("torch", "F")):
            yield lambda: owner  # x.mean() -> x
    for number in range(len(node.keywords)):
        rest = [k for i, k in enumerate(node.keywords) if i != number]
        yield lambda rest=rest: _with(node, keywords=rest)
    if any(isinstance(given, ast.Starred) for given in node.args):
        return  # f(*parts): its first argument is no expression
    if len(node.args) == 1:
        yield lambda: node.args[0]  # F.relu(x) -> x
    if len(node.args) > 1:
        yield lambda: _with(node, args=[node.args[1], node.args[0], *node.args[2:]])
        yield lambda: node.args[0]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _arguments(owner: ast.AST) -> list[str]:
    return [a.arg for n in ast.walk(owner) if isinstance(n, ast.arguments) for a in n.args]


def _strip(owner: ast.AST) -> None:
    """Drop docstrings and annotations: a slip in them is no slip."""
    for node in ast.walk(owner):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            if isinstance(node, ast.FunctionDef):
                node.returns = None


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)
